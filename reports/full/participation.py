"""二、参与情况: who was asked, who answered, what was left out by rule, and what weights do."""

from collections.abc import Iterator

from reports.blocks import Block, Figure, Table
from reports.charts.participation_bars import MOST_PITCH, ParticipationBars
from reports.full.draft import (
    WIDTH,
    body,
    cells,
    draw_pitched,
    head,
    make_data,
    make_figure,
    make_table,
    see,
)
from reports.full.phrases import DASH, join
from reports.full.selection import choose_units
from reports.material import Material
from reports.scores import show_count, show_percent
from reports.sections.participation_figure import build_bar, build_bars

RULES = ("incomplete", "under_1s", "all_same", "attention")
HALF, CENSUS = 50, 95
#: No more bars than one sheet holds; the rest is in the table.
MOST_BARS = 26


def write_participation(material: Material) -> Iterator[Block]:
    """Yield the section."""
    say = material.say
    yield head(material, "participation")
    yield body(_describe_answers(material))
    counts = material.content["participation"]
    if counts["valid_rate"] is None:
        yield body(say("brief.no_units.why"))
    else:
        if material.units:
            yield _draw_rates(material)
            yield _list_units(material)
        yield body(say("report.rate.silent"))
    yield from _describe_exclusion(material)
    yield head(material, "weights", 2)
    yield body(_describe_weights(material), see(material, "table-weights"))


def _describe_answers(material: Material) -> str:
    say, counts = material.say, material.content["participation"]
    values = {
        "returned": show_count(counts["returned"], say),
        "valid": show_count(counts["valid"], say),
        "invited": counts["invited"],
        "excluded": counts["excluded"],
    }
    known = "counted" if counts["excluded"] is not None else "banded"
    if counts["valid_rate"] is None:
        return say(f"report.answers.no_roster.{known}", **values)
    rates = {
        "returned_rate": show_percent(counts["returned_rate"], say),
        "valid_rate": show_percent(counts["valid_rate"], say),
    }
    return say(f"report.answers.{known}", **values, **rates)


def _draw_rates(material: Material) -> Figure:
    say = material.say
    units = choose_units(material)[:MOST_BARS]
    bars = build_bars(material, units)
    chart = ParticipationBars(tuple(bars), WIDTH)
    low = [bar.name for bar in bars[1:] if not bar.absence and bar.high < HALF]
    if low:
        title = say("report.rate.title.low", count=len(low))
    elif all(not bar.absence and bar.low >= HALF for bar in bars[1:]):
        title = say("report.rate.title.all")
    else:
        title = say("report.rate.title")
    rows = [(bar.name, bar.printed or bar.absence) for bar in bars]
    caption = say("report.rate.caption")
    if len(units) < len(material.units):
        caption += say("report.rate.rest", shown=len(units))
    alt = title + (say("report.rate.named", units=join(material, low)) if low else "")
    return make_figure(
        "figure-rates",
        title,
        caption,
        draw_pitched(WIDTH, chart.height, chart.draw, min(MOST_PITCH, 6.4)),
        alt,
        make_data("figure-rates", say("report.rate.data"), rows),
    )


def _list_units(material: Material) -> Table:
    say, counts = material.say, material.content["participation"]
    total = build_bar(say("brief.unit.all"), counts["valid_rate"], material)
    rows = [
        cells(
            total.name,
            str(counts["invited"]),
            show_count(counts["valid"], say),
            total.printed,
            strong=True,
        )
    ]
    units = choose_units(material)
    for unit in units:
        found = counts["units"].get(unit, {})
        name = material.unit_words(unit)
        if "valid_rate" not in found:
            rows.append(cells(name, DASH, DASH, DASH))
            continue
        valid, rate = show_count(found["valid"], say), show_percent(found["valid_rate"], say)
        rows.append(cells(name, str(found["invited"]), valid, rate))
    return make_table(
        "table-rates",
        say("report.rate.table"),
        say("report.rate.heads"),
        rows,
        (5, 2, 2, 2),
        "lrrr",
        list(_note_units(material, len(units))),
    )


def _note_units(material: Material, shown: int) -> Iterator[str]:
    say, count = material.say, len(material.units)
    if any("suppressed" in one for one in material.content["participation"]["units"].values()):
        yield say("report.dash_note")
    if shown < count:
        yield say("report.units.rest", shown=shown, rest=count - shown)


def _describe_exclusion(material: Material) -> Iterator[Block]:
    say = material.say
    quality = material.content["quality"]
    yield head(material, "exclusion", 2)
    excluded = quality.get("excluded")
    if excluded is None:
        yield body(say("report.exclusion.small"))
        return
    yield body(say("report.exclusion"), see(material, "table-exclusion"))
    rows = [
        cells(say(f"brief.excluded.{rule}"), str(excluded.get(rule, 0)), say(f"report.rule.{rule}"))
        for rule in RULES
    ]
    yield make_table(
        "table-rules",
        say("report.exclusion.table"),
        say("report.exclusion.heads"),
        rows,
        (3, 2, 8),
        "lrl",
        [say("report.exclusion.note")],
    )
    warnings = []
    if quality.get("identical"):
        warnings.append(say("brief.quality.identical", count=quality["identical"]))
    if quality.get("crowded"):
        warnings.append(say("brief.quality.crowded", count=len(quality["crowded"])))
    if material.noted("open_access"):
        warnings.append(say("brief.quality.open_access"))
    if warnings:
        yield body("".join(warnings))


def _describe_weights(material: Material) -> str:
    weighting = material.content["weighting"]
    if not weighting["weighted"]:
        return material.say("brief.quality.unweighted")
    return material.say("report.weighted", cells=weighting["cells"])


def is_census(material: Material) -> bool:
    """Say whether nearly all of those asked have answered."""
    rate = material.content["participation"]["valid_rate"]
    return rate == f">{CENSUS}" or (isinstance(rate, int) and rate >= CENSUS)
