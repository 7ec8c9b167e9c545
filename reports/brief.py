"""The leader's brief: two sheets of A4."""

from reports import theme
from reports.document import Document
from reports.faces import House, use_house
from reports.findings.conclusions import write_conclusions
from reports.findings.headline import write_headline
from reports.material import Material
from reports.metadata import describe_file
from reports.sections.action_table import build_action_part
from reports.sections.conclusion_column import draw_conclusion_column
from reports.sections.frame import draw_foot, draw_masthead, draw_running_head
from reports.sections.gap_figure import build_gap_part
from reports.sections.item_figure import build_item_figure
from reports.sections.item_table import build_item_part
from reports.sections.kpi_strip import draw_kpi_strip
from reports.sections.opening import draw_opening
from reports.sections.quality_strip import draw_quality, quality_top, set_quality
from reports.sections.reading_box import build_reading_part
from reports.sections.score_figure import draw_score_figure, fits_figure
from reports.sections.share_figure import build_share_part
from reports.sections.unit_figure import build_unit_figure, describe_missing_units
from reports.sections.warning import draw_warning
from reports.stacking import LEAST_GAP, Part, draw_all, stack
from survey_service.disclosure.release import Release
from survey_service.i18n import words
from survey_service.questionnaire import Questionnaire

FIGURE_WIDTH, COLUMN_WIDTH = 100.0, 49.5
#: Air above and below the figure of the first sheet, as much as there is room for.
SECTION_GAPS = (8.0, 6.0, 4.5, 3.5, 2.5)
SECOND_TOP, SECOND_BOTTOM = 30.0, 267.0
PAIR_LEFT, PAIR_RIGHT = 57.0, 94.0


def render_brief(
    release: Release, questionnaire: Questionnaire, lang: str = "zh", house: House | None = None
) -> bytes:
    """Return the brief as a PDF file; the same release gives the same bytes.

    ``questionnaire`` is the definition that the wave was answered with; ``house`` holds a company's
    own fonts and logo.
    """
    use_house(house)
    material = Material(release.content, questionnaire, words(lang))
    document = Document(describe_file(material, "brief", house))
    document.start_page()
    document.mark(material.say("brief.outline.first"))
    _draw_first(document, material, house)
    document.start_page()
    document.mark(material.say("brief.outline.second"))
    _draw_second(document, material)
    return document.finish()


def _draw_first(document: Document, material: Material, house: House | None) -> None:
    draw_masthead(document, material, house)
    top = draw_warning(document, material, draw_opening(document, write_headline(material)) + 4.0)
    top = draw_kpi_strip(document, material, top)
    quality = set_quality(material)
    top, bottom = fit_middle(material, top, quality_top(quality))
    draw_score_figure(document, material, (theme.LEFT, top), FIGURE_WIDTH, bottom)
    column = theme.RIGHT - COLUMN_WIDTH
    found = write_conclusions(material)
    draw_conclusion_column(document, material, found, (column, top), COLUMN_WIDTH, bottom)
    draw_quality(document, quality)
    draw_foot(document, material, 1)


def fit_middle(material: Material, top: float, bottom: float) -> tuple[float, float]:
    """Return from where to where the figure of the first sheet stands: with air if there is room."""
    gaps = [
        gap for gap in SECTION_GAPS if fits_figure(material, FIGURE_WIDTH, bottom - top - 2 * gap)
    ]
    gap = gaps[0] if gaps else SECTION_GAPS[-1]
    return top + gap, bottom - gap


def _draw_second(document: Document, material: Material) -> None:
    draw_running_head(document, material)
    draw_all(document, stack(_plan_second(material), SECOND_TOP, SECOND_BOTTOM))
    draw_foot(document, material, 2)


def _plan_second(material: Material) -> list[Part]:
    """Return the second sheet's parts from the top down; more units leave less for the rest.

    The panel "how to read" takes its long form where the others need not shrink for it.
    """
    reading = build_reading_part(material, is_long=False)
    first, rest = _choose_middle(material, reading)
    long_reading = build_reading_part(material, is_long=True)
    others = [first, *rest[:-1]]
    taken = sum((part.least + part.most) / 2 + LEAST_GAP for part in others)
    has_room = taken + long_reading.least <= SECOND_BOTTOM - SECOND_TOP
    return [*others, long_reading if has_room else reading]


def _choose_middle(material: Material, reading: Part) -> tuple[Part, list[Part]]:
    """Return the units and what stands below: the fullest with which all units fit.

    Where all never fit, the fullest with which all units of an upper level do; else the barest.
    """
    if not material.units:
        return describe_missing_units(material), [*_plan_middles(material)[0], reading]
    found: list[tuple[bool, Part, list[Part]]] = []
    for middle in _plan_middles(material):
        rest = [*middle, reading]
        room = SECOND_BOTTOM - SECOND_TOP - sum(part.least + LEAST_GAP for part in rest)
        figure = build_unit_figure(material, 2, room)
        if figure.is_complete:
            return figure.part, rest
        found.append((figure.is_level, figure.part, rest))
    levels = [one for one in found if one[0]]
    _, part, rest = levels[0] if levels else found[-1]
    return part, rest


def _plan_middles(material: Material) -> list[list[Part]]:
    """Return what may stand between the units and the panel, the fullest first.

    Gaps and items side by side, above what to do; under many units, what to do alone. Where one
    dimension is all there is, the shares of its items tell both; where no share may be shown, the
    items' means stand in a table.
    """
    number = 3 if material.units else 2
    actions = build_action_part(material, 1, theme.LEFT, theme.TEXT_WIDTH)
    last = [] if actions is None else [actions]
    if material.is_single:
        shares = build_share_part(material, number, theme.LEFT, theme.TEXT_WIDTH)
        return [[*([] if shares is None else [shares]), *last], last]
    gaps = build_gap_part(material, number, theme.LEFT, theme.TEXT_WIDTH, 2)
    fewer = [[], *([] if gaps is None else [[gaps]])][::-1]
    return [[*middle, *last] for middle in (*_plan_details(material, number), *fewer)]


def _plan_details(material: Material, number: int) -> list[list[Part]]:
    """Return gaps and items, as far as the release has them, with three rows or with two."""
    found = []
    for most in (3, 2):
        left = build_gap_part(material, number, theme.LEFT, PAIR_LEFT, most)
        right = build_item_figure(material, number + 1, theme.RIGHT - PAIR_RIGHT, PAIR_RIGHT, most)
        if left is not None and right is not None:
            found.append([_pair(left, right)])
            continue
        wide = build_gap_part(material, number, theme.LEFT, theme.TEXT_WIDTH, most)
        items = build_item_figure(material, number, theme.LEFT, theme.TEXT_WIDTH, most)
        table = build_item_part(material, theme.LEFT, theme.TEXT_WIDTH)
        found.append([part for part in (wide, items or table) if part is not None])
    if found[0]:
        return found
    shares = build_share_part(material, number, theme.LEFT, theme.TEXT_WIDTH)
    return [[shares]] if shares is not None else [[]]


def _pair(left: Part, right: Part) -> Part:
    """Put two parts side by side."""

    def draw(document: Document, top: float, height: float) -> None:
        left.draw(document, top, height)
        right.draw(document, top, height)

    return Part(max(left.least, right.least), max(left.most, right.most), draw)
