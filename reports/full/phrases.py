"""Sentences that several sections say: a score, a change, a gap, in the words that were agreed."""

from reports.findings.bands import say_band
from reports.findings.gaps import Gap, say_bounds
from reports.findings.headline import dimension_name
from reports.material import Material
from reports.scores import (
    Score,
    has_mean,
    has_shares,
    say_absence,
    show_count,
    show_interval,
    show_number,
    show_percent,
    show_signed,
)

DASH = "—"
#: A sentence names no more than this; there are eleven dimensions.
MOST_NAMES = 12


def say_score(material: Material, name: str, score: Score) -> str:
    """Say a score with its range and its place among the words of the scale, or why it is absent."""
    say = material.say
    if not has_mean(score):
        return say("report.score.absent", name=name, why=say_absence(score, say))
    interval = show_interval(score, say)
    values = {"name": name, "mean": show_number(score["mean"]), "band": say_band(material, score)}
    if interval is None:
        return say("report.score.plain", **values)
    return say("report.score", **values, range=interval)


def say_shares(material: Material, score: Score) -> str:
    """Say how many answered favourably and unfavourably, or nothing."""
    if not has_shares(score):
        return ""
    return material.say(
        "report.shares",
        favourable=show_percent(score["favourable"], material.say),
        unfavourable=show_percent(score["unfavourable"], material.say),
    )


def say_change(material: Material, name: str, moved: Score) -> str:
    """Say how a score moved since the last wave, never more than its interval allows."""
    say, direction = material.say, moved.get("direction")
    if direction is None:
        return ""
    if moved.get("difference") is None:
        return say(f"report.change.{direction}_only", name=name)
    points = moved["difference"]
    shown = show_signed(points) if direction == "none" else show_number(abs(points))
    return say(f"report.change.{direction}", name=name, points=shown)


def find_change(material: Material, name: str) -> Score:
    """Return what the release says of the change of a dimension; empty if nothing."""
    change = material.content["change"] or {}
    found: Score = change.get("dimensions", {}).get(name, {})
    return found


def say_gap(material: Material, gap: Gap) -> str:
    """Say what leading ranks and the front line see differently, or that they do not."""
    say = material.say
    name = dimension_name(material, gap.dimension)
    high, low = material.leading_role, material.front_line_role
    if float(gap.difference) < 0:
        high, low = low, high
    bounds = say_bounds(gap, say)
    size = gap.released.get("size")
    values = {
        "name": name,
        "high": material.role_words(high),
        "low": material.role_words(low),
        "points": show_number(abs(gap.difference)),
        "range": "" if bounds is None else say("report.gap.range", range=bounds),
        "size": "" if size is None else say("report.gap.size", size=say(f"brief.gap.size.{size}")),
    }
    if gap.released.get("direction") in {"up", "down"}:
        return say("report.gap", **values)
    return say("report.gap.none", **values)


def show_mean(score: Score) -> str:
    """Print a mean, or a dash; the reading guide says what that means."""
    return show_number(score["mean"]) if has_mean(score) else DASH


def show_range(material: Material, score: Score) -> str:
    """Print an interval, or a dash."""
    return show_interval(score, material.say) or DASH if has_mean(score) else DASH


def show_share(material: Material, score: Score, share: str) -> str:
    """Print one of the three shares, or a dash."""
    return show_percent(score[share], material.say) if has_shares(score) else DASH


def show_people(material: Material, score: Score) -> str:
    """Print how many answered, or a dash."""
    return show_count(score["n"], material.say) if has_mean(score) else DASH


def join(material: Material, names: list[str]) -> str:
    """Return names in one line; of very many the first and how many there are."""
    listed = material.say("brief.list_separator").join(names[:MOST_NAMES])
    if len(names) <= MOST_NAMES:
        return listed
    return material.say("report.names.more", names=listed, count=len(names))
