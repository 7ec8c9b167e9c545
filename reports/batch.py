"""Many unit briefs at once: rendered by several processes, each written as a whole."""

import multiprocessing
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from reports.faces import House
from reports.unit_brief import render_unit_brief
from survey_service.disclosure.release import Release
from survey_service.processors import count_processors
from survey_service.questionnaire import Questionnaire

#: Starting a process takes as long as rendering a few briefs.
WORTH_A_PROCESS = 12
MOST_PROCESSES = 8


class _Job:
    """What a process renders from; set once when the process starts."""

    release: Release
    questionnaire: Questionnaire
    lang: str
    house: House | None


def render_units(
    release: Release,
    questionnaire: Questionnaire,
    targets: Mapping[str, Path],
    lang: str,
    house: House | None = None,
    done: Callable[[str], None] = lambda _: None,
) -> None:
    """Write the brief of each unit to its path and call ``done`` with the unit as each is finished.

    Raises ``OSError`` where the disk refuses; the caller removes what was written by then.
    """
    job = (release.to_json(), questionnaire, lang, house)
    if len(targets) < WORTH_A_PROCESS or count_processors() == 1:
        _start(*job)
        for unit, path in targets.items():
            _render(unit, path)
            done(unit)
        return
    # "spawn": a copy of this process would copy its threads' locks, but not the threads
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        min(count_processors(), MOST_PROCESSES), context, initializer=_start, initargs=job
    )
    with pool:
        try:
            waiting = [pool.submit(_render, unit, path) for unit, path in targets.items()]
            for future in as_completed(waiting):
                done(future.result())
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _start(release: str, questionnaire: Questionnaire, lang: str, house: House | None) -> None:
    _Job.release = Release.from_json(release)
    _Job.questionnaire = questionnaire
    _Job.lang = lang
    _Job.house = house


def _render(unit: str, path: Path) -> str:
    content = render_unit_brief(_Job.release, _Job.questionnaire, unit, _Job.lang, _Job.house)
    path.write_bytes(content)
    return unit
