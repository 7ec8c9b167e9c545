"""``verify-report``: is this PDF what the release gives? Rendered again and compared byte for byte."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_service.cli.definitions import find_definition
from survey_service.cli.localised import Command
from survey_service.cli.output import json_option, print_json
from survey_service.cli.session import Session
from survey_service.errors import Code, Place, SurveyError

if TYPE_CHECKING:
    from reports.verification import Verdict
    from survey_service.disclosure.release import Release


def build(session: Session) -> click.Command:
    """Return ``verify-report``."""
    w = session.words

    @click.command("verify-report", cls=Command, help=w("cli.verify-report.help"))
    @click.argument("file", metavar="FILE.pdf", type=click.Path())
    @click.option(
        "--release",
        "release_file",
        metavar="FILE",
        type=click.Path(),
        required=True,
        help=w("cli.verify-report.release"),
    )
    @click.option("--questionnaire", metavar="ID|FILE", help=w("cli.verify-report.questionnaire"))
    @click.option("--style", metavar="DIR", type=click.Path(), help=w("cli.style"))
    @json_option(session)
    def command(
        file: str,
        release_file: str,
        questionnaire: str | None,
        style: str | None,
        as_json: bool,  # noqa: FBT001
    ) -> int:
        from reports import load_house, verify_report  # noqa: PLC0415 - start-up time
        from survey_service.table import read_file  # noqa: PLC0415

        pdf = read_file(Path(file))
        release = _read_release(Path(release_file))
        definition = find_definition(_read_hash(release), questionnaire)
        house = None if style is None else load_house(Path(style))
        verdict = verify_report(pdf, release, definition, house)
        if as_json:
            print_json(_describe(verdict))
        elif verdict.is_same:
            what = w(f"cli.verify-report.{verdict.kind}.{verdict.lang}")
            click.echo(w("cli.verify-report.same", what=what, file=file, release=release_file))
        if verdict.is_same:
            return 0
        if not as_json:
            _say_differences(session, verdict)
        raise SurveyError(Code.REPORT_DIFFERS, Place(file))

    return command


def _read_release(path: Path) -> "Release":
    """Return a release; ``release_format`` or ``release_schema`` name the file."""
    from survey_service.disclosure.release import Release  # noqa: PLC0415 - start-up time
    from survey_service.table import decode_text, read_file  # noqa: PLC0415

    text = decode_text(path.name, read_file(path))
    try:
        return Release.from_json(text)
    except SurveyError as error:
        fault = error.faults[0]
        raise SurveyError(fault.code, Place(str(path)), **fault.values) from None


def _read_hash(release: "Release") -> str:
    try:
        found = release.content["questionnaire"]["sha256"]
    except (KeyError, TypeError):
        raise SurveyError(Code.RELEASE_FORMAT) from None
    return str(found)


def _say_differences(session: Session, verdict: "Verdict") -> None:
    from survey_service import __version__  # noqa: PLC0415 - only where something differs

    for difference in verdict.differences:
        sentence = session.words(
            f"cli.verify-report.differs.{difference}", program=verdict.program, own=__version__
        )
        click.echo(sentence, err=True)


def _describe(verdict: "Verdict") -> dict[str, object]:
    return {
        "same": verdict.is_same,
        "kind": verdict.kind or None,
        "lang": verdict.lang or None,
        "differences": list(verdict.differences),
    }
