"""Measures cleared and audited side by side, by several processes where there are very many sets.

A measure always goes to the same process, which remembers what it worked out of it for the audit.
"""

import gc
import multiprocessing
import os
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Thread
from types import TracebackType
from typing import Any, Self

from survey_service.disclosure.audit import Auditor, Finding, Memory
from survey_service.disclosure.clearance import (
    PARTICIPATION,
    Clearance,
    Measure,
    Showing,
    clear_rows,
    clear_showing,
    is_tied,
    join_showings,
    list_figures,
    list_views,
    narrow,
)
from survey_service.disclosure.plan import Plan
from survey_service.disclosure.system import Row
from survey_service.processors import count_processors

#: With fewer sets there is little to win, and every process needs memory.
WORTH_A_PROCESS = 10_000
MOST_PROCESSES = 8


class Desk:
    """Where one process works: the plan, its measures, and what was worked out of their parts."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._measures: dict[str, Measure] = {}
        self._memory = Memory()
        self._untied: dict[str, tuple[frozenset[str], bool, bool]] = {}

    def take(self, name: str, measure: Measure) -> None:
        """Keep a measure to work on."""
        self._measures[name] = measure

    def clear(self, name: str, headcounts: Mapping[str, int], first: Showing | None) -> Showing:
        """Return what may be shown of a measure; ``first`` is None for participation itself."""
        return clear_showing(
            self._plan, self._measures[name], headcounts, first, memory=self._memory
        )

    def weigh(
        self,
        name: str,
        weighted: Row | None,
        change: Row | None,
        repeated: tuple[Row, ...],
        shown: frozenset[str],
    ) -> tuple[bool, bool]:
        """Add rows to a measure; return whether its weighted mean and its change may be told."""
        measure = self._measures[name]
        measure = replace(measure, weighted=weighted, change=change, repeated=repeated)
        self._measures[name] = measure
        if self._plan.whole.id not in shown:
            return False, False
        told = clear_rows(self._plan, measure, shown, memory=self._memory)
        self._untied[name] = (shown, *told)
        return told

    def find_leaks(
        self,
        name: str,
        shown: frozenset[str],
        is_weighted: bool,  # noqa: FBT001
        is_changed: bool,  # noqa: FBT001
    ) -> list[Finding]:
        """Return what follows from all that is shown of a measure; nothing, if it is safe.

        What follows from earlier releases alone is not the doing of this one.
        """
        plan, measure = self._plan, self._measures[name]
        answers, numbers = list_views(narrow(plan, measure), measure)
        auditor = Auditor(answers, list_figures(plan, measure, shown), self._memory)
        findings = auditor.find()
        auditor.turn(numbers)
        findings = [finding for finding in findings + auditor.find() if finding.is_new]
        told = ((measure.weighted, is_weighted), (measure.change, is_changed))
        rows = [row for row, is_told in told if row is not None and is_told]
        rows += measure.repeated
        # the same rows beside the same sets were found untied when the measure was weighed
        is_known = self._untied.get(name) == (shown, is_weighted, is_changed)
        if (
            rows
            and not is_known
            and is_tied(plan, measure, shown, (*measure.earlier, *rows), memory=self._memory)
        ):
            findings.append(Finding(plan.whole.strata, ()))
        return findings


class Crew:
    """Desks in this process or, for a large plan, in one process for every processor.

    Used as a context; ``processes`` is for tests.
    """

    def __init__(self, plan: Plan, processes: int | None = None) -> None:
        if processes is None:
            is_large = len(plan.sets) > WORTH_A_PROCESS
            processes = min(count_processors(), MOST_PROCESSES) if is_large else 1
        self._desk = Desk(plan)
        self._places: dict[str, int] = {}
        # "spawn": a copy of this process would copy its threads' locks, but not the threads
        context = multiprocessing.get_context("spawn")
        self._pools = [
            ProcessPoolExecutor(1, context, initializer=_sit_down, initargs=(plan,))
            for _ in range(processes if processes > 1 else 0)
        ]
        with _single_threaded():
            for pool in self._pools:
                pool.submit(os.getpid)  # starts the process: it is ready when there is work

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pool in self._pools:
            if error is None:
                with suppress(BrokenExecutor):  # somebody ended it: all was done before
                    pool.submit(_leave)
            pool.shutdown(wait=False, cancel_futures=error is not None)

    def take(self, measures: Mapping[str, Measure]) -> None:
        """Hand out measures to work on."""
        self._places = {name: number for number, name in enumerate(measures)}
        # counts are quicker made again than sent
        bare = {name: (replace(measure, _counts={}),) for name, measure in measures.items()}
        for _ in self._share("take", bare):
            pass

    def clear_release(
        self, measures: Mapping[str, Measure], headcounts: Mapping[str, int]
    ) -> Clearance:
        """Decide what is shown of every measure, and which numbers stand beside it.

        The same as ``disclosure.clearance.clear_release``, side by side.
        """
        self.take(measures)
        begun = self._share("clear", {PARTICIPATION: (headcounts, None)})
        # of an item only the whole is shown, whatever participation shows
        items = [name for name, measure in measures.items() if measure.is_item]
        aside = self._share("clear", dict.fromkeys(items, (headcounts, None)))
        participation = dict(begun)
        work = {
            name: (headcounts, participation[PARTICIPATION])
            for name in measures
            if name not in {PARTICIPATION, *items}
        }
        return join_showings({**participation, **dict(self._share("clear", work)), **dict(aside)})

    def clear_weighted(self, measures: Mapping[str, Measure], clearance: Clearance) -> Clearance:
        """Add to a clearance which weighted means, and changes of them, may stand beside the rest.

        The measures are those that were handed out, with these rows.
        """
        shown = clearance.shown
        work = {
            name: (measure.weighted, measure.change, measure.repeated, shown[name])
            for name, measure in measures.items()
        }
        cleared = dict(self._share("weigh", work))
        weighted = frozenset(name for name, (is_safe, _) in cleared.items() if is_safe)
        changed = frozenset(name for name, (_, is_safe) in cleared.items() if is_safe)
        return replace(clearance, weighted=weighted, changed=changed)

    def find_leaks(self, clearance: Clearance) -> Iterator[tuple[str, Finding]]:
        """Yield every finding with its measure, from all that is shown and printed."""
        work = {
            name: (
                clearance.shown[name],
                name in clearance.weighted,
                name in clearance.changed,
            )
            for name in self._places
        }
        for name, findings in self._share("find_leaks", work):
            for finding in findings:
                yield name, finding

    def _share(self, task: str, work: Mapping[str, tuple[Any, ...]]) -> Iterator[tuple[str, Any]]:
        """Begin a task for every measure; yield the results in the order of the measures."""
        if not self._pools:
            return ((name, getattr(self._desk, task)(name, *rest)) for name, rest in work.items())
        waiting: dict[str, Future[Any]] = {}
        for name, rest in work.items():
            pool = self._pools[self._places[name] % len(self._pools)]
            waiting[name] = pool.submit(_work, task, name, *rest)
        return ((name, result.result()) for name, result in waiting.items())


class _Here:
    """The desk of a process of the crew."""

    desk: Desk


def _sit_down(plan: Plan) -> None:
    """Make a process ready; it leaves Ctrl-C to the one that started it, and ends when that ends."""
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_leave_with_parent, daemon=True).start()
    _Here.desk = Desk(plan)


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _leave() -> None:
    """End a process at once: taking apart all that it holds would take seconds."""
    os._exit(0)


@contextmanager
def _single_threaded() -> Iterator[None]:
    """Let processes that start now do matrices in one thread: there are as many as processors."""
    name = "OPENBLAS_NUM_THREADS"
    before = os.environ.get(name)
    os.environ.setdefault(name, "1")
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]


def _work(task: str, *arguments: Any) -> Any:  # noqa: ANN401 - what the task takes and returns
    return getattr(_Here.desk, task)(*arguments)
