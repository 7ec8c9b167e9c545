import copy
import io
import json
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader

from reports import theme
from reports.typography import POINTS_PER_MM
from reports.unit_brief import list_unit_briefs, render_unit_brief
from survey_service.disclosure.release import Release
from survey_service.i18n import LANGUAGES
from survey_service.questionnaire import load
from tests.reports.mine import FIRST, SECOND
from tests.reports.pictures import inked_boxes
from tests.reports.test_brief import read

Content = dict[str, Any]
WAVES = {"first": FIRST, "second": SECOND}
UNITS = json.loads(SECOND.read_text("utf-8"))["unit_order"]


@cache
def render(wave: str, unit: str, lang: str = "zh") -> bytes:
    release = Release.from_json(WAVES[wave].read_text("utf-8"))
    return render_unit_brief(release, load("full"), unit, lang)


def render_content(content: Content, unit: str) -> bytes:
    return render_unit_brief(Release(content), load("full"), unit)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_gets_two_clean_sheets(unit: str, lang: str) -> None:
    pdf = render("second", unit, lang)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    assert len(pdf) < 400_000
    for boxes in inked_boxes(pdf):
        for number, box in enumerate(boxes):
            for other in boxes[number + 1 :]:
                if other[0] >= box[2]:
                    break
                wide = min(box[2], other[2]) - other[0]
                high = min(box[3], other[3]) - max(box[1], other[1])
                assert min(wide, high) < 1.5


def test_it_shows_the_unit_and_the_whole_and_no_other_unit() -> None:
    text = read(render("second", "掘进队"))
    for sentence in ("掘进队融合指数48.9分", "11项低于其他单位，建议先了解情况", "单位简报"):
        assert sentence in text
    for other in set(UNITS) - {"掘进队"}:
        assert other not in text


def test_every_number_of_the_unit_is_the_released_one() -> None:
    content = json.loads(SECOND.read_text("utf-8"))
    text = read(render("second", "掘进队"))
    for score in content["units"]["掘进队"]["dimensions"].values():
        assert str(score["mean"]) in text
    for score in content["dimensions"].values():
        assert str(score["unweighted"]["mean"]) in text


def test_a_hidden_unit_gets_none() -> None:
    release = Release.from_json(FIRST.read_text("utf-8"))
    assert "地测科" in release.content["unit_order"]
    assert list_unit_briefs(release) == tuple(release.content["unit_order"][:-1])


def test_the_unit_above_is_shown_beside_it() -> None:
    content = json.loads(FIRST.read_text("utf-8"))
    renamed = {"综采一队": "一矿", "综采二队": "一矿/综采二队", "掘进队": "二矿"}
    for part in (content["units"], content["participation"]["units"]):
        for old, new in renamed.items():
            part[new] = part.pop(old)
    content["unit_order"] = list(renamed.values())
    text = read(render_content(content, "一矿/综采二队"))
    assert "一矿" in text
    assert "二矿" not in text


def test_hidden_roles_are_said_in_the_words_of_every_hidden_figure() -> None:
    content = json.loads(FIRST.read_text("utf-8"))
    roles = content["units"]["掘进队"]["roles"]
    content["units"]["掘进队"]["roles"] = {key: {"suppressed": "privacy"} for key in roles}
    assert "—（为保护匿名，不显示）" in read(render_content(content, "掘进队"))


def test_a_unit_of_few_people_is_not_compared() -> None:
    content = json.loads(FIRST.read_text("utf-8"))
    unit = copy.deepcopy(content["units"]["掘进队"])
    for level in ("blocks", "dimensions"):
        for name, score in unit[level].items():
            low = int(score["mean"]) // 5 * 5 - 10
            unit[level][name] = {
                "n": "5-9",
                "mean": int(score["mean"]),
                "ci95": [low, low + 25],
            }
    unit["index"] = {"n": "5-9", "mean": 48, "ci95": [40, 60]}
    content["units"]["掘进队"] = unit
    content["participation"]["units"]["掘进队"] = {
        "invited": 12,
        "valid": "5-9",
        "valid_rate": "40-60",
    }
    text = read(render_content(content, "掘进队"))
    assert "作答人数少，仅供参考，不宜比较" in text
    assert "人数太少，没有与其他单位作比较" in text
    assert "建议先做" not in text


def test_the_same_release_gives_the_same_bytes() -> None:
    assert render("first", "掘进队") == render.__wrapped__("first", "掘进队")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["综合机械化采煤第一工区" * 4, "Longwall " * 9, "<b>{0}%s</b>😀"])
def test_a_unit_of_any_name_fits(name: str, lang: str) -> None:
    content = json.loads(FIRST.read_text("utf-8"))
    for part in (content["units"], content["participation"]["units"]):
        part[name] = part.pop("掘进队")
    content["unit_order"] = [name, "综采一队"]
    pdf = render_unit_brief(Release(content), load("full"), name, lang)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    for boxes in inked_boxes(pdf):
        assert max(box[2] for box in boxes) <= (theme.RIGHT + 1.2) * POINTS_PER_MM
