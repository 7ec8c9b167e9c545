"""One pass over people, then any union of strata."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from survey_service.scoring.matrix import BLANK, Booleans, Floats, Integers, Keying, score_matrix
from survey_service.scoring.moments import Moments, group_moments
from survey_service.scoring.tallies import tally_people, tally_scores, unite

N_PEOPLE, N_STRATA = 12, 4

scores = arrays(
    np.float64, (N_PEOPLE, 3), elements=st.sampled_from((np.nan, 0.0, 12.5, 100 / 3, 56.25, 100.0))
)
labels = arrays(np.int32, N_PEOPLE, elements=st.integers(-1, N_STRATA - 1))
unions = arrays(np.bool_, (2, N_STRATA))
WEIGHTS = np.array([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]])


def merge(labels: Integers, chosen: Booleans) -> Integers:
    """Give everybody of the chosen strata the label 0, others none."""
    return np.where((labels >= 0) & chosen[labels], 0, -1)


def check_alike(found: Moments, expected: Moments) -> None:
    np.testing.assert_array_equal(found.n, expected.n)
    np.testing.assert_allclose(found.mean, expected.mean, atol=1e-9)
    np.testing.assert_allclose(found.scatter, expected.scatter, atol=1e-7)


@given(scores, labels, unions)
def test_a_union_is_what_its_people_are(scores: Floats, labels: Integers, sets: Booleans) -> None:
    tally = tally_scores(scores, labels, N_STRATA, WEIGHTS)
    united = tally.union(sets)
    for row, chosen in enumerate(sets):
        together = merge(labels, chosen)
        expected = group_moments(scores, together, 1)
        found = united.moments()
        check_alike(Moments(found.n[[row]], found.mean[[row]], found.scatter[[row]]), expected)
        alone = tally_scores(scores, together, 1, WEIGHTS).composites()
        composed = united.composites()
        check_alike(
            Moments(composed.n[[row]], composed.mean[[row]], composed.scatter[[row]]), alone
        )


@given(scores)
def test_a_composite_of_one_dimension_is_the_dimension(scores: Floats) -> None:
    tally = tally_scores(scores, np.zeros(N_PEOPLE, np.int32), 1, np.eye(3))
    found, single = tally.composites(), tally.moments()
    np.testing.assert_array_equal(found.n, single.n)
    np.testing.assert_allclose(found.mean, single.mean, atol=1e-9)
    scored = single.n > 0
    np.testing.assert_allclose(found.scatter[scored], single.scatter[scored], atol=1e-7)
    assert np.isnan(found.scatter[~scored]).all()


@pytest.mark.parametrize("people", [511, 512, 513, 1500])
def test_groups_beyond_one_chunk_are_whole(people: int) -> None:
    values = np.random.default_rng(1).normal(60, 20, (people, 2))
    tally = tally_scores(values, np.zeros(people, np.int32), 1, np.array([[0.5, 0.5]]))
    assert tally.moments().n.tolist() == [[people, people]]
    assert tally.moments().mean[0] == pytest.approx(values.mean(axis=0))
    assert tally.composites().variance[0, 0] == pytest.approx(values.mean(axis=1).var(ddof=1))


def test_reverse_items_are_counted_by_keyed_code(make_keying: Callable[..., Keying]) -> None:
    keying = make_keying(2, reverse=np.array([False, True]))
    matrix = score_matrix(np.array([[1, 1], [2, 9], [BLANK, 2]]), keying)
    found = tally_people(matrix, np.array([0, 0, 1]), 2, keying, np.zeros((0, 1)))
    assert found.answers[0].tolist() == [[1, 1, 0, 0, 0], [0, 0, 0, 0, 1]]
    assert found.answers[1].tolist() == [[0, 0, 0, 0, 0], [0, 0, 0, 1, 0]]
    assert found.complete[0].tolist() == [[1, 0, 0, 0, 0], [0, 0, 0, 0, 1]]
    assert found.not_applicable.tolist() == [[0, 1], [0, 0]]


def test_a_union_of_nothing_is_nothing() -> None:
    assert unite(np.zeros((1, 3), np.bool_), np.ones((3, 2))).tolist() == [[0.0, 0.0]]
    assert unite(np.zeros((0, 3), np.bool_), np.ones((3, 2))).shape == (0, 2)
