"""The order of a review and what a paraphrase may hold."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from survey_service.comments.names import NO_NAMES
from survey_service.comments.review import (
    LONGEST_PARAPHRASE,
    Review,
    check_paraphrase,
    clean_paraphrase,
    order_comments,
)
from survey_service.errors import Code, Place
from survey_service.response import Comment

COMMENTS = tuple(Comment("WORDS", "all", "x", id=str(number)) for number in range(200))


@given(st.permutations(COMMENTS))
def test_the_order_is_the_same_however_the_store_returns_them(mixed: list[Comment]) -> None:
    assert order_comments(mixed, "seed") == order_comments(COMMENTS, "seed")


def test_the_order_follows_neither_the_ids_nor_another_wave() -> None:
    ids = [int(comment.id) for comment in order_comments(COMMENTS, "seed")]
    assert sorted(ids) == list(range(200))
    ranks = sum((place - 99.5) * (number - 99.5) for place, number in enumerate(ids))
    assert abs(ranks / (200 * (200**2 - 1) / 12)) < 0.25
    assert ids != [int(comment.id) for comment in order_comments(COMMENTS, "other")]


def test_deciding_changes_no_place() -> None:
    order = order_comments(COMMENTS, "seed")
    decided = [replace(comment, theme="A1", paraphrase="y") for comment in COMMENTS]
    assert [c.id for c in order_comments(decided, "seed")] == [c.id for c in order]


def test_a_comment_with_a_theme_is_done() -> None:
    done = replace(COMMENTS[0], theme="none")
    review = Review("w1", (), (done, *COMMENTS[1:5]))
    assert (review.reviewed, review.remaining) == (1, 4)


def test_a_paraphrase_is_one_clean_line() -> None:
    assert clean_paraphrase("  多听\r\n一线\t的话\x1b[31m\u202e\ud800 ") == "多听 一线 的话[31m"


def test_what_is_wrong_with_a_paraphrase_is_told_by_place_not_by_text() -> None:
    text = "请王队长听" + "好" * LONGEST_PARAPHRASE
    faults = list(check_paraphrase(text, NO_NAMES, Place("a.csv", 3)))
    assert [fault.code for fault in faults] == [Code.PARAPHRASE_LONG, Code.PARAPHRASE_IDENTIFYING]
    assert faults[1].values == {"first": 2, "last": 4}
    assert all("王" not in fault.sentence("zh") + fault.remedy("zh") for fault in faults)
    assert list(check_paraphrase("好" * LONGEST_PARAPHRASE, NO_NAMES, Place())) == []
