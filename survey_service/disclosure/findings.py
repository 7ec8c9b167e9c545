"""How comparisons, drivers, change and quality are written into a release.

Scoring has computed them and said which it would withhold; here they become as coarse as the
sets behind them allow, or nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from survey_service.disclosure.precision import (
    HIDDEN,
    Measured,
    MeasuredDifference,
    write_difference,
    write_score,
)
from survey_service.disclosure.rules import RULES, Rules
from survey_service.rounding import round_half_up

INDEX: Final = "index"
_LEAST_Q: Final = 0.001


class MeasuredGap(MeasuredDifference, Protocol):
    """A difference of two groups with its size in standard deviations."""

    @property
    def g(self) -> float | None: ...  # noqa: D102
    @property
    def q(self) -> float | None: ...  # noqa: D102
    @property
    def size(self) -> str | None: ...  # noqa: D102
    @property
    def withheld(self) -> str | None: ...  # noqa: D102


class MeasuredDriver(Protocol):
    """How strongly one dimension goes with the outcome."""

    @property
    def percent(self) -> float | None: ...  # noqa: D102
    @property
    def ci95(self) -> tuple[float, float] | None: ...  # noqa: D102
    @property
    def level(self) -> str | None: ...  # noqa: D102


class MeasuredDrivers(Protocol):
    """All of them, or the reason why they are not said."""

    @property
    def n(self) -> int: ...  # noqa: D102
    @property
    def r2(self) -> float | None: ...  # noqa: D102
    @property
    def ranked(self) -> bool: ...  # noqa: D102
    @property
    def flags(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def reason(self) -> str | None: ...  # noqa: D102
    @property
    def withheld(self) -> str | None: ...  # noqa: D102


class MeasuredPriority(Protocol):
    """Where a dimension stands among strong and weak, high and low."""

    @property
    def quadrant(self) -> str: ...  # noqa: D102
    @property
    def certain(self) -> bool: ...  # noqa: D102


class MeasuredReliability(Protocol):
    """How well the items of a dimension measure one thing."""

    @property
    def alpha(self) -> float | None: ...  # noqa: D102
    @property
    def ci95(self) -> tuple[float, float] | None: ...  # noqa: D102
    @property
    def reading(self) -> str | None: ...  # noqa: D102
    @property
    def flags(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def reason(self) -> str | None: ...  # noqa: D102
    @property
    def withheld(self) -> str | None: ...  # noqa: D102


class MeasuredOmega(Protocol):
    """The same, with items of unequal worth."""

    @property
    def omega(self) -> float | None: ...  # noqa: D102


class MeasuredResemblance(Protocol):
    """How far people of one unit resemble each other."""

    @property
    def icc1(self) -> float | None: ...  # noqa: D102
    @property
    def icc2(self) -> float | None: ...  # noqa: D102
    @property
    def use(self) -> str | None: ...  # noqa: D102
    @property
    def reason(self) -> str | None: ...  # noqa: D102
    @property
    def withheld(self) -> str | None: ...  # noqa: D102


class MeasuredAgreement(Protocol):
    """How far one unit agrees."""

    @property
    def level(self) -> str | None: ...  # noqa: D102
    @property
    def withheld(self) -> str | None: ...  # noqa: D102


def write_gap(gap: MeasuredGap, rules: Rules = RULES) -> dict[str, Any]:
    """Write the difference of managers and key staff from the front line on one dimension."""
    if gap.withheld is not None:
        return dict(HIDDEN)
    written = write_difference(gap, rules=rules)
    if "direction" in written and min(gap.n1, gap.n2) >= rules.count_from:
        written |= {"g": _round(gap.g, 2), "q": _write_q(gap.q), "size": gap.size}
    return written


def write_drivers(
    found: MeasuredDrivers,
    named: Mapping[str, MeasuredDriver],
    priorities: Mapping[str, MeasuredPriority],
) -> dict[str, Any]:
    """Write how strongly each dimension goes with the outcome, or why that is not said."""
    reason = found.reason or found.withheld
    if reason is not None:
        return {"reason": reason}
    return {
        "n": found.n,
        "r2": _round(found.r2, 2),
        "ranked": found.ranked,
        "disagrees": "lmg_disagrees" in found.flags,
        "dimensions": {
            name: {
                "percent": _round(one.percent, 1),
                "ci95": _round_ends(one.ci95, 1),
                "level": one.level,
                **(
                    {"quadrant": priorities[name].quadrant, "certain": priorities[name].certain}
                    if name in priorities
                    else {}
                ),
            }
            for name, one in named.items()
        },
    }


def write_reliability(
    alphas: Mapping[str, MeasuredReliability], omegas: Mapping[str, MeasuredOmega]
) -> dict[str, Any]:
    """Write alpha and omega of every dimension, or why there is none."""
    return {
        name: {"reason": alpha.reason or alpha.withheld}
        if alpha.alpha is None or alpha.withheld is not None
        else {
            "alpha": _round(alpha.alpha, 2),
            "ci95": _round_ends(alpha.ci95, 2),
            "omega": _round(omegas[name].omega, 2),
            "reading": alpha.reading,
            "flags": sorted(alpha.flags),
        }
        for name, alpha in alphas.items()
    }


def write_resemblance(found: Mapping[str, MeasuredResemblance]) -> dict[str, Any]:
    """Write how far units differ on every dimension, and what their scores may be used for."""
    return {
        name: {"reason": one.reason or one.withheld}
        if one.use is None or one.withheld is not None
        else {"icc1": _round(one.icc1, 2), "icc2": _round(one.icc2, 2), "use": one.use}
        for name, one in found.items()
    }


def write_marks(
    n: int, mark: MeasuredDifference, agreement: MeasuredAgreement, rules: Rules = RULES
) -> dict[str, Any]:
    """Write of a unit's dimension whether it stands out and how far its people agree, from ten on."""
    if n < rules.compare_from:
        return {}
    written: dict[str, Any] = {}
    if mark.direction in {"up", "down"}:
        written["mark"] = mark.direction
    if agreement.withheld is None and agreement.level is not None:
        written["agreement"] = agreement.level
    return written


def write_exclusion(
    everybody: Mapping[str, Measured], left_out: Mapping[str, int], rules: Rules = RULES
) -> dict[str, Any]:
    """Write every dimension with those counted in who were left out, if these are enough."""
    return {
        name: write_score(score, whole=True, rules=rules)
        if left_out[name] >= rules.smallest_set
        else dict(HIDDEN)
        for name, score in everybody.items()
    }


@dataclass(frozen=True)
class UnitTrend:
    """What may be said of a unit's change: why nothing, or which of its dimensions are hidden.

    ``direction_only``: so few people came or went that two exact figures could tell of them.
    """

    reason: str | None = None
    hidden: bool = False
    hidden_dimensions: frozenset[str] = frozenset()
    direction_only: bool = False


class MeasuredChange(Protocol):
    """The differences of two waves, whole and by unit."""

    @property
    def reason(self) -> str | None: ...  # noqa: D102
    @property
    def basis(self) -> str | None: ...  # noqa: D102
    @property
    def whole(self) -> Mapping[str, MeasuredGap]: ...  # noqa: D102
    @property
    def left_out(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def sets(self) -> Mapping[str, Mapping[str, MeasuredGap]]: ...  # noqa: D102


def write_change(
    previous: Mapping[str, Any],
    change: MeasuredChange,
    whole: UnitTrend,
    units: Mapping[str, UnitTrend],
    rules: Rules = RULES,
) -> dict[str, Any]:
    """Write what changed since the wave ``previous``, or why nothing is compared."""
    if change.reason is not None:
        return {"previous": dict(previous), "reason": change.reason}
    return {
        "previous": dict(previous),
        "basis": change.basis,
        **_write_changes(change.whole, whole, rules),
        "left_out": dict(change.left_out),
        "units": {
            name: _write_unit(change.sets.get(name, {}), trend, rules)
            for name, trend in units.items()
        },
    }


def _write_unit(found: Mapping[str, MeasuredGap], trend: UnitTrend, rules: Rules) -> dict[str, Any]:
    if trend.hidden:
        return dict(HIDDEN)
    if trend.reason is not None:
        return {"reason": trend.reason}
    return _write_changes(found, trend, rules)


def _write_changes(
    found: Mapping[str, MeasuredGap], trend: UnitTrend, rules: Rules
) -> dict[str, Any]:
    """Write the index and the dimensions; an index is hidden with any of its dimensions."""

    def write(name: str, one: MeasuredGap) -> dict[str, Any]:
        if name in trend.hidden_dimensions or (name == INDEX and trend.hidden_dimensions):
            return dict(HIDDEN)
        if one.withheld is not None:
            return {"reason": one.withheld}
        if trend.direction_only:
            return {"direction": one.direction}
        return write_difference(one, rules=rules)

    written = {name: write(name, one) for name, one in found.items()}
    return {INDEX: written.pop(INDEX, None), "dimensions": written}


def _write_q(q: float | None) -> float | str | None:
    """Write q with three decimals; one that would round to nothing is only smaller than that."""
    return "<0.001" if q is not None and q < _LEAST_Q else _round(q, 3)


def _round(value: float | None, decimals: int) -> float | None:
    return None if value is None else round_half_up(value, decimals)


def _round_ends(ends: tuple[float, float] | None, decimals: int) -> list[float] | None:
    return None if ends is None else [round_half_up(end, decimals) for end in ends]
