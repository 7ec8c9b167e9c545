"""``demo``: a whole life on an embedded store, filled through the HTTP service."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date as Date  # noqa: N812 - the name of a type
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import local
from typing import Any

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import check_folder, json_option, print_json, write_files
from survey_service.cli.results import print_summary, render_results
from survey_service.cli.session import Session
from survey_service.errors import Code, SurveyError
from survey_service.i18n import Words

_WAVE = "demo"
_OPENED, _CLOSED = Date(2026, 10, 8), Date(2026, 10, 20)
_CLIENTS = 8
_PATIENCE_S = 30.0


def build(session: Session) -> click.Command:
    """Return ``demo``."""
    w = session.words

    @click.command("demo", cls=Command, help=w("cli.demo.help"))
    @click.option("--output", metavar="DIR", required=True, type=click.Path(), help=w("cli.output"))
    @click.option(
        "--respondents",
        default=600,
        show_default=True,
        type=click.IntRange(5, 20000),
        help=w("cli.respondents"),
    )
    @click.option("--seed", default=1, show_default=True, type=int, help=w("cli.seed"))
    @json_option(session)
    def command(output: str, respondents: int, seed: int, as_json: bool) -> None:  # noqa: FBT001
        folder = Path(output)
        check_folder(folder)
        say = (lambda text: None) if as_json else click.echo
        with tempfile.TemporaryDirectory(prefix="survey-demo-") as place:
            written = _live(f"tinydb:{place}/store", folder, respondents, seed, w, say)
        if as_json:
            print_json({"wave": _WAVE, "files": [str(path) for path in written]})
            return
        click.echo(w("cli.demo.done", path=next(p for p in written if p.name == "brief.pdf")))

    return command


def _live(url: str, folder: Path, respondents: int, seed: int, w: Words, say: Any) -> list[Path]:
    """Create, open, fill over HTTP, close, aggregate; return the files written."""
    from survey_service.questionnaire import load  # noqa: PLC0415 - start-up time
    from survey_service.service.publication import publish  # noqa: PLC0415
    from survey_service.service.waves import close_wave, create_wave, open_wave  # noqa: PLC0415
    from survey_service.simulation import simulate_roster, simulate_submissions  # noqa: PLC0415
    from survey_service.storage import open_store  # noqa: PLC0415
    from survey_service.wave import Notice  # noqa: PLC0415

    store = open_store(url)
    roster = simulate_roster(w("demo.top"), w("demo.units").split("|"), respondents, seed)
    wave = create_wave(
        store,
        _WAVE,
        load("full"),
        roster,
        title=w("demo.title"),
        closes=_CLOSED,
        notice=Notice(w("demo.organisation"), w("demo.handler"), w("demo.contact"), 12),
    )
    open_wave(store, wave.id, _OPENED)
    say(w("cli.demo.created", invited=roster.headcount, units=len(roster.staffed)))
    comments = {
        item.id: w(f"demo.comments.{item.id}").split("|") for item in wave.questionnaire.open_ended
    }
    submissions = list(
        simulate_submissions(wave.questionnaire, roster, respondents, comments, seed)
    )
    started = time.monotonic()
    with _serve(url) as port:
        _post_all(port, submissions, w)
    say(w("cli.demo.filled", n=len(submissions), seconds=round(time.monotonic() - started, 1)))
    close_wave(store, wave.id, _CLOSED, now=True)
    release = publish(store, wave.id)
    print_summary(release, wave.questionnaire, w) if say is click.echo else None
    return write_files(folder, render_results(release, wave.questionnaire, w))


@contextmanager
def _serve(url: str) -> Iterator[int]:
    """Run ``serve`` in a process of its own on a free port of this machine."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "survey_service.cli", "--store", url]
    command += ["serve", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=dict(os.environ))  # noqa: S603 - our own program
    try:
        _wait_until_ready(server, port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=_PATIENCE_S)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and server.poll() is None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            try:
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                time.sleep(0.05)
    raise SurveyError(Code.SERVER_FAILED)


def _post_all(port: int, submissions: Sequence[dict[str, Any]], w: Words) -> None:
    """Send every submission over a few connections; one that is refused stops the demonstration."""
    own = local()

    def post(submission: dict[str, Any]) -> None:
        if not hasattr(own, "connection"):
            own.connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
        own.connection.request(
            "POST",
            f"/api/v1/waves/{_WAVE}/responses",
            json.dumps(submission),
            {"Content-Type": "application/json"},
        )
        reply = own.connection.getresponse()
        reply.read()
        if reply.status != 201:
            raise SurveyError(Code.SERVER_FAILED)

    with (
        ThreadPoolExecutor(_CLIENTS) as pool,
        click.progressbar(
            pool.map(post, submissions), length=len(submissions), label=w("cli.demo.filling")
        ) as answered,
    ):
        for _ in answered:
            pass
