"""The promises of a store. Every backend keeps all of them and passes the same contract tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from survey_service.response import Comment, Response, Submission
from survey_service.wave import Wave


@dataclass(frozen=True)
class Receipt:
    """What the respondent may keep: a random number that leads to no answer."""

    number: str
    is_new: bool


class Store(Protocol):
    """Where waves and responses are kept.

    Promises, whatever happens to the process or the machine:

    - *Durable*: what a method returned from is on disk.
    - *Atomic*: a response, its comments and its submission are kept together or not at all.
    - *Once*: the same submission digest keeps one response and always returns the same receipt.
    - *Nameless*: nothing tells who, when, or in which order people answered.
    - *Whole*: a reader never sees half of a write.

    Every method raises ``wave_unknown`` for a wave that does not exist, ``store_unwritable`` when
    the disk refuses, and ``store_damaged`` when what it reads back is not what was written.
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

        Raises ``wave_draft`` or ``wave_closed`` unless the wave takes answers on that day.
        """

    def import_batch(self, wave_id: str, batch: Sequence[Submission], today: date) -> None:
        """Keep all submissions or none; ``import_repeated`` if one of their digests was kept before."""

    def responses(self, wave_id: str) -> tuple[Response, ...]:
        """Return all responses of a wave, in an order that says nothing."""

    def comments(self, wave_id: str) -> tuple[Comment, ...]:
        """Return all comments of a wave, in an order that says nothing."""

    def close_wave(self, wave_id: str, today: date, *, now: bool) -> Wave:
        """Close a wave for good.

        All responses are verified, counted, rewritten in one random order and hashed; submissions
        are forgotten. Raises what ``Wave.require_closable`` raises.
        """

    def check_writable(self) -> None:
        """Write and remove a probe; ``store_unwritable`` if that fails."""
