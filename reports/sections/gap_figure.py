"""Figure 3: where managers and key staff see most differently from the front line."""

from reports.charts.dumbbell import LEAST_PITCH, MOST_PITCH, Dumbbell, DumbbellEnd, DumbbellRow
from reports.document import Document
from reports.findings.gaps import Gap, find_gaps, say_bounds
from reports.findings.headline import dimension_name
from reports.findings.titles import title_gaps
from reports.material import Material
from reports.scores import Score, show_number
from reports.sections.captions import set_caption, set_title
from reports.sections.score_figure import build_scale
from reports.stacking import Part

MOST_ROWS = 3
CAPTION_GAP, TITLE_GAP = 1.4, 1.6


def build_gap_part(
    material: Material, number: int, left: float, width: float, most: int = MOST_ROWS
) -> Part | None:
    """Return the figure of the ``most`` widest gaps; None where the release tells no ranks apart."""
    gaps = find_gaps(material)[:most]
    if not gaps:
        return None
    rows = tuple(build_gap_row(material, gap) for gap in gaps)
    chart = Dumbbell(rows, build_scale(material), width)
    title = set_title(title_gaps(material), width)
    caption = set_caption(
        material.say("brief.figure", number=number), _write_caption(material, gaps), width
    )
    frame = title.height + TITLE_GAP + CAPTION_GAP + caption.height

    def draw(document: Document, top: float, height: float) -> None:
        y = document.text(title, left, top) + TITLE_GAP
        pitch = min(MOST_PITCH, (height - frame - chart.height(0.0)) / len(rows))
        y = chart.draw(document, left, y, pitch)
        document.text(caption, left, y + CAPTION_GAP)

    return Part(chart.height(LEAST_PITCH) + frame, chart.height(MOST_PITCH) + frame, draw)


def build_gap_row(material: Material, gap: Gap) -> DumbbellRow:
    """Return one row: the ring is the front line, the dot managers and key staff."""
    say = material.say
    bounds = say_bounds(gap, say)
    return DumbbellRow(
        dimension_name(material, gap.dimension),
        _end(gap.front_line),
        _end(gap.leading),
        say("brief.gap.difference", difference=show_number(abs(gap.difference))),
        "" if bounds is None else say("brief.gap.range", range=bounds),
    )


def _end(score: Score) -> DumbbellEnd:
    return DumbbellEnd(float(score["mean"]), show_number(score["mean"]))


def _write_caption(material: Material, gaps: list[Gap]) -> str:
    """Say which sign is which rank, and what may be made of the distance: ``size`` is in words."""
    say = material.say
    text = say(
        "brief.figure.gaps.caption",
        ring=material.role_words(material.front_line_role),
        dot=material.role_words(material.leading_role),
    )
    flagged = [gap for gap in gaps if gap.is_flagged]
    if not flagged:
        return text + say("brief.figure.gaps.none")
    sizes = {str(gap.released.get("size")) for gap in flagged}
    one_size = say(f"brief.gap.size.{sizes.pop()}") if len(sizes) == 1 else ""
    key = "all" if len(flagged) == len(gaps) else "some"
    text += say(f"brief.figure.gaps.{key}", count=len(flagged))
    return text + (say("brief.figure.gaps.size", size=one_size) if one_size else say("brief.stop"))
