from typing import cast

import pytest

from reports.charts.dot_whisker import DotScale
from reports.charts.rank_dots import RankDots, RankRow
from reports.document import Document
from tests.reports.charts.recording import RecordingDocument


def test_each_rank_has_its_own_sign_in_its_place() -> None:
    sheet = RecordingDocument()
    row = RankRow("载体创新", (40.0, 55.0, 70.0), ("40.0", "55.0", "70.0"))
    scale = DotScale(((0, "完全不符合"), (50, "部分符合")), (50, 75))
    heads = ("○一线员工", "▲基层骨干", "●管理者")
    RankDots((row,), heads, scale, 156.0).draw(cast("Document", sheet), 28.0, 40.0)
    ((front, *_),) = sheet.marks["ring"]
    ((key, *_),) = sheet.marks["triangle"]
    ((managers, *_),) = sheet.marks["dot"]
    assert front[0] < key[0] < managers[0]
    assert key[0] - front[0] == pytest.approx(managers[0] - key[0])
    assert [word for word in sheet.words if "." in word] == ["40.0", "55.0", "70.0"]
    assert set(heads) <= set(sheet.words)
