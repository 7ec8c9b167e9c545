"""How many took part: a unit, the one above it and the whole; or all listed units."""

from collections.abc import Sequence

from reports.charts.participation_bars import (
    LEAST_PITCH,
    MOST_PITCH,
    ParticipationBar,
    ParticipationBars,
)
from reports.document import Document
from reports.material import Material
from reports.scores import say_absence, show_percent
from reports.sections.captions import set_caption, set_title
from reports.stacking import Part

CAPTION_GAP, TITLE_GAP = 1.2, 1.6


def build_participation_part(
    material: Material, units: Sequence[str], number: int, left: float, width: float
) -> Part | None:
    """Return the figure of the whole and ``units``; None where nobody knows how many were asked."""
    if material.content["participation"]["valid_rate"] is None:
        return None
    say = material.say
    bars = build_bars(material, units)
    chart = ParticipationBars(tuple(bars), width)
    title = set_title(say("brief.figure.participation.title"), width)
    caption = set_caption(
        say("brief.figure", number=number), say("brief.figure.participation"), width
    )
    frame = title.height + TITLE_GAP + CAPTION_GAP + caption.height

    def draw(document: Document, top: float, height: float) -> None:
        y = document.text(title, left, top) + TITLE_GAP
        pitch = min(MOST_PITCH, (height - frame) / len(bars))
        y = chart.draw(document, left, y, pitch)
        document.text(caption, left, y + CAPTION_GAP)

    return Part(chart.height(LEAST_PITCH) + frame, chart.height(MOST_PITCH) + frame, draw)


def build_bars(material: Material, units: Sequence[str]) -> list[ParticipationBar]:
    """Return the bars of the whole and of ``units``."""
    whole = material.content["participation"]
    bars = [build_bar(material.say("brief.unit.all"), whole["valid_rate"], material)]
    for unit in units:
        released = whole["units"].get(unit, {})
        name = material.unit_words(unit)
        if "valid_rate" in released:
            bars.append(build_bar(name, released["valid_rate"], material))
        else:
            absence = say_absence(released, material.say)
            bars.append(ParticipationBar(name, 0, 0, "", absence=absence))
    return bars


def build_bar(name: str, rate: int | str, material: Material) -> ParticipationBar:
    """Return one bar."""
    low, high = _bounds(rate)
    return ParticipationBar(name, low, high, show_percent(rate, material.say))


def _bounds(rate: int | str) -> tuple[float, float]:
    """Return from where to where a rate may reach: ``40-60``, ``>95``, ``<=20``."""
    if isinstance(rate, int):
        return float(rate), float(rate)
    if rate.startswith(">"):
        return float(rate.lstrip(">=")), 100.0
    if rate.startswith("<="):
        return 0.0, float(rate.removeprefix("<="))
    low, _, high = rate.partition("-")
    return float(low), float(high)
