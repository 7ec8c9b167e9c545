"""The embedded faces, a company's own before ours: widths, and which face can draw a character."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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


#: What a company's own font stands before: its name in PDF files, and the face of ours.
HOUSE_FACES = {"text": REGULAR, "bold": BOLD, "title": SERIF}


@dataclass(frozen=True)
class House:
    """A company's own fonts, by what they set (``text``, ``bold``, ``title``), and its logo.

    ``key`` is a hash of the files: two houses with one key look alike.
    """

    key: str
    fonts: Mapping[str, Path]
    logo: bytes | None = None


class _Chosen:
    """The house whose fonts are in use; rendering is the work of one process and one thread."""

    house: House | None = None


def use_house(house: House | None) -> None:
    """Set with a company's fonts from here on, or with ours alone."""
    register_faces()
    if house == _Chosen.house:
        return
    for use, path in ({} if house is None else house.fonts).items():
        name = _house_name(house, use)
        pdfmetrics.registerFont(ttfonts.TTFont(name, str(path), shapable=False))
    _Chosen.house = house
    choose_face.cache_clear()
    measure_advance.cache_clear()


def _house_name(house: House | None, use: str) -> str:
    return f"House{use.title()}{'' if house is None else house.key[:8]}"


def _list_faces(face: str) -> Iterator[str]:
    """Yield the faces that may draw what is set in ``face``, the company's own first."""
    house = _Chosen.house
    for use in () if house is None else house.fonts:
        if HOUSE_FACES[use] == face:
            yield _house_name(house, use)
    yield from FALLBACK[face]


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
    for name in _list_faces(face):
        if ord(char) in pdfmetrics.getFont(name).face.charToGlyph:
            return name, char
    logger.info("No face can draw U+%04X; a placeholder stands in its place.", ord(char))
    _draw_as_placeholder(char)
    return REGULAR, char


def _draw_as_placeholder(char: str) -> None:
    """Let a character that no face holds, such as an emoji, look like the sign for missing type.

    It keeps its own code, so that a search, a copy or a screen reader still gives it back.
    """
    face = pdfmetrics.getFont(REGULAR).face
    face.charToGlyph[ord(char)] = face.charToGlyph[ord(MISSING)]
    face.charWidths[ord(char)] = face.charWidths[ord(MISSING)]


@cache
def measure_advance(char: str, face: str) -> float:
    """Return the width of a character in em; ``face`` must hold it."""
    register_faces()
    return float(pdfmetrics.getFont(face).face.getCharWidth(ord(char))) / 1000
