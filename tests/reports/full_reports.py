"""The full reports that tests read: every case once, as blocks and as a file."""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from reports.blocks import Block
from reports.full.writing import write_report
from reports.material import Material
from reports.report import render_report
from survey_service.disclosure.release import Release
from survey_service.i18n import words
from survey_service.questionnaire import load
from tests.reports.conftest import CASES, build_case

Content = dict[str, Any]

SECOND = json.loads(
    (Path(__file__).parent / "data" / "mine_second_release.json").read_text("utf-8")
)
SECTIONS = (
    "读前须知",
    "一、主要结论",
    "二、参与情况",
    "三、总体得分",
    "四、单位比较",
    "五、题目表现",
    "六、管理者与一线的看法差距",
    "七、与成效的关联",
    "八、与上期比较",
    "九、专题：生产安全",
    "十、专题：四项机制",
    "十一、员工意见",
    "十二、改进建议",
    "附录",
)


@cache
def render(name: str, lang: str = "zh") -> bytes:
    content, questionnaire = get_case(name)
    return render_report(Release(content), load(questionnaire), lang)


def get_case(name: str) -> tuple[Content, str]:
    if name == "two waves":
        return copy.deepcopy(SECOND), "full"
    if name == "rich":
        return enrich(copy.deepcopy(SECOND)), "full"
    return build_case(name)


def enrich(content: Content) -> Content:
    """Let everything be there that the mine lacks: an order of drivers, three ranks, comments."""
    levels = ("strong", "weak", "similar", "similar")
    quadrants = ("improve", "maintain", "keep", "watch")
    for number, one in enumerate(content["drivers"]["dimensions"].values()):
        one |= {"level": levels[number % 4], "quadrant": quadrants[number % 4]}
        one |= {"certain": number % 4 < 2}
    content["drivers"] |= {"ranked": True, "disagrees": True}
    for key in ("manager", "key_staff"):
        content["roles"][key] = copy.deepcopy(content["roles"]["manager+key_staff"])
    content["comments"] = [
        {"item": "T1", "theme": "会后没有回音", "mentions": 23, "paraphrases": ["意见没有下文"]},
        {"item": "T2", "theme": "<b>班中餐</b>\u202e", "mentions": "5-9", "paraphrases": []},
    ]
    content["quality"]["unfamiliar"]["frontline"] = ["P3_3d"]
    changes = content["change"]["dimensions"]
    changes["P1"], changes["P2"] = {"direction": "down"}, {"suppressed": "privacy"}
    return content


@cache
def write(name: str, lang: str = "zh") -> tuple[Block, ...]:
    content, questionnaire = get_case(name)
    return tuple(write_report(Material(content, load(questionnaire), words(lang))).blocks)


@cache
def read(pdf: bytes) -> list[str]:
    """Return the text of each page without any space."""
    return ["".join(text.split()) for text in read_lines(pdf)]


@cache
def read_lines(pdf: bytes) -> list[str]:
    """Return the text of each page as it stands."""
    document = pypdfium2.PdfDocument(pdf)
    found = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return found


ALL = ["two waves", "rich", *sorted(CASES)]
every_case = pytest.mark.parametrize("name", ALL)
