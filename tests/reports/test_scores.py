import pytest

from reports.scores import (
    Score,
    has_mean,
    has_shares,
    lies_above,
    say_absence,
    show_count,
    show_interval,
    show_number,
    show_percent,
    show_signed,
)
from survey_service.i18n import words

ZH, EN = words("zh"), words("en")


def test_numbers_are_printed_as_they_were_released() -> None:
    assert [show_number(value) for value in (58, 58.3, 60.0, 0, 100)] == [
        "58",
        "58.3",
        "60.0",
        "0",
        "100",
    ]


@pytest.mark.parametrize(
    ("value", "printed"),
    [(565, "565"), ("5-9", "5—9"), (">=42", "≥42"), ("<=20", "≤20"), (">95", ">95")],
)
def test_bands_are_printed_as_bands(value: int | str, printed: str) -> None:
    assert show_count(value, ZH) == printed
    assert show_percent(value, ZH) == printed + "%"


def test_a_band_takes_the_dash_of_the_language() -> None:
    assert show_count("10-19", EN) == "10–19"


def test_an_interval_is_printed_or_left_out() -> None:
    assert show_interval({"n": 565, "mean": 58.3, "ci95": [57.4, 59.2]}, ZH) == "57.4—59.2"
    assert show_interval({"n": "5-9", "mean": 58, "ci95": None}, ZH) is None


@pytest.mark.parametrize(
    ("score", "words_zh"),
    [
        ({"suppressed": "privacy"}, "—（为保护匿名，不显示）"),
        ({"not_asked": True}, "本问卷未问"),
        ({"mean": None, "reason": "no_data"}, "无作答"),
    ],
)
def test_each_absence_has_its_own_words(score: Score, words_zh: str) -> None:
    assert not has_mean(score)
    assert not has_shares(score)
    assert say_absence(score, ZH) == words_zh


def test_a_coded_share_alone_is_no_division_of_answers() -> None:
    assert not has_shares({"n": 40, "mean": 90, "favourable": ">=95"})


def test_only_intervals_that_do_not_touch_are_in_order() -> None:
    high: Score = {"mean": 60, "ci95": [58.0, 62.0]}
    low: Score = {"mean": 55, "ci95": [53.0, 57.9]}
    assert lies_above(high, low)
    assert not lies_above(low, high)
    assert not lies_above(high, {"mean": 56, "ci95": [54.0, 58.0]})
    assert not lies_above(high, {"mean": 10, "ci95": None})


@pytest.mark.parametrize(
    ("value", "printed"), [(0.1, "+0.1"), (-4, "−4"), (-0.4, "−0.4"), (0, "0"), (0.0, "0.0")]
)
def test_a_difference_has_its_sign(value: float, printed: str) -> None:
    assert show_signed(value) == printed
