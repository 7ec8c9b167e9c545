"""Reading the scores of a release as they are to be printed. Nothing is computed here.

A score is a mapping: shown (``n``, ``mean``, perhaps ``ci95`` and three shares), hidden
(``{"suppressed": "privacy"}``), ``{"not_asked": true}`` or ``{"mean": null, "reason": …}``.
"""

from collections.abc import Mapping
from typing import Any

from survey_service.i18n import Words

Score = Mapping[str, Any]
Number = int | float
Share = int | str

#: A share at an end is released as a bound only; it is drawn and sorted as the bound.
BOUNDS = {"<=5": 5, ">=95": 95}
SIGNS = (("<=", "≤"), (">=", "≥"))


def has_mean(score: Score) -> bool:
    """Say whether a score has a number to print."""
    return score.get("mean") is not None


def has_shares(score: Score) -> bool:
    """Say whether a score has favourable, neutral and unfavourable shares."""
    return has_mean(score) and "unfavourable" in score


def show_number(value: Number) -> str:
    """Print a score as released: an integer as integer, else with one decimal."""
    return str(value) if isinstance(value, int) else f"{value:.1f}"


def show_signed(value: Number) -> str:
    """Print a difference with its sign: +0.4, −3, 0."""
    text = show_number(abs(value))
    if value == 0:
        return text
    return f"{'+' if value > 0 else '−'}{text}"


def show_count(value: int | str, say: Words) -> str:
    """Print a count or its band: 565, 5—9, ≥42."""
    text = _replace_signs(str(value))
    low, dash, high = text.partition("-")
    return say("brief.range", low=low, high=high) if dash else text


def least_count(value: int | str) -> int:
    """Return the least number of people that a released count or band stands for."""
    return value if isinstance(value, int) else int(value.removeprefix(">=").partition("-")[0])


def show_percent(value: int | str, say: Words) -> str:
    """Print a share or a rate with its sign: 65%, ≤5%, 40—60%."""
    return f"{show_count(value, say)}%"


def show_interval(score: Score, say: Words) -> str | None:
    """Print the interval of a score, or return None where the release has none."""
    interval = score.get("ci95")
    if interval is None:
        return None
    low, high = (show_number(bound) for bound in interval)
    return say("brief.range", low=low, high=high)


def say_absence(score: Score, say: Words) -> str:
    """Say why a score has no number: hidden, not asked, or nobody answered."""
    if "suppressed" in score:
        return say("brief.hidden")
    return say("brief.not_asked") if "not_asked" in score else say("brief.no_data")


def measure_share(share: Share) -> int:
    """Return the length of a share's bar; a bound counts as itself."""
    return BOUNDS[share] if isinstance(share, str) else share


def lies_above(score: Score, other: Score) -> bool:
    """Say whether one interval lies wholly above another: then, and only then, it is higher."""
    interval, below = score.get("ci95"), other.get("ci95")
    if interval is None or below is None:
        return False
    return bool(interval[0] > below[1])


def _replace_signs(text: str) -> str:
    for plain, sign in SIGNS:
        text = text.replace(plain, sign)
    return text
