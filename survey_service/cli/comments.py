"""``comments review``: a theme and a paraphrase for every comment, on the terminal or in a sheet."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_service.cli.localised import Command, Group
from survey_service.cli.output import json_option, print_json, write_new_file
from survey_service.cli.parameters import wave_argument
from survey_service.cli.session import Session
from survey_service.errors import Code, SurveyError
from survey_service.i18n import Words, pick

if TYPE_CHECKING:
    from survey_service.comments.names import ListedNames
    from survey_service.comments.review import Review
    from survey_service.questionnaire import Questionnaire
    from survey_service.store import Store

_MODULE = "survey_service.cli.comments"


def build(session: Session) -> click.Command:
    """Return the group."""
    table = {"review": f"{_MODULE}:build_review"}
    return Group(session, table, name="comments", help=session.words("cli.comments.help"))


def build_review(session: Session) -> click.Command:
    """Return ``comments review``."""
    w = session.words

    @click.command("review", cls=Command, help=w("cli.comments.review.help"))
    @wave_argument()
    @click.option("--export", "target", metavar="FILE", type=click.Path(), help=w("cli.export"))
    @click.option(
        "--import", "source", metavar="FILE", type=click.Path(), help=w("cli.import_review")
    )
    @click.option("--names", metavar="FILE", type=click.Path(), help=w("cli.names"))
    @json_option(session)
    def command(
        wave_id: str | None,
        target: str | None,
        source: str | None,
        names: str | None,
        as_json: bool,  # noqa: FBT001
    ) -> None:
        from survey_service.service.comments import begin_review  # noqa: PLC0415 - start-up time
        from survey_service.service.waves import single_wave  # noqa: PLC0415

        store = session.open_store()
        wave = single_wave(store, wave_id)
        review = begin_review(store, wave)
        listed = _read_names(names, w, quiet=as_json)
        if source is not None:
            _bring_back(store, review, Path(source), listed, w, quiet=as_json)
            review = begin_review(store, wave)
        if target is not None:
            _write_out(review, wave.questionnaire, Path(target), listed, w, quiet=as_json)
        if as_json:
            print_json(_count(review))
            return
        if source is None and target is None:
            _walk(store, review, wave.questionnaire, listed, w)
            review = begin_review(store, wave)
        _sum_up(review, w)

    return command


def _count(review: "Review") -> dict[str, str | int]:
    return {
        "wave": review.wave_id,
        "comments": len(review.comments),
        "reviewed": review.reviewed,
        "remaining": review.remaining,
    }


def _sum_up(review: "Review", w: Words) -> None:
    if not review.comments:
        click.echo(w("cli.comments.none", wave=review.wave_id))
        return
    counts = {"reviewed": review.reviewed, "remaining": review.remaining}
    click.echo(w("cli.comments.progress", total=len(review.comments), **counts))
    click.echo(w("cli.comments.reminder"))


def _read_names(path: str | None, w: Words, *, quiet: bool) -> "ListedNames":
    from survey_service.comments.names import NO_NAMES, ListedNames  # noqa: PLC0415
    from survey_service.table import decode_text, read_file  # noqa: PLC0415

    if path is None:
        return NO_NAMES
    file = Path(path)
    listed = ListedNames.parse(decode_text(file.name, read_file(file)))
    if not quiet:
        click.echo(w("cli.comments.names", n=len(listed.names)))
    return listed


def _bring_back(
    store: "Store", review: "Review", path: Path, names: "ListedNames", w: Words, *, quiet: bool
) -> None:
    from survey_service.export.sheets import read_sheet  # noqa: PLC0415
    from survey_service.service.comment_sheet import import_review  # noqa: PLC0415
    from survey_service.table import read_file  # noqa: PLC0415

    n = import_review(store, review, read_sheet(path.name, read_file(path)), names)
    if not quiet:
        click.echo(w("cli.comments.imported", n=n))


def _write_out(
    review: "Review",
    questionnaire: "Questionnaire",
    path: Path,
    names: "ListedNames",
    w: Words,
    *,
    quiet: bool,
) -> None:
    from survey_service.export.sheets import Choices, write_sheet  # noqa: PLC0415
    from survey_service.service.comment_sheet import THEME_COLUMN, list_rows  # noqa: PLC0415

    options = tuple(pick(theme.name, w.lang) for theme in review.themes)
    choices = Choices(THEME_COLUMN, w("comment.themes"), options)
    rows = list_rows(review, questionnaire, names, w)
    write_new_file(path, write_sheet(path.name, rows, choices))
    if quiet:
        return
    counts = {"n": len(review.comments), "reviewed": review.reviewed}
    click.echo(w("cli.comments.exported", path=path, **counts))
    numbered = (
        w("cli.comments.theme", number=theme.number, name=pick(theme.name, w.lang))
        for theme in review.themes
    )
    click.echo(w("cli.comments.themes", themes=w("cli.list_separator").join(numbered)))
    click.echo(w("cli.comments.exported_next", wave=review.wave_id, path=path))
    click.echo(w("cli.comments.exported_care"))


def _walk(
    store: "Store",
    review: "Review",
    questionnaire: "Questionnaire",
    names: "ListedNames",
    w: Words,
) -> None:
    from survey_service.cli.comment_walk import Walk  # noqa: PLC0415

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise SurveyError(Code.TERMINAL_NEEDED)
    if review.comments:
        Walk(store, review, questionnaire, names, w).run()
