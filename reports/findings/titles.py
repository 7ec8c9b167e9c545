"""The finding that stands above each figure."""

from reports.findings.headline import dimension_name
from reports.findings.ranking import rank_by_mean, stands_above
from reports.material import Material
from reports.scores import has_shares, lies_above, measure_share, show_number

MAJORITY = 50


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
