"""The brief of one unit: two sheets that show it beside the unit above it and the whole."""

from reports import theme
from reports.brief import COLUMN_WIDTH, FIGURE_WIDTH, SECOND_BOTTOM, SECOND_TOP, fit_middle
from reports.document import Document
from reports.faces import House, use_house
from reports.findings.conclusions import write_unit_conclusions
from reports.findings.unit_headline import write_unit_headline
from reports.material import Material
from reports.metadata import describe_file
from reports.sections.action_table import build_action_part
from reports.sections.conclusion_column import draw_conclusion_column
from reports.sections.frame import draw_foot, draw_masthead, draw_running_head
from reports.sections.kpi_strip import draw_kpi_strip
from reports.sections.opening import draw_opening
from reports.sections.participation_figure import build_participation_part
from reports.sections.quality_strip import draw_quality, quality_top, set_unit_quality
from reports.sections.reading_box import build_reading_part
from reports.sections.role_figure import build_role_part
from reports.sections.score_figure import draw_score_figure
from reports.sections.share_figure import build_share_part
from reports.sections.unit_figure import build_context_part
from reports.sections.warning import draw_warning
from reports.stacking import LEAST_GAP, Part, draw_all, stack
from survey_service.disclosure.release import Release
from survey_service.i18n import words
from survey_service.questionnaire import Questionnaire

LEFT_WIDTH, RIGHT_WIDTH = 84.0, 64.0


def list_unit_briefs(release: Release) -> tuple[str, ...]:
    """Return the units that may have a brief of their own: those with scores, in roster order."""
    units = release.content["units"]
    return tuple(unit for unit in release.content["unit_order"] if "dimensions" in units[unit])


def render_unit_brief(
    release: Release,
    questionnaire: Questionnaire,
    unit: str,
    lang: str = "zh",
    house: House | None = None,
) -> bytes:
    """Return the brief of one shown unit as a PDF file; the same release gives the same bytes."""
    use_house(house)
    whole = Material(release.content, questionnaire, words(lang))
    material = whole.for_unit(unit)
    document = Document(describe_file(material))
    document.start_page()
    document.mark(material.say("unit.outline.first"))
    _draw_first(document, material, house)
    document.start_page()
    document.mark(material.say("unit.outline.second"))
    draw_running_head(document, material)
    draw_all(document, stack(_plan_second(whole, material), SECOND_TOP, SECOND_BOTTOM))
    draw_foot(document, material, 2)
    return document.finish()


def _draw_first(document: Document, material: Material, house: House | None) -> None:
    draw_masthead(document, material, house)
    top = draw_opening(document, write_unit_headline(material)) + 4.0
    top = draw_kpi_strip(document, material, draw_warning(document, material, top))
    quality = set_unit_quality(material)
    top, bottom = fit_middle(material, top, quality_top(quality))
    draw_score_figure(document, material, (theme.LEFT, top), FIGURE_WIDTH, bottom)
    place = (theme.RIGHT - COLUMN_WIDTH, top)
    found = write_unit_conclusions(material)
    draw_conclusion_column(document, material, found, place, COLUMN_WIDTH, bottom)
    draw_quality(document, quality)
    draw_foot(document, material, 1)


def _plan_second(whole: Material, material: Material) -> list[Part]:
    """Return the parts from the top down; where room is scarce, the rates or what to do is left out."""
    parent = whole.parent_of(material.unit)
    shown = [unit for unit in (parent, material.unit) if unit is not None]
    left = theme.RIGHT - RIGHT_WIDTH
    context = build_context_part(whole, shown, 2)
    shares = build_share_part(material, 3, theme.LEFT, LEFT_WIDTH)
    number = 3 if shares is None else 4
    roles = build_role_part(material, number, left, RIGHT_WIDTH)
    rates = build_participation_part(whole, shown, number + 1, left, RIGHT_WIDTH)
    actions = build_action_part(material, 1, theme.LEFT, theme.TEXT_WIDTH)
    reading = build_reading_part(material, is_long=False)
    fuller = [roles] if rates is None else [roles, rates]
    for column, last in ((fuller, actions), ([roles], actions), (fuller, None)):
        middle = [_pair(column, shares)] if shares is not None else column
        parts = [context, *middle, *([] if last is None else [last]), reading]
        taken = sum(part.least + LEAST_GAP for part in parts) - LEAST_GAP
        if taken <= SECOND_BOTTOM - SECOND_TOP:
            break
    longer = build_reading_part(material, is_long=True)
    roomy = taken - reading.least + longer.least <= SECOND_BOTTOM - SECOND_TOP
    return [*parts[:-1], longer if roomy else reading]


def _pair(column: list[Part], beside: Part) -> Part:
    """Put a column of parts beside one that is as tall as it."""
    least = sum(part.least for part in column) + LEAST_GAP * (len(column) - 1)
    most = sum(part.most for part in column) + LEAST_GAP * (len(column) - 1)

    def draw(document: Document, top: float, height: float) -> None:
        beside.draw(document, top, height)
        draw_all(document, stack(column, top, top + height))

    return Part(max(least, beside.least), max(most, beside.most), draw)
