"""Placing the parts of a page one below another, so that the page is full and nothing overlaps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reports.document import Document
from reports.typography import PageOverflowError

LEAST_GAP, MOST_GAP = 5.0, 12.0

Draw = Callable[[Document, float, float], None]


@dataclass(frozen=True)
class Part:
    """Something drawn at a given top with a given height between ``least`` and ``most``."""

    least: float
    most: float
    draw: Draw


@dataclass(frozen=True)
class Placed:
    """A part with its place on the page, in millimetres."""

    part: Part
    top: float
    height: float


def stack(parts: Sequence[Part], top: float, bottom: float) -> list[Placed]:
    """Place ``parts`` from ``top`` down; spare room goes to the parts first, then to the gaps.

    The last part stands on ``bottom`` unless the page is so empty that the gaps would be holes.
    """
    room = bottom - top - LEAST_GAP * (len(parts) - 1)
    spare = room - sum(part.least for part in parts)
    if spare < -0.01:
        raise PageOverflowError(f"the parts are {-spare:.1f} mm too tall for the page")
    growth = sum(part.most - part.least for part in parts)
    share = min(1.0, spare / growth) if growth else 0.0
    heights = [part.least + share * (part.most - part.least) for part in parts]
    left_over = bottom - top - sum(heights)
    gap = min(MOST_GAP, left_over / (len(parts) - 1)) if len(parts) > 1 else 0.0
    placed = []
    y = top
    for part, height in zip(parts, heights, strict=True):
        placed.append(Placed(part, y, height))
        y += height + gap
    last = placed[-1]
    is_near = bottom - (last.top + last.height) <= MOST_GAP
    return (
        [*placed[:-1], Placed(last.part, bottom - last.height, last.height)] if is_near else placed
    )


def draw_all(document: Document, placed: Sequence[Placed]) -> None:
    """Draw every part at its place."""
    for one in placed:
        one.part.draw(document, one.top, one.height)
