"""附录: how it was done in plain words, the tables that hold all of it, and the questionnaire."""

from collections.abc import Iterator

from reports.blocks import Block
from reports.full.appendix_tables import (
    list_exclusion,
    list_items,
    list_reliability,
    list_tests,
    list_weights,
)
from reports.full.draft import body, cells, head, listing, make_table, note
from reports.full.phrases import DASH
from reports.material import Material
from reports.punctuation import clean
from survey_service.i18n import pick

METHODS = ("ask", "score", "range", "weigh", "exclude", "compare", "hide", "relate")
TERMS = ("share", "weight", "gap", "icc", "agreement", "alpha", "q", "association")


def write_appendix(material: Material) -> Iterator[Block]:
    """Yield all parts of the appendix."""
    say = material.say
    yield head(material, "appendix")
    yield head(material, "method", 2)
    yield listing([(say(f"report.method.{one}"),) for one in METHODS], numbered=True)
    yield head(material, "sensitivity", 2)
    yield from list_weights(material)
    yield head(material, "quality", 2)
    yield from list_reliability(material)
    yield head(material, "tests", 2)
    yield from list_tests(material)
    yield head(material, "excluded", 2)
    yield from list_exclusion(material)
    yield head(material, "all-items", 2)
    yield from list_items(material)
    yield head(material, "glossary", 2)
    yield make_table(
        "table-glossary",
        say("report.glossary.table"),
        say("report.glossary.heads"),
        [cells(say(f"report.glossary.{one}"), say(f"report.glossary.{one}.text")) for one in TERMS],
        (2, 13),
        "ll",
    )
    yield head(material, "form", 2)
    yield from _print_form(material)


def _print_form(material: Material) -> Iterator[Block]:
    """Print what was asked, in the order in which it was asked."""
    say, questionnaire = material.say, material.questionnaire
    opening = pick(questionnaire.opening, material.lang).format(minutes=questionnaire.minutes)
    yield body(clean(opening))
    options = {
        scale.id: say("brief.list_separator").join(
            f"{option.code} {material.name(option.label)}"
            for option in (
                *scale.options,
                *(() if scale.not_applicable is None else (scale.not_applicable,)),
            )
        )
        for scale in questionnaire.scales.values()
    }
    used = [item.scale for item in questionnaire.items if item.scale is not None]
    for scale in dict.fromkeys(used):
        yield note(say("report.form.scale", options=options[scale]))
    names = {one.id: material.name(one.name) for one in questionnaire.dimensions}
    rows = []
    for number, item in enumerate(questionnaire.items, 1):
        mark = say("brief.reverse_mark") if item.reverse else ""
        text = clean(item.wording(material.lang)) + mark
        belongs = names.get(item.dimension or "", say(f"report.kind.{item.kind}"))
        rows.append(cells(str(number), text, belongs or DASH))
    yield make_table(
        "table-form",
        say("report.form.table", title=material.name(questionnaire.title)),
        say("report.form.heads"),
        rows,
        (3, 26, 9),
        "rll",
        [say("report.form.note")],
    )
