"""Round numbers as they are printed: half up, outward, and shares that add up to 100.

Pure: no I/O. Scoring never rounds; whoever prints does, and only with these three functions, so
that one figure looks the same on every page.
"""

import math
from collections.abc import Sequence

_SIGNIFICANT = 10  # beyond the tenth digit a double holds noise of the arithmetic, not data


def round_half_up(x: float, decimals: int) -> float:
    """Round half away from zero, on the decimal that a reader sees.

    The double nearest to 2.675 lies below it, and rounding the double gives 2.67. So the number is
    first written with ten significant digits, and that decimal is rounded.

    Parameters
    ----------
    x : float
        A finite number; otherwise ``ValueError``.
    decimals : int
        Digits kept after the point, 0 or more.

    Returns
    -------
    float
        The double nearest to the rounded decimal; never negative zero.

    References
    ----------
    R's ``round`` goes to even; the rule here is ``janitor::round_half_up(x, decimals)``.

    Examples
    --------
    >>> round_half_up(2.675, 2), round_half_up(-1.25, 1), round_half_up(62.35, 1)
    (2.68, -1.3, 62.4)
    """
    if not math.isfinite(x):
        raise ValueError(f"cannot round {x}")
    mantissa, exponent = f"{abs(x):.{_SIGNIFICANT - 1}e}".split("e")
    digits = int(mantissa.replace(".", ""))
    shift = int(exponent) - (_SIGNIFICANT - 1) + decimals
    if shift >= 0:
        steps = digits * 10**shift
    else:
        unit = 10**-shift
        steps = (2 * digits + unit) // (2 * unit)
    return math.copysign(steps / 10**decimals, x) if steps else 0.0


def round_outward(
    low: float, high: float, step: float, *, least: float = 0.0
) -> tuple[float, float]:
    """Widen an interval of scores to multiples of a step, inside 0 to 100.

    Parameters
    ----------
    low, high : float
        Ends of the interval in points, finite and in order; otherwise ``ValueError``.
    step : float
        Above 0, for example 5 or 1 points.
    least : float, optional
        -100 for an interval of differences.

    Returns
    -------
    tuple of float
        The largest multiple not above `low`, the smallest not below `high`. An end within a
        billionth of a multiple counts as lying on it, so 54.999999999999 stays 55.

    References
    ----------
    In R: ``step * c(floor(round(low / step, 9)), ceiling(round(high / step, 9)))``.

    Examples
    --------
    >>> round_outward(57.99, 60.34, 5), round_outward(57.99, 60.34, 1)
    ((55.0, 65.0), (57.0, 61.0))
    >>> round_outward(-2.1, 7.3, 5, least=-100)
    (-5.0, 10.0)
    """
    if not (step > 0 and -math.inf < low <= high < math.inf):
        raise ValueError(f"cannot widen {low} to {high} by {step}")
    below = math.floor(round(low / step, 9)) * step
    above = math.ceil(round(high / step, 9)) * step
    return _clip(below, least), _clip(above, least)


def largest_remainder(parts: Sequence[float], decimals: int) -> list[float]:
    """Turn parts of a whole into percentages that add up to exactly 100 as printed.

    Every part is cut down to `decimals`; the missing last digits go, one each, to the parts that
    lost most, the first of equals first.

    Parameters
    ----------
    parts : sequence of float
        Counts or shares, none negative and not all zero; otherwise ``ValueError``.
    decimals : int
        Digits kept after the point, 0 or more.

    Returns
    -------
    list of float
        Percentages in the order of `parts`.

    References
    ----------
    Hare's quota with largest remainders (Hamilton's method of apportionment).

    Examples
    --------
    >>> largest_remainder([1, 1, 1], 0), largest_remainder([12.5, 37.5, 50], 0)
    ([34.0, 33.0, 33.0], [13.0, 37.0, 50.0])
    """
    total = math.fsum(parts)
    if not (0 < total < math.inf) or min(parts) < 0:
        raise ValueError(f"no shares of 100 in {list(parts)}")
    scale = 10**decimals
    quotas = [100 * scale * part / total for part in parts]
    steps = [math.floor(quota) for quota in quotas]
    # Remainders that differ by noise are a tie; a quota of 24.999999999999996 has lost a whole step.
    lost = [round(quota - whole, 6) for quota, whole in zip(quotas, steps, strict=True)]
    for neediest in sorted(range(len(lost)), key=lambda i: -lost[i])[: 100 * scale - sum(steps)]:
        steps[neediest] += 1
    return [whole / scale for whole in steps]


def _clip(x: float, least: float) -> float:
    return float(f"{min(max(x, least), 100.0):.{_SIGNIFICANT}g}")
