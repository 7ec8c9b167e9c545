"""The promises of a store. Every backend keeps all of them and passes the same contract tests."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from survey_service.answers import AnswerTable
from survey_service.response import Comment, Response, Submission
from survey_service.snapshot import Snapshot
from survey_service.wave import Wave


@dataclass(frozen=True)
class Receipt:
    """What the respondent may keep: a random number that leads to no answer."""

    number: str
    is_new: bool


@dataclass(frozen=True)
class CodeCount:
    """The codes of one stratum: how many are valid, and how many of these are spent."""

    issued: int
    spent: int

    @property
    def unspent(self) -> int:
        """Return how many may still be used."""
        return self.issued - self.spent


class Store(Protocol):
    """Where waves and responses are kept.

    Promises, whatever happens to the process or the machine:

    - *Durable*: what a method returned from is on disk.
    - *Atomic*: a response, its comments and its submission are kept together or not at all.
    - *Once*: the same submission digest keeps one response and always returns the same receipt.
    - *Nameless*: nothing tells who, when, or in which order people answered.
    - *Whole*: a reader never sees half of a write.

    Every method raises ``wave_unknown`` for a wave that does not exist, ``store_unwritable`` when
    the disk refuses or the database is gone, ``store_busy`` when more is handed in than it can keep
    up with, ``store_locked`` when another command holds the wave for long, and ``store_damaged``
    when what it reads back is not what was written. After any of these the same call may be made
    again: a submission that was kept in spite of the error then returns its receipt.
    """

    def create_wave(self, wave: Wave) -> None:
        """Keep a new wave; ``wave_exists`` if its id is taken."""

    def wave(self, wave_id: str) -> Wave:
        """Return a wave."""

    def waves(self) -> tuple[Wave, ...]:
        """Return every wave, ordered by id."""

    def change_wave(self, wave_id: str, change: Callable[[Wave], Wave]) -> Wave:
        """Replace a wave by what ``change`` makes of its present record, with no other writer between."""

    def submit(self, wave_id: str, submission: Submission, today: date) -> Receipt:
        """Keep one submission; a digest already kept returns its receipt and keeps nothing.

        Where the submission has a code, spending it is part of the same commit. Raises
        ``wave_draft`` or ``wave_closed`` unless the wave takes answers on that day,
        ``code_unknown`` or ``code_used`` if the code opens nothing.
        """

    def import_batch(self, wave_id: str, batch: Sequence[Submission], today: date) -> None:
        """Keep all submissions or none; ``import_repeated`` if one of their digests was kept before."""

    def issue_codes(
        self, wave_id: str, codes: Mapping[str, Sequence[str]], *, replace: bool
    ) -> None:
        """Keep the hashes of new codes for some strata, all or none.

        ``replace`` voids the unspent codes of those strata; a spent one is never voided. Raises
        ``codes_issued`` if there are codes already and none is to be replaced, ``codes_many`` if
        more people of a stratum could then answer than it has.
        """

    def count_codes(self, wave_id: str) -> Mapping[str, CodeCount]:
        """Return for every stratum with codes how many there are and how many are spent."""

    def find_code(self, wave_id: str, code: str) -> str | None:
        """Return the stratum of an issued code, spent or not; None if it was never issued or voided."""

    def answers(self, wave_id: str) -> AnswerTable:
        """Return all responses of a wave as columns, in an order that says nothing."""

    def responses(self, wave_id: str) -> tuple[Response, ...]:
        """Return the same one by one, for looking at few of them."""

    def comments(self, wave_id: str) -> tuple[Comment, ...]:
        """Return all comments of a wave, in an order that says nothing."""

    def review_comments(self, wave_id: str, reviewed: Sequence[Comment]) -> None:
        """Keep theme and paraphrase of comments of a closed wave, all or none; found by their id.

        Raises ``wave_still_open``, or ``comment_unknown`` if one of them is not of this wave.
        """

    def close_wave(self, wave_id: str, today: date, *, now: bool) -> Wave:
        """Close a wave for good.

        All responses are verified, counted, rewritten in one random order and hashed; submissions
        and codes are forgotten. Raises what ``Wave.require_closable`` raises.
        """

    def delete_wave(self, wave_id: str, check: Callable[[Wave], None]) -> None:
        """Remove every trace of a wave, unless ``check`` raises for its present record."""

    def snapshot(self, wave_id: str) -> Snapshot:
        """Return everything kept of a wave at one instant, while others go on submitting."""

    def restore(self, snapshot: Snapshot) -> None:
        """Keep a wave with everything of it, all or nothing; ``wave_exists`` if its id is taken."""

    def stored_files(self, wave_id: str) -> Iterator[tuple[str, bytes]]:
        """Yield everything kept of a wave as somebody with the disk sees it: names and contents."""

    def check_writable(self) -> None:
        """Write and remove a probe; ``store_unwritable`` if that fails, or while it recovers."""

    def serving(self) -> AbstractContextManager[None]:
        """Hold the place of a server; ``store_served`` where only one may serve and another does.

        Also while somebody is ``alone`` with the store.
        """

    def alone(self) -> AbstractContextManager[None]:
        """Keep every server away; ``store_served`` while one serves, or somebody else is alone."""

    def close(self) -> None:
        """Let go of what the store holds open; everything kept stays."""
