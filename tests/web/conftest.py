"""What every test of the web door needs: a real store, waves in any state, a client, a browser."""

import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from survey_service.questionnaire import load
from survey_service.roster import Roster, Unit
from survey_service.service.cards import issue_codes
from survey_service.service.waves import close_wave, create_wave, open_wave
from survey_service.storage.tinydb import TinyDBStore
from survey_service.wave import Notice, Wave
from survey_service.web import create_app

TODAY = date(2026, 11, 22)
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)  # 5 s are too few for a machine with other things to do
OPENED, CLOSES = date(2026, 11, 20), date(2026, 12, 15)

TINY = """
format = 1
id = "tiny"
version = 3
bank = "bank"
title = { zh = "小问卷", en = "Small questionnaire" }
minutes = 1
sections = "dimension"
order = ["O1_1a", "O1_2a", "P1_1a", "G1", "T2"]
"""

NOTICE = Notice("示例矿业集团", "组织部", "内线 8023", 12)


class Markup(HTMLParser):
    """What a page holds: elements with their attributes, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._silent = 0
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._silent += tag in {"style", "script"}

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """Return the attributes of every element that has these ones."""
        found = (attributes for name, attributes in self.elements if name == tag)
        return [a for a in found if wanted.items() <= a.items()]

    @property
    def fields(self) -> dict[str, str]:
        """Return what a browser would send: hidden fields and checked radios."""
        kept = (a for a in self.all("input") if a.get("type") == "hidden" or "checked" in a)
        return {a["name"]: a["value"] for a in kept}


@pytest.fixture
def store(tmp_path: Path) -> TinyDBStore:
    return TinyDBStore(tmp_path / "store")


@pytest.fixture
def app(store: TinyDBStore) -> Flask:
    return create_app(store, lambda: TODAY)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def roster() -> Roster:
    return make_roster()


def make_roster() -> Roster:
    staff = {"manager": 12, "key_staff": 15, "frontline": 60}
    small = {"manager": 2, "key_staff": 3, "frontline": 20}
    return Roster(
        (
            Unit("甲矿", None, {}),
            Unit("甲矿/综采一队", "甲矿", staff),
            Unit("甲矿/机电队", "甲矿", small),
            Unit("机关", None, staff),
        )
    )


@pytest.fixture
def make_wave(store: TinyDBStore, tmp_path: Path, roster: Roster) -> Callable[..., Wave]:
    """Return a function that keeps a wave: ``make_wave("w", state="closed", questionnaire="full")``."""
    tiny = tmp_path / "tiny.toml"
    tiny.write_text(TINY, "utf-8")

    def make(
        wave_id: str = "w",
        questionnaire: str = "",
        state: str = "open",
        *,
        has_roster: bool = True,
        **fields: Any,
    ) -> Wave:
        asked = load(questionnaire or str(tiny))
        fields = {"closes": CLOSES, "notice": NOTICE, **fields}
        create_wave(store, wave_id, asked, roster if has_roster else None, **fields)
        if state != "draft":
            open_wave(store, wave_id, OPENED)
        if state == "closed":
            close_wave(store, wave_id, TODAY, now=True)
        return store.wave(wave_id)

    return make


class Coded(NamedTuple):
    """A wave with cards: which codes were printed for which stratum."""

    wave: Wave
    codes: dict[str, tuple[str, ...]]


@pytest.fixture
def make_coded(make_wave: Callable[..., Wave], store: TinyDBStore) -> Callable[..., Coded]:
    """Return a function that keeps an open wave with cards, with the fields of ``make_wave``."""

    def make(wave_id: str = "w", **fields: Any) -> Coded:
        draft = make_wave(wave_id, state="draft", access="codes", **fields)
        stacks = issue_codes(store, draft, lambda _: lambda: None)
        opened = open_wave(store, wave_id, OPENED)
        return Coded(opened, {stack.stratum.id: stack.codes for stack in stacks})

    return make


@pytest.fixture
def read_page() -> type[Markup]:
    return Markup


@contextmanager
def _full_disk() -> Iterator[None]:
    """Let every write to a file fail, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def full_disk() -> Callable[[], Any]:
    return _full_disk


@contextmanager
def listen(app: Flask) -> Iterator[str]:
    """Let an application listen on this machine and yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Site:
    """A service with real waves that several tests share; every wave has an id of its own."""

    def __init__(self, folder: Path, roster: Roster) -> None:
        self.store = TinyDBStore(folder / "store")
        self.today = TODAY
        self.url = ""
        self.app = create_app(self.store, lambda: self.today)
        self._tiny = folder / "tiny.toml"
        self._tiny.write_text(TINY, "utf-8")
        self._roster = roster
        self._count = 0

    def add_wave(self, questionnaire: str = "", *, has_roster: bool = True, **fields: Any) -> Wave:
        """Keep an open wave of a small questionnaire, or of the one named."""
        wave = self._create(questionnaire, has_roster=has_roster, **fields)
        return open_wave(self.store, wave.id, OPENED)

    def add_coded(self, questionnaire: str = "", **fields: Any) -> Coded:
        """Keep an open wave with cards."""
        draft = self._create(questionnaire, has_roster=True, access="codes", **fields)
        stacks = issue_codes(self.store, draft, lambda _: lambda: None)
        opened = open_wave(self.store, draft.id, OPENED)
        return Coded(opened, {stack.stratum.id: stack.codes for stack in stacks})

    def _create(self, questionnaire: str, *, has_roster: bool, **fields: Any) -> Wave:
        self._count += 1
        asked = load(questionnaire or str(self._tiny))
        fields = {"closes": CLOSES, "notice": NOTICE, **fields}
        roster = self._roster if has_roster else None
        return create_wave(self.store, f"wave-{self._count}", asked, roster, **fields)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Let one service listen for all tests of a module."""
    made = Site(tmp_path_factory.mktemp("site"), make_roster())
    with listen(made.app) as made.url:
        yield made


@pytest.fixture(autouse=True)
def _same_day(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set the calendar of the shared service back after every test."""
    yield
    if "site" in request.fixturenames:
        request.getfixturevalue("site").today = TODAY


@pytest.fixture
def open_phone(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that gives a page on a phone: ``open_phone(width=320, color_scheme="dark")``."""
    contexts: list[BrowserContext] = []

    def open_page(width: int = 360, height: int = 640, **settings: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            locale="zh-CN",
            **settings,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
