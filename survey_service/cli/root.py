"""The root of the command line: global options and the table of commands."""

import click

from survey_service import __version__
from survey_service.cli.localised import Group
from survey_service.cli.session import Session
from survey_service.i18n import LANGUAGES

_COMMANDS = {
    "questionnaire": "survey_service.cli.questionnaire:build",
    "wave": "survey_service.cli.wave:build",
    "codes": "survey_service.cli.codes:build",
    "poster": "survey_service.cli.poster:build",
    "serve": "survey_service.cli.serve:build",
    "status": "survey_service.cli.status:build",
    "import": "survey_service.cli.imports:build",
    "export": "survey_service.cli.export:build",
    "comments": "survey_service.cli.comments:build",
    "aggregate": "survey_service.cli.aggregate:build",
    "backup": "survey_service.cli.backup:build",
    "restore": "survey_service.cli.restore:build",
    "verify": "survey_service.cli.verify:build",
    "verify-report": "survey_service.cli.verify_report:build",
    "migrate": "survey_service.cli.migrate:build",
    "audit-privacy": "survey_service.cli.audit_privacy:build",
    "config": "survey_service.cli.config:build",
    "doctor": "survey_service.cli.doctor:build",
    "demo": "survey_service.cli.demo:build",
}


def build_root(session: Session) -> Group:
    """Return the root command in the language of the session."""
    w = session.words
    return Group(
        session,
        _COMMANDS,
        name="survey-service",
        help=w("cli.about"),
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=_remember_store,
        params=[
            click.Option(["--store"], metavar="URL", default="", help=w("cli.store")),
            click.Option(["--lang"], type=click.Choice(LANGUAGES), help=w("cli.lang")),
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_print_version,
                help=w("cli.version"),
            ),
        ],
    )


@click.pass_obj
def _remember_store(session: Session, store: str, lang: str | None) -> None:  # noqa: ARG001 - see main
    session.store_url = store


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001, FBT001 - click's
    if value and not ctx.resilient_parsing:
        click.echo(f"survey-service {__version__}")
        ctx.exit()
