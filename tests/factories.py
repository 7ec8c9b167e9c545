"""Things that many tests need, one function each; overrides go in as arguments."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from survey_service.answers import tabulate
from survey_service.questionnaire import Questionnaire, load
from survey_service.response import Comment, Response, Submission
from survey_service.roster import Roster, Unit, parse_roster
from survey_service.scoring.careless import CarelessFlags
from survey_service.snapshot import Snapshot
from survey_service.store import Store
from survey_service.strata import make_strata
from survey_service.table import parse_table
from survey_service.wave import Notice, Wave, make_unit_keys

OPENED = date(2026, 10, 8)
CLOSED = date(2026, 10, 20)

NOTICE = Notice("示例煤矿", "示例煤矿工会", "工会办公室", 12)

SMALL = """
format = 1
id = "small"
version = 1
title = { zh = "小问卷", en = "Small" }
minutes = 1
index = { zh = "小指数", en = "Small index" }
sections = "dimension"
order = ["A1_1a", "A1_1b", "CHECK", "B1_1a", "B1_1b", "WORDS"]
source = { zh = "测试", en = "Test" }
status = { zh = "试测版", en = "Trial version" }
opening = { zh = "约{minutes}分钟。", en = "About {minutes} minutes." }

[languages]
zh = "source"
en = "unvalidated"

[scales.fit]
stem = { zh = "相符吗？", en = "How true?" }
options = [
  { code = 1, label = { zh = "完全不符合", en = "Not true at all" } },
  { code = 2, label = { zh = "不太符合", en = "Mostly not true" } },
  { code = 3, label = { zh = "部分符合", en = "Partly true" } },
  { code = 4, label = { zh = "比较符合", en = "Mostly true" } },
  { code = 5, label = { zh = "完全符合", en = "Completely true" } },
]
not_applicable = { code = 9, label = { zh = "不了解／不适用", en = "Don't know" } }
favourable = [4, 5]
neutral = [3]
unfavourable = [1, 2]

[[blocks]]
id = "A"
name = { zh = "甲块", en = "Block A" }
weight = 0.6

[[blocks]]
id = "B"
name = { zh = "乙块", en = "Block B" }
weight = 0.4

[[dimensions]]
id = "A1"
block = "A"
name = { zh = "甲一", en = "A one" }

[[dimensions]]
id = "B1"
block = "B"
name = { zh = "乙一", en = "B one" }

[[facets]]
id = "A1_1"
dimension = "A1"
name = { zh = "甲面", en = "Facet A" }

[[facets]]
id = "B1_1"
dimension = "B1"
name = { zh = "乙面", en = "Facet B" }

[[items]]
id = "A1_1a"
facet = "A1_1"
text = { zh = "任务讲得清楚。", en = "Tasks are clear." }

[[items]]
id = "A1_1b"
facet = "A1_1"
text = { zh = "事情一拖再拖。", en = "Things are put off." }
reverse = true

[[items]]
id = "B1_1a"
facet = "B1_1"
text = { zh = "同事会帮忙。", en = "Colleagues help." }
variants = { manager = { zh = "我会帮同事。", en = "I help colleagues." } }

[[items]]
id = "B1_1b"
facet = "B1_1"
text = { zh = "有事知道找谁。", en = "I know whom to ask." }

[[extras]]
id = "CHECK"
kind = "attention"
scale = "fit"
text = { zh = "请选“不太符合”。", en = "Please choose: Mostly not true." }
expected = 2

[[extras]]
id = "WORDS"
kind = "open"
text = { zh = "最想改进什么？", en = "What should improve?" }
hint = { zh = "请不要写姓名。", en = "No names." }
limit = 20
"""


def make_questionnaire(folder: Path, text: str = SMALL) -> Questionnaire:
    """Load a questionnaire from TOML text."""
    path = folder / "small.toml"
    path.write_text(text, encoding="utf-8")
    return load(str(path))


def make_roster(headcounts: Mapping[str, Mapping[str, int]]) -> Roster:
    """Make a roster of paths; parents are entered as they come."""
    units: dict[str, Unit] = {}
    for path, counts in headcounts.items():
        parts = path.split("/")
        for depth in range(1, len(parts)):
            above = "/".join(parts[:depth])
            units.setdefault(above, Unit(above, above.rpartition("/")[0] or None, {}))
        units[path] = Unit(path, path.rpartition("/")[0] or None, dict(counts))
    return Roster(tuple(units.values()))


def read_roster(text: str, name: str = "roster.csv", encoding: str = "utf-8") -> Roster:
    """Parse a roster from CSV text."""
    return parse_roster(parse_table(name, text.encode(encoding)))


def make_wave(questionnaire: Questionnaire, roster: Roster | None = None, **overrides: Any) -> Wave:
    """Make an open wave, with strata and unit keys where it has a roster."""
    settings: dict[str, Any] = {"id": "w1", "opened_on": OPENED, "salt": secrets.token_hex(8)}
    if roster is not None:
        settings |= {
            "roster": roster,
            "strata": make_strata(roster),
            "unit_keys": make_unit_keys(roster),
        }
    return Wave(questionnaire=questionnaire, **(settings | overrides))


def keep_all(people: int) -> CarelessFlags:
    """Make flags under which nobody is careless."""
    no = np.zeros(people, np.bool_)
    return CarelessFlags(no, no, no, no, no, no, no, no)


def make_submission(
    number: int, stratum: str = "all", answers: str = "45214", comments: Sequence[str] = ()
) -> Submission:
    """Make the ``number``-th submission; its digest follows from the number."""
    said = tuple(Comment("WORDS", "all", text) for text in comments)
    return Submission(f"{number:064x}", Response(stratum, "ok", answers), said)


def fill_store(store: Store, questionnaire: Questionnaire) -> None:
    """Keep a closed wave, an open one, one with cards and a draft, each with answers of its own.

    ``closed`` has 30 responses and comments; ``linked`` 27, of which 5 from paper; ``carded`` 12 of
    40 people; ``draft`` has cards and was not opened.
    """
    keep_comments(store, make_wave(questionnaire, id="closed"), [f"话{n}" for n in range(30)])
    roster = make_roster({"矿/甲队": {"manager": 10, "frontline": 30}})
    codes = make_codes()
    by_stratum = {code: stratum for stratum, drawn in codes.items() for code in drawn}
    spent = [*codes["s001"][:4], *codes["s002"][:8]]
    said = [make_submission(n, "s002", f"{n % 5 + 1}4-19") for n in range(22)]
    paper = [make_submission(99, "s001")] * 5
    with_cards = [
        make_submission(n, by_stratum[code], comments=[f"卡{n}"]) for n, code in enumerate(spent)
    ]

    def keep(wave: Wave, batch: Sequence[Submission], **parts: Any) -> None:
        comments = [replace(c, id=str(n)) for n, each in enumerate(batch) for c in each.comments]
        answers = tabulate([each.response for each in batch], len(questionnaire.closed))
        receipts = {each.digest: f"{n:04d}-TEST" for n, each in enumerate(batch)}
        store.restore(Snapshot(wave, answers, tuple(comments), receipts, **parts))

    keep(make_wave(questionnaire, roster, id="linked"), [*said, *paper])
    carded = make_wave(questionnaire, roster, id="carded", access="codes", codes_issued=1)
    keep(carded, with_cards, codes=by_stratum, spent=frozenset(spent))
    keep(replace(carded, id="draft", opened_on=None, salt="ab"), [], codes=by_stratum)


def make_codes() -> dict[str, list[str]]:
    """Make the hashes of the codes of ``fill_store``: ten managers, thirty others."""
    drawn = [hashlib.sha256(f"code {n}".encode()).hexdigest() for n in range(40)]
    return {"s001": drawn[:10], "s002": drawn[10:]}


def keep_comments(store: Store, wave: Wave, texts: Sequence[str]) -> Wave:
    """Create a wave, fill it with one response for every comment, and close it."""
    store.create_wave(wave)
    batch = [
        make_submission(
            n, answers=f"{n % 5 + 1}{n * 3 % 5 + 1}2{n % 4 + 1}{n % 3 + 2}", comments=[text]
        )
        for n, text in enumerate(texts)
    ]
    store.import_batch(wave.id, batch, OPENED)
    return store.close_wave(wave.id, CLOSED, now=True)
