"""Group commit: whoever waits while one write is under way goes into the next, all together.

One fsync then serves many. There is no thread of its own to start, to stop or to lose: the first
who comes leads, commits for all that wait, wakes them, and hands the lead to the next in line.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from survey_service.errors import Code, SurveyError

Item = TypeVar("Item")
Result = TypeVar("Result")


class Ticket(Generic[Item, Result]):
    """One item that waits: after the commit it has a result or an error."""

    __slots__ = ("_awake", "error", "item", "leads", "result")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.result: Result | None = None
        self.error: SurveyError | None = None
        self.leads = False
        self._awake = threading.Lock()
        self._awake.acquire()

    def wait(self) -> None:
        """Sleep until the item was committed, or until it is the turn of this thread to lead."""
        self._awake.acquire()

    def wake(self) -> None:
        """End the sleep."""
        self._awake.release()


class GroupCommit(Generic[Item, Result]):
    """Commits items of many threads in batches of at most ``largest``, in the order they came.

    ``commit`` gives every ticket of a batch its result or its error before it returns. What it
    raises instead is everybody's error: nothing of such a batch is acknowledged.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[Ticket[Item, Result]]], None],
        largest: int,
        most_waiting: int,
    ) -> None:
        self._commit = commit
        self._largest = largest
        self._most_waiting = most_waiting
        self._lock = threading.Lock()
        self._waiting: list[Ticket[Item, Result]] = []
        self._is_led = False

    def submit(self, item: Item) -> Result:
        """Return the result of an item once it is durable; ``store_busy`` if too many wait."""
        ticket: Ticket[Item, Result] = Ticket(item)
        with self._lock:
            if len(self._waiting) >= self._most_waiting:
                raise SurveyError(Code.STORE_BUSY)
            self._waiting.append(ticket)
            leads, self._is_led = not self._is_led, True
        if not leads:
            ticket.wait()
        if leads or ticket.leads:
            self._lead()
        if ticket.error is not None:
            raise ticket.error
        if ticket.result is None:
            raise SurveyError(Code.STORE_UNWRITABLE)
        return ticket.result

    def _lead(self) -> None:
        """Commit the batch at the head of the line, the leader's own ticket first, and pass on."""
        with self._lock:
            batch = self._waiting[: self._largest]
            del self._waiting[: self._largest]
        try:
            self._commit(batch)
        except SurveyError as error:
            for ticket in batch:
                ticket.error = SurveyError.of(error.faults)
        finally:
            with self._lock:
                follower = self._waiting[0] if self._waiting else None
                self._is_led = follower is not None
            for ticket in batch[1:]:
                ticket.wake()
            if follower is not None:
                follower.leads = True
                follower.wake()
