"""Aggregate a closed wave: plan, score, audit, release, in that order."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_service.disclosure.clearance import Clearance, Measure
from survey_service.disclosure.plan import Plan, plan_release
from survey_service.disclosure.release import Facts, MentionedTheme, Release, build_release
from survey_service.disclosure.rules import RULES
from survey_service.disclosure.waves import EarlierWave
from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.response import PACES, Response, count_by_stratum, decode_answers, hash_answers
from survey_service.scoring.aggregate import SetScores, aggregate
from survey_service.scoring.careless import Attention, CarelessFlags, flag_careless
from survey_service.scoring.index import band
from survey_service.scoring.matrix import Block, Keying, ScoreMatrix, score_matrix
from survey_service.service.clearing import (
    Scored,
    clear_wave,
    recall_release,
    remember_release,
)
from survey_service.service.comments import ThemeSummary, summarise_comments
from survey_service.service.integrity import Irregularities, find_irregularities
from survey_service.store import Store
from survey_service.wave import Wave


@dataclass(frozen=True)
class Aggregate:
    """A wave scored at full precision: nothing of it leaves the program but through a release."""

    matrix: ScoreMatrix
    flags: CarelessFlags
    plan: Plan
    scores: Mapping[str, SetScores]
    data_sha256: str
    irregularities: Irregularities
    scored: Scored

    @property
    def valid(self) -> int:
        """Return how many responses count."""
        return int((~self.flags.excluded).sum())


def publish(store: Store, wave_id: str, previous: str | None = None) -> Release:
    """Return the release of a closed wave: the same wave always gives the same release.

    What the release of the ``previous`` wave shows counts as known to its readers.

    Raises ``wave_still_open``, ``wave_empty`` (fewer than k valid answers, whether none or four),
    ``store_damaged`` (the answers are not those that were frozen at closing), or what clearing it
    raises: ``release_unsafe``, ``release_uniform``, ``release_changed``.
    """
    wave = store.wave(wave_id)
    prepared = prepare_release(store, wave, previous)
    remember_release(store, wave, prepared.plan, prepared.measures, prepared.clearance)
    return prepared.release


@dataclass(frozen=True)
class Prepared:
    """A release with what it was cleared on."""

    release: Release
    plan: Plan
    measures: Mapping[str, Measure]
    clearance: Clearance


def prepare_release(store: Store, wave: Wave, previous: str | None = None) -> Prepared:
    """Score, clear and write a release, as ``publish`` does, but publish nothing."""
    found = _score_frozen(store, wave)
    earlier = None if previous is None else _read_earlier(store, previous)
    measures, clearance = clear_wave(wave, found.scored, earlier)
    facts = _gather_facts(wave, found, summarise_comments(wave, store.comments(wave.id)))
    release = build_release(facts, found.plan, found.scores, clearance)
    return Prepared(release, found.plan, measures, clearance)


def _score_frozen(store: Store, wave: Wave) -> Aggregate:
    """Score a closed wave whose answers are those that were frozen, and are enough."""
    if wave.closed_on is None:
        raise SurveyError(Code.WAVE_STILL_OPEN, wave=wave.id)
    responses = store.responses(wave.id)
    if hash_answers(responses) != wave.frozen_sha256:
        raise SurveyError(Code.STORE_DAMAGED, what=wave.id)
    if len(responses) < RULES.smallest_set:
        raise SurveyError(Code.WAVE_EMPTY, wave=wave.id)
    found = score_wave(wave, responses)
    if found.valid < RULES.smallest_set:
        raise SurveyError(Code.WAVE_EMPTY, wave=wave.id)
    return found


def _read_earlier(store: Store, wave_id: str) -> EarlierWave:
    """Return what readers know of a wave that was published before."""
    wave = store.wave(wave_id)
    found = _score_frozen(store, wave)
    measures, clearance = clear_wave(wave, found.scored)
    return EarlierWave(wave.strata, found.plan, measures, recall_release(wave, clearance))


def score_wave(wave: Wave, responses: tuple[Response, ...]) -> Aggregate:
    """Flag careless answers, plan the sets from the counts, and score every set of the plan."""
    questionnaire = wave.questionnaire
    codes = decode_answers([r.answers for r in responses], len(questionnaire.closed))
    position = {item.id: n for n, item in enumerate(questionnaire.closed)}
    keying = make_keying(questionnaire)
    matrix = score_matrix(codes[:, [position[item] for item in keying.items]], keying)
    pace = np.array([PACES.index(r.pace) for r in responses], dtype=np.int8)
    attention = next(
        (
            Attention(codes[:, position[item.id]], item.expected)
            for item in questionnaire.closed
            if item.kind == "attention" and item.expected is not None
        ),
        None,
    )
    flags = flag_careless(matrix.codes, matrix.dimension_scores, pace, attention)
    labels = np.array([r.stratum for r in responses])
    valid = ~flags.excluded
    plan = plan_release(wave.strata, count_by_stratum(labels[valid]), RULES.smallest_set)
    sets: dict[str, NDArray[np.bool_]] = {
        name: valid & np.isin(labels, sorted(published.strata))
        for name, published in plan.sets.items()
    }
    headcount = {stratum.id: stratum.headcount for stratum in wave.strata.strata}
    populations = {
        name: sum(headcount[label] for label in published.strata) if headcount else None
        for name, published in plan.sets.items()
    }
    scores = aggregate(matrix, keying, sets, populations)
    irregularities = find_irregularities(wave, responses)
    scored = Scored(matrix, keying, labels, valid, plan, scores)
    return Aggregate(matrix, flags, plan, scores, hash_answers(responses), irregularities, scored)


def make_keying(questionnaire: Questionnaire) -> Keying:
    """Return how the codes of a questionnaire become scores; no weights where it has no index."""
    scored = questionnaire.scored
    scale = questionnaire.scale_of(scored[0])
    dimensions = tuple(dimension.id for dimension in questionnaire.dimensions)
    weighted = questionnaire.index_name is not None
    blocks = {
        block.id: Block(
            block.weight if weighted else None,
            tuple(n for n, d in enumerate(questionnaire.dimensions) if d.block == block.id),
        )
        for block in questionnaire.blocks
    }
    apart = scale.not_applicable
    return Keying(
        items=tuple(item.id for item in scored),
        dimensions=dimensions,
        dimension_of=np.array([dimensions.index(item.dimension or "") for item in scored]),
        reverse=np.array([item.reverse for item in scored]),
        lowest=scale.lowest,
        highest=scale.highest,
        not_applicable=-2 if apart is None else apart.code,
        blocks=blocks,
        favourable=scale.favourable,
        unfavourable=scale.unfavourable,
    )


def _gather_facts(wave: Wave, found: Aggregate, themes: tuple[ThemeSummary, ...]) -> Facts:
    questionnaire = wave.questionnaire
    flags = found.flags
    by_attention = flags.attention_failed & (flags.under_2s | flags.long_run | flags.outlier)
    index = found.scores[found.plan.whole.id].index
    notes = ["first_wave", "rounding", "trial", "unweighted"]
    if wave.roster is None:
        notes.append("no_roster")
    if wave.access == "open":
        notes.append("open_access")
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
        data_sha256=found.data_sha256,
        generated_on=str(wave.closed_on),
        returned=len(flags.excluded),
        excluded={
            "incomplete": int(flags.incomplete.sum()),
            "under_1s": int(flags.under_1s.sum()),
            "all_same": int(flags.all_same.sum()),
            "attention": int(by_attention.sum()),
        },
        themes=tuple(
            MentionedTheme(each.item, each.theme.id, each.mentions, each.paraphrases)
            for each in themes
        ),
        identical=found.irregularities.identical,
        crowded=found.irregularities.crowded,
        band=None if index is None or index.ci95 is None else band(*index.ci95),
        notes=tuple(notes),
    )
