"""What a sheet is filled with: pieces that are drawn whole, with the air above them."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.document import Document

Draw = Callable[[Document, float], object]


@dataclass(frozen=True)
class Piece:
    """Something ``height`` millimetres high that ``draw(document, top)`` puts on a sheet.

    ``space`` is the air above it, dropped at the top of a sheet; ``keeps`` ties it to the next piece;
    with ``room`` it begins a sheet unless so much is left; ``again`` is drawn before it where it
    does not follow another piece of the same ``table``; what ``floats`` may wait for the next sheet
    while the text goes on. ``anchor`` is where links to it lead; ``level`` and ``title`` list it as a heading.
    """

    height: float
    draw: Draw
    space: float = 0.0
    keeps: bool = False
    room: float = 0.0
    again: "Piece | None" = None
    table: str = ""
    floats: bool = False
    anchor: str = ""
    level: int = 0
    title: str = ""


@dataclass(frozen=True)
class Placed:
    """A piece and where it begins on its sheet."""

    piece: Piece
    top: float
