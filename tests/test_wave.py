"""The life of a wave, as a table."""

from datetime import date

import pytest

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.wave import Notice, State, Wave, make_unit_keys
from tests.factories import make_roster, make_wave

D = [date(2026, 10, day) for day in range(1, 32)]


@pytest.mark.parametrize(
    ("opened", "opens", "closes", "closed", "today", "state"),
    [
        (None, None, None, None, D[4], State.DRAFT),
        (None, D[3], D[9], None, D[4], State.DRAFT),
        (D[2], D[5], None, None, D[4], State.DRAFT),
        (D[2], D[4], None, None, D[4], State.OPEN),
        (D[2], None, None, None, D[4], State.OPEN),
        (D[2], None, D[4], None, D[4], State.OPEN),
        (D[2], None, D[3], None, D[4], State.OVERDUE),
        (D[2], None, D[3], D[4], D[4], State.CLOSED),
        (D[2], None, None, D[4], D[20], State.CLOSED),
    ],
)
def test_the_state_follows_from_the_dates(
    small: Questionnaire,
    opened: date | None,
    opens: date | None,
    closes: date | None,
    closed: date | None,
    today: date,
    state: State,
) -> None:
    wave = make_wave(small, opened_on=opened, opens=opens, closes=closes, closed_on=closed)
    assert wave.state(today) is state
    assert wave.is_accepting(today) is (state in {State.OPEN, State.OVERDUE})


@pytest.mark.parametrize("wave_id", ["", "A", "中", "a b", "a" * 41, "a/b", "a_b", "1\n"])
def test_a_bad_id_is_refused(small: Questionnaire, wave_id: str) -> None:
    with pytest.raises(SurveyError) as caught:
        make_wave(small, id=wave_id)
    assert caught.value.code is Code.WAVE_ID


def test_dates_in_the_wrong_order_are_refused(small: Questionnaire) -> None:
    with pytest.raises(SurveyError) as caught:
        make_wave(small, opens=D[5], closes=D[4])
    assert caught.value.code is Code.WAVE_DATES


def test_a_wave_that_was_never_opened_cannot_be_closed(small: Questionnaire) -> None:
    with pytest.raises(SurveyError) as caught:
        make_wave(small, opened_on=None, closed_on=D[4])
    assert caught.value.code is Code.WAVE_DRAFT


def test_opening_is_one_way(small: Questionnaire) -> None:
    opened = make_wave(small, opened_on=None).open(D[4])
    assert opened.opened_on == D[4]
    for wave, code in (
        (opened, Code.WAVE_OPENED),
        (opened.close(D[6], "x"), Code.WAVE_CLOSED),
        (make_wave(small, opened_on=None, closes=D[3]), Code.WAVE_DATES),
    ):
        with pytest.raises(SurveyError) as caught:
            wave.open(D[5])
        assert caught.value.code is code


@pytest.mark.parametrize(
    ("closes", "today", "now", "code"),
    [
        (None, D[4], False, None),
        (D[9], D[4], False, Code.WAVE_EARLY),
        (D[9], D[4], True, None),
        (D[9], D[12], False, Code.WAVE_EARLY),
        (D[9], D[13], False, None),
    ],
)
def test_closing_waits_for_answers_on_their_way(
    small: Questionnaire, closes: date | None, today: date, now: bool, code: Code | None
) -> None:
    wave = make_wave(small, closes=closes)
    if code is None:
        wave.require_closable(today, now=now)
    else:
        with pytest.raises(SurveyError) as caught:
            wave.require_closable(today, now=now)
        assert caught.value.code is code


def test_a_record_reads_back(small: Questionnaire) -> None:
    roster = make_roster({"甲": {"manager": 12, "frontline": 30}})
    notice = Notice("某矿", "工会", "电话", 12)
    wave = make_wave(small, roster, title="<b>", opens=D[0], closes=D[9], notice=notice)
    assert Wave.from_record(wave.to_record()) == wave


def test_a_unit_is_named_by_key_or_path(small: Questionnaire) -> None:
    roster = make_roster({"甲": {"frontline": 30}, "乙": {"frontline": 20}})
    wave = make_wave(small, roster)
    keys = {path: key for key, path in (wave.unit_keys or {}).items()}
    assert wave.stratum(keys["乙"], "frontline") == wave.stratum("乙", "frontline")
    for unit, role, code in (
        ("", "frontline", Code.UNIT_NEEDED),
        ("乙", "", Code.ROLE_NEEDED),
        ("丙", "frontline", Code.UNIT_UNKNOWN),
    ):
        with pytest.raises(SurveyError) as caught:
            wave.stratum(unit, role)
        assert caught.value.code is code


def test_unit_keys_are_short_random_and_unique() -> None:
    roster = make_roster({f"队{n}": {"frontline": 10} for n in range(300)})
    one, other = make_unit_keys(roster), make_unit_keys(roster)
    assert len(one) == 300
    assert all(len(key) == 6 for key in one)
    assert len(set(one) & set(other)) < 5
