"""How soon the phone page can be used, beside GOV.UK Frontend and SurveyJS, measured in one run.

``python -m benchmarks.phone`` fetches both packages with npm into a temporary folder, serves the same
questions with each, compressed and delivered by the same code, and prints a table for each network:
bytes, requests, and milliseconds until the largest paint and until the first option can be tapped,
how long loading blocks, how much moves, how long the slowest of a few taps takes until it is painted,
and how long the change to the next section takes. The first line tells how busy the machine was.
Nothing of the packages is kept. Needs Chromium and npm.
"""

import html
import json
import logging
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, send_file
from flask.wrappers import Response
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from werkzeug.serving import make_server

from survey_service.questionnaire import Item, Questionnaire, load
from survey_service.roster import Roster, Unit
from survey_service.service.waves import create_wave, open_wave
from survey_service.storage.tinydb import TinyDBStore
from survey_service.wave import Notice
from survey_service.web import create_app
from survey_service.web.delivery import Packed, deliver

PACKAGES = ("govuk-frontend@6.6.0", "survey-core@2.5.38", "survey-js-ui@2.5.38")
RUNS = 3
CPU_SLOWDOWN = 4


class Network(NamedTuple):
    """A network as Chromium imitates it."""

    name: str
    kilobits_per_s: int
    latency_ms: int


NETWORKS = (Network("400 kbps / 400 ms", 400, 400), Network("100 kbps / 1000 ms", 100, 1000))


class Way(NamedTuple):
    """How to walk through a page: what to tap first, the options of its first section, and onward.

    An empty selector means that there is nothing of the kind.
    """

    url: str
    first: tuple[str, ...] = ()
    options: str = ""
    onward: str = ""


@dataclass(frozen=True)
class Figures:
    """What one opening of a page costs: bytes, requests, milliseconds, and the share that moved.

    ``tapped`` is the longest time from a tap on an option to its paint, ``turned`` that of a tap which
    leads to the next section; 0 where there is none, or less than 16.
    """

    received: float
    requests: float
    largest_paint: float
    usable: float
    blocked: float
    shifted: float
    tapped: float
    turned: float


WATCH = """
window.seen = {paint: 0, blocked: 0, shifted: 0, usable: 0, longest: 0};
const watch = (type, note, more) => new PerformanceObserver(l => l.getEntries().forEach(note))
    .observe({type: type, buffered: true, ...more});
watch("largest-contentful-paint", e => { seen.paint = e.startTime; });
watch("longtask", e => { seen.blocked += Math.max(0, e.duration - 50); });
watch("layout-shift", e => { seen.shifted += e.hadRecentInput ? 0 : e.value; });
watch("event", e => { if (e.interactionId) seen.longest = Math.max(seen.longest, e.duration); },
    {durationThreshold: 16});
addEventListener("load", function wait() {
    if (!IS_FORM || document.querySelector('input[type=radio]')) seen.usable = performance.now();
    else setTimeout(wait, 10);
});
"""
SETTLING_MS = 500
TAPS = 5
KINDS = {".css": "text/css", ".js": "text/javascript"}
COLUMNS = ("bytes", "requests", "LCP ms", "usable ms", "TBT ms", "CLS", "tap ms", "turn ms")


def main() -> None:
    """Measure and print."""
    chromium = shutil.which("chromium")
    if chromium is None or shutil.which("npm") is None:
        raise SystemExit("Chromium and npm are needed")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        folder = Path(place)
        fetch_packages(folder)
        questionnaire = load("full")
        with serve(make_site(folder)) as ours, serve(make_others(folder, questionnaire)) as others:
            count, govuk = len(questionnaire.scored), Way("", options=".govuk-radios__label")
            ways = {
                "ours, first page": Way(f"{ours}/q/w"),
                f"ours, all {len(questionnaire.items)} items": Way(
                    f"{ours}/q/w/v1/zh#u={unit_key(folder)}",
                    ('label:has([value="frontline"])', "#next-button"),
                    '.now .item label:has([value="4"])',
                    "#next-button",
                ),
                "GOV.UK Frontend, one item": govuk._replace(url=f"{others}/govuk_one"),
                f"GOV.UK Frontend, {count} items": govuk._replace(url=f"{others}/govuk_all"),
                f"SurveyJS, {count} items": Way(
                    f"{others}/surveyjs",
                    options=".sd-question .sd-item:nth-child(4) label",
                    onward=".sd-navigation__next-btn",
                ),
            }
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
                )
                print(f"load of the machine before: {os.getloadavg()[0]:.2f}")
                for network in NETWORKS:
                    print_table(
                        network, {name: measure(browser, w, network) for name, w in ways.items()}
                    )
                browser.close()


def measure(browser: Browser, way: Way, network: Network) -> Figures:
    """Open a page a few times with nothing cached and return the median of every figure."""
    runs = [astuple(_open(browser, way, network)) for _ in range(RUNS)]
    return Figures(*(statistics.median(column) for column in zip(*runs, strict=True)))


def _open(browser: Browser, way: Way, network: Network) -> Figures:
    context = browser.new_context(
        viewport={"width": 360, "height": 640},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
    )
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.add_init_script(WATCH.replace("IS_FORM", json.dumps(bool(way.options))))
    session = context.new_cdp_session(page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    speed = network.kilobits_per_s * 1000 / 8
    conditions: dict[str, float] = {"offline": False, "latency": network.latency_ms}
    conditions |= {"downloadThroughput": speed, "uploadThroughput": speed}
    session.send("Network.emulateNetworkConditions", conditions)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    page.goto(way.url, wait_until="load", timeout=120_000)
    page.wait_for_function("seen.usable > 0")
    page.wait_for_timeout(SETTLING_MS)
    loaded: dict[str, float] = page.evaluate("({...seen})")
    tapped, turned = _walk(page, way)
    context.close()
    return Figures(
        received=sum(sizes),
        requests=len(sizes),
        largest_paint=loaded["paint"],
        usable=loaded["usable"],
        blocked=loaded["blocked"],
        shifted=loaded["shifted"],
        tapped=tapped,
        turned=turned,
    )


def _walk(page: Page, way: Way) -> tuple[float, float]:
    """Tap the options of the first section, then onward, and return the slowest tap of each kind."""
    for selector in way.first:
        page.locator(selector).first.tap()
    tapped = turned = 0.0
    if way.options:
        options = page.locator(way.options).all()
        if not options:
            raise SystemExit(f"nothing to tap on {way.url}")
        tapped = _time(page, options if way.onward else options[:TAPS])
    if way.onward:
        turned = _time(page, [page.locator(way.onward).first])
    return tapped, turned


def _time(page: Page, targets: list[Locator]) -> float:
    page.wait_for_timeout(SETTLING_MS)
    page.evaluate("seen.longest = 0")
    for target in targets:
        target.tap()
    page.wait_for_timeout(SETTLING_MS)
    longest: float = page.evaluate("seen.longest")
    return longest


def print_table(network: Network, rows: dict[str, Figures]) -> None:
    """Print what was measured in one network."""
    print(f"\n{network.name}, CPU {CPU_SLOWDOWN}x slower, median of {RUNS}")
    print(f"{'':29}" + "".join(f"{name:>10}" for name in COLUMNS))
    for name, figures in rows.items():
        values = [f"{v:.3f}" if c == "CLS" else f"{v:.0f}" for c, v in _label(figures)]
        print(f"{name:29}" + "".join(f"{value:>10}" for value in values))


def _label(figures: Figures) -> Iterator[tuple[str, float]]:
    return zip(COLUMNS, astuple(figures), strict=True)


def fetch_packages(folder: Path) -> None:
    """Install both packages into a folder; no script of theirs runs."""
    command = [
        "npm",
        "install",
        "--prefix",
        str(folder),
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]
    subprocess.run([*command, *PACKAGES], check=True, capture_output=True)


def make_site(folder: Path) -> Flask:
    """Return our service with one open wave."""
    store = TinyDBStore(folder / "store")
    staff = {"manager": 12, "key_staff": 15, "frontline": 60}
    units = tuple(Unit(f"甲矿/综采{n}队", "甲矿", staff) for n in range(1, 5))
    roster = Roster((Unit("甲矿", None, {}), *units))
    notice = Notice("示例矿业集团", "组织部", "内线 8023", 12)
    create_wave(store, "w", load("full"), roster, closes=date(2026, 12, 15), notice=notice)
    open_wave(store, "w", date(2026, 11, 20))
    return create_app(store, lambda: date(2026, 11, 22))


def unit_key(folder: Path) -> str:
    """Return what the QR code of the first unit holds."""
    return next(iter(TinyDBStore(folder / "store").wave("w").unit_keys or {}))


def make_others(folder: Path, questionnaire: Questionnaire) -> Flask:
    """Return a small site with the same questions by GOV.UK (the first, and all) and by SurveyJS."""
    app = Flask(__name__, static_folder=None)
    modules = folder / "node_modules"
    pages = {
        "govuk_one": write_govuk(questionnaire, 1),
        "govuk_all": write_govuk(questionnaire, len(questionnaire.scored)),
        "surveyjs": write_surveyjs(questionnaire),
    }
    ready = {name: Packed(page) for name, page in pages.items()}

    @app.get("/<any(govuk_one,govuk_all,surveyjs):name>")
    def show(name: str) -> Response:
        return deliver(ready[name], "text/html", "no-store")

    @app.get("/file/<path:path>")
    @app.get("/<path:path>")
    def send(path: str) -> Response:
        place = modules / path
        if not place.is_file():  # the fonts that the stylesheet of GOV.UK asks for
            place = modules / "govuk-frontend" / "dist" / "govuk" / path
        if place.suffix not in KINDS:
            return send_file(place)
        if path not in ready:
            ready[path] = Packed(place.read_text("utf-8"))
        return deliver(ready[path], KINDS[place.suffix], "no-store")

    return app


def write_govuk(questionnaire: Questionnaire, count: int) -> str:
    """Return the markup of a page with the first items as the GOV.UK Design System gives it."""
    root = "/file/govuk-frontend/dist/govuk"
    questions = "".join(_ask_govuk(questionnaire, item) for item in questionnaire.scored[:count])
    return (
        '<!doctype html><html lang="zh-CN" class="govuk-template"><head><meta charset="utf-8"><title>Question</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{root}/govuk-frontend.min.css"></head>'
        '<body class="govuk-template__body"><script>document.body.className += " js-enabled govuk-frontend-supported";'
        '</script><div class="govuk-width-container"><main class="govuk-main-wrapper"><form method="post" novalidate>'
        f'{questions}<button type="submit" class="govuk-button" data-module="govuk-button">继续</button></form></main>'
        f'</div><script type="module">import {{ initAll }} from "{root}/govuk-frontend.min.js"; initAll()</script></body></html>'
    )


def _ask_govuk(questionnaire: Questionnaire, item: Item) -> str:
    options = "".join(
        f'<div class="govuk-radios__item"><input class="govuk-radios__input" id="{item.id}-{o.code}" name="{item.id}" '
        f'type="radio" value="{o.code}"><label class="govuk-label govuk-radios__label" for="{item.id}-{o.code}">'
        f"{html.escape(o.label['zh'])}</label></div>"
        for o in questionnaire.scale_of(item).options
    )
    return (
        '<div class="govuk-form-group"><fieldset class="govuk-fieldset"><legend class="govuk-fieldset__legend '
        f'govuk-fieldset__legend--l"><h1 class="govuk-fieldset__heading">{html.escape(item.wording("zh"))}</h1></legend>'
        f'<div class="govuk-radios" data-module="govuk-radios">{options}</div></fieldset></div>'
    )


def write_surveyjs(questionnaire: Questionnaire) -> str:
    """Return a page with every scored item as a SurveyJS radio group, one page for each dimension."""
    pages: dict[str, list[dict[str, Any]]] = {}
    for item in questionnaire.scored:
        choices = [
            {"value": o.code, "text": o.label["zh"]} for o in questionnaire.scale_of(item).options
        ]
        question = {
            "type": "radiogroup",
            "name": item.id,
            "title": item.wording("zh"),
            "choices": choices,
        }
        pages.setdefault(item.dimension or "", []).append(question)
    model = json.dumps({"pages": [{"elements": questions} for questions in pages.values()]})
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>Questions</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="/file/survey-core/survey-core.min.css">'
        '<script src="/file/survey-core/survey.core.min.js"></script>'
        '<script src="/file/survey-js-ui/survey-js-ui.min.js"></script></head><body><div id="survey"></div>'
        f'<script>new Survey.Model({model}).render(document.getElementById("survey"))</script></body></html>'
    )


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """Let an application listen on this machine and yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


if __name__ == "__main__":
    main()
