"""Cells that no spreadsheet takes for a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.export.cells import guard_cell, unguard_cell


@pytest.mark.parametrize(
    "text", ["=1+1", " =1", "+8613", "-3.5", "@SUM(A1)", "\tx", "\rx", "＝1", " ＠x", "'=1"]
)
def test_what_may_be_a_formula_is_quoted(text: str) -> None:
    assert guard_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "综采一队", "58.3", "a=b", "'tis", "3-5"])
def test_what_is_none_stays_as_it_is(text: str) -> None:
    assert guard_cell(text) == text


@given(st.text(alphabet="'= +a＝-\t") | st.text())
def test_guarding_can_be_undone_and_leaves_no_formula(text: str) -> None:
    guarded = guard_cell(text)
    assert unguard_cell(guarded) == text
    assert not guarded.lstrip(" ").startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
