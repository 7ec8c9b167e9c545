"""Questionnaires as people name them: a shipped id, a TOML file, or an XLSForm workbook."""

from pathlib import Path
from typing import TYPE_CHECKING

from survey_service.errors import Code, Fault, Place, SurveyError

if TYPE_CHECKING:
    from survey_service.questionnaire import Questionnaire
    from survey_service.questionnaire.source import Source


def load_definition(reference: str) -> "Questionnaire":
    """Return a questionnaire; raises ``SurveyError`` with every fault of its file."""
    from survey_service.questionnaire import load  # noqa: PLC0415 - start-up time
    from survey_service.questionnaire.loading import load_source  # noqa: PLC0415

    if not _is_workbook(reference):
        return load(reference)
    return load_source(read_workbook(reference))


def check_definition(file: str) -> tuple[Fault, ...]:
    """Return every fault of a questionnaire file."""
    from survey_service.questionnaire import check  # noqa: PLC0415 - start-up time

    if not _is_workbook(file):
        return check(file)
    try:
        read_workbook(file)
    except SurveyError as error:
        return error.faults
    return ()


def find_definition(sha256: str, reference: str | None) -> "Questionnaire":
    """Return the questionnaire with a hash: the one named, else one that comes with the program.

    A wave may have asked the questions about the person instead of the unit; both forms are tried. Raises
    ``release_questionnaire`` if none that comes with the program fits, ``release_questionnaire_other`` if
    the one named does not.
    """
    from survey_service.questionnaire import add_background, shipped  # noqa: PLC0415

    for name in (reference,) if reference else shipped():
        found = load_definition(name)
        for one in (found, add_background(found)):
            if one.sha256 == sha256:
                return one
    if reference:
        raise SurveyError(Code.RELEASE_QUESTIONNAIRE_OTHER, Place(reference))
    raise SurveyError(Code.RELEASE_QUESTIONNAIRE)


def read_workbook(file: str) -> "Source":
    """Return the content of a sound workbook; raises with every fault of its sheets and its meaning."""
    from survey_service.export.xlsform_reading import read_xlsform  # noqa: PLC0415 - start-up time
    from survey_service.questionnaire.loading import check_source  # noqa: PLC0415
    from survey_service.table import read_file  # noqa: PLC0415

    path = Path(file)
    source, faults = read_xlsform(path.name, read_file(path))
    # without its sheets a workbook means nothing
    is_whole = all(fault.code is not Code.XLSFORM_SHEET for fault in faults)
    if found := (*faults, *(check_source(source) if is_whole else ())):
        raise SurveyError.of(found)
    return source


def _is_workbook(reference: str) -> bool:
    return reference.lower().endswith(".xlsx")
