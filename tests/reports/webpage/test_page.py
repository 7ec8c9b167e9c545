"""The report as one web page, read by a parser, by a browser and by axe."""

import copy
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from reports import render_report_page
from reports.blocks import Figure, Heading, Report, Table
from reports.faces import use_house
from reports.full.writing import write_report
from reports.material import Material
from survey_service.disclosure.release import Release
from survey_service.i18n import LANGUAGES, words
from survey_service.questionnaire import load
from tests.reports.conftest import build_case
from tests.reports.mine import SECOND

LARGEST = 1_500_000
VOID = frozenset({"meta"})


class Reader(HTMLParser):
    """Collects what a page holds; every element must be closed where it was opened."""

    def __init__(self, markup: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.heads: list[tuple[int, str]] = []
        self.cells: list[str] = []
        self.words: list[str] = []
        self.feed(markup.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [value for key in ("id",) if (value := given.get(key))]
        self.links += [value for key in ("href",) if (value := given.get(key))]
        self.sources += [value for key in ("src", "srcset", "data") if (value := given.get(key))]
        if tag in {"td", "th"}:
            self.cells.append("")
        if re.fullmatch(r"h[1-6]", tag):
            self.heads.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        inside = self.open[-1] if self.open else ""
        if inside in {"td", "th"}:
            self.cells[-1] += data
        elif re.fullmatch(r"h[1-6]", inside):
            level, text = self.heads[-1]
            self.heads[-1] = (level, text + data)


def blocks_of(content: dict[str, object], questionnaire: str, lang: str = "zh") -> Report:
    use_house(None)
    return write_report(Material(content, load(questionnaire), words(lang)))


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def second() -> dict[str, object]:
    content: dict[str, object] = json.loads(SECOND.read_text("utf-8"))
    return content


@pytest.fixture(scope="module")
def markup(second: dict[str, object], lang: str) -> bytes:
    return render_report_page(Release(second), load("full"), lang)


def test_the_page_asks_for_nothing_else_and_is_small(markup: bytes) -> None:
    page = Reader(markup)
    assert len(markup) < LARGEST
    assert not page.sources
    assert all(link.startswith("#") for link in page.links)
    assert b"url(" not in markup
    assert b"@import" not in markup
    assert b"<script" not in markup


def test_every_link_leads_somewhere_and_no_name_is_given_twice(markup: bytes) -> None:
    page = Reader(markup)
    assert not page.open
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_headings_are_real_and_none_is_skipped(
    markup: bytes, second: dict[str, object], lang: str
) -> None:
    heads = Reader(markup).heads
    assert [level for level, _ in heads].count(1) == 1
    steps = [b - a for (a, _), (b, _) in pairwise(heads)]
    assert max(steps) <= 1
    said = [text for _, text in heads]
    headings = [b for b in blocks_of(second, "full", lang).blocks if isinstance(b, Heading)]
    assert [one.text for one in headings] == [
        text for text in said if text in {h.text for h in headings}
    ]


def test_every_number_of_the_blocks_stands_on_the_page(
    markup: bytes, second: dict[str, object], lang: str
) -> None:
    found = Reader(markup).cells
    blocks = blocks_of(second, "full", lang).blocks
    tables = [
        b.data if isinstance(b, Figure) else b for b in blocks if isinstance(b, Figure | Table)
    ]
    said = [text for t in tables for text in (*t.head, *(c.text for row in t.rows for c in row))]
    assert found == said


def test_the_same_release_gives_the_same_page(second: dict[str, object], lang: str) -> None:
    first, again = (render_report_page(Release(second), load("full"), lang) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("case", ["odd names", "tiny", "without roster", "pulse", "hidden"])
def test_nothing_in_a_name_becomes_markup(case: str) -> None:
    content, questionnaire = build_case(case)
    hostile = copy.deepcopy(content)
    hostile["wave"]["title"] = "<script>alert(1)</script>&amp;\u202e{{7*7}}\x07"
    markup = render_report_page(Release(hostile), load(questionnaire))
    page = Reader(markup)
    assert not page.open
    assert b"<script" not in markup
    assert "\u202e" not in markup.decode()
    assert "\x07" not in markup.decode()


@pytest.fixture(scope="module")
def opened(
    markup: bytes, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Page]:
    path: Path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_bytes(markup)
    context = browser.new_context()
    page = context.new_page()
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(path.as_uri())
    assert requested == [path.as_uri()]
    yield page
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(360, 640), (1200, 900)])
def test_axe_finds_nothing_and_nothing_sticks_out(
    opened: Page, scheme: str, size: tuple[int, int]
) -> None:
    opened.set_viewport_size({"width": size[0], "height": size[1]})
    opened.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    opened.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    width = opened.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]
    found = Axe().run(opened)
    assert not found.response["violations"], found.generate_report()
