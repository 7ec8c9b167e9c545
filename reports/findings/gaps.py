"""What managers and key staff see differently from the front line."""

from dataclasses import dataclass

from reports.material import Material
from reports.scores import Number, Score, has_mean, show_number
from survey_service.i18n import Words

#: A gap is worth naming from this many points on, if it is beyond error as well.
LEAST_POINTS = 5


@dataclass(frozen=True)
class Gap:
    """The difference on one dimension with the scores of both ranks, all as released."""

    dimension: str
    difference: Number
    released: Score
    leading: Score
    front_line: Score

    @property
    def is_flagged(self) -> bool:
        """Say whether the gap is beyond error (corrected for many comparisons) and large enough."""
        found = self.released.get("direction") in {"up", "down"}
        return found and abs(self.difference) >= LEAST_POINTS


def find_gaps(material: Material) -> list[Gap]:
    """Return the gaps of which both ends are shown, the widest first; those beyond error lead."""
    gaps = [
        Gap(name, released["difference"], released, *ends)
        for name, released in material.content["gaps"].items()
        if released.get("difference") is not None
        if (ends := _find_ends(material, name)) is not None
    ]
    return sorted(gaps, key=lambda gap: (not gap.is_flagged, -abs(gap.difference), gap.dimension))


def find_flagged(material: Material) -> Gap | None:
    """Return the widest gap beyond error, if there is one."""
    return next((gap for gap in find_gaps(material) if gap.is_flagged), None)


def say_bounds(gap: Gap, say: Words) -> str | None:
    """Say how wide the gap may be, seen from the side that stands higher; None if not known."""
    interval = gap.released.get("ci95")
    if interval is None:
        return None
    ends = interval if gap.difference >= 0 else [-end for end in reversed(interval)]
    low, high = (f"{'−' if end < 0 else ''}{show_number(abs(end))}" for end in ends)
    return say("brief.range", low=low, high=high)


def _find_ends(material: Material, dimension_id: str) -> tuple[Score, Score] | None:
    found = [
        material.role_score(key, dimension_id)
        for key in (material.leading_role, material.front_line_role)
        if key is not None
    ]
    if len(found) != 2 or not all(has_mean(score) for score in found):
        return None
    return found[0], found[1]
