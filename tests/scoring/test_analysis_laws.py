"""What holds for the whole analysis, whoever answers: shift, reversal, order, everybody twice."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from survey_service.scoring.aggregate import SetScores
from survey_service.scoring.analysis import Analysis, analyse
from survey_service.scoring.division import Division
from survey_service.scoring.matrix import Block, Integers, Keying, score_matrix
from tests.factories import keep_all

N_PEOPLE, N_STRATA = 24, 4
LABELS = np.arange(N_PEOPLE) % N_STRATA

sheets = arrays(np.int8, (N_PEOPLE, 6), elements=st.sampled_from((-1, 9, 2, 3, 4)))


@pytest.fixture(scope="module")
def keying(make_keying: Callable[..., Keying]) -> Keying:
    blocks = {"A": Block(0.4, (0,)), "B": Block(0.6, (1,))}
    return make_keying(3, 3, blocks=blocks, reverse=np.arange(6) == 4)


def study(codes: Integers, keying: Keying, labels: Integers = LABELS) -> Analysis:
    """Analyse with everybody kept: two units of two strata, leading and front line."""
    rows = np.eye(N_STRATA, dtype=np.bool_)
    division = Division(
        strata=tuple((number // 2, number % 2) for number in range(N_STRATA)),
        sets={"all": np.ones(N_STRATA, np.bool_), "x": rows[0] | rows[1], "y": rows[2] | rows[3]},
        blocks=("x", "y"),
        groups={"leading": rows[0] | rows[2], "frontline": rows[1] | rows[3]},
        headcounts=np.array([20.0, 60, 30, 90]),
        cells=np.arange(N_STRATA),
    )
    flags = keep_all(len(codes))
    return analyse(score_matrix(codes, keying), flags, labels, division, keying, ("D2",), draws=0)


def means_of(scores: SetScores) -> list[float | None]:
    levels = (scores.dimensions, scores.blocks)
    return [score.mean for level in levels for score in level.values()]


def check_close(found: object, expected: object) -> None:
    """Compare results part by part: numbers to 1e-7, everything else exactly."""
    if isinstance(expected, float):
        assert found == pytest.approx(expected, abs=1e-7)
    elif isinstance(expected, dict):
        assert isinstance(found, dict)
        assert found.keys() == expected.keys()
        for key in expected:
            check_close(found[key], expected[key])
    elif isinstance(expected, tuple | list):
        assert isinstance(found, tuple | list)
        for one, other in zip(found, expected, strict=True):
            check_close(one, other)
    elif hasattr(expected, "__slots__") and hasattr(expected, "__dataclass_fields__"):
        for name in expected.__dataclass_fields__:
            check_close(getattr(found, name), getattr(expected, name))
    else:
        assert found == expected


def resemblance(found: Analysis) -> list[float | None]:
    """Give ICC(1), which is continuous; ICC(2) is not said below 0, and rounding may go either way."""
    return [one.icc1 for one in found.icc.values()]


def results(found: Analysis) -> tuple[object, ...]:
    return (
        found.sets,
        found.headline,
        found.reliability,
        resemblance(found),
        found.agreement,
        found.marks,
        found.gap,
        found.groups,
        found.quality.not_applicable,
    )


@settings(max_examples=40)
@given(codes=sheets, order=st.permutations(range(N_PEOPLE)))
def test_the_order_of_people_changes_nothing(
    codes: Integers, order: list[int], keying: Keying
) -> None:
    check_close(results(study(codes[order], keying, LABELS[order])), results(study(codes, keying)))


@settings(max_examples=40)
@given(codes=sheets)
def test_a_shift_of_all_answers_shifts_means_and_nothing_else(
    codes: Integers, keying: Keying
) -> None:
    # straight items one code up and reverse items one code down: every keyed answer rises by one
    step = np.where(keying.reverse, -1, 1)
    answered = (codes >= 1) & (codes <= 5)
    plain, shifted = study(codes, keying), study(np.where(answered, codes + step, codes), keying)
    for one, other in zip(means_of(shifted.whole), means_of(plain.whole), strict=True):
        assert one == (None if other is None else pytest.approx(other + 25))
    check_close(shifted.reliability, plain.reliability)
    check_close(resemblance(shifted), resemblance(plain))
    check_close(shifted.agreement, plain.agreement)
    for one_gap, other_gap in zip(shifted.gap.values(), plain.gap.values(), strict=True):
        check_close(
            (one_gap.difference, one_gap.p, one_gap.q),
            (other_gap.difference, other_gap.p, other_gap.q),
        )


@settings(max_examples=40)
@given(codes=sheets)
def test_reversing_every_item_mirrors_every_mean(codes: Integers, keying: Keying) -> None:
    turned = replace(keying, reverse=~keying.reverse)
    plain, mirrored = study(codes, keying), study(codes, turned)
    for one, other in zip(means_of(mirrored.whole), means_of(plain.whole), strict=True):
        assert one == (None if other is None else pytest.approx(100 - other))
    for name, score in mirrored.whole.dimensions.items():
        assert score.favourable == (
            None if score.mean is None else pytest.approx(plain.whole.dimensions[name].unfavourable)
        )
    check_close(mirrored.reliability, plain.reliability)
    check_close(resemblance(mirrored), resemblance(plain))
    check_close(mirrored.agreement, plain.agreement)


@settings(max_examples=40)
@given(codes=sheets)
def test_everybody_twice_keeps_means_and_narrows_intervals(codes: Integers, keying: Keying) -> None:
    plain = study(codes, keying)
    double = study(np.vstack([codes, codes]), keying, np.tile(LABELS, 2))
    assert double.whole.n == 2 * plain.whole.n
    check_close(means_of(double.whole), means_of(plain.whole))
    for name, score in plain.whole.dimensions.items():
        twice = double.whole.dimensions[name]
        check_close(
            (twice.favourable, twice.neutral, twice.unfavourable),
            (score.favourable, score.neutral, score.unfavourable),
        )
        if score.se is not None:
            assert twice.se is not None
            assert twice.se <= score.se + 1e-12
    for name, one in plain.reliability.items():
        check_close(double.reliability[name].alpha if one.alpha is not None else None, one.alpha)
