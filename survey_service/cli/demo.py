"""``demo``: a whole life on an embedded store, filled through the HTTP service."""

import tempfile
import time
from datetime import date as Date  # noqa: N812 - the name of a type
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey_service.cli.local_server import post_all, run_server
from survey_service.cli.localised import Command
from survey_service.cli.output import check_folder, json_option, print_json, write_files
from survey_service.cli.results import print_summary, render_results
from survey_service.cli.session import Session
from survey_service.i18n import Words

if TYPE_CHECKING:
    from survey_service.store import Store
    from survey_service.wave import Wave

_WAVE = "demo"
_OPENED, _CLOSED = Date(2026, 10, 8), Date(2026, 10, 20)


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
        with tempfile.TemporaryDirectory(prefix="survey-demo-") as place:
            demonstration = _Demonstration(w, respondents, seed, quiet=as_json)
            written = demonstration.live(f"tinydb:{place}/store", folder)
        if as_json:
            print_json({"wave": _WAVE, "files": [str(path) for path in written]})
            return
        click.echo(w("cli.demo.done", path=next(p for p in written if p.name == "brief.pdf")))

    return command


class _Demonstration:
    """One wave, from its creation to its files."""

    def __init__(self, w: Words, respondents: int, seed: int, *, quiet: bool) -> None:
        self._words = w
        self._respondents = respondents
        self._seed = seed
        self._quiet = quiet

    def live(self, url: str, folder: Path) -> list[Path]:
        """Create, open, fill over HTTP, close, aggregate; return the files written."""
        from survey_service.service.publication import publish  # noqa: PLC0415 - start-up time
        from survey_service.service.waves import close_wave, open_wave  # noqa: PLC0415
        from survey_service.storage import open_store  # noqa: PLC0415

        w = self._words
        store = open_store(url)
        wave = self._create(store)
        open_wave(store, wave.id, _OPENED)
        submissions = self._simulate(wave)
        started = time.monotonic()
        with run_server(url) as port:
            path = f"/api/v1/waves/{wave.id}/responses"
            label = w("cli.demo.filling")
            post_all(port, path, submissions, label)
        seconds = round(time.monotonic() - started, 1)
        self._say(w("cli.demo.filled", n=len(submissions), seconds=seconds))
        close_wave(store, wave.id, _CLOSED, now=True)
        release = publish(store, wave.id)
        if not self._quiet:
            print_summary(release, wave.questionnaire, w)
        return write_files(folder, render_results(release, wave.questionnaire, w))

    def _create(self, store: "Store") -> "Wave":
        from survey_service.questionnaire import load  # noqa: PLC0415
        from survey_service.service.waves import create_wave  # noqa: PLC0415
        from survey_service.simulation import simulate_roster  # noqa: PLC0415
        from survey_service.wave import Notice  # noqa: PLC0415

        w = self._words
        names = w("demo.units").split("|")
        roster = simulate_roster(w("demo.top"), names, self._respondents, self._seed)
        notice = Notice(w("demo.organisation"), w("demo.handler"), w("demo.contact"), 12)
        self._say(w("cli.demo.created", invited=roster.headcount, units=len(roster.staffed)))
        return create_wave(
            store,
            _WAVE,
            load("full"),
            roster,
            title=w("demo.title"),
            closes=_CLOSED,
            notice=notice,
        )

    def _simulate(self, wave: "Wave") -> list[dict[str, Any]]:
        from survey_service.simulation import simulate_submissions  # noqa: PLC0415

        questionnaire, roster = wave.questionnaire, wave.roster
        if roster is None:
            return []
        comments = {
            item.id: self._words(f"demo.comments.{item.id}").split("|")
            for item in questionnaire.open_ended
        }
        found = simulate_submissions(questionnaire, roster, self._respondents, comments, self._seed)
        return list(found)

    def _say(self, sentence: str) -> None:
        if not self._quiet:
            click.echo(sentence)
