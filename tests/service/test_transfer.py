"""Bringing waves into an empty store: all or none, and what a killed run has left is finished."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from survey_service.archive import Archive, open_archive, take_fingerprint, write_archive
from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.service.backups import choose_waves, restore_archive, take_snapshots
from survey_service.service.migration import migrate_store
from survey_service.service.publication import publish
from survey_service.service.verification import verify_wave
from survey_service.service.waves import open_wave
from survey_service.snapshot import Snapshot
from survey_service.storage import open_store
from survey_service.store import Store
from tests.factories import (
    CLOSED,
    OPENED,
    fill_store,
    make_codes,
    make_questionnaire,
    make_submission,
    make_wave,
)

WAVES = ("carded", "closed", "draft", "linked")


def ignore(wave_id: str) -> None:
    assert wave_id


@pytest.fixture
def filled(store: Store, small: Questionnaire) -> Store:
    fill_store(store, small)
    return store


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a backup of the four waves, made once."""
    folder = tmp_path_factory.mktemp("packed")
    store = open_store(f"tinydb:{folder}/store")
    fill_store(store, make_questionnaire(folder))
    return pack(store, WAVES)


@pytest.fixture
def archive(packed: bytes) -> Archive:
    return open_archive(io.BytesIO(packed), "b.zip")


def pack(store: Store, ids: Iterable[str]) -> bytes:
    stream = io.BytesIO()
    waves = [store.wave(wave_id) for wave_id in ids]
    write_archive(stream, take_snapshots(store, waves, ignore), CLOSED)
    return stream.getvalue()


def marks(store: Store) -> dict[str, str]:
    return {wave.id: take_fingerprint(store.snapshot(wave.id)) for wave in store.waves()}


def refusal(call: Callable[[], object]) -> SurveyError:
    with pytest.raises(SurveyError) as caught:
        call()
    return caught.value


def test_everything_comes_back(archive: Archive, other_store: Store) -> None:
    restored = restore_archive(other_store, archive, "keep", ignore)
    assert marks(other_store) == {w: take_fingerprint(archive.snapshot(w)) for w in WAVES}
    assert [(r.wave.id, r.answers, r.unspent) for r in restored] == [
        ("carded", 12, 28),
        ("closed", 30, 0),
        ("draft", 0, 40),
        ("linked", 27, 0),
    ]
    assert [r.at_least for r in restored] == [10, 30, 0, 20]
    assert all(verify_wave(other_store, wave).is_sound for wave in other_store.waves())


def test_what_was_acknowledged_before_is_known_and_what_came_after_is_taken(
    archive: Archive, other_store: Store
) -> None:
    known = archive.snapshot("linked").receipts[make_submission(0).digest]
    restore_archive(other_store, archive, "keep", ignore)
    again = other_store.submit("linked", make_submission(0, "s002"), OPENED)
    assert (again.number, again.is_new) == (known, False)
    assert other_store.submit("linked", make_submission(700, "s002"), OPENED).is_new


def test_unspent_codes_need_a_decision_and_nothing_happens_before(
    archive: Archive, other_store: Store
) -> None:
    error = refusal(lambda: restore_archive(other_store, archive, None, ignore))
    assert (error.code, error.faults[0].values) == (Code.RESTORE_CODES, {"waves": "carded、draft"})
    assert other_store.waves() == ()


def test_waves_without_unspent_codes_need_no_decision(filled: Store, other_store: Store) -> None:
    archive = open_archive(io.BytesIO(pack(filled, ["closed", "linked"])), "b.zip")
    restore_archive(other_store, archive, None, ignore)
    assert [wave.id for wave in other_store.waves()] == ["closed", "linked"]


def codes_of(store: Store) -> dict[str, tuple[int, int]]:
    return {name: (c.issued, c.spent) for name, c in store.count_codes("carded").items()}


def test_kept_codes_open_again_and_spent_ones_do_not(archive: Archive, other_store: Store) -> None:
    restore_archive(other_store, archive, "keep", ignore)
    codes = make_codes()
    assert codes_of(other_store) == {"s001": (10, 4), "s002": (30, 8)}
    used = replace(make_submission(800, "s001"), code=codes["s001"][0])
    unused = replace(make_submission(801, "s001"), code=codes["s001"][9])
    assert refusal(lambda: other_store.submit("carded", used, OPENED)).code is Code.CODE_USED
    assert other_store.submit("carded", unused, OPENED).is_new


def test_void_codes_open_nothing_and_new_ones_are_issued_for_the_rest(
    archive: Archive, other_store: Store
) -> None:
    restore_archive(other_store, archive, "void", ignore)
    codes = make_codes()
    assert codes_of(other_store) == {"s001": (4, 4), "s002": (8, 8)}
    unused = replace(make_submission(801, "s001"), code=codes["s001"][9])
    assert refusal(lambda: other_store.submit("carded", unused, OPENED)).code is Code.CODE_UNKNOWN
    fresh = {"s001": [f"{n:064x}" for n in range(6)]}
    other_store.issue_codes("carded", fresh, replace=True)
    assert other_store.submit("carded", replace(unused, code=f"{0:064x}"), OPENED).is_new
    assert all(verify_wave(other_store, wave).is_sound for wave in other_store.waves())


def test_a_draft_whose_codes_are_void_is_not_opened_without_new_ones(
    archive: Archive, other_store: Store
) -> None:
    restore_archive(other_store, archive, "void", ignore)
    notice = {"organisation": "a", "handler": "b", "contact": "c", "retention_months": 1}
    error = refusal(lambda: open_wave(other_store, "draft", OPENED, notice))
    assert error.code is Code.CODES_NEEDED
    other_store.issue_codes("draft", make_codes(), replace=True)
    assert open_wave(other_store, "draft", OPENED, notice).opened_on


def test_a_store_that_is_not_empty_is_refused_and_not_touched(
    archive: Archive, other_store: Store, small: Questionnaire
) -> None:
    restore_archive(other_store, archive, "keep", ignore)
    before = marks(other_store)
    error = refusal(lambda: restore_archive(other_store, archive, "keep", ignore))
    assert error.code is Code.STORE_NOT_EMPTY
    other_store.create_wave(make_wave(small, id="mine"))
    for goes_on in (False, True):
        error = refusal(
            lambda g=goes_on: restore_archive(other_store, archive, "keep", ignore, goes_on=g)  # type: ignore[misc]
        )
        assert error.code is Code.STORE_NOT_EMPTY
        assert "mine" in error.faults[0].values["waves"]
    other_store.delete_wave("mine", lambda _: None)
    assert marks(other_store) == before


def test_a_wave_of_the_same_id_and_other_content_is_refused_even_to_go_on(
    archive: Archive, other_store: Store, small: Questionnaire
) -> None:
    other_store.create_wave(make_wave(small, id="linked"))
    for goes_on in (False, True):
        error = refusal(
            lambda g=goes_on: restore_archive(other_store, archive, "keep", ignore, goes_on=g)  # type: ignore[misc]
        )
        assert error.code is Code.STORE_NOT_EMPTY


class Interrupting:
    """A store that fails when it is asked to restore the n-th wave."""

    def __init__(self, store: Store, turn: int, error: BaseException, *, after: bool) -> None:
        self._store, self._turn, self._error, self._after = store, turn, error, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def restore(self, snapshot: Snapshot) -> None:
        self._turn -= 1
        if self._turn == 0 and not self._after:
            raise self._error
        self._store.restore(snapshot)
        if self._turn == 0:
            raise self._error


@pytest.mark.parametrize("turn", [1, 2, 4])
@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("error", [KeyboardInterrupt(), SurveyError(Code.STORE_UNWRITABLE)])
def test_what_was_begun_is_taken_back(
    archive: Archive, other_store: Store, turn: int, after: bool, error: BaseException
) -> None:
    failing: Any = Interrupting(other_store, turn, error, after=after)
    with pytest.raises(type(error)):
        restore_archive(failing, archive, "keep", ignore)
    assert other_store.waves() == ()
    restore_archive(other_store, archive, "keep", ignore)
    assert len(other_store.waves()) == 4


def test_a_wave_that_somebody_else_made_meanwhile_is_not_removed(
    archive: Archive, other_store: Store
) -> None:
    class Overtaken(Interrupting):
        def restore(self, snapshot: Snapshot) -> None:
            other_store.restore(snapshot)  # the other one
            other_store.restore(snapshot)

    racing: Any = Overtaken(other_store, 0, KeyboardInterrupt(), after=False)
    error = refusal(lambda: restore_archive(racing, archive, "keep", ignore))
    assert error.code is Code.WAVE_EXISTS
    assert [wave.id for wave in other_store.waves()] == ["closed"]


def test_answers_that_came_meanwhile_are_not_removed(archive: Archive, other_store: Store) -> None:
    def answer(wave_id: str) -> None:
        """Hand in as soon as the last wave is compared, when the open ones are there."""
        if wave_id == "linked" and len(other_store.waves()) == 4:
            other_store.submit("linked", make_submission(900, "s002"), OPENED)

    error = refusal(lambda: restore_archive(other_store, archive, "keep", answer))
    assert [f.code for f in error.faults] == [Code.COPY_DIFFERS, Code.RESTORE_UNFINISHED]
    assert error.faults[1].values == {"waves": "linked"}
    assert len(other_store.answers("linked")) == 28


def test_a_wave_that_was_changed_meanwhile_is_not_removed(
    archive: Archive, other_store: Store
) -> None:
    def change(wave_id: str) -> None:
        if wave_id == "linked" and len(other_store.waves()) == 4:
            other_store.change_wave("linked", lambda wave: replace(wave, title="mine"))

    error = refusal(lambda: restore_archive(other_store, archive, "keep", change))
    assert [f.code for f in error.faults] == [Code.COPY_DIFFERS, Code.RESTORE_UNFINISHED]
    assert [wave.title for wave in other_store.waves()] == ["mine"]


def test_void_codes_are_void_also_for_a_process_that_knew_them_valid(
    archive: Archive, other_store: Store, reopen_other: Callable[[], Store]
) -> None:
    server = reopen_other()
    unused = make_codes()["s001"][9]
    restore_archive(other_store, archive, "keep", ignore)
    assert server.find_code("carded", unused) == "s001"
    for wave_id in WAVES:
        other_store.delete_wave(wave_id, lambda _: None)
    restore_archive(other_store, archive, "void", ignore)
    assert server.find_code("carded", unused) is None


KILLED = """
import os, signal, sys
from survey_service.archive import open_archive
from survey_service.service.backups import restore_archive
from survey_service.storage import open_store
store = open_store(sys.argv[1])
restore, done = store.restore, []
def kill(snapshot):
    if len(done) == int(sys.argv[3]) and sys.argv[4] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    restore(snapshot)
    done.append(1)
    if len(done) == int(sys.argv[3]) and sys.argv[4] == "after":
        os.kill(os.getpid(), signal.SIGKILL)
store.restore = kill
with open(sys.argv[2], "rb") as stream:
    restore_archive(store, open_archive(stream, "b"), "void", lambda _: None)
"""


@pytest.mark.parametrize(("turn", "when"), [(2, "before"), (3, "after")])
def test_what_a_killed_restore_left_is_named_and_finished(
    packed: bytes,
    other_store_url: str,
    reopen_other: Callable[[], Store],
    tmp_path: Path,
    turn: int,
    when: str,
) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(packed)
    line = [sys.executable, "-c", KILLED, other_store_url, str(path), str(turn), when]
    root = str(Path(__file__).parents[2])
    killed = subprocess.run(line, check=False, env=os.environ | {"PYTHONPATH": root})
    assert killed.returncode == -signal.SIGKILL
    store = reopen_other()
    assert len(store.waves()) == turn
    with path.open("rb") as stream:
        archive = open_archive(stream, "b.zip")
        error = refusal(lambda: restore_archive(store, archive, "void", ignore))
        assert error.code is Code.RESTORE_UNFINISHED
        named = "、".join(wave.id for wave in store.waves())
        assert error.faults[0].values == {"waves": named}
        error = refusal(lambda: restore_archive(store, archive, "keep", ignore, goes_on=True))
        assert error.code is Code.STORE_NOT_EMPTY  # another decision than before
        restore_archive(store, archive, "void", ignore, goes_on=True)
        restore_archive(store, archive, "void", ignore, goes_on=True)  # all is there: no harm
    assert [wave.id for wave in store.waves()] == list(WAVES)
    assert all(verify_wave(store, wave).is_sound for wave in store.waves())


def test_a_closed_wave_that_is_not_that_of_its_closing_is_not_backed_up(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = filled.snapshot("closed")
    broken = replace(whole, answers=whole.answers.take(range(29)))  # type: ignore[arg-type]
    monkeypatch.setattr(filled, "snapshot", lambda _: broken)
    error = refusal(lambda: list(take_snapshots(filled, [whole.wave], ignore)))
    assert error.code is Code.STORE_DAMAGED


def test_one_wave_all_waves_or_none(filled: Store, other_store: Store) -> None:
    assert [wave.id for wave in choose_waves(filled, None)] == list(WAVES)
    assert [wave.id for wave in choose_waves(filled, "draft")] == ["draft"]
    assert refusal(lambda: choose_waves(filled, "none")).code is Code.WAVE_UNKNOWN
    assert refusal(lambda: choose_waves(other_store, None)).code is Code.WAVE_NONE


def test_a_migrated_store_holds_the_same_and_publishes_the_same_bytes(
    filled: Store, reopen_other: Callable[[], Store]
) -> None:
    published = publish(filled, "closed").to_json()
    before = marks(filled)
    moved = migrate_store(filled, reopen_other(), ignore)
    assert [wave.id for wave in moved] == list(WAVES)
    other = reopen_other()
    assert marks(other) == before == marks(filled)
    assert publish(other, "closed").to_json() == published
    for store in (filled, other):
        store.close_wave("linked", CLOSED, now=True)
    assert publish(other, "linked").to_json() == publish(filled, "linked").to_json()


def test_there_and_back_is_the_same(filled: Store, other_store: Store, tmp_path: Path) -> None:
    migrate_store(filled, other_store, ignore)
    home = open_store(f"tinydb:{tmp_path}/home")
    migrate_store(other_store, home, ignore)
    assert marks(home) == marks(filled)


def test_an_empty_store_is_not_migrated(store: Store, other_store: Store) -> None:
    error = refusal(lambda: migrate_store(store, other_store, ignore))
    assert error.code is Code.WAVE_NONE


def test_a_source_that_changes_meanwhile_is_noticed_and_the_copy_removed(
    filled: Store, other_store: Store
) -> None:
    turns: list[str] = []

    def answer(wave_id: str) -> None:
        turns.append(wave_id)
        if len(turns) == len(WAVES) + 1:  # all are copied, none is compared
            filled.submit("linked", make_submission(900, "s002"), OPENED)

    error = refusal(lambda: migrate_store(filled, other_store, answer))
    assert error.code is Code.COPY_DIFFERS
    assert other_store.waves() == ()


def test_a_store_is_not_migrated_into_itself(filled: Store, reopen: Callable[[], Store]) -> None:
    before = marks(filled)
    error = refusal(lambda: migrate_store(filled, reopen(), ignore))
    assert error.code is Code.STORE_NOT_EMPTY
    assert marks(filled) == before


def test_neither_store_may_be_served(
    archive: Archive,
    reopen: Callable[[], Store],
    reopen_other: Callable[[], Store],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("survey_service.storage.tinydb._SERVER_PATIENCE_S", 0)
    target, third = reopen_other(), open_store(f"tinydb:{tmp_path}/third")
    source = reopen()
    with reopen_other().serving():
        error = refusal(lambda: restore_archive(target, archive, "keep", ignore))
        assert error.code is Code.STORE_SERVED
    restore_archive(source, archive, "keep", ignore)
    with reopen().serving():
        error = refusal(lambda: migrate_store(source, third, ignore))
        assert error.code is Code.STORE_SERVED
    assert target.waves() == third.waves() == ()
    with source.alone():
        for place in (reopen().serving, reopen().alone):
            with pytest.raises(SurveyError) as caught, place():
                pass
            assert caught.value.code is Code.STORE_SERVED
    migrate_store(source, third, ignore)
    assert third.waves()
