"""The finding on top of the page: two lines, the strongest and the weakest."""

from collections.abc import Sequence

from reports.findings.bands import say_band
from reports.findings.gaps import find_flagged
from reports.findings.ranking import Ranked, rank_by_mean, rank_by_share, stands_above, stands_below
from reports.material import Material
from reports.scores import has_mean, lies_above, show_number, show_percent


def write_headline(material: Material) -> tuple[str, str]:
    """Return the two lines; the first ends with a semicolon."""
    if not material.shows_scores:
        return material.say("brief.headline.hidden"), material.say("brief.headline.hidden_why")
    if material.is_single:
        return _write_single(material)
    ranked = rank_by_mean((one.id, material.dimension_score(one.id)) for one in material.dimensions)
    if len(ranked) == 1 or not lies_above(ranked[0].score, ranked[-1].score):
        return _write_level(material, ranked)
    gap = find_flagged(material)
    if gap is None:
        return _write_strongest(material, ranked), _write_weakest(material, ranked)
    return _write_both_ends(material, ranked), material.say(
        "brief.headline.gap",
        name=dimension_name(material, gap.dimension),
        difference=show_number(abs(gap.difference)),
    )


def _write_both_ends(material: Material, ranked: Sequence[Ranked]) -> str:
    """Say the strongest and the weakest on one line, each as firmly as the intervals allow."""
    top, last = ranked[0], ranked[-1]
    high = "first" if stands_above(1, ranked) else "front"
    block = find_lowest_block(material)
    values = {"name": dimension_name(material, last.id)}
    low = "last" if stands_below(ranked) else "behind"
    if block is not None and block == block_of(material, last.id):
        low, values = "block", {"name": block_name(material, block)}
    return material.say(
        "brief.headline.ends",
        high=material.say(f"brief.headline.ends.{high}", name=dimension_name(material, top.id)),
        low=material.say(f"brief.headline.ends.{low}", **values),
    )


def _write_single(material: Material) -> tuple[str, str]:
    dimension = material.dimensions[0]
    score = material.dimension_score(dimension.id)
    first = material.say(
        "brief.headline.single",
        name=material.name(dimension.name),
        mean=show_number(score["mean"]),
        band=say_band(material, score),
    )
    by_share = rank_by_share((item.id, material.item_score(item.id)) for item in material.items)
    if len(by_share) > 1:
        return first, material.say(
            "brief.headline.item_shares",
            low=show_percent(by_share[-1].score["favourable"], material.say),
            high=show_percent(by_share[0].score["favourable"], material.say),
        )
    by_mean = rank_by_mean((item.id, material.item_score(item.id)) for item in material.items)
    if len(by_mean) > 1:
        return first, _say_range(material, "brief.headline.item_means", by_mean)
    return first, material.say("brief.headline.no_items")


def _write_level(material: Material, ranked: Sequence[Ranked]) -> tuple[str, str]:
    if len(ranked) == 1:
        only = ranked[0]
        name = dimension_name(material, only.id)
        mean = show_number(only.score["mean"])
        first = material.say("brief.headline.only_one", name=name, mean=mean)
        return first, material.say("brief.headline.hidden_why")
    first = material.say("brief.headline.level")
    return first, _say_range(material, "brief.headline.level_range", ranked)


def _write_strongest(material: Material, ranked: Sequence[Ranked]) -> str:
    top = dimension_name(material, ranked[0].id)
    mean = show_number(ranked[0].score["mean"])
    if stands_above(1, ranked):
        return material.say("brief.headline.strongest", name=top, mean=mean)
    if stands_above(2, ranked):
        second = dimension_name(material, ranked[1].id)
        return material.say("brief.headline.strongest_two", name=top, second=second)
    return material.say("brief.headline.strong", name=top, mean=mean)


def _write_weakest(material: Material, ranked: Sequence[Ranked]) -> str:
    last = ranked[-1]
    name = dimension_name(material, last.id)
    mean = show_number(last.score["mean"])
    lowest_block = find_lowest_block(material)
    if lowest_block is not None and lowest_block == block_of(material, last.id):
        block = block_name(material, lowest_block)
        return material.say("brief.headline.weakest_block", block=block, name=name, mean=mean)
    key = "brief.headline.weakest" if stands_below(ranked) else "brief.headline.weak"
    return material.say(key, name=name, mean=mean)


def find_lowest_block(material: Material) -> str | None:
    """Return the block whose interval lies below every other block's, if all have a number."""
    scores = [(block.id, material.block_score(block.id)) for block in material.blocks]
    ranked = rank_by_mean(scores)
    complete = all(has_mean(score) for _, score in scores)
    return ranked[-1].id if complete and stands_below(ranked) else None


def dimension_name(material: Material, dimension_id: str) -> str:
    """Return the printed name of a dimension."""
    return next(material.name(d.name) for d in material.dimensions if d.id == dimension_id)


def block_of(material: Material, dimension_id: str) -> str:
    """Return the block that a dimension belongs to."""
    return next(d.block for d in material.dimensions if d.id == dimension_id)


def block_name(material: Material, block_id: str) -> str:
    """Return the printed name of a block."""
    return next(material.name(block.name) for block in material.blocks if block.id == block_id)


def _say_range(material: Material, key: str, ranked: Sequence[Ranked]) -> str:
    low, high = (show_number(row.score["mean"]) for row in (ranked[-1], ranked[0]))
    return material.say(key, low=low, high=high)
