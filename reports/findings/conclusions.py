"""The three conclusions beside the figure: each a short head, a fact with its number, and so what."""

from dataclasses import dataclass

from reports.findings.bands import say_band
from reports.findings.gaps import Gap, find_flagged
from reports.findings.headline import (
    block_name,
    block_of,
    dimension_name,
    find_lowest_block,
)
from reports.findings.items import say_item
from reports.findings.ranking import (
    Ranked,
    rank_by_mean,
    rank_by_share,
    stands_above,
    stands_below,
)
from reports.material import Material
from reports.scores import (
    Score,
    has_mean,
    has_shares,
    least_count,
    lies_above,
    show_count,
    show_interval,
    show_number,
    show_percent,
)

#: Below this many answers a wave or a unit is a hint, no finding.
FEW = 20
#: How a release calls views that are far apart, and how many dimensions are named for it.
DIVIDED, MOST_NAMED = frozenset({"divided", "polarised"}), 2


@dataclass(frozen=True)
class Conclusion:
    """One conclusion: what is found, the numbers, and what to do with it."""

    head: str
    fact: str
    so_what: str


def write_conclusions(material: Material) -> list[Conclusion]:
    """Return up to three conclusions; one that explains why there are none, if nothing is shown."""
    if not material.shows_scores:
        return [_conclude(material, kind) for kind in ("hidden", "kept", "next")]
    if is_small(material):
        return [_describe_overall(material), _describe_small(material)]
    items = _rank_items(material)
    ranked = rank_by_mean((one.id, material.dimension_score(one.id)) for one in material.dimensions)
    if material.is_single or not lies_above(ranked[0].score, ranked[-1].score):
        return [_describe_overall(material), *_describe_ends(material, items)]
    gap = find_flagged(material)
    if gap is not None:
        third = [_describe_gap(material, gap)]
    else:
        third = [_describe_both_items(material, items)] if len(items) > 1 else []
    return [_describe_strongest(material, ranked), _describe_weakest(material, ranked), *third]


def write_unit_conclusions(material: Material) -> list[Conclusion]:
    """Return up to three conclusions on one unit: its own scores, and how far its people agree."""
    if not material.shows_scores:
        return [_conclude(material, kind) for kind in ("hidden", "kept")]
    if is_small(material):
        return [_describe_overall(material), _describe_small(material)]
    ranked = rank_by_mean((one.id, material.dimension_score(one.id)) for one in material.dimensions)
    if material.is_single or not lies_above(ranked[0].score, ranked[-1].score):
        first = [_describe_overall(material)]
    else:
        first = [_describe_strongest(material, ranked), _describe_weakest(material, ranked)]
    return [*first, *_describe_agreement(material)]


def _describe_agreement(material: Material) -> list[Conclusion]:
    """Conclude that views inside the unit are far apart, or not, where the release says so."""
    levels = {
        one.id: material.dimension_score(one.id).get("agreement") for one in material.dimensions
    }
    divided = [name for name, level in levels.items() if level in DIVIDED]
    if divided:
        names = [dimension_name(material, name) for name in divided[:MOST_NAMED]]
        listed = material.say("brief.list_separator").join(names)
        more = "more" if len(divided) > len(names) else "all"
        named = material.say(f"unit.divided.{more}", names=listed)
        return [_conclude(material, "divided", count=len(divided), names=named)]
    known = [level for level in levels.values() if level is not None]
    return [_conclude(material, "agreed", count=len(known))] if known else []


def _conclude(material: Material, kind: str, **values: object) -> Conclusion:
    say = material.say
    return Conclusion(
        say(f"brief.conclusion.{kind}.head", **values),
        say(f"brief.conclusion.{kind}.fact", **values),
        say(f"brief.conclusion.{kind}.so_what"),
    )


def _rank_items(material: Material) -> list[Ranked]:
    """Rank the items by favourable share, or by mean where the release holds no shares."""
    rows = [(item.id, material.item_score(item.id)) for item in material.items]
    return rank_by_share(rows) or rank_by_mean(rows)


def is_small(material: Material) -> bool:
    """Say whether so few answered that nothing should be decided on their scores."""
    return least_count(material.content["participation"]["valid"]) < FEW


def _describe_small(material: Material) -> Conclusion:
    valid = show_count(material.content["participation"]["valid"], material.say)
    return _conclude(material, "small", valid=valid)


def _describe_overall(material: Material) -> Conclusion:
    """Conclude on the one dimension there is, or that the dimensions cannot be told apart."""
    if material.is_single:
        return _describe_single(material)
    ranked = rank_by_mean((one.id, material.dimension_score(one.id)) for one in material.dimensions)
    return _describe_level(material, ranked)


def _describe_single(material: Material) -> Conclusion:
    dimension = material.dimensions[0]
    score = material.dimension_score(dimension.id)
    return _conclude(
        material,
        "single",
        name=material.name(dimension.name),
        mean=show_number(score["mean"]),
        band=say_band(material, score),
        range=_say_range(material, score),
    )


def _say_range(material: Material, score: Score) -> str:
    interval = show_interval(score, material.say)
    return "" if interval is None else material.say("brief.conclusion.range", range=interval)


def _describe_level(material: Material, ranked: list[Ranked]) -> Conclusion:
    low, high = (show_number(row.score["mean"]) for row in (ranked[-1], ranked[0]))
    return _conclude(material, "level", count=len(ranked), low=low, high=high)


def _describe_strongest(material: Material, ranked: list[Ranked]) -> Conclusion:
    top, second = ranked[0], ranked[1]
    values = {
        "name": dimension_name(material, top.id),
        "mean": show_number(top.score["mean"]),
        "count": len(ranked),
        "second": dimension_name(material, second.id),
        "second_mean": show_number(second.score["mean"]),
        "shares": _say_shares(material, top),
    }
    return _conclude(material, "strongest" if stands_above(1, ranked) else "strong", **values)


def _describe_weakest(material: Material, ranked: list[Ranked]) -> Conclusion:
    last, second = ranked[-1], ranked[-2]
    values = {
        "name": dimension_name(material, last.id),
        "mean": show_number(last.score["mean"]),
        "count": len(ranked),
        "second": dimension_name(material, second.id),
        "second_mean": show_number(second.score["mean"]),
        "shares": _say_shares(material, last),
    }
    lowest = find_lowest_block(material)
    if lowest is not None and lowest == block_of(material, last.id):
        return _conclude(material, "block", **values, **_block_values(material, lowest))
    return _conclude(material, "weakest" if stands_below(ranked) else "weak", **values)


def _describe_gap(material: Material, gap: Gap) -> Conclusion:
    """Conclude on the widest gap: how wide, how far off it may be, and that one side speaks of itself."""
    is_leading_higher = float(gap.difference) > 0
    ranks = (material.leading_role, material.front_line_role)
    high, low = ranks if is_leading_higher else ranks[::-1]
    scores = (gap.leading, gap.front_line) if is_leading_higher else (gap.front_line, gap.leading)
    size = gap.released.get("size")
    values = {
        "name": dimension_name(material, gap.dimension),
        "high": material.role_words(high),
        "low": material.role_words(low),
        "high_mean": show_number(scores[0]["mean"]),
        "low_mean": show_number(scores[1]["mean"]),
        "difference": show_number(abs(gap.difference)),
        "size": "" if size is None else material.say(f"brief.gap.size.{size}"),
    }
    return _conclude(material, "gap", **values)


def _block_values(material: Material, lowest: str) -> dict[str, object]:
    others = rank_by_mean((block.id, material.block_score(block.id)) for block in material.blocks)
    listed = [
        material.say(
            "brief.score_of",
            name=block_name(material, row.id),
            mean=show_number(row.score["mean"]),
        )
        for row in reversed(others)
        if row.id != lowest
    ]
    return {
        "block": block_name(material, lowest),
        "block_mean": show_number(material.block_score(lowest)["mean"]),
        "others": material.say("brief.list_separator").join(listed),
    }


def _say_shares(material: Material, row: Ranked) -> str:
    if not has_shares(row.score):
        return ""
    share = show_percent(row.score["favourable"], material.say)
    return material.say("brief.conclusion.shares", share=share)


def _describe_ends(material: Material, items: list[Ranked]) -> list[Conclusion]:
    """Conclude on the highest item and on the lowest, one each."""
    if len(items) < 2:
        return []
    high, low = _say_ends(material, items)
    count = len(items)
    return [
        _conclude(material, "best_item", item=high, place=_place(material, items), count=count),
        _conclude(
            material, "worst_item", item=low, place=_place(material, items[::-1]), count=count
        ),
    ]


def _describe_both_items(material: Material, items: list[Ranked]) -> Conclusion:
    high, low = _say_ends(material, items)
    return _conclude(
        material,
        "items",
        high=high,
        high_place=_place(material, items),
        low=low,
        low_place=_place(material, items[::-1]),
        count=len(items),
    )


def _say_ends(material: Material, items: list[Ranked]) -> tuple[str, str]:
    questionnaire = material.questionnaire
    ends = (items[0], items[-1])
    high, low = (say_item(material, questionnaire.item(row.id), row.score) for row in ends)
    return high, low


def _place(material: Material, ranked: list[Ranked]) -> str:
    """Say "highest" or "lowest" of the first row, or that it shares its printed number."""
    first, second = ranked[0].score, ranked[1].score
    measure = "favourable" if has_shares(first) else "mean"
    direction = "high" if first["mean"] >= ranked[-1].score["mean"] else "low"
    shared = has_mean(second) and first[measure] == second[measure]
    return material.say(f"brief.place.{direction}{'_shared' if shared else ''}")
