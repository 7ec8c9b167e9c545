"""一、主要结论: five findings with where to look, three things to do, two limits."""

from collections.abc import Iterator

from reports.blocks import Block, Run
from reports.findings.actions import choose_actions
from reports.findings.cautions import list_cautions
from reports.findings.conclusions import write_conclusions
from reports.findings.headline import dimension_name, write_headline
from reports.findings.titles import title_units
from reports.full.draft import Part, body, head, lead, listing, see
from reports.full.phrases import say_change, say_score
from reports.material import Material

MOST = 5
LIMITS = ("feeling", "silent")


def write_findings(material: Material) -> Iterator[Block]:
    """Yield the section."""
    say = material.say
    yield head(material, "findings")
    yield lead("".join(write_headline(material)))
    for caution in list_cautions(material):
        yield body(Run(say("brief.caution"), strong=True), caution)
    yield head(material, "five", 2)
    yield listing(list(_list_findings(material))[:MOST], numbered=True)
    actions = choose_actions(material)
    if actions:
        yield head(material, "first", 2)
        points = [
            (
                Run(say("report.term", term=dimension_name(material, one.dimension)), strong=True),
                say(f"action.{one.dimension}.do"),
            )
            for one in actions
        ]
        yield listing(points, numbered=True)
        yield body(say("report.first.more"), see(material, "table-actions"))
    yield head(material, "limits", 2)
    yield listing([(say(f"report.limit.{one}"),) for one in LIMITS])


def _list_findings(material: Material) -> Iterator[tuple[Part, ...]]:
    say = material.say
    if material.index is not None:
        yield say_score(material, material.index_name, material.index), see(material, "scores")
    found = write_conclusions(material)
    gap_head = say("brief.conclusion.gap.head")
    for one in found:
        target = "ranks" if one.head == gap_head else "figure-scores"
        strong = Run(say("report.term", term=one.head), strong=True)
        yield strong, one.fact, one.so_what, see(material, target)
    change = material.content["change"] or {}
    moved = change.get("index") or {}
    sentence = say_change(material, material.index_name, moved)
    if sentence:
        yield sentence, see(material, "change")
    if material.shown_units and not material.is_single:
        sentence = title_units(material, material.units) + say("brief.stop")
        yield sentence, see(material, "figure-units")
