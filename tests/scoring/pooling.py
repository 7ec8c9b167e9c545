"""Weighting cells as the reference values have them."""

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import numpy.typing as npt


def collapse_cells(
    units: Sequence[Hashable], ranks: Sequence[int], counts: Sequence[int], least: int
) -> npt.NDArray[np.intp]:
    """Pool cells of a roster until each has ``least`` answers: units first, then ranks inside a unit.

    What the reference values were computed with (Kalton & Flores-Cervantes 2003).
    """
    pooled = _pool_units(units, counts, least)
    totals: dict[object, dict[int, int]] = {}
    for unit, rank, count in zip(pooled, ranks, counts, strict=True):
        inside = totals.setdefault(unit, {})
        inside[rank] = inside.get(rank, 0) + count
    merged = {unit: _merge_ranks(inside, least) for unit, inside in totals.items()}
    chosen = [(unit, merged[unit][rank]) for unit, rank in zip(pooled, ranks, strict=True)]
    order = {cell: number for number, cell in enumerate(dict.fromkeys(chosen))}
    return np.array([order[cell] for cell in chosen], np.intp)


def _pool_units(
    units: Sequence[Hashable], counts: Sequence[int], least: int
) -> list[Hashable | None]:
    """Name the unit of every cell anew; None is the pool of small units."""
    totals: dict[Hashable, int] = {}
    for unit, count in zip(units, counts, strict=True):
        totals[unit] = totals.get(unit, 0) + count
    small = {unit for unit, total in totals.items() if total < least}
    others = sorted((total, str(unit), unit) for unit, total in totals.items() if unit not in small)
    while small and others and sum(totals[unit] for unit in small) < least:
        small.add(others.pop(0)[-1])
    return [None if unit in small else unit for unit in units]


def _merge_ranks(totals: Mapping[int, int], least: int) -> dict[int, int]:
    """Say with which rank each rank of a unit counts."""
    *leading, last = sorted(totals)
    merged = {rank: rank for rank in totals}
    if any(totals[rank] < least for rank in leading):
        merged |= dict.fromkeys(leading, leading[0])
    if totals[last] < least or (leading and sum(totals[rank] for rank in leading) < least):
        merged = dict.fromkeys(totals, last)
    return merged
