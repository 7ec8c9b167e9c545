"""The finding that stands above each figure."""

from collections.abc import Sequence

from reports.findings.gaps import find_gaps
from reports.findings.headline import dimension_name
from reports.findings.ranking import rank_by_mean, stands_above
from reports.material import Material
from reports.scores import has_shares, lies_above, measure_share, show_number

MAJORITY = 50
#: So many units are named in a title, if their names together are no longer than this.
MOST_NAMED, LONGEST_NAMES = 2, 16


def title_scores(material: Material) -> str:
    """Say what Figure 1 shows: the strongest dimension, and where the lowest stands."""
    say = material.say
    if not material.shows_scores:
        return say("brief.figure.scores.hidden")
    if material.is_single:
        return say("brief.figure.scores.single")
    ranked = rank_by_mean((one.id, material.dimension_score(one.id)) for one in material.dimensions)
    last = ranked[-1]
    if len(ranked) == 1 or not lies_above(ranked[0].score, last.score):
        return say("brief.figure.scores.level")
    key = "strongest" if stands_above(1, ranked) else "strong"
    return say(
        f"brief.figure.scores.{key}",
        top=dimension_name(material, ranked[0].id),
        last=dimension_name(material, last.id),
        mean=show_number(last.score["mean"]),
    )


def title_shares(material: Material, *, of_items: bool) -> str:
    """Say how many dimensions (or items) have a favourable majority."""
    if of_items:
        scores = [material.item_score(item.id) for item in material.items]
    else:
        scores = [material.dimension_score(one.id) for one in material.dimensions]
    shown = [score for score in scores if has_shares(score)]
    most = sum(measure_share(score["favourable"]) > MAJORITY for score in shown)
    kind = "items" if of_items else "dimensions"
    key = f"brief.figure.shares.{kind}" if most else f"brief.figure.shares.{kind}_none"
    return material.say(key, count=len(shown), most=most)


def title_gaps(material: Material) -> str:
    """Say on how many dimensions the ranks differ beyond error, or that they do on none."""
    count = sum(gap.is_flagged for gap in find_gaps(material))
    if not count:
        return material.say("brief.figure.gaps.title_none")
    return material.say("brief.figure.gaps.title", count=count)


def title_items(material: Material) -> str:
    """Say how many of the items most people find true."""
    return title_shares(material, of_items=True)


def title_units(material: Material, units: Sequence[str]) -> str:
    """Name the units that stand out, where a test on every cell allows it; never a ranking.

    Beyond two names only their number is said; without any mark, that no difference is certain.
    """
    counts = [(unit, *count_marks(material, unit)) for unit in units]
    high = [unit for unit, up, down in counts if up > down]
    low = [unit for unit, up, down in counts if down > up]
    if not any(up or down for _, up, down in counts):
        return material.say("brief.figure.units.level")
    parts = [
        _name_units(material, found, key) for found, key in ((high, "high"), (low, "low")) if found
    ]
    if not parts:
        return material.say("brief.figure.units.mixed")
    return material.say("brief.semicolon").join(parts)


def count_marks(material: Material, unit: str) -> tuple[int, int]:
    """Return on how many dimensions a unit stands above and below the others, as tested."""
    released = material.content["units"][unit]
    marks = [score.get("mark") for score in released.get("dimensions", {}).values()]
    return marks.count("up"), marks.count("down")


def _name_units(material: Material, units: Sequence[str], key: str) -> str:
    names = [material.unit_words(unit) for unit in units]
    if len(names) > MOST_NAMED or sum(len(name) for name in names) > LONGEST_NAMES:
        return material.say(f"brief.figure.units.{key}_many", count=len(names))
    listed = material.say("brief.list_separator").join(names)
    return material.say(f"brief.figure.units.{key}", units=listed)
