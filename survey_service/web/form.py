"""What a browser's form holds: read it, judge it, say in plain words what is missing.

Strings become integers here and nowhere else; everything odd is passed on for the schema to judge.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from survey_service.errors import Code, Fault, SurveyError
from survey_service.i18n import Words
from survey_service.page.sheet import Sheet
from survey_service.wave import Wave

SUBMISSION = "submission-id"
"""The field of the submission id; no item can have this name, for ids have no hyphen."""

CODE = "code"
"""The field of the code on a card; the checks of questionnaires reserve this name."""

SKIP = "skip-missing"
"""The field that says: questions left out were left out on purpose."""

_CONTROLS = ("unit", "role", CODE, SUBMISSION, SKIP, "phone-kind")
_ABOUT_CODE = frozenset({Code.CODE_UNKNOWN, Code.CODE_USED, Code.FAILURES_MANY})
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
_SUBMISSION_ID = re.compile(r"[0-9a-f]{32}")
_OPTION = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True)
class Filled:
    """The fields of a form as they were sent: name -> values."""

    fields: Mapping[str, tuple[str, ...]]

    def value(self, name: str) -> str:
        """Return the first value of a field, or an empty string."""
        return self.fields.get(name, ("",))[0]

    def hidden(self) -> tuple[tuple[str, str], ...]:
        """Return every pair of name and value that a later page has to carry along."""
        return tuple((name, v) for name, values in self.fields.items() for v in values if v)

    def numbered(self) -> "Filled":
        """Return the same with a submission id: its own, or a new one where it has none."""
        if _SUBMISSION_ID.fullmatch(self.value(SUBMISSION)):
            return self
        return replace(self, fields={**self.fields, SUBMISSION: (secrets.token_hex(16),)})

    def data(self, wave: Wave) -> dict[str, Any]:
        """Return what the use case takes."""
        written = {item.id for item in wave.questionnaire.open_ended}
        answers = {
            name: values if name in written else _parse_codes(values)
            for name, values in self.fields.items()
            if name not in _CONTROLS
        }
        return {
            "submission": self.value(SUBMISSION),
            CODE: self.value(CODE),
            "unit": self.value("unit").strip(),
            "role": self.value("role"),
            "answers": {name: _only(values) for name, values in answers.items()},
        }


EMPTY = Filled({})


def read_form() -> Filled:
    """Return the form of the present request; ``body_type`` if it is something else."""
    if request.mimetype not in _FORM_TYPES:
        raise SurveyError(Code.BODY_TYPE)
    pairs = request.form.lists()
    return Filled({name: tuple(_unify_lines(v) for v in values) for name, values in pairs})


@dataclass(frozen=True)
class Remark:
    """One thing to put right: the field, the place on the page, and the sentence."""

    field: str
    anchor: str
    sentence: str


def make_remarks(sheet: Sheet, faults: Iterable[Fault], w: Words) -> tuple[Remark, ...]:
    """Say every fault in the words of the page, once, each with the place it is about."""
    questions = {question.id: question for question in sheet.questions}
    remarks = {}
    for fault in faults:
        key = f"web.fault.{fault.code}"
        field = CODE if fault.code in _ABOUT_CODE else fault.place.column
        question = questions.get(field)
        limit = question.limit if question else 0
        sentence = w(key if key in w else "web.fault.other", limit=limit)
        if question:
            sentence = w("web.fault.question", number=question.number, sentence=sentence)
        anchor = field if question or field in _CONTROLS else sheet.parts[0].anchor
        remarks[field, sentence] = Remark(field, anchor, sentence)
    return tuple(remarks.values())


def _parse_codes(values: tuple[str, ...]) -> tuple[int | str | None, ...]:
    return tuple(int(v) if _OPTION.fullmatch(v) else v or None for v in values)


def _only(values: tuple[Any, ...]) -> Any:  # noqa: ANN401 - whatever was sent
    """Return the one value; several for one question stay several, which the schema refuses."""
    return values[0] if len(values) == 1 else list(values)


def _unify_lines(text: str) -> str:
    """Undo what forms do to line ends, so that one counts as one character."""
    return text.replace("\r\n", "\n")
