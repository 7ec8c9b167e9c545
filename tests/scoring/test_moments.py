import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from survey_service.scoring.matrix import Floats, Integers
from survey_service.scoring.moments import (
    Moments,
    group_moments,
    pool,
    rest_of,
)

GROUPS = 4
answers = st.one_of(st.just(np.nan), st.integers(0, 16).map(lambda k: 6.25 * k))
columns = arrays(np.float64, (12, 3), elements=answers)
labels = arrays(np.int64, 12, elements=st.integers(-1, GROUPS - 1))


def assert_alike(found: Moments, expected: Moments) -> None:
    np.testing.assert_array_equal(found.n, expected.n)
    np.testing.assert_allclose(found.mean, expected.mean, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(found.scatter, expected.scatter, rtol=1e-9, atol=1e-7)


@given(scores=columns, groups=labels)
def test_every_cell_one_by_one(scores: Floats, groups: Integers) -> None:
    found = group_moments(scores, groups, GROUPS)
    for g in range(GROUPS):
        for c in range(3):
            values = scores[groups == g, c]
            values = values[~np.isnan(values)]
            n = len(values)
            assert found.n[g, c] == n
            assert found.mean[g, c] == pytest.approx(values.mean() if n else np.nan, nan_ok=True)
            expected = values.var(ddof=1) if n >= 2 else np.nan
            assert found.variance[g, c] == pytest.approx(expected, abs=1e-9, nan_ok=True)
            assert (found.scatter[g, c] == 0) == (len(set(values.tolist())) <= 1)


@given(scores=columns, groups=labels)
def test_people_of_no_group_count_nowhere(scores: Floats, groups: Integers) -> None:
    inside = groups >= 0
    assert_alike(
        group_moments(scores, groups, GROUPS),
        group_moments(scores[inside], groups[inside], GROUPS),
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


@pytest.mark.parametrize("n", [7, 9, 14, 40])
@pytest.mark.parametrize("value", [100 / 3, 575 / 6, 58.25, 0.0, 100.0])
def test_alike_people_have_no_scatter(value: float, n: int) -> None:
    scores = np.array([value] * n + [0.0, 50.0, 100.0])[:, np.newaxis]
    groups = np.array([0] * n + [1] * 3)
    parts = group_moments(scores, groups, 2)
    assert parts.scatter[0, 0] == 0
    assert pool(group_moments(scores[:n], np.arange(n) % 2, 2)).scatter[0, 0] == 0
    assert rest_of(parts, pool(parts)).scatter[1, 0] == 0
