"""十二、改进建议: what to do first, ninety days, and a ledger to be filled in."""

from collections.abc import Iterator

from reports.blocks import Block, Cell, PageBreak, Table
from reports.findings.actions import Action, choose_actions
from reports.findings.headline import dimension_name
from reports.full.draft import body, cells, head, make_table, see
from reports.material import Material
from reports.scores import has_shares, show_interval, show_number, show_percent

STEPS = ("30", "60", "90")
#: Rows of the ledger that wait for what the working group finds itself.
EMPTY_ROWS = 4


def write_improvement(material: Material) -> Iterator[Block]:
    """Yield the section and the sheet of the ledger."""
    say = material.say
    yield head(material, "actions")
    actions = choose_actions(material)
    if not actions:
        yield body(say("report.actions.none"))
    else:
        drivers = material.content["drivers"] or {}
        key = "unranked" if drivers.get("ranked") is False else "plain"
        yield body(say(f"brief.actions.note.{key}"))
        yield _list_actions(material, actions)
        yield _list_days(material, actions)
        yield body(say("report.actions.deep"))
    yield PageBreak()
    yield head(material, "ledger", 2)
    yield body(say("report.ledger"), see(material, "table-actions"))
    yield _draw_ledger(material)


def list_ledger(material: Material) -> list[tuple[str, ...]]:
    """Return the ledger's rows: problem, grounds, measure, who, by when, the item asked again."""
    say = material.say
    rows: list[tuple[str, ...]] = []
    for action in choose_actions(material):
        name = dimension_name(material, action.dimension)
        days = say(f"action.{action.dimension}.90")
        rows.append(
            (
                name,
                _say_grounds(material, action.dimension),
                say(f"action.{action.dimension}.do"),
                "",
                say("report.ledger.by", what=days.rstrip("。.")),
                _say_retest(material, action),
            )
        )
    return rows


def _say_grounds(material: Material, dimension: str) -> str:
    """Say a score with its range in few words; the release held it when the action was chosen."""
    score = material.dimension_score(dimension)
    interval = show_interval(score, material.say)
    mean = show_number(score["mean"])
    if interval is None:
        return material.say("report.ledger.score", mean=mean)
    return material.say("report.ledger.range", mean=mean, range=interval)


def _say_retest(material: Material, action: Action) -> str:
    """Name the item and where it stands today, as far as this release holds it."""
    asked = {item.id: item for item in material.questionnaire.scored}
    item = asked.get(action.retest)
    if item is None:
        return material.say("brief.actions.next_pulse")
    score = material.content["items"].get(item.id, {})
    if not has_shares(score):
        return material.item_words(item)
    share = show_percent(score["favourable"], material.say)
    return material.say("report.retest.now", item=material.item_words(item), share=share)


def _list_actions(material: Material, actions: list[Action]) -> Table:
    say = material.say
    rows = [
        (
            Cell(dimension_name(material, one.dimension), strong=True),
            Cell(say(f"action.{one.dimension}.do")),
            Cell(say("brief.actions.quote", quote=say(f"action.{one.dimension}.quote"))),
            Cell(say(f"action.{one.dimension}.owner")),
            Cell(_say_retest(material, one)),
        )
        for one in actions
    ]
    return make_table(
        "table-actions",
        say("report.actions.table"),
        say("report.actions.heads"),
        rows,
        (15, 30, 25, 15, 22),
        "lllll",
        [say("report.actions.note")],
    )


def _list_days(material: Material, actions: list[Action]) -> Table:
    say = material.say
    rows = [
        cells(
            dimension_name(material, one.dimension),
            *(say(f"action.{one.dimension}.{step}") for step in STEPS),
        )
        for one in actions
    ]
    return make_table(
        "table-days",
        say("report.days.table"),
        say("report.days.heads"),
        rows,
        (1, 1, 1, 1),
        "llll",
    )


def _draw_ledger(material: Material) -> Table:
    say = material.say
    rows = [tuple(Cell(text) for text in row) for row in list_ledger(material)]
    rows += [(Cell(""),) * 6] * EMPTY_ROWS
    return make_table(
        "table-ledger",
        say("report.ledger.table"),
        say("report.ledger.heads"),
        rows,
        (13, 22, 26, 13, 13, 19),
        "llllll",
        [say("report.ledger.note")],
    )
