import copy
import json
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reports import render_brief
from reports.material import Material
from survey_service.disclosure.release import Release
from survey_service.i18n import LANGUAGES, words
from survey_service.questionnaire import Questionnaire, load

Content = dict[str, Any]
Case = tuple[Content, str]

MINE = json.loads((Path(__file__).parent / "data" / "mine_release.json").read_text("utf-8"))
SECOND = json.loads(
    (Path(__file__).parent / "data" / "mine_second_release.json").read_text("utf-8")
)
HIDDEN = {"suppressed": "privacy"}
PULSE = [
    "O1_4b",
    "O2_3a",
    "O3_3a",
    "P1_1a",
    "P2_1a",
    "P3_2c",
    "P4_1b",
    "M1_3a",
    "M2_3a",
    "M3_2c",
    "M4_5c",
]


def _coarsen(score: Content) -> Content:
    """Write a score as a release does for 10-19 people."""
    low = int(score["mean"] - 9) // 5 * 5
    return {"n": "10-19", "mean": round(score["mean"]), "ci95": [low, low + 25]}


def _full(content: Content) -> str:
    assert content["questionnaire"]["id"] == "full"
    return "full"


def _pulse(content: Content) -> str:
    content["items"] = {item: content["items"][item] for item in PULSE}
    for item in PULSE:
        dimension = content["dimensions"][item[:2]]
        content["items"][item] |= {"mean": dimension["mean"], "ci95": dimension["ci95"]}
        content["dimensions"][item[:2]] = content["items"][item]
    return "pulse"


def _deep_dive(content: Content) -> str:
    chance = random.Random(3)
    content["index"] = None
    content["blocks"] = {"M": content["blocks"]["M"]}
    content["dimensions"] = {"M2": content["dimensions"]["M2"]}
    content["items"] = {}
    for item in load("m2").scored:
        favourable = chance.randint(28, 66)
        mean = 20.0 + favourable
        content["items"][item.id] = {
            "n": 118,
            "mean": mean,
            "ci95": [mean - 3.5, mean + 3.5],
            "favourable": favourable,
            "neutral": 20,
            "unfavourable": 80 - favourable,
        }
    content |= {"gaps": {"M2": content["gaps"]["M2"]}, "drivers": None}
    for unit in content["units"].values():
        if "dimensions" in unit:
            unit["dimensions"] = {"M2": unit["dimensions"]["M2"]}
    return "m2"


def _without_roster(content: Content) -> str:
    content["participation"] |= {
        "invited": None,
        "valid_rate": None,
        "returned_rate": None,
        "units": {},
    }
    content |= {"units": {}, "unit_order": []}
    return "full"


def _tiny(content: Content) -> str:
    content["index"] = _coarsen(content["index"]) | {"band": "borderline"}
    for level in ("blocks", "dimensions", "items"):
        content[level] = {name: _coarsen(score) for name, score in content[level].items()}
    order = ["示例煤矿/甲队", "示例煤矿/乙队"]
    content |= {"gaps": dict.fromkeys(content["gaps"], HIDDEN), "weighting": {"weighted": False}}
    content |= {"units": dict.fromkeys(order, HIDDEN), "unit_order": order, "quality": {}}
    content["participation"] |= {
        "invited": 24,
        "returned": "10-19",
        "valid": "10-19",
        "excluded": None,
        "valid_rate": "60-80",
        "returned_rate": "60-80",
        "units": dict.fromkeys(order, HIDDEN),
    }
    return "full"


def _hidden(content: Content) -> str:
    _tiny(content)
    content["index"] = HIDDEN
    for level in ("blocks", "dimensions", "items", "units"):
        content[level] = dict.fromkeys(content[level], HIDDEN)
    content |= {"roles": dict.fromkeys(content["roles"], HIDDEN), "drivers": None}
    content["participation"] |= {"valid": "5-9", "returned": "5-9", "valid_rate": "<=20"}
    return "full"


def _unanswered(content: Content) -> str:
    content["dimensions"]["M4"] = {"mean": None, "reason": "no_data"}
    content["blocks"]["M"] = {"mean": None, "reason": "no_data"}
    content["index"] = {"mean": None, "reason": "no_data"}
    content["items"]["M4_1b"] = {"mean": None, "reason": "no_data"}
    return "full"


def _one_unit(content: Content) -> str:
    first = content["unit_order"][0]
    content |= {"unit_order": [first], "units": {first: content["units"][first]}}
    return "full"


def _sixty_units(content: Content) -> str:
    scores = [content["units"][unit] for unit in content["unit_order"][:-1]]
    order = [f"示例集团/第{number // 10 + 1}矿/综采{number}队" for number in range(60)]
    content["unit_order"] = order
    content["units"] = {
        unit: scores[number % 8] if number % 7 else HIDDEN for number, unit in enumerate(order)
    }
    content["participation"]["units"] = {
        unit: {"invited": 100, "valid": 45, "valid_rate": 45} for unit in order
    }
    return "full"


def _odd_names(content: Content) -> str:
    long = "某某能源集团有限责任公司示例煤矿分公司综合机械化采煤第一工区生产技术管理党支部"
    names = [
        "<b>综采&amp;{{7*7}}",
        f"{long}一队",
        f"{long}二队",
        "镕喆堃昇赟玥𬭎队",
        "Mine No. 7 Longwall & Co. %s {0} \\n",
        "甲队+😀队",
        "*",
        "-",
        "\u202e反转\n换行\u200b",
    ]
    order = [f"示例煤矿/{name}" for name in names]
    old = content["unit_order"]
    content["units"] = {new: content["units"][unit] for new, unit in zip(order, old, strict=True)}
    content["unit_order"] = order
    content["participation"]["units"] = {
        unit: {"invited": 100, "valid": ">=96", "valid_rate": ">95"} for unit in order
    }
    content["wave"] |= {
        "organisation": long + "<i>&{{7*7}}镕",
        "title": "2026年第一期党建与生产经营深度融合全面测评（试点单位扩大范围第二批）",
        "rehearsal": True,
    }
    return "full"


def _unnamed(content: Content) -> str:
    content["wave"] |= {"organisation": "", "title": "", "id": "mine-2026"}
    return "full"


def _level(content: Content) -> str:
    for level in ("blocks", "dimensions"):
        for score in content[level].values():
            score |= {"mean": 60.0, "ci95": [57.0, 64.0]}
    return "full"


def _extreme(content: Content) -> str:
    for number, score in enumerate(content["dimensions"].values()):
        mean = 100.0 if number % 2 else 0.0
        share = 100 if number % 2 else 0
        score |= {"mean": mean, "ci95": [mean, mean]}
        score |= {"favourable": share, "neutral": 0, "unfavourable": 100 - share}
    return "full"


def _second_wave(content: Content) -> str:
    """Write a weighted wave that follows another, with everything there is to say of it."""
    content |= copy.deepcopy(SECOND)
    content["change"]["index"] = {
        "difference": -12.4,
        "ci95": [-14.5, -10.2],
        "direction": "down",
    }
    content["notes"] = [
        "exclusion_matters",
        "many_excluded",
        "open_access",
        "rounding",
        "trial",
        "weighting_matters",
    ]
    return "full"


def _reorganised(content: Content) -> str:
    content["change"] = {"previous": {"id": "2026-1"}, "reason": "reorganised"}
    content["notes"] = ["rounding", "trial"]
    return "full"


CASES: dict[str, Callable[[Content], str]] = {
    "full": _full,
    "pulse": _pulse,
    "deep dive": _deep_dive,
    "without roster": _without_roster,
    "tiny": _tiny,
    "hidden": _hidden,
    "unanswered": _unanswered,
    "one unit": _one_unit,
    "sixty units": _sixty_units,
    "odd names": _odd_names,
    "unnamed": _unnamed,
    "level": _level,
    "extreme": _extreme,
    "second wave": _second_wave,
    "reorganised": _reorganised,
}


@cache
def render_case(name: str, lang: str) -> bytes:
    """Render each case once for all tests that only read it."""
    content, questionnaire = build_case(name)
    return render_brief(Release(content), load(questionnaire), lang)


def build_case(name: str) -> Case:
    content = copy.deepcopy(MINE)
    return content, CASES[name](content)


@pytest.fixture
def mine() -> Content:
    """Return the release of the synthetic mine; a test may change it."""
    return copy.deepcopy(MINE)


@pytest.fixture
def calm(mine: Content) -> Content:
    """Return the mine as it would be if all ranks saw it alike."""
    for gap in mine["gaps"].values():
        gap |= {"difference": 0.5, "ci95": [-3.0, 4.0], "direction": "none", "size": "very_small"}
    return mine


@pytest.fixture(params=sorted(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    """Return each hard case in turn: a release's content and its questionnaire's id."""
    return build_case(request.param)


@pytest.fixture(params=[(name, lang) for name in sorted(CASES) for lang in LANGUAGES], ids="-".join)
def pdf(request: pytest.FixtureRequest) -> bytes:
    """Return the brief of each hard case in each language."""
    return render_case(*request.param)


@pytest.fixture
def make_case() -> Callable[[str], Case]:
    """Return the builder of one case by name."""
    return build_case


@pytest.fixture
def render() -> Callable[..., bytes]:
    """Return a function that renders content."""

    def render_content(content: Content, questionnaire: str = "full", lang: str = "zh") -> bytes:
        return render_brief(Release(content), load(questionnaire), lang)

    return render_content


@pytest.fixture
def make_material() -> Callable[..., Material]:
    """Return a function that wraps content for the finding rules."""

    def make(content: Content, questionnaire: str = "full", lang: str = "zh") -> Material:
        definition: Questionnaire = load(questionnaire)
        return Material(content, definition, words(lang))

    return make
