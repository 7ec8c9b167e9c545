"""QR codes: large enough to be scanned from paper, and drawn in a terminal without the PDF library."""

import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
import segno
import zxingcpp
from PIL import Image, ImageOps

from reports.document import Document, Metadata
from reports.qr import LEAST_MODULE_MM, QUIET_ZONE, draw_qr, write_for_terminal

ROOT = Path(__file__).parents[2]
DOTS_PER_MM = 20
LEFT, TOP, SIZE = 30, 40, 28
LINK = "http://10.20.30.40:8000/q/2026-1#c=0123-4567-89AB-CDEF"


def draw(text: str) -> Image.Image:
    """Draw a QR on a sheet of its own and return the sheet."""
    document = Document(Metadata("", "", "", "en"))
    document.start_page()
    draw_qr(document, text, LEFT, TOP, SIZE)
    page = pypdfium2.PdfDocument(document.finish())[0]
    picture: Image.Image = page.render(scale=DOTS_PER_MM * 25.4 / 72).to_pil().convert("L")
    return picture


@pytest.mark.parametrize("text", [LINK, LINK + "0" * 150, "党建" * 30])
def test_what_is_drawn_is_read(text: str) -> None:
    (found,) = zxingcpp.read_barcodes(draw(text))
    assert (found.text, found.ec_level) == (text, "M")


@pytest.mark.parametrize("text", [LINK, LINK + "0" * 150])
def test_it_fills_its_square_but_for_the_quiet_zone(text: str) -> None:
    ink = ImageOps.invert(draw(text)).point(lambda value: 255 * (value > 128)).getbbox()
    assert ink is not None
    modules = len(segno.make_qr(text, error="m", boost_error=False).matrix)
    module = SIZE / (modules + 2 * QUIET_ZONE)
    assert module >= LEAST_MODULE_MM
    inner = (LEFT + 4 * module, TOP + 4 * module, LEFT + SIZE - 4 * module, TOP + SIZE - 4 * module)
    assert [side / DOTS_PER_MM for side in ink] == pytest.approx(inner, abs=0.11)


def test_modules_too_small_to_scan_are_refused() -> None:
    with pytest.raises(ValueError, match="characters are too many"):
        draw("x" * 260)


def test_a_terminal_shows_it_without_the_pdf_library() -> None:
    program = (
        "import sys; from reports.qr import write_for_terminal; write_for_terminal('x')\n"
        "sys.exit('reportlab' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=ROOT).returncode == 0


def test_a_terminal_gets_two_rows_a_line() -> None:
    lines = write_for_terminal(LINK).splitlines()
    modules = len(segno.make_qr(LINK, error="m").matrix)
    assert modules / 2 < len(lines) <= modules / 2 + QUIET_ZONE + 1
