"""Three things to do first, chosen by rule from what was measured, never by taste.

Candidates are the two lowest paths, the two lowest mechanisms, whatever ranks see differently, and
whatever fell since the last wave. The lowest mechanism and the lowest path come first; the third is
what fell most, else what ranks see most differently, else the lowest of the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.findings.conclusions import is_small
from reports.findings.gaps import find_gaps
from reports.findings.ranking import rank_by_mean
from reports.material import Material
from reports.scores import has_mean

MOST = 3
LOWEST = 2
#: The item of each dimension that the quarterly pulse asks again (a test compares with the pulse).
RETEST = {
    "O2": "O2_3a",
    "O3": "O3_3a",
    "P1": "P1_1a",
    "P2": "P2_1a",
    "P3": "P3_2c",
    "P4": "P4_1b",
    "M1": "M1_3a",
    "M2": "M2_3a",
    "M3": "M3_2c",
    "M4": "M4_5c",
}
#: Blocks of which one dimension each comes first: what is kept up, and what is done.
LEADING_BLOCKS = ("M", "P")


@dataclass(frozen=True)
class Action:
    """One thing to do: the dimension it mends and the item that will show whether it did."""

    dimension: str
    retest: str


def choose_actions(material: Material) -> list[Action]:
    """Return up to three actions, the lowest score first; none where too few answered to tell."""
    if is_small(material):
        return []
    order = [row.id for row in rank_by_mean(_known_scores(material))][::-1]
    chosen: list[str] = []
    for block in LEADING_BLOCKS:
        chosen += [name for name in order if _block(material, name) == block][:1]
    for name in (*_fallen(material), *_seen_differently(material), *_lowest(material, order)):
        if len(chosen) < MOST and name in order and name not in chosen:
            chosen.append(name)
    return [Action(name, RETEST[name]) for name in order if name in chosen]


def _known_scores(material: Material) -> Iterable[tuple[str, dict[str, object]]]:
    return [
        (one.id, dict(material.dimension_score(one.id)))
        for one in material.dimensions
        if one.id in RETEST and has_mean(material.dimension_score(one.id))
    ]


def _block(material: Material, dimension_id: str) -> str:
    return next(one.block for one in material.dimensions if one.id == dimension_id)


def _fallen(material: Material) -> list[str]:
    """Return what fell since the last wave beyond error, most first."""
    change = material.content["change"] or {}
    fallen = [
        (float(found["difference"]), name)
        for name, found in change.get("dimensions", {}).items()
        if found.get("direction") == "down" and found.get("difference") is not None
    ]
    return [name for _, name in sorted(fallen)]


def _seen_differently(material: Material) -> list[str]:
    return [gap.dimension for gap in find_gaps(material) if gap.is_flagged]


def _lowest(material: Material, order: list[str]) -> list[str]:
    """Return the rest of the two lowest of each leading block, the lowest first."""
    inside = [
        [name for name in order if _block(material, name) == block][:LOWEST]
        for block in LEADING_BLOCKS
    ]
    found = [name for names in inside for name in names]
    return sorted(found, key=order.index)
