"""What may be shipped to a phone: old syntax, few bytes, few nodes. Runs without a browser."""

import gzip
import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from survey_service.page.assets import SHEET, SITE, script_for, style_for
from survey_service.page.units import INLINE_UNITS
from survey_service.questionnaire import load
from survey_service.roster import Roster, Unit
from survey_service.service.waves import create_wave, open_wave
from survey_service.storage.tinydb import TinyDBStore
from survey_service.wave import Notice
from survey_service.web import create_app

PARTS = (SHEET, SITE)
TODAY = date(2026, 11, 22)
STAFF = {"manager": 12, "key_staff": 15, "frontline": 60}

NOT_IN_STYLES = (
    *("inset:", ":is(", ":where(", ":has(", "clamp(", "accent-color", "aspect-ratio"),
    *("margin-inline", "padding-inline", "inset-", "@layer", "@container", "@supports", "url("),
)
NOT_IN_SCRIPTS = (
    *("?.", "??", "**=", "||=", "&&=", "`", "import(", "import ", "export ", "catch{", "#!"),
    *("{...", ",...{", "for await", "requestSubmit", "randomUUID", "replaceAll", ".at(", ".flat("),
    *("fromEntries", "matchAll", "allSettled", ".finally(", "structuredClone", "showModal"),
    *(
        "scrollIntoView({",
        "BroadcastChannel",
        "WeixinJSBridge",
        "innerHTML",
        "eval(",
        "document.cookie",
    ),
)


@pytest.mark.parametrize("part", PARTS)
def test_styles_are_old_fashioned_and_small(part: str) -> None:
    style = style_for(part)
    assert [token for token in NOT_IN_STYLES if token in style] == []
    assert not re.search(r"(?<![a-z-])gap:", style)
    assert "/*" not in style
    assert len(gzip.compress(style.encode(), 9)) <= 4000


@pytest.mark.parametrize("part", PARTS)
def test_scripts_are_old_fashioned_and_small(part: str) -> None:
    script = script_for(part)
    assert [token for token in NOT_IN_SCRIPTS if token in script] == []
    assert not re.search(r"\(\?<[=!a-zA-Z]|/[gimuy]*[sd][gimuy]*[.,;)]\s*test", script)
    assert len(gzip.compress(script.encode(), 9)) <= 5000


def test_words_stand_in_the_page_and_not_in_the_script() -> None:
    assert not re.search(r"[\u4e00-\u9fff]", script_for(SHEET))


class Nodes(HTMLParser):
    """Counts elements."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.count = 0
        self.feed(source)

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.count += bool(tag)


@pytest.fixture
def serve(tmp_path: Path) -> Callable[[int], FlaskClient]:
    """Return a function that serves a questionnaire of so many items, the last one open."""

    def make(items: int) -> FlaskClient:
        bank = load("full").items, load("m1").items, load("m2").items
        ids = list(dict.fromkeys(i.id for q in bank for i in q if i.kind == "scored"))
        order = [*ids[: items - 2], "G1", "T2"]
        own = tmp_path / "own.toml"
        own.write_text(
            f"""format = 1
id = "own"
version = 1
bank = "bank"
title = {{ zh = "党建与生产融合问卷", en = "Party building and production" }}
minutes = 8
sections = "dimension"
order = {order!r}
""".replace("'", '"'),
            "utf-8",
        )
        units = tuple(Unit(f"甲矿/综采{n}队", "甲矿", STAFF) for n in range(1, 4))
        roster = Roster((Unit("甲矿", None, {}), *units, Unit("机关", None, STAFF)))
        store = TinyDBStore(tmp_path / "store")
        notice = Notice("示例矿业集团", "组织部", "内线 8023", 12)
        closes = date(2026, 12, 15)
        create_wave(store, "w", load(str(own)), roster, closes=closes, notice=notice)
        open_wave(store, "w", date(2026, 11, 20))
        return create_app(store, lambda: TODAY).test_client()

    return make


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("items", [11, 30, 50])
def test_every_page_is_within_its_budget(
    serve: Callable[[int], FlaskClient], items: int, lang: str
) -> None:
    client = serve(items)
    query = "" if lang == "zh" else "?lang=en"
    sizes = {}
    pages = {"landing": f"/q/w{query}", "document": f"/q/w/v1/{lang}", "help": f"/q/w/help{query}"}
    for name, path in pages.items():
        reply = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert reply.headers["Content-Encoding"] == "gzip"
        sizes[name] = len(reply.data)
        nodes = Nodes(gzip.decompress(reply.data).decode()).count
        assert nodes <= 1500
    assert sizes["landing"] <= 8000
    assert sizes["help"] <= 8000
    assert sizes["document"] <= 14_000
    smaller = client.get(pages["document"], headers={"Accept-Encoding": "br, gzip"})
    assert smaller.headers["Content-Encoding"] == "br"
    assert len(smaller.data) < sizes["document"]
    assert sum(sizes.values()) <= 30_000


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_as_many_units_as_stand_in_the_document_fit(tmp_path: Path, lang: str) -> None:
    units = tuple(Unit(f"甲矿/综采{n}队", "甲矿", STAFF) for n in range(1, INLINE_UNITS + 1))
    store = TinyDBStore(tmp_path / "store")
    notice = Notice("示例矿业集团", "组织部", "内线 8023", 12)
    closes = date(2026, 12, 15)
    roster = Roster((Unit("甲矿", None, {}), *units))
    create_wave(store, "w", load("full"), roster, closes=closes, notice=notice)
    open_wave(store, "w", date(2026, 11, 20))
    client = create_app(store, lambda: TODAY).test_client()
    reply = client.get(f"/q/w/v1/{lang}", headers={"Accept-Encoding": "gzip"})
    assert "综采10队" in gzip.decompress(reply.data).decode()
    assert len(reply.data) <= 14_000
