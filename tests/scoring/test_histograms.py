from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from survey_service.scoring.histograms import answer_histograms, complete_histograms
from survey_service.scoring.matrix import BLANK, Integers, Keying

sheets = arrays(np.int8, (15, 5), elements=st.sampled_from((BLANK, 9, 1, 2, 3, 4, 5)))
labels = arrays(np.int64, 15, elements=st.integers(-1, 2))
KEYING = Keying(tuple("abcde"), ("D", "E"), np.array([0, 1, 0, 1, 1]), np.zeros(5, np.bool_))


@given(codes=sheets, groups=labels)
def test_every_cell_counted_one_by_one(codes: Integers, groups: Integers) -> None:
    found = answer_histograms(codes, groups, 3, KEYING)
    complete = complete_histograms(codes, groups, 3, KEYING)
    assert found.shape == complete.shape == (3, 5, 5)
    answered = (codes >= 1) & (codes <= 5)
    for item, dimension in enumerate(KEYING.dimension_of):
        whole = answered[:, KEYING.dimension_of == dimension].all(axis=1)
        for group in range(3):
            for code in range(1, 6):
                chosen = (codes[:, item] == code) & (groups == group)
                assert found[group, item, code - 1] == chosen.sum()
                assert complete[group, item, code - 1] == (chosen & whole).sum()


@pytest.mark.parametrize(("lowest", "highest", "not_applicable"), [(0, 10, 99), (1, 2, 0)])
def test_scales_of_any_width(
    lowest: int, highest: int, not_applicable: int, make_keying: Callable[..., Keying]
) -> None:
    keying = make_keying(
        1,
        lowest=lowest,
        highest=highest,
        not_applicable=not_applicable,
        favourable=(highest,),
        unfavourable=(lowest,),
    )
    codes = np.array([*range(lowest, highest + 1), not_applicable, BLANK, highest])
    found = answer_histograms(codes.astype(np.int8)[:, np.newaxis], 0 * codes, 1, keying)
    assert found[0, 0].tolist() == [1] * (highest - lowest) + [2]


def test_many_rows_are_taken_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = np.arange(100).reshape(20, 5) % 6 + 1
    codes[codes == 6] = 9
    groups = np.arange(20) % 3
    kernels = (answer_histograms, complete_histograms)
    whole = [kernel(codes, groups, 3, KEYING) for kernel in kernels]
    monkeypatch.setattr("survey_service.scoring.histograms._CHUNK", 7)
    for kernel, expected in zip(kernels, whole, strict=True):
        np.testing.assert_array_equal(kernel(codes, groups, 3, KEYING), expected)


def test_nobody() -> None:
    found = answer_histograms(np.zeros((0, 5), np.int8), np.zeros(0, int), 2, KEYING)
    assert found.shape == (2, 5, 5)
    assert found.sum() == 0
