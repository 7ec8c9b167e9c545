"""Reviewing comments on every kind of store, and what may be said of them afterwards."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from survey_service.comments.names import ListedNames
from survey_service.comments.review import Review
from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire, load
from survey_service.response import Comment
from survey_service.service.comments import begin_review, decide, summarise_comments
from survey_service.store import Store
from survey_service.wave import Wave
from tests.factories import keep_comments, make_wave


@pytest.fixture
def wave(store: Store, small: Questionnaire) -> Wave:
    return keep_comments(store, make_wave(small), [f"意见{n}" for n in range(12)])


@pytest.fixture
def review(store: Store, wave: Wave) -> Review:
    return begin_review(store, wave)


def refusal(call: Callable[[], object]) -> Code:
    with pytest.raises(SurveyError) as caught:
        call()
    return caught.value.code


def test_nobody_reads_a_comment_before_the_wave_is_closed(
    store: Store, small: Questionnaire
) -> None:
    wave = make_wave(small)
    store.create_wave(wave)
    assert refusal(lambda: begin_review(store, wave)) is Code.WAVE_STILL_OPEN


def test_a_decision_is_kept_at_once_and_the_rest_comes_in_the_same_order(
    store: Store, wave: Wave, review: Review, reopen: Callable[[], Store]
) -> None:
    first, *others = review.comments
    kept = decide(store, review, first, review.themes[0], " 多听一线 ")
    assert kept == replace(first, theme="A1", paraphrase="多听一线")
    again = begin_review(reopen(), wave)
    assert again.comments == (kept, *others)
    assert (again.reviewed, again.remaining) == (1, 11)


def test_a_decision_may_be_changed(store: Store, wave: Wave, review: Review) -> None:
    comment = review.comments[3]
    decide(store, review, comment, review.themes[0], "多听一线")
    decide(store, review, comment, review.themes[1], "")
    assert begin_review(store, wave).comments[3] == replace(comment, theme="B1")


def test_what_says_nothing_has_no_paraphrase(store: Store, wave: Wave, review: Review) -> None:
    decide(store, review, review.comments[0], review.themes[-1], "王队长")
    assert begin_review(store, wave).comments[0] == replace(review.comments[0], theme="none")


@pytest.mark.parametrize(
    ("paraphrase", "code"),
    [
        ("请王队长多听", Code.PARAPHRASE_IDENTIFYING),
        ("找谭咏春", Code.PARAPHRASE_IDENTIFYING),
        ("长" * 201, Code.PARAPHRASE_LONG),
    ],
)
def test_a_paraphrase_that_may_not_be_published_is_not_kept(
    store: Store, wave: Wave, review: Review, paraphrase: str, code: Code
) -> None:
    names = ListedNames.parse("谭咏春")
    comment, theme = review.comments[0], review.themes[0]
    assert refusal(lambda: decide(store, review, comment, theme, paraphrase, names)) is code
    assert begin_review(store, wave) == review


def test_a_comment_of_another_wave_is_refused(
    store: Store, small: Questionnaire, review: Review
) -> None:
    other = keep_comments(store, make_wave(small, id="w2"), ["别的"])
    (foreign,) = begin_review(store, other).comments
    call = lambda: decide(store, review, foreign, review.themes[0], "")  # noqa: E731
    assert refusal(call) is Code.COMMENT_UNKNOWN


def say(theme: str, *paraphrases: str) -> list[Comment]:
    return [Comment("WORDS", "all", "x", theme, paraphrase) for paraphrase in paraphrases]


def test_only_what_five_mention_is_summed_up(small: Questionnaire) -> None:
    comments = [
        *say("B1", "乙", "甲", "", "甲", "丙"),
        *say("A1", "少", "少", "少", "少"),
        *say("other", "其", "其", "其", "其", "其", "它"),
        *say("none", "", "", "", "", "", ""),
        *say("", "", "", "", "", ""),
        *say("C9", "不", "在", "问", "卷", "里"),
    ]
    found = summarise_comments(make_wave(small), comments)
    assert [(s.item, s.theme.id, s.mentions, s.paraphrases) for s in found] == [
        ("WORDS", "B1", 5, ("丙", "乙", "甲")),
        ("WORDS", "other", 6, ("其", "它")),
    ]
    assert summarise_comments(make_wave(small), reversed(comments)) == found
    assert "少" not in repr(found)


@pytest.mark.parametrize("mentions", range(5))
def test_fewer_than_five_and_none_look_alike(small: Questionnaire, mentions: int) -> None:
    assert summarise_comments(make_wave(small), say("A1", *"甲乙丙丁"[:mentions])) == ()


def test_mentions_of_two_questions_are_not_added_up() -> None:
    said = [Comment(item, "all", "x", "M1", "回音") for item in ("T1", "T1", "T1", "T2", "T2")]
    assert summarise_comments(make_wave(load("full")), said) == ()
