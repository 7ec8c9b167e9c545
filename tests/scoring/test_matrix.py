from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from survey_service.scoring.matrix import (
    BLANK,
    Block,
    Booleans,
    Integers,
    Keying,
    ScoreMatrix,
    key_codes,
    percent_of_maximum,
    score_matrix,
)

MakeKeying = Callable[..., Keying]
CODES = (BLANK, 9, 1, 2, 3, 4, 5)

sheets = st.integers(1, 12).flatmap(
    lambda n: arrays(np.int8, (n, 7), elements=st.sampled_from(CODES))
)
keys = arrays(np.bool_, 7)


def test_scores_of_two_people_of_the_mine(matrix: ScoreMatrix) -> None:
    # R 4.2.2: 100 * (rowMeans(keyed[, dimension], na.rm = TRUE) - 1) / 4
    golden = {
        0: [56.25, 25, 62.5, 33.3333333333, 56.25, 43.75, 25, 43.75, 33.3333333333, 37.5, 43.75],
        2: [50, 56.25, 68.75, 56.25, 25, 50, 25, 25, 18.75, 50, 25],
    }
    for row, scores in golden.items():
        assert matrix.dimension_scores[row] == pytest.approx(scores, abs=1e-9)


@pytest.mark.parametrize(
    ("codes", "reverse", "score"),
    [
        ([4, BLANK, 9, 5], [], 87.5),
        ([4, 9, 9, BLANK], [], None),
        ([1, 2, 5, BLANK], [2], 100 / 12),
        ([9, 9, 9, 9], [], None),
        ([3], [], 50.0),
        ([5, 4, BLANK], [], 87.5),
        ([5, BLANK, BLANK], [], None),
        ([5] * 6 + [BLANK] * 6, [], 100.0),
        ([5] * 5 + [BLANK] * 7, [], None),
    ],
)
def test_half_of_the_items_make_a_score(
    codes: list[int], reverse: list[int], score: float | None, make_keying: MakeKeying
) -> None:
    keying = make_keying(len(codes), reverse=np.isin(np.arange(len(codes)), reverse))
    found = float(score_matrix(np.array([codes]), keying).dimension_scores[0, 0])
    assert np.isnan(found) if score is None else found == pytest.approx(score, rel=1e-15)


def test_a_wider_scale_reaches_from_0_to_100(make_keying: MakeKeying) -> None:
    keying = make_keying(
        1, lowest=0, highest=10, not_applicable=99, favourable=(9, 10), unfavourable=(0, 1, 2)
    )
    scores = score_matrix(np.array([[0], [9], [10], [99]]), keying).dimension_scores
    np.testing.assert_array_equal(scores, [[0.0], [90.0], [100.0], [np.nan]])


def test_nothing_in_a_matrix_can_be_changed(make_keying: MakeKeying) -> None:
    codes = np.array([[3, 4]])
    keying = make_keying(2)
    matrix = score_matrix(codes, keying)
    codes[0, 0] = 5
    assert matrix.codes.tolist() == [[3, 4]]
    arrays_held = (matrix.codes, matrix.keyed, matrix.dimension_scores)
    for held in (*arrays_held, keying.belongs, keying.reverse, keying.dimension_of):
        with pytest.raises(ValueError, match="read-only"):
            held[0] = 0


def test_nobody_makes_an_empty_matrix(make_keying: MakeKeying) -> None:
    matrix = score_matrix(np.zeros((0, 3), np.int8), make_keying(2, 1))
    assert matrix.dimension_scores.shape == (0, 2)


@pytest.mark.parametrize("code", [0, 6, -2, 10])
def test_refuses_a_code_outside_the_scale(code: int, make_keying: MakeKeying) -> None:
    with pytest.raises(ValueError, match="outside the response scale"):
        key_codes(np.array([[3, code]]), make_keying(2))


@pytest.mark.parametrize("shape", [(2, 3), (2, 1), (2,)])
def test_refuses_codes_of_other_items(shape: tuple[int, ...], make_keying: MakeKeying) -> None:
    with pytest.raises(ValueError, match="codes of 2 items"):
        key_codes(np.ones(shape, np.int8), make_keying(2))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"items": ("q1", "q1", "q3")}, "item ids must be unique"),
        ({"dimensions": ("D1", "D1")}, "dimension ids must be unique"),
        ({"dimension_of": np.array([0, 1])}, "one key for each item"),
        ({"reverse": np.zeros(4, np.bool_)}, "one key for each item"),
        ({"dimension_of": np.array([0, 0, 0])}, "each dimension needs an item"),
        ({"dimension_of": np.array([0, 1, 2])}, "each dimension needs an item"),
        ({"lowest": 5}, "a scale rises"),
        ({"lowest": -1}, "a scale rises"),
        ({"not_applicable": 3}, "a code of its own"),
        ({"not_applicable": BLANK}, "a code of its own"),
        ({"favourable": (5, 6)}, "must be codes of the scale"),
        ({"unfavourable": (1, 4)}, "not both"),
        ({"blocks": {"A": Block(None, ())}}, "a block needs a dimension"),
        ({"blocks": {"A": Block(None, (2,))}}, "a block goes beyond"),
        ({"blocks": {"A": Block(1.0, (0,)), "B": Block(None, (1,))}}, "weigh all blocks or none"),
        ({"blocks": {"A": Block(0.5, (0,)), "B": Block(0.4, (1,))}}, "must sum to 1"),
    ],
)
def test_refuses_a_keying_that_does_not_fit(
    changes: dict[str, Any], fault: str, make_keying: MakeKeying
) -> None:
    with pytest.raises(ValueError, match=fault):
        make_keying(2, 1, **changes)


def test_refuses_a_keying_without_items(make_keying: MakeKeying) -> None:
    with pytest.raises(ValueError, match="item ids"):
        make_keying()


@given(codes=sheets, reverse=keys)
def test_scores_lie_between_0_and_100(
    codes: Integers, reverse: Booleans, make_keying: MakeKeying
) -> None:
    scores = score_matrix(codes, make_keying(4, 2, 1, reverse=reverse)).dimension_scores
    known = scores[~np.isnan(scores)]
    assert ((known >= 0) & (known <= 100)).all()


@given(codes=sheets, reverse=keys)
def test_reversing_twice_is_nothing(
    codes: Integers, reverse: Booleans, make_keying: MakeKeying
) -> None:
    keying = make_keying(4, 2, 1, reverse=reverse)
    answered = (codes >= 1) & (codes <= 5)
    twice = key_codes(np.where(answered, key_codes(codes, keying), codes), keying)
    np.testing.assert_array_equal(twice[answered], codes[answered])


@given(codes=sheets)
def test_reversing_every_item_mirrors_the_scores(codes: Integers, make_keying: MakeKeying) -> None:
    straight = score_matrix(codes, make_keying(4, 2, 1)).dimension_scores
    turned = score_matrix(codes, make_keying(4, 2, 1, reverse=np.ones(7, np.bool_)))
    np.testing.assert_allclose(turned.dimension_scores, 100 - straight, atol=1e-12)


@given(codes=sheets)
def test_a_single_item_dimension_is_the_item(codes: Integers, make_keying: MakeKeying) -> None:
    keying = make_keying(*[1] * 7)
    matrix = score_matrix(codes, keying)
    keyed = np.where(matrix.keyed == BLANK, np.nan, matrix.keyed)
    items = percent_of_maximum(keyed, keying)
    np.testing.assert_array_equal(matrix.dimension_scores, items)
