"""``audit-privacy``: attack one's own data and say, in words for everybody, what was found."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey_service.cli.localised import Command
from survey_service.cli.output import json_option, print_json, print_table, write_files
from survey_service.cli.parameters import wave_argument
from survey_service.cli.session import Session
from survey_service.errors import Code, SurveyError
from survey_service.i18n import Words

if TYPE_CHECKING:
    from survey_service.service.privacy import PrivacyReport
    from survey_service.wave import Wave

_LIMITS = ("images", "watching", "alike")


def build(session: Session) -> click.Command:
    """Return ``audit-privacy``."""
    w = session.words

    @click.command("audit-privacy", cls=Command, help=w("cli.audit-privacy.help"))
    @wave_argument()
    @click.option("--previous", metavar="WAVE", help=w("cli.audit-privacy.previous"))
    @click.option(
        "--output", metavar="FILE.pdf", type=click.Path(), help=w("cli.audit-privacy.output")
    )
    @json_option(session)
    def command(
        wave_id: str | None,
        previous: str | None,
        output: str | None,
        as_json: bool,  # noqa: FBT001
    ) -> None:
        from survey_service.service.privacy import audit_privacy  # noqa: PLC0415 - start-up time
        from survey_service.service.waves import single_wave  # noqa: PLC0415

        store = session.open_store()
        wave = single_wave(store, wave_id)
        report = audit_privacy(store, wave.id, previous)
        attempts = list(_say_attempts(report, w))
        if output:
            path = Path(output)
            written = write_files(path.parent, {path.name: _render(wave, report, attempts, w)})
        if as_json:
            print_json(_describe(report))
        else:
            print_table(w("cli.audit-privacy.columns").split("|"), attempts)
            click.echo(_say_verdict(report, w))
            for limit in _LIMITS:
                click.echo(w(f"privacy.limit.{limit}"))
            if output:
                click.echo(w("cli.written", path=written[0]))
        if report.hits:
            raise SurveyError(Code.PRIVACY_HIT, wave=wave.id, found=report.hits)

    return command


def _say_attempts(report: "PrivacyReport", w: Words) -> Iterator[tuple[str, str, str]]:
    """Yield title, what was tried, and what was found, of every attempt."""
    published = report.published
    if published is None:
        yield w("privacy.files"), w("privacy.files.waiting"), w("privacy.files.none")
    else:
        tried = {"figures": published.figures, "labels": published.labels}
        for name, hits in (
            ("sums", published.sums),
            ("numbers", published.numbers),
            ("intervals", published.intervals),
        ):
            yield w(f"privacy.{name}"), w(f"privacy.{name}.tried", **tried), _say_found(hits, w)
    for check in report.stored:
        title, tried_words = w(f"privacy.{check.name}"), f"privacy.{check.name}.tried"
        yield title, w(tried_words, n=check.looked_at), _say_found(check.hits, w)


def _say_found(hits: int, w: Words) -> str:
    return w("privacy.found", n=hits) if hits else w("privacy.nothing")


def _say_verdict(report: "PrivacyReport", w: Words) -> str:
    if report.hits:
        return w("privacy.verdict.hits", n=report.hits)
    return w("privacy.verdict.open" if report.published is None else "privacy.verdict.clean")


def _render(
    wave: "Wave", report: "PrivacyReport", attempts: list[tuple[str, str, str]], w: Words
) -> bytes:
    from reports.privacy import Attempt, PrivacyPage, render_privacy  # noqa: PLC0415 - start-up time

    page = PrivacyPage(
        title=wave.title or wave.id,
        organisation=wave.notice.organisation,
        verdict=_say_verdict(report, w),
        attempts=[Attempt(*attempt) for attempt in attempts],
        limits=[w(f"privacy.limit.{limit}") for limit in _LIMITS],
    )
    return render_privacy(page, w)


def _describe(report: "PrivacyReport") -> dict[str, Any]:
    return {
        "wave": report.wave,
        "hits": report.hits,
        "published": None if report.published is None else vars(report.published),
        "stored": {
            check.name: {"n": check.looked_at, "hits": check.hits} for check in report.stored
        },
    }
