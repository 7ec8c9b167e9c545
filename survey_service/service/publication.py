"""Aggregate a closed wave: plan, score, audit, release, in that order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from survey_service.disclosure.cuts import name_leading
from survey_service.disclosure.evidence import Facts, Findings, MentionedTheme, RankFigures
from survey_service.disclosure.findings import UnitTrend
from survey_service.disclosure.release import Release, build_release
from survey_service.disclosure.rules import RULES
from survey_service.errors import Code, SurveyError
from survey_service.scoring.analysis import FRONT_LINE, LEADING, Analysis
from survey_service.scoring.drivers import DRAWS
from survey_service.scoring.index import band
from survey_service.service.clearing import Cleared, clear_wave, list_compared, remember_release
from survey_service.service.comments import ThemeSummary, summarise_comments
from survey_service.service.integrity import Irregularities, find_irregularities
from survey_service.service.scoring import Aggregate, score_wave
from survey_service.service.trends import Comparison, compare_with
from survey_service.store import Store
from survey_service.wave import Wave

_LARGEST_WEIGHTING_EFFECT = 1.0


@dataclass(frozen=True)
class Prepared:
    """A release with what it was cleared on."""

    release: Release
    cleared: Cleared


def publish(
    store: Store, wave_id: str, previous_id: str | None = None, draws: int = DRAWS
) -> Release:
    """Return the release of a closed wave: the same waves always give the same release.

    ``previous_id`` names the wave to compare with. What was published of it, of every wave that an earlier
    release was compared with, and of the last wave that was closed before, counts as known to the readers.

    Raises ``wave_still_open``, ``wave_empty`` (fewer than k valid answers, whether none or four),
    ``store_damaged`` (the answers are not those that were frozen at closing), ``previous_unfit`` if the
    two waves cannot be compared at all, or what clearing raises: ``release_unsafe``,
    ``release_uniform``, ``release_overlap``, ``release_changed``.
    """
    prepared = prepare_release(store, wave_id, previous_id, draws)
    remember_release(store, prepared.cleared)
    return prepared.release


def prepare_release(
    store: Store, wave_id: str, previous_id: str | None = None, draws: int = DRAWS
) -> Prepared:
    """Score, clear and write a release, as ``publish`` does, but publish nothing."""
    wave = store.wave(wave_id)
    previous = None if previous_id is None else store.wave(previous_id)
    if previous is not None and not _may_follow(wave, previous):
        raise SurveyError(Code.PREVIOUS_UNFIT, wave=previous.id)
    found, irregularities = _score(store, wave, draws)
    compared = None if previous is None else _clear(store, previous)
    known = ([compared] if compared else []) + list(_clear_known(store, wave, previous_id))
    cleared = clear_wave(wave, found, known, previous_id)
    found = cleared.found
    comparison = None if compared is None else compare_with(cleared, compared)
    themes = summarise_comments(wave, store.comments(wave_id))
    release = build_release(
        _gather_facts(wave, found, irregularities, themes, is_first=previous is None),
        found.plan,
        found.analysis.sets,
        _gather_findings(wave, found, comparison),
        cleared.clearance,
    )
    return Prepared(release, cleared)


def _clear(store: Store, wave: Wave) -> Cleared:
    return clear_wave(wave, _score(store, wave, draws=0)[0])


def _clear_known(store: Store, wave: Wave, previous_id: str | None) -> Iterator[Cleared]:
    """Yield what readers know of waves besides ``previous``.

    These are all that an earlier release of this wave was compared with, and the last one closed before this
    one. Whether that was published by now does not matter: it may be later, without looking at
    this one.
    """
    waves = store.waves()
    before = [
        one
        for one in waves
        if one.closed_on and wave.closed_on and one.rehearsal == wave.rehearsal
        if (one.closed_on, one.id) < (wave.closed_on, wave.id)
    ]
    last = max(before, key=lambda one: (str(one.closed_on), one.id), default=None)
    compared = list_compared(wave)
    for one in waves:
        if one.id != previous_id and (one.id in compared or one is last):
            try:
                yield _clear(store, one)
            except SurveyError as error:
                if error.code not in {
                    Code.WAVE_EMPTY,
                    Code.RELEASE_UNIFORM,
                    Code.RELEASE_OVERLAP,
                }:
                    raise  # of these nothing is ever published


def _may_follow(wave: Wave, previous: Wave) -> bool:
    """Return whether a wave is another one, no later, and as real as this one."""
    if previous.id == wave.id or previous.rehearsal != wave.rehearsal:
        return False
    return not (wave.closed_on and previous.closed_on and previous.closed_on > wave.closed_on)


def _score(store: Store, wave: Wave, draws: int) -> tuple[Aggregate, Irregularities]:
    """Score a closed wave whose answers are those that were frozen."""
    if wave.closed_on is None:
        raise SurveyError(Code.WAVE_STILL_OPEN, wave=wave.id)
    table = store.answers(wave.id)
    if len(table) < RULES.smallest_set:
        raise SurveyError(Code.WAVE_EMPTY, wave=wave.id)
    found = score_wave(wave, table, draws)
    if found.valid < RULES.smallest_set:
        raise SurveyError(Code.WAVE_EMPTY, wave=wave.id)
    return found, find_irregularities(wave, table)


def _gather_findings(wave: Wave, found: Aggregate, comparison: Comparison | None) -> Findings:
    analysis = found.analysis
    predictors = [name for name in analysis.keying.dimensions if name not in analysis.outcomes]
    named = () if analysis.drivers is None else analysis.drivers.drivers
    return Findings(
        weighted=analysis.headline.scores,
        ranks=_gather_ranks(wave, analysis),
        marks=analysis.marks,
        agreement=analysis.agreement,
        reliability=analysis.reliability,
        omega=analysis.omega,
        resemblance=analysis.icc,
        drivers=analysis.drivers,
        driver_of=dict(zip(predictors, named, strict=False)),
        priorities=analysis.priorities,
        with_excluded=analysis.quality.with_excluded,
        left_out=analysis.quality.excluded_scores,
        previous=None if comparison is None else comparison.previous,
        change=None if comparison is None else comparison.change,
        trend_of_whole=UnitTrend() if comparison is None else comparison.whole,
        trends={} if comparison is None else comparison.trends,
    )


def _gather_ranks(wave: Wave, analysis: Analysis) -> RankFigures:
    roles = {LEADING: name_leading(wave.strata), FRONT_LINE: FRONT_LINE}
    return RankFigures(
        roles=tuple(roles.values()),
        gap=analysis.gap,
        unfamiliar={
            roles[rank]: items
            for rank, items in analysis.quality.unfamiliar.items()
            if rank in roles
        },
    )


def _gather_facts(
    wave: Wave,
    found: Aggregate,
    irregularities: Irregularities,
    themes: tuple[ThemeSummary, ...],
    *,
    is_first: bool,
) -> Facts:
    questionnaire = wave.questionnaire
    analysis = found.analysis
    headline = analysis.headline
    index = (headline.scores or analysis.whole).index
    return Facts(
        wave={
            "id": wave.id,
            "title": wave.title,
            "organisation": wave.notice.organisation,
            "opened_on": str(wave.opened_on),
            "closed_on": str(wave.closed_on),
            "access": wave.access,
            "rehearsal": wave.rehearsal,
        },
        questionnaire={
            "id": questionnaire.id,
            "version": questionnaire.version,
            "sha256": questionnaire.sha256,
        },
        block_dimensions={
            block.id: tuple(d.id for d in questionnaire.dimensions if d.block == block.id)
            for block in questionnaire.blocks
        },
        data_sha256=wave.frozen_sha256,
        generated_on=str(wave.closed_on),
        returned=analysis.quality.returned,
        excluded=analysis.quality.excluded_by,
        themes=tuple(
            MentionedTheme(each.item, each.theme.id, each.mentions, each.paraphrases)
            for each in themes
        ),
        identical=irregularities.identical,
        crowded=irregularities.crowded,
        band=None if index is None or index.ci95 is None else band(*index.ci95),
        notes=tuple(_choose_notes(wave, analysis, is_first=is_first)),
        weighting=_describe_weighting(analysis),
    )


def _describe_weighting(analysis: Analysis) -> dict[str, Any]:
    headline = analysis.headline
    if headline.scores is None:
        return {"weighted": False, "reason": headline.reason}
    return {"weighted": True, "cells": headline.cells}


def _choose_notes(wave: Wave, analysis: Analysis, *, is_first: bool) -> list[str]:
    notes = ["rounding", "trial"]
    if is_first:
        notes.append("first_wave")
    if analysis.headline.scores is None:
        notes.append("unweighted")
    elif _moves_by_weighting(analysis):
        notes.append("weighting_matters")
    if wave.roster is None:
        notes.append("no_roster")
    if wave.access == "open":
        notes.append("open_access")
    if analysis.quality.warns:
        notes.append("many_excluded")
    if analysis.quality.moved:
        notes.append("exclusion_matters")
    return notes


def _moves_by_weighting(analysis: Analysis) -> bool:
    """Return whether weighting moves the index or a dimension by a point or more."""
    weighted, plain = analysis.headline.scores, analysis.whole
    if weighted is None:
        return False
    pairs = [(weighted.dimensions[name], score) for name, score in plain.dimensions.items()]
    if weighted.index is not None and plain.index is not None:
        pairs.append((weighted.index, plain.index))
    return any(
        one.mean is not None
        and other.mean is not None
        and abs(one.mean - other.mean) >= _LARGEST_WEIGHTING_EFFECT
        for one, other in pairs
    )
