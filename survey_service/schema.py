"""The only judge of an answer: a marshmallow schema made from the questionnaire.

For the web page, the API and the import alike. Messages are codes of the error catalogue, so one
schema serves every language and no message can echo what was sent.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from survey_service.errors import Code, Fault, Place, SurveyError
from survey_service.questionnaire import ROLES, Item, Questionnaire
from survey_service.response import PACES

_LONGEST_UNIT = 400
_LONGEST_CODE = 200


class _Strict(Schema):
    """Unknown fields are refused; every message is a code."""

    class Meta:
        """See the class."""

        unknown = RAISE

    error_messages = {  # noqa: RUF012 - marshmallow reads it from the class
        "unknown": str(Code.FIELD_UNKNOWN),
        "type": str(Code.ANSWER_TYPE),
    }


def load_submission(questionnaire: Questionnaire, data: object) -> dict[str, Any]:
    """Validate what a phone or a program sent; answers come back as integers, comments as text.

    Returns ``{"submission", "unit", "role", "code", "pace", "answers"}``. Raises ``SurveyError`` with a
    fault for every faulty field; nothing of the data stands in it but names of fields we know.
    """
    return _load(submission_schema(questionnaire), data)


def load_answers(questionnaire: Questionnaire, data: Mapping[str, Any]) -> dict[str, Any]:
    """Validate the answers alone, as a row of an import holds them."""
    return _load(answers_schema(questionnaire), data)


def _load(schema: Schema, data: object) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(data)  # type: ignore[arg-type]  # any JSON value
    except ValidationError as error:
        raise SurveyError.of(_faults(error.messages, schema)) from None
    answers = loaded.get("answers", loaded)
    if not any(answers.get(item) not in {None, ""} for item in answers):
        raise SurveyError(Code.ANSWERS_NONE)
    return loaded


@lru_cache(maxsize=64)
def submission_schema(questionnaire: Questionnaire) -> Schema:
    """Return the schema of a whole submission; made once for each definition."""
    answers = answers_schema(questionnaire)
    body: dict[str, fields.Field[Any]] = {
        "submission": fields.String(
            required=True,
            validate=validate.Regexp(r"^[0-9a-f]{32}\Z", error=str(Code.SUBMISSION_ID)),
            error_messages={
                "required": str(Code.SUBMISSION_ID),
                "invalid": str(Code.SUBMISSION_ID),
                "null": str(Code.SUBMISSION_ID),
            },
        ),
        "unit": _word("", validate.Length(max=_LONGEST_UNIT, error=str(Code.UNIT_UNKNOWN))),
        "role": _word("", validate.OneOf(("", *ROLES), error=str(Code.ROLE_UNKNOWN))),
        "code": _word("", validate.Length(max=_LONGEST_CODE, error=str(Code.CODE_UNKNOWN))),
        "pace": _word(PACES[0], validate.OneOf(PACES, error=str(Code.PACE_UNKNOWN))),
        "answers": fields.Nested(
            answers,
            required=True,
            error_messages={
                "required": str(Code.FIELD_MISSING),
                "null": str(Code.ANSWER_TYPE),
                "type": str(Code.ANSWER_TYPE),
            },
        ),
    }
    return _Strict.from_dict(body, name="Submission")()


@lru_cache(maxsize=64)
def answers_schema(questionnaire: Questionnaire) -> Schema:
    """Return the schema of the answers; made once for each definition."""
    body = {item.id: _answer_field(questionnaire, item) for item in questionnaire.items}
    return _Strict.from_dict(body, name="Answers")()


def _word(default: str, judge: validate.Validator) -> fields.String:
    messages: dict[str, Any] = {"invalid": str(Code.ANSWER_TYPE), "null": str(Code.ANSWER_TYPE)}
    return fields.String(load_default=default, validate=judge, error_messages=messages)


def _require_text(value: str) -> None:
    """Refuse half characters, which JSON can carry but no file can hold."""
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValidationError(str(Code.ANSWER_TEXT))


def _answer_field(questionnaire: Questionnaire, item: Item) -> fields.Field[Any]:
    if item.kind == "open":
        return fields.String(
            allow_none=True,
            validate=[validate.Length(max=item.limit, error=str(Code.ANSWER_LONG)), _require_text],
            error_messages={"invalid": str(Code.ANSWER_TEXT)},
        )
    codes = questionnaire.scale_of(item).codes
    return fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.OneOf(sorted(codes), error=str(Code.ANSWER_VALUE)),
        error_messages={"invalid": str(Code.ANSWER_VALUE), "too_large": str(Code.ANSWER_VALUE)},
    )


_BY_NAME = {str(code): code for code in Code}


def _faults(messages: Any, schema: Schema) -> list[Fault]:  # noqa: ANN401 - nested messages
    """Flatten marshmallow's messages; a name we do not know is left out, for it came from outside."""
    if isinstance(messages, dict):
        found = []
        for name, inner in messages.items():
            field = schema.fields.get(str(name))
            nested = field.schema if isinstance(field, fields.Nested) else schema
            for fault in _faults(inner, nested):
                column = fault.place.column or (str(name) if field is not None else "")
                found.append(Fault(fault.code, fault.values, Place(column=column)))
        return found
    return [Fault(_BY_NAME[message]) for message in messages]
