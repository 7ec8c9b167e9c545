"""How soon the phone page can be used, beside GOV.UK Frontend and SurveyJS, measured in one run.

``python -m benchmarks.phone`` fetches both packages with npm into a temporary folder, serves the same
questions with each, and prints a table. Nothing of them is kept. Needs Chromium and npm.
"""

import gzip
import html
import json
import shutil
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, make_response
from flask.wrappers import Response
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from survey_service.questionnaire import Questionnaire, load
from survey_service.roster import Roster, Unit
from survey_service.service.waves import create_wave, open_wave
from survey_service.storage.tinydb import TinyDBStore
from survey_service.wave import Notice
from survey_service.web import create_app

PACKAGES = ("govuk-frontend@6.6.0", "survey-core@2.5.38", "survey-js-ui@2.5.38")
RUNS = 3
CPU_SLOWDOWN = 4


class Network(NamedTuple):
    """A network as Chromium imitates it."""

    name: str
    kilobits_per_s: int
    latency_ms: int


NETWORKS = (Network("400 kbps / 400 ms", 400, 400), Network("100 kbps / 1000 ms", 100, 1000))


@dataclass(frozen=True)
class Figures:
    """What one opening of a page costs: bytes, requests, and milliseconds."""

    received: float
    requests: float
    largest_paint: float
    usable: float
    blocked: float
    shifted: float


WATCH = """
window.seen = {paint: 0, blocked: 0, shifted: 0, usable: 0};
new PerformanceObserver(l => { for (const e of l.getEntries()) seen.paint = e.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(l => { for (const e of l.getEntries()) seen.blocked += Math.max(0, e.duration - 50); })
    .observe({type: "longtask", buffered: true});
new PerformanceObserver(l => { for (const e of l.getEntries()) seen.shifted += e.value; })
    .observe({type: "layout-shift", buffered: true});
addEventListener("load", function wait() {
    if (document.querySelector('input[type=radio]')) seen.usable = performance.now();
    else setTimeout(wait, 10);
});
"""


def main() -> None:
    """Measure and print."""
    chromium = shutil.which("chromium")
    if chromium is None or shutil.which("npm") is None:
        raise SystemExit("Chromium and npm are needed")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        folder = Path(place)
        fetch_packages(folder)
        questionnaire = load("full")
        with serve(make_site(folder)) as ours, serve(make_others(folder, questionnaire)) as others:
            pages = {
                f"ours, all {len(questionnaire.items)} items": f"{ours}/q/w/v1/zh",
                "ours, first page": f"{ours}/q/w",
                "GOV.UK Frontend, one question": f"{others}/govuk",
                f"SurveyJS, {len(questionnaire.scored)} items": f"{others}/surveyjs",
            }
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
                )
                for network in NETWORKS:
                    print_table(
                        network, {n: measure(browser, u, network) for n, u in pages.items()}
                    )
                browser.close()


def measure(browser: Browser, url: str, network: Network) -> Figures:
    """Open a page a few times with nothing cached and return the median of every figure."""
    runs = [_open(browser, url, network) for _ in range(RUNS)]
    return Figures(*(statistics.median(column) for column in zip(*map(_list, runs), strict=True)))


def _list(figures: Figures) -> list[float]:
    return list(vars(figures).values())


def _open(browser: Browser, url: str, network: Network) -> Figures:
    context = browser.new_context(
        viewport={"width": 360, "height": 640},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
    )
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.add_init_script(WATCH)
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
    has_radio = not url.endswith("/q/w")
    page.goto(url, wait_until="load", timeout=120_000)
    if has_radio:
        page.wait_for_function("seen.usable > 0")
    page.wait_for_timeout(500)
    seen: dict[str, float] = page.evaluate("seen")
    usable = seen["usable"] or page.evaluate(
        "performance.timing.loadEventEnd - performance.timing.navigationStart"
    )
    context.close()
    return Figures(sum(sizes), len(sizes), seen["paint"], usable, seen["blocked"], seen["shifted"])


def print_table(network: Network, rows: dict[str, Figures]) -> None:
    """Print what was measured in one network."""
    print(f"\n{network.name}, CPU {CPU_SLOWDOWN}x slower, median of {RUNS}")
    columns = ("bytes", "requests", "LCP ms", "usable ms", "TBT ms", "CLS")
    print(f"{'':36}" + "".join(f"{name:>11}" for name in columns))
    for name, figures in rows.items():
        *whole, shifted = _list(figures)
        print(f"{name:36}" + "".join(f"{value:11.0f}" for value in whole) + f"{shifted:11.3f}")


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


def make_others(folder: Path, questionnaire: Questionnaire) -> Flask:
    """Return a small site with the same first question by GOV.UK, and all scored ones by SurveyJS."""
    app = Flask(__name__, static_folder=None)
    modules = folder / "node_modules"
    pages = {"govuk": write_govuk(questionnaire), "surveyjs": write_surveyjs(questionnaire)}

    @app.get("/<any(govuk,surveyjs):name>")
    def show(name: str) -> Response:
        return _send(pages[name].encode(), "text/html")

    @app.get("/file/<path:path>")
    @app.get("/<path:path>")
    def send(path: str) -> Response:
        place = modules / path
        if not place.is_file():  # the fonts that the stylesheet of GOV.UK asks for
            place = modules / "govuk-frontend" / "dist" / "govuk" / path
        kinds = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2"}
        return _send(place.read_bytes(), kinds.get(place.suffix, "application/octet-stream"))

    return app


def _send(body: bytes, kind: str) -> Response:
    is_text = kind.startswith("text/")
    response = make_response(gzip.compress(body, 9) if is_text else body)
    response.mimetype = kind
    if is_text:
        response.headers["Content-Encoding"] = "gzip"
    return response


def write_govuk(questionnaire: Questionnaire) -> str:
    """Return the markup of one radios page as the GOV.UK Design System gives it."""
    item = questionnaire.scored[0]
    options = "".join(
        f'<div class="govuk-radios__item"><input class="govuk-radios__input" id="q{o.code}" name="q" '
        f'type="radio" value="{o.code}"><label class="govuk-label govuk-radios__label" for="q{o.code}">'
        f"{html.escape(o.label['en'])}</label></div>"
        for o in questionnaire.scale_of(item).options
    )
    root = "/file/govuk-frontend/dist/govuk"
    return (
        '<!doctype html><html lang="en" class="govuk-template"><head><meta charset="utf-8"><title>Question</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{root}/govuk-frontend.min.css"></head>'
        '<body class="govuk-template__body"><script>document.body.className += " js-enabled govuk-frontend-supported";'
        '</script><div class="govuk-width-container"><main class="govuk-main-wrapper"><form method="post" novalidate>'
        '<div class="govuk-form-group"><fieldset class="govuk-fieldset"><legend class="govuk-fieldset__legend '
        f'govuk-fieldset__legend--l"><h1 class="govuk-fieldset__heading">{html.escape(item.wording("en"))}</h1></legend>'
        f'<div class="govuk-radios" data-module="govuk-radios">{options}</div></fieldset></div>'
        '<button type="submit" class="govuk-button" data-module="govuk-button">Continue</button></form></main></div>'
        f'<script type="module">import {{ initAll }} from "{root}/govuk-frontend.min.js"; initAll()</script></body></html>'
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
