"""Charts as pictures: Word shows neither our PDF drawings nor, in older versions, SVG."""

import io
from collections.abc import Sequence

from reports.blocks import Drawing
from reports.document import Document, Metadata

DOTS = 200
_LEFT, _TOP = 10.0, 10.0
_INCH = 25.4


def draw_pictures(drawings: Sequence[Drawing]) -> list[bytes]:
    """Return each drawing as a PNG file with ``DOTS`` dots an inch."""
    import pypdfium2  # noqa: PLC0415 - loaded when a Word file is asked for

    sheets = Document(Metadata("", "", "", "zh-CN"))
    for drawing in drawings:
        sheets.start_page()
        drawing.draw(sheets, _LEFT, _TOP)
    if not drawings:
        return []
    opened = pypdfium2.PdfDocument(sheets.finish())
    try:
        pages = zip(opened, drawings, strict=True)
        return [_picture(page, drawing) for page, drawing in pages]
    finally:
        opened.close()


def _picture(page: object, drawing: Drawing) -> bytes:
    scale = DOTS / _INCH
    image = page.render(scale=DOTS / 72).to_pil()  # type: ignore[attr-defined]
    box = (_LEFT, _TOP, _LEFT + drawing.width, _TOP + drawing.height)
    stream = io.BytesIO()
    cut = image.crop(tuple(round(side * scale) for side in box))
    cut.quantize(64).save(stream, "PNG", optimize=True, dpi=(DOTS, DOTS))
    return stream.getvalue()
