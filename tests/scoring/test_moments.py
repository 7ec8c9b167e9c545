import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from survey_service.scoring.descriptives import mean_interval
from survey_service.scoring.index import composite_interval
from survey_service.scoring.matrix import Booleans, Floats, Integers, Keying, ScoreMatrix
from survey_service.scoring.moments import (
    Moments,
    composite_moments,
    group_moments,
    pool,
    rest_of,
)

GROUPS = 4
answers = st.one_of(st.just(np.nan), st.integers(0, 16).map(lambda k: 6.25 * k))
columns = arrays(np.float64, (12, 3), elements=answers)
labels = arrays(np.int64, 12, elements=st.integers(-1, GROUPS - 1))


def masks(groups: Integers) -> Booleans:
    return np.equal.outer(np.arange(GROUPS), groups)


def assert_alike(found: Moments, expected: Moments) -> None:
    np.testing.assert_array_equal(found.n, expected.n)
    np.testing.assert_allclose(found.mean, expected.mean, rtol=1e-12)
    np.testing.assert_allclose(found.scatter, expected.scatter, rtol=1e-9, atol=1e-7)


@given(scores=columns, groups=labels)
def test_labels_say_what_masks_say(scores: Floats, groups: Integers) -> None:
    found = group_moments(scores, groups, GROUPS)
    expected = mean_interval(scores, masks(groups))
    np.testing.assert_array_equal(found.n, expected.n)
    np.testing.assert_allclose(found.mean, expected.mean, rtol=1e-12)
    np.testing.assert_allclose(np.sqrt(found.variance), expected.sd, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal((found.n >= 2) & (found.scatter == 0), expected.zero_variance)


@given(scores=columns, groups=labels)
def test_composites_by_label_say_what_masks_say(scores: Floats, groups: Integers) -> None:
    weights = np.array([[0.3, 0.4, 0.3], [0.5, 0.5, 0.0]])
    found = composite_moments(scores, groups, GROUPS, weights)
    expected = composite_interval(scores, masks(groups), weights)
    np.testing.assert_array_equal(found.n, expected.n)
    np.testing.assert_allclose(found.mean, expected.mean, rtol=1e-12)
    defined = ~np.isnan(found.mean)
    np.testing.assert_allclose(
        np.sqrt(found.variance)[defined], expected.sd[defined], rtol=1e-9, atol=1e-9
    )


@given(scores=columns, groups=labels)
def test_people_of_no_group_count_nowhere(scores: Floats, groups: Integers) -> None:
    inside = groups >= 0
    weights = np.array([[0.3, 0.4, 0.3]])
    assert_alike(
        group_moments(scores, groups, GROUPS),
        group_moments(scores[inside], groups[inside], GROUPS),
    )
    assert_alike(
        composite_moments(scores, groups, GROUPS, weights),
        composite_moments(scores[inside], groups[inside], GROUPS, weights),
    )


@given(scores=columns, groups=labels)
def test_groups_unite_and_come_apart(scores: Floats, groups: Integers) -> None:
    parts = group_moments(scores, groups, GROUPS)
    whole = group_moments(scores[groups >= 0], np.zeros((groups >= 0).sum(), int), 1)
    assert_alike(pool(parts), whole)
    rest = rest_of(parts, whole)
    for g in range(GROUPS):
        others = np.where((groups >= 0) & (groups != g), 0, -1)
        found = Moments(rest.n[[g]], rest.mean[[g]], rest.scatter[[g]])
        assert_alike(found, group_moments(scores, others, 1))


@given(scores=columns, groups=labels, order=st.permutations(range(12)))
def test_order_is_nothing(scores: Floats, groups: Integers, order: list[int]) -> None:
    found = group_moments(scores[order], groups[order], GROUPS)
    assert_alike(found, group_moments(scores, groups, GROUPS))


def test_composites_of_the_mine(matrix: ScoreMatrix, keying: Keying) -> None:
    weights = np.vstack([np.full(11, 1 / 11), [0.1] * 7 + [0.075] * 4])
    groups = np.arange(len(matrix.codes)) % 5 - 1
    found = composite_moments(matrix.dimension_scores, groups, 4, weights)
    expected = composite_interval(
        matrix.dimension_scores, np.equal.outer(np.arange(4), groups), weights
    )
    assert np.sqrt(found.variance) == pytest.approx(expected.sd, rel=1e-12)


def test_many_rows_are_taken_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = np.arange(60.0).reshape(20, 3)
    groups = np.arange(20) % 3
    whole = composite_moments(scores, groups, 3, np.eye(3))
    monkeypatch.setattr("survey_service.scoring.moments._CHUNK", 7)
    assert_alike(composite_moments(scores, groups, 3, np.eye(3)), whole)


@pytest.mark.parametrize("value", [100 / 3, 575 / 6, 58.25, 0.0, 100.0])
def test_alike_people_have_no_scatter(value: float) -> None:
    scores = np.array([value] * 7 + [0.0, 50.0, 100.0])[:, np.newaxis]
    groups = np.array([0] * 7 + [1] * 3)
    parts = group_moments(scores, groups, 2)
    assert parts.scatter[0, 0] == 0
    assert pool(group_moments(scores[:7], np.arange(7) % 2, 2)).scatter[0, 0] == 0
    assert rest_of(parts, pool(parts)).scatter[1, 0] == 0
    alike = composite_moments(np.repeat(scores, 3, axis=1), groups, 2, np.full((1, 3), 1 / 3))
    assert alike.scatter[0, 0] == 0
