"""Whole waves, answered at random and published as they are: the attackers learn nothing."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from survey_service.disclosure.rules import RULES
from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import ROLES, Questionnaire
from survey_service.roster import Roster
from survey_service.service.publication import Prepared, prepare_release, publish
from survey_service.storage import open_store
from survey_service.store import Store
from tests.disclosure.attackers.reading import Claim, Label, read_json
from tests.disclosure.attackers.solving import Space
from tests.factories import CLOSED, OPENED, make_roster, make_submission, make_wave

K = RULES.smallest_set
NOTHING = {Code.WAVE_EMPTY, Code.RELEASE_UNIFORM, Code.RELEASE_OVERLAP}

seeds = st.integers(0, 10**6)


def draw_roster(rng: np.random.Generator) -> Roster:
    units = [f"{'矿厂局'[n % 3]}/队{n}" for n in range(int(rng.integers(2, 14)))]
    sizes = rng.lognormal((1.2, 2.0, 3.2), 0.6, (len(units), 3)).astype(int)
    return make_roster(
        {u: dict(zip(ROLES, map(int, n), strict=True)) for u, n in zip(units, sizes, strict=True)}
    )


def answer_wave(
    store: Store,
    small: Questionnaire,
    roster: Roster,
    rng: np.random.Generator,
    wave_id: str = "w1",
) -> None:
    """Let a random part of every stratum answer, and leave out a fifth of the first dimension."""
    wave = make_wave(small, roster, id=wave_id)
    store.create_wave(wave)
    rate = rng.uniform(0.1, 0.8)
    sheets = []
    for stratum in wave.strata.strata:
        for _ in range(rng.binomial(stratum.headcount, rate)):
            first = "99" if rng.random() < 0.2 else "".join(map(str, rng.integers(2, 6, 2)))
            last = "".join(map(str, rng.integers(1, 6, 2)))
            sheets.append((stratum.id, f"{first}2{last}"))
    batch = [make_submission(number, *sheet) for number, sheet in enumerate(sheets)]
    store.import_batch(wave_id, batch, OPENED)
    store.close_wave(wave_id, CLOSED, now=True)


def prepare(store: Store, wave_id: str = "w1") -> Prepared | None:
    try:
        publish(store, wave_id, draws=0)
        return prepare_release(store, wave_id, draws=0)
    except SurveyError as error:
        if error.code in NOTHING:
            return None
        raise


def read(prepared: Prepared, dimension: str) -> tuple[list[Claim], dict[str, float] | None]:
    """Read the claims about a dimension, and the weights of its mean if that is weighted."""
    strata = prepared.cleared.wave.strata.strata
    labels = [Label(s.id, s.units, s.roles) for s in strata]
    claims = read_json(prepared.release.to_json(), dimension, labels)
    row = prepared.cleared.measures[dimension].weighted
    is_weighted = "unweighted" in prepared.release.content["dimensions"][dimension]
    weights = {s: float(w) for s, w in row.items()} if row is not None and is_weighted else None
    return claims, weights


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seeds)
def test_nothing_follows_from_a_wave_that_was_answered_at_random(
    small: Questionnaire, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    with TemporaryDirectory() as folder:
        store = open_store(f"tinydb:{Path(folder)}/store")
        roster = draw_roster(rng)
        assume(roster.headcount >= 20)
        answer_wave(store, small, roster, rng)
        prepared = prepare(store)
    if prepared is None:
        return
    for dimension in ("A1", "B1"):
        claims, weights = read(prepared, dimension)
        answered = prepared.cleared.measures[dimension].answered
        there = {
            s.id: answered[s.id] for s in prepared.cleared.wave.strata.strata if answered[s.id]
        }
        space = Space([c.group for c in claims], there, [] if weights is None else [weights])
        assert space.find_unions(there, K) == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seeds)
def test_nothing_follows_from_two_waves_of_which_most_are_the_same(
    small: Questionnaire, seed: int
) -> None:
    """Nobody names the first wave as the one before; its release counts all the same."""
    rng = np.random.default_rng(seed)
    with TemporaryDirectory() as folder:
        store = open_store(f"tinydb:{Path(folder)}/store")
        roster = draw_roster(rng)
        assume(roster.headcount >= 20)
        answer_wave(store, small, roster, rng)
        _answer_again(store, small, roster, rng)
        both = [prepare(store, wave_id) for wave_id in ("w1", "w2")]
    first, second = both
    if first is None or second is None:
        return
    for dimension in ("A1", "B1"):
        counts = [each.cleared.measures[dimension] for each in (first, second)]
        names = [s.id for s in first.cleared.wave.strata.strata]
        same = {
            s
            for s in names
            if counts[0].answered[s] == counts[1].answered[s]
            and (counts[0].totals or {})[s] == (counts[1].totals or {})[s]
        }
        renamed = {s: s if s in same else f"before {s}" for s in names}
        sizes = {s: counts[1].answered[s] for s in names}
        sizes |= {renamed[s]: counts[0].answered[s] for s in names}
        groups, weighted = [], []
        for each, names_of in ((first, renamed), (second, {s: s for s in names})):
            claims, weights = read(each, dimension)
            groups += [frozenset(names_of[s] for s in claim.group) for claim in claims]
            if weights is not None:
                weighted.append({names_of[s]: weight for s, weight in weights.items()})
        there = {s: n for s, n in sizes.items() if n}
        assert Space(groups, there, weighted).find_unions(there, K) == []


def _answer_again(
    store: Store, small: Questionnaire, roster: Roster, rng: np.random.Generator
) -> None:
    """Keep the same answers in most strata, and add one or two, or take some away, in the others."""
    wave = make_wave(small, roster, id="w2")
    store.create_wave(wave)
    by_stratum: dict[str, list[str]] = {s.id: [] for s in wave.strata.strata}
    for response in store.responses("w1"):
        by_stratum[response.stratum].append(response.answers)
    sheets = []
    for stratum in wave.strata.strata:
        kept = by_stratum[stratum.id]
        if rng.random() < 0.3:
            kept = kept[: int(rng.integers(0, len(kept) + 1))]
            kept += ["53244"] * int(rng.integers(0, 2))
        sheets += [(stratum.id, answers) for answers in kept]
    batch = [make_submission(number, *sheet) for number, sheet in enumerate(sheets)]
    store.import_batch("w2", batch, OPENED)
    store.close_wave("w2", CLOSED, now=True)
