"""The door opens what a phone had sealed; from then on it goes the way of every submission.

Sealed, a submission is ``{"submission", "epk", "iv", "body", "code"}``: the body holds unit, role,
pace and answers; the code stands in clear or is sealed by itself, so that a mistyped one can be
replaced while the answers stay closed.
"""

from typing import Any

from survey_service.errors import Code, SurveyError
from survey_service.sealing import Sealed, unseal
from survey_service.wave import Wave
from survey_service.web.body import parse_json, read_json

_FIELDS = frozenset({"submission", "epk", "iv", "body", "code"})


def read_submission(wave: Wave) -> Any:  # noqa: ANN401 - any JSON value, for the schema to judge
    """Return the submission that the present request holds, opened if it was sealed.

    Raises what ``read_json`` raises, and ``sealed_unreadable`` for what does not open.
    """
    data = read_json()
    if not isinstance(data, dict) or "epk" not in data:
        return data
    if not data.keys() <= _FIELDS:
        raise SurveyError(Code.SEALED_UNREADABLE)
    bound_to = f"{wave.id}|{wave.questionnaire.version}|{data.get('submission')}"
    opened = _open(wave, data, bound_to)
    if not isinstance(opened, dict):
        raise SurveyError(Code.SEALED_UNREADABLE)
    code = data.get("code", "")
    if isinstance(code, dict):
        code = _open(wave, code, f"{bound_to}|code")
    return {**opened, "submission": data.get("submission"), "code": code}


def _open(wave: Wave, table: dict[str, Any], bound_to: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return parse_json(unseal(wave.sealing_key, Sealed.read(table), bound_to))
    except SurveyError:
        raise SurveyError(Code.SEALED_UNREADABLE) from None
