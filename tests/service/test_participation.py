"""The forecast of participation: from what status shows anyway, and never more."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from survey_service.cli.status import draw_band
from survey_service.questionnaire import Questionnaire
from survey_service.service.participation import forecast, report_participation
from survey_service.storage import open_store
from tests.factories import make_roster, make_submission, make_wave

START = date(2026, 10, 1)
ROSTER = make_roster({"甲": {"frontline": 200}})


@pytest.mark.parametrize(
    ("at_least", "days", "low", "high", "verdict"),
    [
        (140, 5, ">95", ">95", "reached"),
        (100, 5, "60-80", ">95", "likely"),
        (80, 5, "40-60", "60-80", "possible"),
        (20, 5, "<=20", "<=20", "unlikely"),
        (10, 1, "20-40", "40-60", "unlikely"),
    ],
)
def test_the_pace_goes_on_or_halves(
    small: Questionnaire, at_least: int, days: int, low: str, high: str, verdict: str
) -> None:
    wave = make_wave(small, ROSTER, opened_on=START, closes=START + timedelta(days=10))
    found = forecast(wave, at_least, 200, START + timedelta(days=days), 70)
    assert found is not None
    assert (found.low, found.high, found.verdict) == (low, high, verdict)


@pytest.mark.parametrize(
    ("at_least", "invited", "days", "closes"),
    [(0, 200, 5, 10), (50, None, 5, 10), (50, 200, 0, 10), (50, 200, 10, 10), (50, 200, 5, None)],
)
def test_without_enough_to_go_by_nothing_is_said(
    small: Questionnaire, at_least: int, invited: int | None, days: int, closes: int | None
) -> None:
    end = None if closes is None else START + timedelta(days=closes)
    wave = make_wave(small, ROSTER, opened_on=START, closes=end)
    assert forecast(wave, at_least, invited, START + timedelta(days=days), 70) is None


@pytest.mark.parametrize("invited", [10, 11, 19, 20, 21, 40])
def test_nobody_sees_that_all_of_a_unit_have_answered_or_none(
    tmp_path: Path, small: Questionnaire, invited: int
) -> None:
    """Each band of a unit holds two numbers of answers or more, wherever it ends."""
    bands: Counter[str] = Counter()
    store = open_store(f"tinydb:{tmp_path}/store")
    wave = make_wave(small, make_roster({"甲": {"frontline": invited}}))
    store.create_wave(wave)
    for answered in range(invited + 1):
        if answered:
            store.import_batch(wave.id, [make_submission(answered, "s001")], START)
        found = report_participation(store, wave)
        (unit,) = found.units
        assert unit.band == found.band
        assert found.at_least == answered // 10 * 10
        bands[unit.band] += 1
    assert min(bands.values()) >= 2, bands
    assert all(draw_band(band) not in {"█" * 10, "·" * 10} for band in bands)


def test_bars_can_be_printed_on_a_chinese_windows_console() -> None:
    for band in ("<=20", "20-40", "40-60", "60-80", "80-95", ">95"):
        bar = draw_band(band)
        assert len(bar) == 10
        assert bar.encode("gbk")
        assert bar != "█" * 10  # everybody
        assert bar != "·" * 10  # nobody
