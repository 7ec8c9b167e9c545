"""The shapes of what the API takes and gives, as marshmallow schemas: the description is made of them.

What is taken is judged elsewhere, by the schema of the questionnaire itself (``survey_service.schema``).
"""

from marshmallow import RAISE, Schema, fields, validate

from survey_service.i18n import LANGUAGES
from survey_service.questionnaire import ROLES
from survey_service.response import PACES
from survey_service.wave import State

_WAVE_ID = validate.Regexp(r"^[a-z0-9-]{1,40}$")
_SUBMISSION_ID = validate.Regexp(r"^[0-9a-f]{32}$")
_RECEIPT = validate.Regexp(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$")
_BASE64 = validate.Regexp(r"^[A-Za-z0-9+/_-]*={0,2}$")
_STATES = tuple(state.value for state in State)


class _Given(Schema):
    """What the service gives: always every field."""


class _Taken(Schema):
    """What the service takes: nothing but these fields."""

    class Meta:
        """See the class."""

        unknown = RAISE


class Translated(_Given):
    """A text in every language."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class Version(_Given):
    """Which questionnaire a wave asks."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)


class Wave(_Given):
    """A wave as everybody may see it."""

    id = fields.String(required=True, validate=_WAVE_ID)
    title = fields.Nested(Translated, required=True)
    state = fields.String(required=True, validate=validate.OneOf(_STATES))
    access = fields.String(required=True, validate=validate.OneOf(("open", "codes")))
    opens = fields.Date(required=True, allow_none=True)
    closes = fields.Date(required=True, allow_none=True)
    questionnaire = fields.Nested(Version, required=True)
    languages = fields.List(fields.String(validate=validate.OneOf(LANGUAGES)), required=True)


class Waves(_Given):
    """The waves that take answers today."""

    waves = fields.List(fields.Nested(Wave), required=True)


class Unit(_Given):
    """A unit that a respondent may name."""

    key = fields.String(required=True)
    path = fields.String(required=True)


class WaveInFull(Wave):
    """A wave with the units and roles that it asks for."""

    units = fields.List(fields.Nested(Unit), required=True)
    roles = fields.List(fields.String(validate=validate.OneOf(ROLES)), required=True)


class Option(_Given):
    """One answer of a scale."""

    code = fields.Integer(required=True)
    label = fields.String(required=True)


class Scale(_Given):
    """The answers that one may choose from."""

    stem = fields.String(required=True, allow_none=True)
    options = fields.List(fields.Nested(Option), required=True)
    not_applicable = fields.Nested(Option, required=True, allow_none=True)


class Item(_Given):
    """One question: with a scale, or open with a hint and a limit of characters."""

    id = fields.String(required=True)
    text = fields.String(required=True)
    scale = fields.String()
    hint = fields.String(allow_none=True)
    limit = fields.Integer()


class Section(_Given):
    """The questions of one screen."""

    name = fields.String(required=True)
    items = fields.List(fields.Nested(Item), required=True)


class Questionnaire(_Given):
    """What is asked, in one language, and nothing about scoring."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    lang = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    title = fields.String(required=True)
    opening = fields.String(required=True, allow_none=True)
    minutes = fields.Integer(required=True)
    scales = fields.Dict(keys=fields.String(), values=fields.Nested(Scale), required=True)
    sections = fields.List(fields.Nested(Section), required=True)


class Submission(_Taken):
    """One filled-in questionnaire in clear."""

    submission = fields.String(required=True, validate=_SUBMISSION_ID)
    code = fields.String(validate=validate.Length(max=200))
    unit = fields.String(validate=validate.Length(max=400))
    role = fields.String(validate=validate.OneOf(("", *ROLES)))
    pace = fields.String(validate=validate.OneOf(PACES))
    answers = fields.Dict(
        keys=fields.String(), required=True, metadata={"additionalProperties": True}
    )


class SealedSubmission(_Taken):
    """The same, sealed on the phone for the key of the wave."""

    submission = fields.String(required=True, validate=_SUBMISSION_ID)
    epk = fields.String(required=True, validate=_BASE64)
    iv = fields.String(required=True, validate=_BASE64)
    body = fields.String(required=True, validate=_BASE64)
    code = fields.Raw()


class Receipt(_Given):
    """The proof that something was kept; it leads to no answer."""

    receipt = fields.String(required=True, validate=_RECEIPT)


class Status(_Given):
    """How the server is."""

    status = fields.String(required=True, validate=validate.OneOf(("alive", "ready")))


class Fault(_Given):
    """One faulty field."""

    field = fields.String(required=True)
    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class Problem(_Given):
    """What went wrong, RFC 9457; nothing of the request stands in it."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    faults = fields.List(fields.Nested(Fault))
