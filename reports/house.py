"""A company's own look: a folder with its fonts and logo, checked before anything is rendered.

The folder may hold ``text.ttf``, ``bold.ttf``, ``title.ttf`` and ``logo.png`` or ``logo.jpg``. What a
font lacks, character by character, comes from ours.
"""

import hashlib
import io
from pathlib import Path

from reportlab.pdfbase import ttfonts

from reports.faces import HOUSE_FACES, House
from survey_service.errors import Code, Place, SurveyError

LOGOS = ("logo.png", "logo.jpg", "logo.jpeg")
MOST_FONT_BYTES = 60_000_000
MOST_LOGO_BYTES = 2_000_000
MOST_LOGO_PIXELS = 16_000_000
#: A logo is printed 9 mm high; more than 300 dots an inch would only make files large.
LOGO_BOX = (720, 110)
#: A font must at least draw these; one without them is not for text.
NEEDED = "0123456789.%中"
RESTRICTED = 0x0002


def load_house(folder: Path) -> House:
    """Return what the folder holds.

    Raises ``house_empty`` where it holds nothing of the kind, ``font_unfit`` where a font is broken,
    not TrueType outlines, without digits or Chinese, or may not be embedded, ``logo_unfit`` where
    the picture cannot be read or is too large, ``file_unreadable`` where the disk refuses.
    """
    fonts = {use: path for use in HOUSE_FACES if (path := folder / f"{use}.ttf").is_file()}
    logo = next((path for name in LOGOS if (path := folder / name).is_file()), None)
    if not fonts and logo is None:
        raise SurveyError(Code.HOUSE_EMPTY, Place(str(folder)))
    digest = hashlib.sha256()
    for path in fonts.values():
        digest.update(_check_font(path))
    picture = None if logo is None else _read_logo(logo)
    digest.update(picture or b"")
    return House(digest.hexdigest(), fonts, picture)


def _read(path: Path, most: int, code: Code) -> bytes:
    try:
        if path.stat().st_size > most:
            raise SurveyError(code, Place(str(path)))
        return path.read_bytes()
    except OSError:
        raise SurveyError(Code.FILE_UNREADABLE, Place(str(path))) from None


def _check_font(path: Path) -> bytes:
    """Return the font's bytes, once it has shown that text can be set with it."""
    content = _read(path, MOST_FONT_BYTES, Code.FONT_UNFIT)
    try:
        face = ttfonts.TTFontFile(io.BytesIO(content))
        fits = all(ord(char) in face.charToGlyph for char in NEEDED)
        # what a broken file makes the parser trip over cannot be listed
    except Exception:  # noqa: BLE001
        raise SurveyError(Code.FONT_UNFIT, Place(str(path))) from None
    if not fits or _is_restricted(content):
        raise SurveyError(Code.FONT_UNFIT, Place(str(path)))
    return content


def _is_restricted(content: bytes) -> bool:
    """Say whether the maker forbids embedding: OS/2.fsType, "restricted licence" and nothing else."""
    tables = int.from_bytes(content[4:6], "big")
    for number in range(tables):
        entry = content[12 + 16 * number : 28 + 16 * number]
        if entry[:4] == b"OS/2":
            start = int.from_bytes(entry[8:12], "big")
            return int.from_bytes(content[start + 8 : start + 10], "big") & 0x000F == RESTRICTED
    return False


def _read_logo(path: Path) -> bytes:
    """Return the picture as PNG of the size in which it is printed."""
    from PIL import Image  # noqa: PLC0415 - comes with reportlab; only where there is a logo

    content = _read(path, MOST_LOGO_BYTES, Code.LOGO_UNFIT)
    try:
        picture = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
        if picture.width * picture.height > MOST_LOGO_PIXELS:
            raise SurveyError(Code.LOGO_UNFIT, Place(str(path)))
        plain = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise SurveyError(Code.LOGO_UNFIT, Place(str(path))) from None
    plain.thumbnail(LOGO_BOX)
    stream = io.BytesIO()
    plain.save(stream, "PNG")
    return stream.getvalue()
