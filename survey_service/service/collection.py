"""Take one submission: judge it, label it with its stratum, keep it once."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from survey_service.errors import Fault, Place, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.response import Comment, Response, Submission, encode_answers
from survey_service.schema import load_submission
from survey_service.store import Receipt, Store
from survey_service.wave import Wave


def accept(store: Store, wave: Wave, data: object, today: date) -> Receipt:
    """Keep what a phone or a program sent and return the receipt.

    ``data`` is ``{"submission", "unit", "role", "pace", "answers"}`` with integers as answers.
    The same submission again returns the same receipt and keeps nothing. Raises ``SurveyError``
    with every fault of the data, ``wave_draft``, ``wave_closed`` or a fault of the store.
    """
    wave.require_accepting(today)
    faults: list[Fault] = []
    loaded: dict[str, Any] = {}
    try:
        loaded = load_submission(wave.questionnaire, data)
    except SurveyError as error:
        faults += error.faults
    stratum = ""
    try:
        stratum = wave.stratum(_text(data, "unit"), _text(data, "role"))
    except SurveyError as error:
        field = "role" if "role" in str(error.code) else "unit"
        known = {fault.place.column for fault in faults}
        faults += [Fault(error.code, place=Place(column=field))] if field not in known else []
    if faults:
        raise SurveyError.of(faults)
    digest = hashlib.sha256(f"{wave.id}:{loaded['submission']}".encode()).hexdigest()
    response = Response(
        stratum, loaded["pace"], encode_answers(wave.questionnaire, loaded["answers"])
    )
    comments = collect_comments(wave, stratum, loaded["answers"])
    return store.submit(wave.id, Submission(digest, response, comments), today)


def collect_comments(wave: Wave, stratum: str, answers: Mapping[str, Any]) -> tuple[Comment, ...]:
    """Return the answers in own words, each under the coarse group of its stratum."""
    questionnaire: Questionnaire = wave.questionnaire
    group = wave.strata.comment_group(stratum)
    texts = ((item.id, (answers.get(item.id) or "").strip()) for item in questionnaire.open_ended)
    return tuple(Comment(item, group, text) for item, text in texts if text)


def _text(data: object, key: str) -> str:
    value = data.get(key, "") if isinstance(data, dict) else ""
    return value if isinstance(value, str) else ""
