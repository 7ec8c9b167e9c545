"""What holds for any answers, and agreement with the formulas written out person by person."""

import math
import statistics
from collections.abc import Callable
from dataclasses import astuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import stdtrit

from survey_service.scoring.aggregate import Score, SetScores, aggregate
from survey_service.scoring.index import composite_coefficients
from survey_service.scoring.matrix import BLANK, Block, Booleans, Integers, Keying, score_matrix
from survey_service.scoring.tallies import tally_people

Figures = tuple[object, ...]

N_SETS, N_PEOPLE = 4, 9
WEIGHTS: dict[str, list[float]] = {"A": [0.5, 0.5, 0], "B": [0, 0, 1], "index": [0.2, 0.2, 0.6]}

sheets = arrays(np.int8, (N_PEOPLE, 7), elements=st.sampled_from((BLANK, 9, 1, 2, 3, 4, 5)))
full_sheets = arrays(np.int8, (N_PEOPLE, 7), elements=st.integers(1, 5))
masks = arrays(np.bool_, (N_SETS, N_PEOPLE))
headcounts = st.none() | st.integers(0, 12)


@pytest.fixture(scope="module")
def keying(make_keying: Callable[..., Keying]) -> Keying:
    """Dimensions of four, two and one items, in two weighted blocks."""
    blocks = {"A": Block(0.4, (0, 1)), "B": Block(0.6, (2,))}
    return make_keying(4, 2, 1, reverse=np.arange(7) == 1, blocks=blocks)


def score_sets(
    codes: Integers, keying: Keying, members: Booleans, population: int | None = None
) -> list[SetScores]:
    """Score sets of people, each person a stratum of their own."""
    sets = {str(i): mask for i, mask in enumerate(members)}
    labels, coefficients = np.arange(len(codes)), composite_coefficients(keying)
    tally = tally_people(score_matrix(codes, keying), labels, len(codes), keying, coefficients)
    return list(aggregate(tally, keying, sets, dict.fromkeys(sets, population)).values())


def list_scores(found: SetScores) -> dict[str, Score]:
    assert found.index is not None
    return {"index": found.index, **found.blocks, **found.dimensions, **found.items}


def check_same(found: SetScores, expected: SetScores) -> None:
    for name, score in list_scores(found).items():
        check_figures(astuple(score), astuple(list_scores(expected)[name]))


def check_figures(found: Figures, expected: Figures) -> None:
    for got, wanted in zip(found, expected, strict=True):
        assert got == (
            pytest.approx(wanted, abs=1e-9) if type(wanted) in {float, tuple} else wanted
        )


def describe(values: list[float], people: int, population: int | None) -> Figures:
    """Give n, mean, sd, se, interval and flags of plain numbers, as the specification writes it."""
    n = len(values)
    exceeds = population is not None and people > population
    sampled = 0.0 if exceeds or not population else n / population
    flags = {"valid_exceeds_roster"} if exceeds else set()
    if sampled >= 0.95:
        flags.add("near_census")
    if n < 2:
        return n, values[0] if values else None, None, None, None, frozenset(flags)
    mean, sd = statistics.fmean(values), statistics.stdev(values)
    if sd < 1e-9:
        flags.add("zero_variance")
    se = sd / math.sqrt(n) * math.sqrt(1 - sampled)
    half = float(stdtrit(n - 1, 0.975)) * se
    return n, mean, sd, se, (mean - half, mean + half), frozenset(flags)


def compose(
    rows: npt.NDArray[np.float64], weights: list[float], people: int, population: int | None
) -> Figures:
    """Describe a block or the index through the pseudo-values I + u of each person."""
    parts = [d for d, weight in enumerate(weights) if weight]
    answers = [{d: float(row[d]) for d in parts if not np.isnan(row[d])} for row in rows]
    answers = [answer for answer in answers if answer]
    n = {d: sum(d in answer for answer in answers) for d in parts}
    if not all(n.values()):
        flags = describe([0.0] * len(answers), people, population)[-1]
        assert isinstance(flags, frozenset)
        return len(answers), None, None, None, None, flags - {"zero_variance"}
    means = {d: sum(answer.get(d, 0) for answer in answers) / n[d] for d in parts}
    index = sum(weights[d] * means[d] for d in parts)
    pseudo_values = [
        index + sum(weights[d] * (y - means[d]) * len(answers) / n[d] for d, y in answer.items())
        for answer in answers
    ]
    return describe(pseudo_values, people, population)


@given(codes=sheets, members=masks, population=headcounts)
def test_agrees_with_the_formulas_person_by_person(
    codes: Integers, members: Booleans, population: int | None, keying: Keying
) -> None:
    matrix = score_matrix(codes, keying)
    items = np.where(matrix.keyed == BLANK, np.nan, 25.0 * (matrix.keyed - 1))
    values = np.hstack([matrix.dimension_scores, items])
    for mask, found in zip(members, score_sets(codes, keying, members, population), strict=True):
        people = int(mask.sum())
        expected = {
            name: compose(matrix.dimension_scores[mask], weights, people, population)
            for name, weights in WEIGHTS.items()
        }
        for column, name in enumerate([*keying.dimensions, *keying.items]):
            answered = [float(y) for y in values[mask, column] if not np.isnan(y)]
            expected[name] = describe(answered, people, population)
        assert found.n == people
        for name, score in list_scores(found).items():
            check_figures(
                (score.n, score.mean, score.sd, score.se, score.ci95, score.flags), expected[name]
            )


@given(codes=sheets, members=masks, order=st.permutations(range(N_PEOPLE)))
def test_the_order_of_people_changes_nothing(
    codes: Integers, members: Booleans, order: list[int], keying: Keying
) -> None:
    plain = score_sets(codes, keying, members, 12)
    shifted = score_sets(codes[order], keying, members[:, order], 12)
    for found, expected in zip(shifted, plain, strict=True):
        check_same(found, expected)


@given(codes=sheets, members=masks)
def test_a_set_does_not_depend_on_its_company(
    codes: Integers, members: Booleans, keying: Keying
) -> None:
    for mask, found in zip(members, score_sets(codes, keying, members, 12), strict=True):
        alone = score_sets(codes[mask], keying, np.ones((1, int(mask.sum())), np.bool_), 12)[0]
        check_same(found, alone)


@given(codes=sheets, members=masks, population=headcounts)
def test_results_hold_together(
    codes: Integers, members: Booleans, population: int | None, keying: Keying
) -> None:
    for found in score_sets(codes, keying, members, population):
        for name, score in list_scores(found).items():
            assert "nan" not in repr(score)
            assert (score.mean is None) == (score.reason == "no_data")
            assert (score.ci95 is None) == (score.reason is not None)
            if score.mean is not None:
                assert 0 <= score.mean <= 100 + 1e-9
                low, high = score.ci95 or (score.mean, score.mean)
                assert low <= score.mean <= high
            shares = (score.favourable, score.neutral, score.unfavourable)
            if name in WEIGHTS or score.mean is None:
                assert shares == (None, None, None)
            else:
                assert sum(share for share in shares if share is not None) == pytest.approx(100)


@given(codes=full_sheets)
def test_a_census_has_no_sampling_error(codes: Integers, keying: Keying) -> None:
    (found,) = score_sets(codes, keying, np.ones((1, N_PEOPLE), np.bool_), N_PEOPLE)
    for score in list_scores(found).values():
        assert score.se == 0
        assert score.ci95 == (score.mean, score.mean)
        assert "near_census" in score.flags


@given(codes=sheets)
def test_a_blank_sheet_changes_only_the_number_of_people(codes: Integers, keying: Keying) -> None:
    more = np.vstack([codes, np.full((1, 7), BLANK)])
    (plain,) = score_sets(codes, keying, np.ones((1, N_PEOPLE), np.bool_), 12)
    (found,) = score_sets(more, keying, np.ones((1, N_PEOPLE + 1), np.bool_), 12)
    assert (plain.n, found.n) == (N_PEOPLE, N_PEOPLE + 1)
    check_same(found, plain)


@given(codes=sheets, mask=arrays(np.bool_, N_PEOPLE))
def test_two_halves_make_the_whole(codes: Integers, mask: Booleans, keying: Keying) -> None:
    everyone = np.ones(N_PEOPLE, np.bool_)
    halves_and_whole = score_sets(codes, keying, np.array([mask, ~mask, everyone]))
    first, second, whole = (list_scores(found) for found in halves_and_whole)
    for name in (*keying.dimensions, *keying.items):
        parts = [(x.n, x.mean) for x in (first[name], second[name]) if x.mean is not None]
        assert whole[name].n == sum(n for n, _ in parts)
        if parts:
            pooled = sum(n * mean for n, mean in parts) / whole[name].n
            assert whole[name].mean == pytest.approx(pooled, abs=1e-9)
