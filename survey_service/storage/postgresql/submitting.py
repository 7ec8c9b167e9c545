"""One submission, in one statement: the functions of the database do the rest (``migrations``)."""

from datetime import date
from typing import Any

from survey_service.errors import Code, SurveyError
from survey_service.response import PACES, Submission
from survey_service.storage.postgresql.database import Database
from survey_service.storage.postgresql.mixing import Mixer
from survey_service.storage.postgresql.records import Known, find_lock
from survey_service.storage.postgresql.settings import Session
from survey_service.storage.postgresql.waves import Waves
from survey_service.storage.postgresql.writing import draw_comment_id
from survey_service.storage.receipts import draw_receipt
from survey_service.store import Receipt

_SUBMIT = f"SELECT * FROM submit_response({', '.join(['%s'] * 13)})"  # noqa: S608 - placeholders
_REFUSALS = {
    "wave_unknown": Code.WAVE_UNKNOWN,
    "code_unknown": Code.CODE_UNKNOWN,
    "code_used": Code.CODE_USED,
}


class Intake:
    """Keeps submissions, and has them mixed now and then."""

    def __init__(self, database: Database, waves: Waves, mixer: Mixer) -> None:
        self._database = database
        self._waves = waves
        self._mixer = mixer

    def submit(self, wave_id: str, submission: Submission, today: date) -> Receipt:
        """Keep one submission; a digest already kept returns its receipt and keeps nothing.

        The receipt is drawn before the first attempt: if the reply to a commit is lost, the next
        attempt finds its own receipt under the digest.
        """
        known = self._find_accepting(wave_id, today)
        number = draw_receipt()
        parts = _write(submission)

        def ask(session: Session) -> tuple[str, str, int]:
            head = (wave_id, find_lock(wave_id), known.revision, digest, number)
            return session.execute(_SUBMIT, (*head, *parts), prepare=True).fetchone()  # type: ignore[return-value]

        digest = bytes.fromhex(submission.digest)
        while True:
            outcome, content, revision = self._database.call(ask, Code.STORE_UNWRITABLE)
            if outcome == "kept":
                is_new = content == number
                if is_new:
                    self._mixer.count(wave_id)
                return Receipt(content, is_new)
            if outcome == "changed":
                known = self._waves.learn(wave_id, revision, content)
                known.wave.require_accepting(today)
            elif outcome in _REFUSALS:
                raise SurveyError(_REFUSALS[outcome])

    def _find_accepting(self, wave_id: str, today: date) -> Known:
        """Return a wave that takes answers; what we know of it may be old, the database will say."""
        known = self._waves.recall(wave_id)
        if known is None or not known.wave.is_accepting(today):
            known = self._waves.read(wave_id)
            known.wave.require_accepting(today)
        return known


def write_hash(text: str) -> bytes | None:
    """Return a hexadecimal hash as bytes; None if it is empty; no hash at all is never found."""
    if not text:
        return None
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _write(submission: Submission) -> tuple[Any, ...]:
    response, comments = submission.response, submission.comments
    written: tuple[Any, ...] = (None, None, None, None)
    if comments:
        written = (
            [draw_comment_id() for _ in comments],
            [comment.item for comment in comments],
            [comment.group for comment in comments],
            [comment.text for comment in comments],
        )
    return (
        write_hash(submission.code),
        response.stratum,
        PACES.index(response.pace),
        response.answers.encode("ascii"),
        *written,
    )
