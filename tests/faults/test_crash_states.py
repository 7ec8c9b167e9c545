"""A loss of power at any step loses no acknowledged answer; the short form of ``crash_states``."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey_service.questionnaire import Questionnaire
from tests.faults.crash import (
    BrokenPromiseError,
    Examiner,
    scratch,
    small_segments,
    try_crashes,
    try_faults,
)
from tests.faults.disk import ROOT, Disk, Made, Moved, Synced, Tree, Written
from tests.faults.lives import lives
from tests.faults.mutants import MUTANTS, Mutant
from tests.faults.recording import Recorder, Stopped


@pytest.fixture(autouse=True)
def _sizes() -> Iterator[None]:
    with small_segments():
        yield


@pytest.fixture
def folder() -> Iterator[Path]:
    with scratch() as found:
        yield found


@pytest.mark.parametrize("name", ["beginning", "restore closed"])
def test_power_may_go_at_every_step_in_every_way(
    small: Questionnaire, folder: Path, name: str
) -> None:
    life = lives(small)[name]
    examiner = Examiner(life.wave, folder)
    try_crashes(examiner, life.commands)
    assert examiner.report.chosen == 0
    assert examiner.report.examined > 50


@pytest.mark.parametrize("name", ["answers", "codes", "restore"])
def test_power_may_go_at_every_step(small: Questionnaire, folder: Path, name: str) -> None:
    life = lives(small)[name]
    examiner = Examiner(life.wave, folder, quick=True)
    try_crashes(examiner, life.commands)
    assert examiner.report.examined > 100


@pytest.mark.parametrize("fault", [Stopped(), OSError(5, "EIO"), OSError(28, "ENOSPC")], ids=repr)
def test_after_a_fault_of_any_call_the_store_goes_on(
    small: Questionnaire, folder: Path, fault: BaseException
) -> None:
    for name in ("answers", "codes"):
        life = lives(small)[name]
        try_faults(Examiner(life.wave, folder, quick=True), life.commands, fault, every=67)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name)
def test_a_store_with_one_care_left_out_is_found(
    small: Questionnaire, folder: Path, mutant: Mutant
) -> None:
    life = lives(small)[mutant.life]
    examiner = Examiner(life.wave, folder, quick=True)

    def attempt() -> None:
        if mutant.is_after_kill:
            try_faults(examiner, life.commands, Stopped())
        else:
            try_crashes(examiner, life.commands, mutant.ignored)

    with mutant.patch(), pytest.raises(BrokenPromiseError):
        attempt()


def outcomes(disk: Disk) -> list[Tree]:
    return list(disk.outcomes(1000, random.Random(7)))


def test_what_is_synced_is_there_and_what_is_not_may_be() -> None:
    disk = Disk()
    disk.do(Made(ROOT, "a", 1))
    disk.do(Written(1, b"x"))
    assert {} in outcomes(disk)
    assert {"a": b""} in outcomes(disk)
    disk.do(Synced(1))
    assert outcomes(disk) == [{}, {"a": b"x"}]
    disk.do(Synced(ROOT))
    assert outcomes(disk) == [{"a": b"x"}]


def test_a_rename_happens_at_once_or_not_at_all() -> None:
    disk = Disk()
    for step in (Made(ROOT, "a", 1), Made(ROOT, "b", 2), Synced(ROOT), Moved(ROOT, "b", "a", 2)):
        disk.do(step)
    disk.do(Written(2, b"new"))
    disk.do(Synced(2))
    assert outcomes(disk) == [{"a": b"", "b": b"new"}, {"a": b"new"}]


def test_blocks_are_lost_torn_and_mixed() -> None:
    disk = Disk()
    disk.do(Made(ROOT, "a", 1))
    disk.do(Written(1, b"1" * 1100))
    disk.do(Synced(1))
    disk.do(Synced(ROOT))
    disk.do(Written(1, b"2" * 1100))
    found = [tree["a"] for tree in outcomes(disk)]
    one, two = b"1" * 512, b"2" * 512
    for expected in (b"1" * 1100, b"2" * 1100, b"", two, two + two, one + two + b"1" * 76):
        assert expected in found


def test_nothing_passes_the_recorder_by(folder: Path) -> None:
    recorder = Recorder(folder)
    with recorder.watching():
        (folder / "seen").mkdir()
        (folder / "unseen").write_text("")
        with pytest.raises(AssertionError):
            (folder / "other").mkdir()
