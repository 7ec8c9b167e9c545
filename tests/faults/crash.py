"""Runs a history on a watched folder and examines every crash that could have happened."""

import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from survey_service.errors import SurveyError
from survey_service.storage import open_store
from survey_service.wave import Wave
from tests.faults.disk import Disk, Tree
from tests.faults.histories import Command, Submit
from tests.faults.promises import Promise, examine
from tests.faults.recording import Recorder, Stopped

_FAST = Path("/dev/shm")  # noqa: S108 - memory, where syncing costs nothing


class BrokenPromiseError(AssertionError):
    """A promise was broken by a crash; says after which step, and what was found."""


@dataclass
class Report:
    """What was tried."""

    steps: int = 0
    states: int = 0
    examined: int = 0
    chosen: int = 0
    runs: int = 0

    def __str__(self) -> str:
        return (
            f"{self.runs} runs, {self.steps} steps, {self.states} states after a crash, "
            f"{self.examined} different ones examined, {self.chosen} times by sample"
        )


@contextmanager
def small_segments(ledger: int = 3) -> Iterator[None]:
    """Let a handful of answers fill segments and ledgers."""
    with (
        mock.patch.multiple(
            "survey_service.storage.open_answers", KEPT=2, SEGMENT_SIZE=2, LEDGER_SIZE=ledger
        ),
        mock.patch("survey_service.storage.frozen.SEGMENT_SIZE", 2),
    ):
        yield


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield an empty folder on the fastest disk there is."""
    above = _FAST if _FAST.is_dir() else None
    folder = Path(tempfile.mkdtemp(dir=above))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


class Trial:
    """One history on one folder."""

    def __init__(self, wave: Wave, root: Path, ignored: str = "") -> None:
        self.wave = wave
        self.promise = Promise()
        self.recorder = Recorder(root, ignored)
        self.said: list[tuple[int, Promise]] = [(0, self.promise)]
        self.ended: list[int] = []
        """How many calls had been made when each command was done."""
        self.broke_at = 0
        """The step before which the fault came."""
        self._store = open_store(f"tinydb:{root}/instance")

    def run(self, commands: Sequence[Command]) -> None:
        """Run commands; after a crash a new process runs the interrupted one again."""
        with self.recorder.watching():
            for command, following in zip(commands, [*commands[1:], None], strict=True):
                self._say(command.begin(self.promise))
                said = self._insist(command, following)
                self._say(command.end(self.promise, said))
                self.ended.append(self.recorder.count)
            self.recorder.settle()

    def _insist(self, command: Command, following: Command | None) -> str:
        for _ in range(3):
            try:
                return command.run(self._store, self.wave)
            except Stopped:
                self.broke_at = len(self.recorder.steps)
                self.recorder.restart()
                self._store = open_store(f"tinydb:{self.recorder.root}/instance")
                if isinstance(following, Submit):
                    self._anticipate(following)
            except SurveyError as error:
                if error.code.exit_code != 6:
                    raise
                self.broke_at = len(self.recorder.steps)
        raise BrokenPromiseError(f"{command} is refused again and again")

    def _anticipate(self, command: Submit) -> None:
        """Hand in before anybody has given the interrupted command again."""
        before = self.promise
        self._say(command.begin(before))
        try:
            said = command.run(self._store, self.wave)
        except SurveyError:
            self._say(before)
        else:
            self._say(command.end(self.promise, said))

    def _say(self, promise: Promise) -> None:
        self.promise = promise
        self.recorder.settle()
        self.said.append((len(self.recorder.steps), promise))


@dataclass
class Examiner:
    """Examines what may be found after a crash; the same thing under the same promise once."""

    wave: Wave
    folder: Path
    most: int = 2000
    quick: bool = False
    report: Report = field(default_factory=Report)
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    _seen: set[int] = field(default_factory=set)

    def examine_all(self, trial: Trial, first: int = 0) -> None:
        """Examine a crash after every step from the ``first`` on, under what was promised then."""
        disk = Disk()
        said = iter([*trial.said, (len(trial.recorder.steps) + 1, Promise())])
        _, promise = next(said)
        until, following = next(said)
        self.report.runs += 1
        for number in range(len(trial.recorder.steps) + 1):
            if number:
                disk.do(trial.recorder.steps[number - 1])
            self.report.steps += number >= first
            while True:
                if number >= first:
                    self._examine(disk, promise, number)
                if number < until:
                    break
                promise = following
                until, following = next(said)
        self.report.chosen += disk.chosen

    def _examine(self, disk: Disk, promise: Promise, number: int) -> None:
        for tree in disk.outcomes(self.most, self.chance, quick=self.quick):
            self.report.states += 1
            key = hash((tuple(sorted(tree.items(), key=lambda each: each[0])), repr(promise)))
            if key in self._seen:
                continue
            self._seen.add(key)
            self.report.examined += 1
            self._examine_one(tree, promise, number)

    def _examine_one(self, tree: Tree, promise: Promise, number: int) -> None:
        root = self.folder / "after"
        root.mkdir()
        try:
            lay_out(tree, root)
            examine(root / "instance", self.wave, promise)
        except (AssertionError, SurveyError, OSError, ValueError, KeyError) as error:
            raise BrokenPromiseError(
                f"after step {number}: {error!r}; found {sorted(tree)}"
            ) from error
        finally:
            shutil.rmtree(root)


def try_crashes(examiner: Examiner, commands: Sequence[Command], ignored: str = "") -> None:
    """Examine a loss of power after every step of a history."""
    with scratch() as root:
        trial = Trial(examiner.wave, root, ignored)
        trial.run(commands)
        examiner.examine_all(trial)


def try_faults(
    examiner: Examiner, commands: Sequence[Command], fault: BaseException, every: int = 1
) -> None:
    """Let every ``every``-th call of a history fail, go on, and then examine losses of power.

    The last call comes first.

    After the fault the interrupted command is given again and one more follows.
    """
    with scratch() as root:
        trial = Trial(examiner.wave, root)
        trial.run(commands)
        ended = trial.ended
    for place in range(ended[-1], 0, -every):
        after = next(n for n, count in enumerate(ended) if count >= place)
        with scratch() as root:
            trial = Trial(examiner.wave, root)
            trial.recorder.fault, trial.recorder.fault_at = fault, place
            trial.run(commands[: after + 2])
            examiner.examine_all(trial, trial.broke_at)


def lay_out(tree: Tree, root: Path) -> None:
    """Write down what is found after a crash."""
    for path, content in sorted(tree.items()):
        if content is None:
            (root / path).mkdir(mode=0o700)
        else:
            (root / path).write_bytes(content)
