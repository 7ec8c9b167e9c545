"""Which closed waves have been kept for as long as their notice promised, and are to be deleted."""

from collections.abc import Iterable
from datetime import date

from survey_service.wave import Wave


def list_expired(waves: Iterable[Wave], today: date) -> tuple[Wave, ...]:
    """Return the closed waves whose months of retention are over."""
    return tuple(wave for wave in waves if _is_expired(wave, today))


def _is_expired(wave: Wave, today: date) -> bool:
    if wave.closed_on is None or wave.notice.retention_months is None:
        return False
    return months_between(wave.closed_on, today) >= wave.notice.retention_months


def months_between(start: date, end: date) -> int:
    """Return the whole months from one day to another; the 31st ends with any month.

    >>> months_between(date(2026, 1, 31), date(2026, 2, 28)), months_between(date(2026, 1, 31), date(2026, 3, 1))
    (0, 1)
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if end.day >= start.day else months - 1
