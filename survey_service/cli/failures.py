"""Say what went wrong: where, what, remedy, with the stable code; and the exit code for it."""

import click

from survey_service.cli.parameters import Day
from survey_service.cli.session import Session
from survey_service.errors import Code, Fault, SurveyError

MOST_SHOWN = 100


def report_failure(error: Exception, session: Session) -> int:
    """Print an error to standard error, in words, and return the exit code."""
    if not isinstance(error, SurveyError):
        error = _translate(error)
    faults = error.faults
    for fault in faults[:MOST_SHOWN]:
        click.echo(write_fault(fault, session), err=True)
    if len(faults) > MOST_SHOWN:
        click.echo(session.words("cli.more_faults", n=len(faults) - MOST_SHOWN), err=True)
    return error.code.exit_code


def write_fault(fault: Fault, session: Session) -> str:
    """Return one fault in two lines: where and what; then what to do."""
    w = session.words
    place = fault.place.describe(w)
    where = w("cli.where", place=place) if place else ""
    what = w("cli.error", code=fault.code, where=where, what=fault.sentence(session.lang))
    return f"{what}\n{w('cli.remedy', remedy=fault.remedy(session.lang))}"


def _translate(error: Exception) -> SurveyError:
    """Turn click's usage errors into ours; anything else is a fault of the program."""
    if isinstance(error, click.NoSuchOption):
        return SurveyError(Code.OPTION_UNKNOWN, option=error.option_name)
    if isinstance(error, click.MissingParameter):
        return SurveyError(Code.ARGUMENT_MISSING, argument=_name(error))
    if isinstance(error, click.BadParameter | click.BadOptionUsage):
        return _explain_value(error)
    if isinstance(error, click.UsageError):
        return SurveyError(Code.ARGUMENT_EXTRA)
    if isinstance(error, OSError):
        return SurveyError(Code.STORE_UNWRITABLE)
    return SurveyError(Code.PROGRAM_FAULT, kind=type(error).__name__)


def _explain_value(error: click.BadParameter | click.BadOptionUsage) -> SurveyError:
    """Say what a value should look like, where its type knows."""
    param = getattr(error, "param", None)
    kind = None if param is None else param.type
    if isinstance(kind, click.Choice):
        choices = " ".join(kind.choices)
        return SurveyError(Code.ARGUMENT_CHOICE, argument=_name(error), choices=choices)
    code = Code.ARGUMENT_DATE if isinstance(kind, Day) else Code.ARGUMENT_VALUE
    return SurveyError(code, argument=_name(error))


def _name(error: click.UsageError) -> str:
    if isinstance(error, click.BadOptionUsage):
        return error.option_name
    param = getattr(error, "param", None)
    if param is None:
        return ""
    return (
        max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name
    )
