"""What pages of the reports look like, small and grey, kept beside the tests.

``python -m tests.reports.pictures`` draws them again after a change that somebody looked at.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

from reports.unit_brief import render_unit_brief
from survey_service.disclosure.release import Release
from survey_service.questionnaire import load
from tests.reports.mine import SECOND

FOLDER = Path(__file__).parent / "data" / "pages"
#: Dots an inch: enough to see a line move by a millimetre, little enough to keep.
DOTS = 50
CASES = (
    ("full", "zh"),
    ("full", "en"),
    ("second wave", "zh"),
    ("second wave", "en"),
    ("pulse", "zh"),
    ("deep dive", "zh"),
    ("without roster", "zh"),
    ("tiny", "zh"),
    ("hidden", "zh"),
    ("sixty units", "zh"),
    ("odd names", "zh"),
)
UNIT = "掘进队"

Picture = NDArray[np.uint8]


def draw_unit(lang: str) -> bytes:
    """Return the brief of one unit of the mine's second wave."""
    release = Release(json.loads(SECOND.read_text("utf-8")))
    return render_unit_brief(release, load("full"), UNIT, lang)


def picture_pages(pdf: bytes, dots: float = DOTS) -> list[Picture]:
    """Return each page in grey, one byte a dot."""
    document = pypdfium2.PdfDocument(pdf)
    found = [np.asarray(page.render(scale=dots / 72, grayscale=True).to_pil()) for page in document]
    document.close()
    return found


def inked_boxes(pdf: bytes) -> Iterator[list[tuple[float, ...]]]:
    """Return, for each page, the boxes of everything that leaves ink, from left to right."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        text = page.get_textpage()
        boxes = {text.get_charbox(number) for number in range(text.count_chars())}
        yield sorted(box for box in boxes if box[2] > box[0] and box[3] > box[1])
    document.close()


def name_picture(case: str, lang: str, page: int) -> Path:
    """Return where the picture of a page is kept."""
    return FOLDER / f"{case.replace(' ', '-')}-{lang}-{page}.png"


if __name__ == "__main__":
    from tests.reports.conftest import render_case

    FOLDER.mkdir(exist_ok=True)
    drawn = [(*case, render_case(*case)) for case in CASES]
    drawn += [("unit", lang, draw_unit(lang)) for lang in ("zh", "en")]
    for case, lang, pdf in drawn:
        for number, picture in enumerate(picture_pages(pdf), 1):
            kept = Image.fromarray(picture).quantize(16)
            kept.save(name_picture(case, lang, number), optimize=True)
