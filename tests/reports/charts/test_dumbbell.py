import io

from pypdf import PdfReader

from reports.charts.dot_whisker import DotScale
from reports.charts.dumbbell import LEAST_PITCH, Dumbbell, DumbbellEnd, DumbbellRow
from reports.document import Document, Metadata
from tests.reports.pictures import inked_boxes

SCALE = DotScale(
    ((0, "完全不符合"), (50, "部分符合"), (75, "比较符合"), (100, "完全符合")), (50, 75)
)


def draw(*rows: DumbbellRow, width: float = 60.0) -> bytes:
    document = Document(Metadata("t", "a", "s", "zh-CN"))
    document.start_page()
    chart = Dumbbell(rows, SCALE, width)
    assert chart.draw(document, 28, 30, LEAST_PITCH) == 30 + chart.height(LEAST_PITCH)
    return document.finish()


def row(ring: float, dot: float, note: str = "差9.9分") -> DumbbellRow:
    return DumbbellRow(
        "合作", DumbbellEnd(ring, f"{ring}"), DumbbellEnd(dot, f"{dot}"), note, "（1.0—9.0）"
    )


def test_both_numbers_and_the_distance_are_printed() -> None:
    text = PdfReader(io.BytesIO(draw(row(55.7, 65.5)))).pages[0].extract_text()
    for printed in ("55.7", "65.5", "差9.9分", "1.0—9.0", "合作"):
        assert printed in text.replace(" ", "")


def test_nothing_overlaps_wherever_the_ends_stand() -> None:
    pdf = draw(row(55.7, 65.5), row(65.5, 55.7), row(60.0, 60.0), row(88.0, 90.0))
    for boxes in inked_boxes(pdf):
        for number, box in enumerate(boxes):
            for other in boxes[number + 1 :]:
                if other[0] >= box[2]:
                    break
                wide = min(box[2], other[2]) - other[0]
                high = min(box[3], other[3]) - max(box[1], other[1])
                assert min(wide, high) < 1.5
