import pytest

from reports.punctuation import (
    CLOSING,
    OPENING,
    adjust_between,
    adjust_end,
    adjust_start,
    clean,
    is_ideograph,
    may_break,
)


@pytest.mark.parametrize("mark", "，。、；：！？”’》）】…")
def test_no_line_begins_with_a_closing_mark(mark: str) -> None:
    assert not may_break("好", mark)


@pytest.mark.parametrize("mark", "“‘《（【")
def test_no_line_ends_with_an_opening_mark(mark: str) -> None:
    assert not may_break(mark, "好")
    assert may_break("好", mark)


@pytest.mark.parametrize(
    "pair",
    ["5分", "5人", "5份", "5%", "5项", "5题", "第2", "67", ".9", "ab", "≤5", "——", "……", "4—"],
)
def test_what_belongs_together_is_never_parted(pair: str) -> None:
    assert not may_break(pair[0], pair[1])


@pytest.mark.parametrize("pair", ["好的", "的5", "%的", "。好", " a", "分低"])
def test_a_line_may_end_between_words(pair: str) -> None:
    assert may_break(pair[0], pair[1])


def test_a_gap_of_an_eighth_stands_between_chinese_and_latin() -> None:
    assert adjust_between("分", "6") == adjust_between("6", "分") == 0.125
    assert adjust_between("分", "数") == adjust_between("6", "7") == 0.0


def test_neighbouring_marks_share_their_empty_halves() -> None:
    assert (
        adjust_between("”", "，") == adjust_between("。", "（") == adjust_between("（", "“") == -0.5
    )
    assert adjust_between("，", "好") == 0.0


def test_marks_at_the_ends_of_a_line_give_up_their_empty_half() -> None:
    assert adjust_end("。") == adjust_start("（") == -0.5
    assert adjust_end("好") == adjust_start("好") == 0.0


def test_no_mark_is_both_opening_and_closing() -> None:
    assert not OPENING & CLOSING


@pytest.mark.parametrize("char", "镕𬭎䶮〇")
def test_rare_characters_count_as_chinese(char: str) -> None:
    assert is_ideograph(char)


def test_cleaned_data_is_one_printable_line() -> None:
    assert clean("\u202e甲\n乙\u200b\t丙\u3000丁\x00 ") == "甲 乙 丙\u3000丁"
    assert clean("e\u0301") == "é"
    assert clean("<b>&amp;{{7*7}}") == "<b>&amp;{{7*7}}"
