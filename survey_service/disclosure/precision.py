"""How a figure of a set of people is written: the fewer they are, the coarser.

5-19 people: whole points, interval widened outward to 5 points, the number of people as a band, no
shares. 20-49: whole points, interval outward to 1 point. From 50: one decimal. Shares near 0 or
100 % of a set below the whole are only coded.
"""

from typing import Any, Protocol

from survey_service.disclosure.rules import RULES, Rules
from survey_service.rounding import largest_remainder, round_half_up, round_outward

_LEAST_HALF = 0.5
_HIGH = 80
_COUNT_EDGES = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
HIDDEN: dict[str, str] = {"suppressed": "privacy"}


class Measured(Protocol):
    """What precision needs to know of a score."""

    @property
    def n(self) -> int: ...  # noqa: D102
    @property
    def mean(self) -> float | None: ...  # noqa: D102
    @property
    def ci95(self) -> tuple[float, float] | None: ...  # noqa: D102
    @property
    def favourable(self) -> float | None: ...  # noqa: D102
    @property
    def neutral(self) -> float | None: ...  # noqa: D102
    @property
    def unfavourable(self) -> float | None: ...  # noqa: D102
    @property
    def reason(self) -> str | None: ...  # noqa: D102
    @property
    def population(self) -> int | None: ...  # noqa: D102
    @property
    def flags(self) -> frozenset[str]: ...  # noqa: D102


def write_score(
    score: Measured,
    *,
    whole: bool,
    counted: bool = True,
    shared: bool = True,
    rules: Rules = RULES,
) -> dict[str, Any]:
    """Return a score as it is published; ``HIDDEN`` where there are too few people.

    The number of people is a band where it may not be ``counted``; the shares of answers are left out
    where they may not be ``shared``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> one = SimpleNamespace(n=8, mean=61.4, ci95=(48.2, 74.6), favourable=50.0, neutral=25.0,
    ...                       unfavourable=25.0, reason=None, population=30)
    >>> write_score(one, whole=False)
    {'n': '5-9', 'mean': 61, 'ci95': [45, 75]}
    """
    if score.n < rules.smallest_set:
        return dict(HIDDEN)
    if score.mean is None:
        return {"mean": None, "reason": score.reason}
    fine = score.n >= rules.decimal_from
    nearly_all = not whole and _is_nearly_all(score.n, score.population)
    count = write_count(score.n, counted=counted, rules=rules)
    return {
        "n": count if whole else _write_part(score.n, score.population, count, rules),
        "mean": round_half_up(score.mean, 1) if fine else int(round_half_up(score.mean, 0)),
        "ci95": _write_interval(score, nearly_all=nearly_all, rules=rules),
        **(_write_shares(score, whole=whole, rules=rules) if shared else {}),
    }


class MeasuredDifference(Protocol):
    """What precision needs to know of the difference of two groups."""

    @property
    def n1(self) -> int: ...  # noqa: D102
    @property
    def n2(self) -> int: ...  # noqa: D102
    @property
    def difference(self) -> float | None: ...  # noqa: D102
    @property
    def ci95(self) -> tuple[float, float] | None: ...  # noqa: D102
    @property
    def direction(self) -> str | None: ...  # noqa: D102
    @property
    def reason(self) -> str | None: ...  # noqa: D102


def write_difference(found: MeasuredDifference, *, rules: Rules = RULES) -> dict[str, Any]:
    """Return a difference as coarsely as the smaller of its groups is written.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> one = SimpleNamespace(n1=46, n2=417, difference=5.39, ci95=(-1.3, 12.1), direction="none",
    ...                       reason=None)
    >>> write_difference(one)
    {'difference': 5, 'ci95': [-2, 13], 'direction': 'none'}
    """
    n = min(found.n1, found.n2)
    if n < rules.smallest_set:
        return dict(HIDDEN)
    if found.difference is None:
        return {"difference": None, "reason": found.reason}
    fine = n >= rules.decimal_from
    points = round_half_up(found.difference, 1 if fine else 0)
    written: dict[str, Any] = {"difference": points if fine else int(points), "ci95": None}
    if found.ci95 is not None:
        step = 1 if n >= rules.count_from else 5
        written["ci95"] = (
            [round_half_up(end, 1) for end in found.ci95]
            if fine
            else [int(end) for end in round_outward(*found.ci95, step, least=-100)]
        )
    if n >= rules.compare_from:
        written["direction"] = found.direction
    return written


def write_count(n: int, *, counted: bool = True, rules: Rules = RULES) -> int | str:
    """Return a number of people: exact from 20 if it may be counted, else a band.

    ``ValueError`` under five.

    >>> write_count(565), write_count(12), write_count(5), write_count(62, counted=False)
    (565, '10-19', '5-9', '50-99')
    """
    if n < rules.smallest_set:
        raise ValueError("fewer people than may be spoken of")
    if counted and n >= rules.count_from:
        return n
    floor = max(edge for edge in _COUNT_EDGES if edge <= n)
    above = [edge for edge in _COUNT_EDGES if edge > n]
    return f"{floor}-{above[0] - 1}" if above else f">={floor}"


def is_counted(n: int, population: int | None, *, whole: bool, rules: Rules = RULES) -> bool:
    """Return whether the number of people of a set is printed exactly.

    >>> is_counted(40, 60, whole=False), is_counted(19, 60, whole=False), is_counted(59, 60, whole=False)
    (True, False, False)
    """
    return n >= rules.count_from and (whole or not _is_nearly_all(n, population))


def write_rate(
    valid: int, invited: int, *, whole: bool, counted: bool = True, rules: Rules = RULES
) -> dict[str, Any]:
    """Return how many of the invited gave a valid answer; never "everybody" of a part.

    >>> write_rate(104, 182, whole=False)
    {'invited': 182, 'valid': 104, 'valid_rate': 57}
    >>> write_rate(13, 30, whole=False)
    {'invited': 30, 'valid': '10-19', 'valid_rate': '40-60'}
    >>> write_rate(42, 44, whole=False)
    {'invited': 44, 'valid': '>=42', 'valid_rate': '>95'}
    """
    share = 100 * valid / invited
    count = write_count(valid, counted=counted, rules=rules)
    if not whole:
        count = _write_part(valid, invited, count, rules)
    written: dict[str, Any] = {"invited": invited, "valid": count}
    if valid < rules.count_from or not counted or _is_among_few(share, invited, rules):
        return {**written, "valid_rate": write_rate_band(valid, invited, rules=rules)}
    if not whole and _is_nearly_all(valid, invited):
        return {**written, "valid_rate": ">95"}
    rate = max(1, int(round_half_up(share, 0)))  # somebody did answer
    return {**written, "valid_rate": rate}


def write_rate_band(valid: int, invited: int, *, rules: Rules = RULES) -> str:
    """Return the band of how many of the invited answered; none of them says "everybody".

    >>> write_rate_band(20, 20), write_rate_band(20, 21), write_rate_band(0, 10)
    ('>80', '>95', '<=20')
    """
    share = 100 * valid / invited
    return f">{_HIGH}" if _is_among_few(share, invited, rules) else write_band(share)


def _is_among_few(share: float, invited: int, rules: Rules) -> bool:
    """Return whether so few were invited that over 95 % would be everybody."""
    return invited <= rules.count_from and share > _HIGH


def write_band(share: float) -> str:
    """Return the band of a percentage: steps of 20, the ends apart.

    >>> [write_band(x) for x in (0, 20, 20.1, 80, 95, 95.1, 100)]
    ['<=20', '<=20', '20-40', '60-80', '80-95', '>95', '>95']
    """
    if share <= 20:
        return "<=20"
    if share > 95:
        return ">95"
    for low, high in ((20, 40), (40, 60), (60, 80)):
        if share <= high:
            return f"{low}-{high}"
    return "80-95"


def _is_nearly_all(n: int, population: int | None) -> bool:
    return population is not None and n > 0.95 * population


def _write_part(n: int, population: int | None, count: int | str, rules: Rules) -> int | str:
    """Return the number of people of a part: where nearly all answered, never that all did."""
    if population == rules.count_from and 100 * n > _HIGH * population:
        return f">={population * _HIGH // 100 + 1}"  # or 20 of 20 would differ from 19
    if population is not None and isinstance(count, int) and _is_nearly_all(n, population):
        return f">={population * 95 // 100 + 1}"
    return count


def _write_interval(
    score: Measured, *, nearly_all: bool, rules: Rules
) -> list[float] | list[int] | None:
    """Write the interval; that of nearly all people keeps a width, for none would say "all"."""
    if score.ci95 is None or score.mean is None:
        return None
    low, high = score.ci95
    if nearly_all:
        low, high = min(low, score.mean - _LEAST_HALF), max(high, score.mean + _LEAST_HALF)
        low, high = max(low, 0.0), min(high, 100.0)
    if score.n >= rules.decimal_from:
        return [round_half_up(max(low, 0.0), 1), round_half_up(min(high, 100.0), 1)]
    step = 1 if score.n >= rules.count_from else 5
    return [int(end) for end in round_outward(low, high, step)]


def _write_shares(score: Measured, *, whole: bool, rules: Rules) -> dict[str, Any]:
    parts = (score.favourable, score.neutral, score.unfavourable)
    if score.n < rules.share_from or None in parts:
        return {}
    exact = [part for part in parts if part is not None]
    favourable, neutral, unfavourable = (int(part) for part in largest_remainder(exact, 0))
    least, most = rules.end_share, 100 - rules.end_share
    if whole or all(least < part < most for part in exact):
        return {"favourable": favourable, "neutral": neutral, "unfavourable": unfavourable}
    if exact[0] <= least:
        return {"favourable": f"<={least}"}
    return {"favourable": f">={most}" if exact[0] >= most else favourable}
