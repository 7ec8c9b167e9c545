"""The four embedded faces: registering them, widths, and which face can draw a character."""

import logging
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics, ttfonts

from reports.theme import BOLD, MONO, REGULAR, SERIF
from reports.tounicode import write_to_unicode_map

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "fonts"

#: The bold faces hold GB 2312 only: a rarer character, as in a person's name, comes from the next face.
FALLBACK = {
    SERIF: (SERIF, BOLD, REGULAR),
    BOLD: (BOLD, REGULAR),
    REGULAR: (REGULAR,),
    MONO: (MONO, REGULAR),
}

#: Drawn where no face has the character: the printers' sign for "type is missing here".
MISSING = "〓"


@cache
def register_faces() -> None:
    """Make the faces known to reportlab, once."""
    ttfonts.makeToUnicodeCMap = write_to_unicode_map
    for name in FALLBACK:
        pdfmetrics.registerFont(ttfonts.TTFont(name, str(FOLDER / f"{name}.ttf"), shapable=False))


def check_faces() -> tuple[str, ...]:
    """Return the names of the faces that cannot be used, by trying each."""
    missing = []
    for name in FALLBACK:
        try:
            ttfonts.TTFont(name, str(FOLDER / f"{name}.ttf"), shapable=False)
        except (OSError, ttfonts.TTFError):
            missing.append(name)
    return tuple(missing)


@cache
def choose_face(char: str, face: str) -> tuple[str, str]:
    """Return the face that draws ``char`` nearest to ``face``, and the character it draws."""
    register_faces()
    for name in FALLBACK[face]:
        if ord(char) in pdfmetrics.getFont(name).face.charToGlyph:
            return name, char
    logger.info("No face can draw U+%04X; a placeholder stands in its place.", ord(char))
    return REGULAR, MISSING


@cache
def measure_advance(char: str, face: str) -> float:
    """Return the width of a character in em; ``face`` must hold it."""
    register_faces()
    return float(pdfmetrics.getFont(face).face.getCharWidth(ord(char))) / 1000
