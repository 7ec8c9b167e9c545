"""Take one submission: judge it, label it with its stratum, keep it once."""

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from survey_service.codes import hash_code, read_code
from survey_service.errors import Code, Fault, Place, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.response import Comment, Response, Submission, encode_answers
from survey_service.schema import load_submission
from survey_service.store import Receipt, Store
from survey_service.wave import Wave

_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def accept(store: Store, wave: Wave, data: object, today: date) -> Receipt:
    """Keep what a phone or a program sent and return the receipt.

    The same submission again returns the same receipt and keeps nothing. Raises what ``judge``
    raises, ``wave_draft``, ``wave_closed``, ``code_used`` or a fault of the store.
    """
    wave.require_accepting(today)
    return store.submit(wave.id, judge(store, wave, data), today)


def judge(store: Store, wave: Wave, data: object) -> Submission:
    """Return what would be kept of ``data``, without keeping it.

    ``data`` is ``{"submission", "code", "unit", "role", "pace", "answers"}`` with integers as
    answers. Where the wave needs a code, that comes first: ``code_unknown`` for any text that
    opens nothing. Otherwise raises ``SurveyError`` with every fault: of the unit and the role
    first, then of the answers.
    """
    faults: list[Fault] = []
    code, stratum = "", ""
    loaded: dict[str, Any] = {}
    try:
        if wave.access == "codes":
            code, stratum = find_stratum(store, wave, _text(data, "code"))
        else:
            stratum = wave.stratum(_text(data, "unit"), _text(data, "role"))
    except SurveyError as error:
        if error.code is Code.CODE_UNKNOWN:
            raise
        faults += error.faults
    named = {fault.place.column for fault in faults}
    try:
        loaded = load_submission(wave.questionnaire, data)
    except SurveyError as error:
        faults += [f for f in error.faults if not f.place.column or f.place.column not in named]
    if faults:
        raise SurveyError.of(faults)
    digest = hashlib.sha256(f"{wave.salt}:{loaded['submission']}".encode()).hexdigest()
    answers = encode_answers(wave.questionnaire, loaded["answers"])
    comments = collect_comments(wave, stratum, loaded["answers"])
    return Submission(digest, Response(stratum, loaded["pace"], answers), comments, code)


def find_stratum(store: Store, wave: Wave, text: str) -> tuple[str, str]:
    """Return the hash of a code and the stratum it was issued for; ``code_unknown`` if it opens nothing."""
    code = read_code(text)
    digest = "" if code is None else hash_code(code, bytes.fromhex(wave.salt))
    stratum = store.find_code(wave.id, digest)
    if stratum is None:
        raise SurveyError(Code.CODE_UNKNOWN, Place(column="code"))
    return digest, stratum


def collect_comments(wave: Wave, stratum: str, answers: Mapping[str, Any]) -> tuple[Comment, ...]:
    """Return the answers in own words, each under the coarse group of its stratum."""
    questionnaire: Questionnaire = wave.questionnaire
    group = wave.strata.comment_group(stratum)
    texts = ((item.id, _clean(answers.get(item.id) or "")) for item in questionnaire.open_ended)
    return tuple(Comment(item, group, text) for item, text in texts if text)


def _text(data: object, key: str) -> str:
    value = data.get(key, "") if isinstance(data, dict) else ""
    return value if isinstance(value, str) else ""


def _clean(text: str) -> str:
    """Drop what nobody types: control characters, and marks that turn the direction of writing."""
    kept = (
        c for c in text if c in "\n\t" or not (c in _TURNING or unicodedata.category(c) == "Cc")
    )
    return "".join(kept).strip()
