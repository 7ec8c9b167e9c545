"""Commands of a short life of one wave, each with what it promises before and after.

After a crash a command is given again, as people do: what then says that it was done already
counts as done.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from survey_service.errors import Code, SurveyError
from survey_service.snapshot import Snapshot
from survey_service.store import Store
from survey_service.wave import Wave
from tests.factories import CLOSED, OPENED
from tests.faults.promises import (
    ABSENT,
    DRAFT,
    OPEN,
    SHUT,
    Promise,
    make_numbered,
)


class Command(Protocol):
    """One call of the store."""

    def begin(self, promise: Promise) -> Promise:
        """Return what holds while the command runs."""

    def run(self, store: Store, wave: Wave) -> str:
        """Run it; a text that the promise needs, such as the receipt."""

    def end(self, promise: Promise, said: str) -> Promise:
        """Return what holds once the command returned."""


@dataclass(frozen=True)
class Create:
    """Make the wave."""

    opened: bool = True

    @property
    def _state(self) -> str:
        return OPEN if self.opened else DRAFT

    def begin(self, promise: Promise) -> Promise:
        return promise.may_be(self._state)

    def run(self, store: Store, wave: Wave) -> str:
        made = wave if self.opened else replace(wave, opened_on=None)
        return _passing(lambda: store.create_wave(made), Code.WAVE_EXISTS)

    def end(self, promise: Promise, _said: str) -> Promise:
        return replace(promise, states=frozenset({self._state}))


@dataclass(frozen=True)
class Open:
    """Open a draft."""

    def begin(self, promise: Promise) -> Promise:
        return promise.may_be(OPEN)

    def run(self, store: Store, wave: Wave) -> str:
        return _passing(
            lambda: store.change_wave(wave.id, lambda each: each.open(OPENED)), Code.WAVE_OPENED
        )

    def end(self, promise: Promise, _said: str) -> Promise:
        return replace(promise, states=frozenset({OPEN}))


@dataclass(frozen=True)
class Submit:
    """Hand in one answer."""

    number: int
    code: str = ""

    def begin(self, promise: Promise) -> Promise:
        used = {**promise.used, self.number: self.code} if self.code else promise.used
        return replace(promise, offered=promise.offered | {self.number}, used=used)

    def run(self, store: Store, wave: Wave) -> str:
        return store.submit(wave.id, make_numbered(self.number, self.code), OPENED).number

    def end(self, promise: Promise, said: str) -> Promise:
        return replace(promise.keep({self.number: said}), states=frozenset({OPEN}))


@dataclass(frozen=True)
class Import:
    """Import some answers."""

    numbers: Sequence[int]

    def begin(self, promise: Promise) -> Promise:
        return replace(promise, batch=frozenset(self.numbers))

    def run(self, store: Store, wave: Wave) -> str:
        batch = [make_numbered(number) for number in self.numbers]
        return _passing(lambda: store.import_batch(wave.id, batch, OPENED), Code.IMPORT_REPEATED)

    def end(self, promise: Promise, _said: str) -> Promise:
        return promise.keep(dict.fromkeys(self.numbers, ""))


@dataclass(frozen=True)
class Issue:
    """Issue codes for one stratum; those of it that are not spent are voided."""

    codes: Sequence[str]
    stratum: str = "s001"

    def begin(self, promise: Promise) -> Promise:
        return replace(promise, books=(*promise.books, self._book(promise)))

    def run(self, store: Store, wave: Wave) -> str:
        store.issue_codes(wave.id, {self.stratum: list(self.codes)}, replace=True)
        return ""

    def end(self, promise: Promise, _said: str) -> Promise:
        return replace(promise, books=promise.books[-1:])

    def _book(self, promise: Promise) -> Mapping[str, str]:
        spent = {promise.used[number] for number in promise.kept if number in promise.used}
        old = promise.books[0]
        kept = {c: s for c, s in old.items() if s != self.stratum or c in spent}
        return kept | dict.fromkeys(self.codes, self.stratum)


@dataclass(frozen=True)
class Close:
    """Close the wave."""

    def begin(self, promise: Promise) -> Promise:
        return promise.may_be(SHUT)

    def run(self, store: Store, wave: Wave) -> str:
        return _passing(lambda: store.close_wave(wave.id, CLOSED, now=True), Code.WAVE_CLOSED)

    def end(self, promise: Promise, _said: str) -> Promise:
        return replace(promise, states=frozenset({SHUT}))


@dataclass(frozen=True)
class Review:
    """Give every comment a theme."""

    theme: str

    def begin(self, promise: Promise) -> Promise:
        return replace(promise, themes=promise.themes | {self.theme})

    def run(self, store: Store, wave: Wave) -> str:
        reviewed = [replace(each, theme=self.theme) for each in store.comments(wave.id)]
        store.review_comments(wave.id, reviewed)
        return ""

    def end(self, promise: Promise, _said: str) -> Promise:
        return replace(promise, themes=frozenset({self.theme}))


@dataclass(frozen=True)
class Delete:
    """Delete the wave."""

    def begin(self, promise: Promise) -> Promise:
        return promise.may_be(ABSENT)

    def run(self, store: Store, wave: Wave) -> str:
        return _passing(lambda: store.delete_wave(wave.id, lambda _: None), Code.WAVE_UNKNOWN)

    def end(self, _promise: Promise, _said: str) -> Promise:
        return Promise()


@dataclass(frozen=True)
class Restore:
    """Restore the wave from a snapshot of another store."""

    snapshot: Snapshot
    numbers: Mapping[int, str]
    used: Mapping[int, str]

    def begin(self, promise: Promise) -> Promise:
        restored = self.end(promise, "")
        return restored.may_be(ABSENT)

    def run(self, store: Store, _wave: Wave) -> str:
        return _passing(lambda: store.restore(self.snapshot), Code.WAVE_EXISTS)

    def end(self, promise: Promise, _said: str) -> Promise:
        return replace(
            promise.keep(self.numbers),
            states=frozenset({SHUT if self.snapshot.wave.closed_on else OPEN}),
            books=(self.snapshot.codes,),
            used={**promise.used, **self.used},
        )


def _passing(call: Callable[[], object], done: Code) -> str:
    """Call, and take it for done if that is the refusal."""
    try:
        call()
    except SurveyError as error:
        if error.code is not done:
            raise
    return ""
