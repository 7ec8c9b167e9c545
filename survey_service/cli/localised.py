"""Click's help in the chosen language: headings, usage, the help option, lazily loaded commands."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import click

from survey_service.cli.admin_log import record
from survey_service.cli.session import Session
from survey_service.errors import Code, SurveyError

_FAILED = 6  # a fault of the program

Build = Callable[[Session], click.Command]


class Command(click.Command):
    """A command whose help speaks the language of the session, and whose use is recorded."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's
        """Run the command and write a line into the admin log, however it ends."""
        session = ctx.ensure_object(Session)
        try:
            result = super().invoke(ctx)
        except Exception as error:
            failed = error.code.exit_code if isinstance(error, SurveyError) else _FAILED
            record(session, ctx, failed)
            raise
        record(session, ctx, result if isinstance(result, int) else 0)
        return result

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=_words(ctx)("cli.usage"))

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the arguments, and a word for the options."""
        pieces = [piece for param in self.get_params(ctx) for piece in param.get_usage_pieces(ctx)]
        return [_words(ctx)("cli.options_metavar"), *pieces]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under a heading."""
        records = [record for p in self.get_params(ctx) if (record := p.get_help_record(ctx))]
        with formatter.section(_words(ctx)("cli.options")):
            formatter.write_dl([(name, _localise(text, _words(ctx))) for name, text in records])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``-h/--help`` with its help in the language of the session."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _words(ctx)("cli.help")
        return option


class Group(Command, click.Group):
    """A group that loads a command's module when the command is used.

    ``table`` maps the name of a command to ``module:function``; the function takes the session
    and returns the command.
    """

    def __init__(self, session: Session, table: Mapping[str, str], **settings: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(**settings)
        self._session = session
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a command; None if there is none of that name."""
        if cmd_name not in self._table:
            return None
        module, _, function = self._table[cmd_name].partition(":")
        build: Build = getattr(import_module(module), function)
        return build(self._session)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name; say which ones there are if it does not exist."""
        name = args[0]
        found = self.get_command(ctx, name)
        if found is None and not ctx.resilient_parsing:
            raise SurveyError(Code.COMMAND_UNKNOWN, known="、".join(self._table))
        return name, found, args[1:]

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return words for the options and the command."""
        return [*super().collect_usage_pieces(ctx), _words(ctx)("cli.command_metavar")]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands with one line each, loading none of them."""
        Command.format_options(self, ctx, formatter)
        words = _words(ctx)
        prefix = ".".join(ctx.command_path.split()[_depth_of_program(ctx) :])
        key = f"cli.{prefix}." if prefix else "cli."
        rows = [(name, words(f"{key}{name}.short")) for name in self._table]
        with formatter.section(words("cli.commands")):
            formatter.write_dl(rows)


def _localise(text: str, words: Any) -> str:  # noqa: ANN401 - see _words
    """Replace what click adds to the help of an option, which speaks English alone."""
    text = text.replace("[required]", words("cli.required"))
    return text.replace("[default: ", words("cli.default"))


def _depth_of_program(ctx: click.Context) -> int:
    return len((ctx.find_root().info_name or "").split())


def _words(ctx: click.Context) -> Any:  # noqa: ANN401 - Words, or a test's own session
    return ctx.ensure_object(Session).words
