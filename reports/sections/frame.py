"""What stands on every sheet of the brief: masthead or running head, foot line, page number."""

from reports import theme
from reports.document import Document
from reports.faces import House
from reports.material import Material
from reports.punctuation import HALF
from reports.typography import POINTS_PER_MM, measure_text, set_line, set_text, shorten

MASTHEAD_RULE, RUNNING_RULE = 30.4, 26.0
RED_WEIGHT = 1.1
TITLE_GAP = 6.0
#: Room of a logo, above the title of the survey.
LOGO_TOP, LOGO_WIDTH, LOGO_HEIGHT = 11.0, 60.0, 9.0


def draw_masthead(document: Document, material: Material, house: House | None = None) -> None:
    """Draw what the first sheet is: the survey, the organisation, the wave, and how public it is.

    A company's logo stands above the survey's title, never in place of it.
    """
    if house is not None and house.logo is not None:
        document.image(house.logo, theme.LEFT, LOGO_TOP, LOGO_WIDTH, LOGO_HEIGHT)
    say = material.say
    title = set_line(say("brief.title"), theme.MASTHEAD)
    kind = set_line(_kind(material), theme.MASTHEAD_SIDE.resized(10.5))
    bottom = MASTHEAD_RULE - 1.4
    baseline = bottom - title.height + title.baseline
    document.text(title, theme.LEFT, bottom - title.height)
    style = theme.MASTHEAD_SIDE.aligned("right")
    marks = set_line(_marks(material), style)
    if title.width + kind.width + marks.width + 12 <= theme.TEXT_WIDTH:
        document.text(kind, theme.LEFT + title.width + 4, baseline - kind.baseline)
    document.text(marks, theme.RIGHT - marks.width, baseline - marks.baseline)
    top = baseline - marks.baseline - marks.height
    width = theme.TEXT_WIDTH - title.width - TITLE_GAP
    source = set_line(_source(material, style, width), style, width)
    document.text(source, theme.RIGHT - width, top)
    document.rule(theme.LEFT, theme.RIGHT, MASTHEAD_RULE, RED_WEIGHT, theme.RED)


def draw_running_head(document: Document, material: Material) -> None:
    """Draw the head of every later sheet; a long source takes the room of the survey's title."""
    say = material.say
    style = theme.RUNNING_HEAD
    right = style.aligned("right")
    top = RUNNING_RULE - 5.0
    tail = "\u3000" + _marks(material)
    source = _source(material, right, theme.TEXT_WIDTH)
    left = set_line(f"{say('brief.title')}\u3000{_kind(material)}", style)
    if left.width + measure_text(source + tail, right) + TITLE_GAP > theme.TEXT_WIDTH:
        left = set_line(_kind(material), style)
    width = theme.TEXT_WIDTH - left.width - TITLE_GAP
    room = width - measure_text(tail, right) - HALF * right.size / POINTS_PER_MM
    source = _source(material, right, room)
    document.text(left, theme.LEFT, top)
    document.text(set_line(source + tail, right, width), theme.RIGHT - width, top)
    document.rule(theme.LEFT, theme.RIGHT, RUNNING_RULE, RED_WEIGHT * 0.7, theme.RED)


def draw_foot(document: Document, material: Material, page: int) -> None:
    """Draw the promise that binds the reader, and the page number: odd right, even left."""
    number = set_line(f"— {page} —", theme.PAGE_NUMBER)
    promise, room = material.say("brief.foot"), theme.TEXT_WIDTH - number.width - TITLE_GAP
    natural = measure_text(promise, theme.FOOT_LINE)
    line = set_text(promise, theme.FOOT_LINE, natural + 0.1 if natural <= room else room)
    is_odd = page % 2 == 1
    line_left = theme.LEFT if is_odd else theme.RIGHT - line.width
    number_left = theme.RIGHT - number.width if is_odd else theme.LEFT
    document.text(line, line_left, theme.FOOT - line.baseline)
    document.text(number, number_left, theme.FOOT - number.baseline)


def _kind(material: Material) -> str:
    return material.say("unit.kind" if material.unit else "brief.kind")


def _marks(material: Material) -> str:
    """Say how far the numbers may be trusted and who may read them."""
    say = material.say
    marks = [say("brief.internal")]
    if material.noted("trial"):
        marks.insert(0, material.name(material.questionnaire.status))
    if material.content["wave"]["rehearsal"]:
        marks.insert(0, say("brief.rehearsal"))
    return "\u3000".join(marks)


def _source(material: Material, style: theme.Style, width: float) -> str:
    """Return organisation and wave, the organisation shortened first.

    Half a character is kept free: a mark at an end is measured without its empty half.
    """
    whole = f"{material.organisation}\u3000{material.wave_title}".strip("\u3000")
    if not material.organisation or measure_text(whole, style) <= width:
        return shorten(whole, style, width)
    title = shorten(material.wave_title, style, width * 0.6)
    room = width - measure_text("\u3000" + title, style) - HALF * style.size / POINTS_PER_MM
    return f"{shorten(material.organisation, style, room)}\u3000{title}"
