"""The catalogue of errors: a stable code, what it means for each door, and where it happened.

The sentences stand in ``locale/*.po`` under ``error.CODE`` (what is wrong) and
``error.CODE.remedy`` (what to do). Codes never change; wording may improve.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from survey_service.i18n import Words, words


class _Meaning(NamedTuple):
    code: str
    exit_code: int
    status: int


def _bad_input(code: str, status: int = 422) -> _Meaning:
    return _Meaning(code, 2, status)


def _refused(code: str, status: int = 409) -> _Meaning:
    return _Meaning(code, 3, status)


class Code(Enum):
    """Every error: its stable name, the exit code of the command line and the HTTP status."""

    # files in general
    FILE_MISSING = _bad_input("file_missing")
    FILE_UNREADABLE = _bad_input("file_unreadable")
    FILE_ENCODING = _bad_input("file_encoding")
    FILE_COLUMN_MISSING = _bad_input("file_column_missing")
    FILE_COLUMN_UNKNOWN = _bad_input("file_column_unknown")
    FILE_COLUMN_REPEATED = _bad_input("file_column_repeated")
    FILE_ROW_RAGGED = _bad_input("file_row_ragged")
    FILE_EMPTY = _bad_input("file_empty")
    FILE_FORMAT = _bad_input("file_format")
    LIBRARY_MISSING = _bad_input("library_missing")
    OUTPUT_OTHER = _bad_input("output_other")
    OUTPUT_UNWRITABLE = _bad_input("output_unwritable")
    OUTPUT_EXISTS = _bad_input("output_exists")
    RELEASE_FORMAT = _bad_input("release_format")
    RELEASE_SCHEMA = _bad_input("release_schema")
    RELEASE_QUESTIONNAIRE = _bad_input("release_questionnaire")
    RELEASE_QUESTIONNAIRE_OTHER = _bad_input("release_questionnaire_other")
    REPORT_FORMAT = _bad_input("report_format")
    REPORT_DIFFERS = _refused("report_differs")
    HOUSE_EMPTY = _bad_input("house_empty")
    FONT_UNFIT = _bad_input("font_unfit")
    LOGO_UNFIT = _bad_input("logo_unfit")

    # questionnaire definitions
    QUESTIONNAIRE_UNKNOWN = _bad_input("questionnaire_unknown", 404)
    QUESTIONNAIRE_SYNTAX = _bad_input("questionnaire_syntax")
    QUESTIONNAIRE_FORMAT = _bad_input("questionnaire_format")
    QUESTIONNAIRE_FIELD_UNKNOWN = _bad_input("questionnaire_field_unknown")
    QUESTIONNAIRE_FIELD_MISSING = _bad_input("questionnaire_field_missing")
    QUESTIONNAIRE_FIELD_TYPE = _bad_input("questionnaire_field_type")
    QUESTIONNAIRE_TRANSLATION_MISSING = _bad_input("questionnaire_translation_missing")
    QUESTIONNAIRE_ID_INVALID = _bad_input("questionnaire_id_invalid")
    QUESTIONNAIRE_ID_DUPLICATE = _bad_input("questionnaire_id_duplicate")
    QUESTIONNAIRE_REFERENCE = _bad_input("questionnaire_reference")
    QUESTIONNAIRE_SCALE = _bad_input("questionnaire_scale")
    QUESTIONNAIRE_SCALES = _bad_input("questionnaire_scales")
    QUESTIONNAIRE_WEIGHTS = _bad_input("questionnaire_weights")
    QUESTIONNAIRE_EXTRA = _bad_input("questionnaire_extra")
    QUESTIONNAIRE_NOTHING_SCORED = _bad_input("questionnaire_nothing_scored")
    QUESTIONNAIRE_NOT_SCORED = _bad_input("questionnaire_not_scored")
    QUESTIONNAIRE_IDENTIFYING = _bad_input("questionnaire_identifying")
    XLSFORM_SHEET = _bad_input("xlsform_sheet")
    XLSFORM_TYPE = _bad_input("xlsform_type")
    XLSFORM_SHARE = _bad_input("xlsform_share")
    QUESTIONNAIRE_TOO_LONG = _bad_input("questionnaire_too_long")

    # rosters
    ROSTER_PERSON = _bad_input("roster_person")
    ROSTER_HEADCOUNT = _bad_input("roster_headcount")
    ROSTER_ROLE = _bad_input("roster_role")
    ROSTER_UNIT = _bad_input("roster_unit")
    ROSTER_DUPLICATE = _bad_input("roster_duplicate")
    ROSTER_PARENT = _bad_input("roster_parent")
    ROSTER_SMALL = _refused("roster_small")

    # waves
    WAVE_ID = _bad_input("wave_id")
    WAVE_UNKNOWN = _bad_input("wave_unknown", 404)
    WAVE_NONE = _bad_input("wave_none", 404)
    WAVE_SEVERAL = _bad_input("wave_several")
    WAVE_EXISTS = _refused("wave_exists")
    WAVE_DATES = _bad_input("wave_dates")
    WAVE_NOT_LATER = _bad_input("wave_not_later")
    WAVE_DRAFT = _refused("wave_draft")
    WAVE_OPENED = _refused("wave_opened")
    WAVE_CLOSED = _refused("wave_closed")
    WAVE_STILL_OPEN = _refused("wave_still_open")
    WAVE_EARLY = _refused("wave_early")
    WAVE_OPEN = _refused("wave_open")
    NOTICE_MISSING = _refused("notice_missing")
    DELETE_UNCONFIRMED = _refused("delete_unconfirmed")
    WAVE_EMPTY = _refused("wave_empty")
    PREVIOUS_UNFIT = _bad_input("previous_unfit")
    RELEASE_UNSAFE = _refused("release_unsafe")
    RELEASE_UNIFORM = _refused("release_uniform")
    RELEASE_OVERLAP = _refused("release_overlap")
    RELEASE_CHANGED = _refused("release_changed")
    EXPORT_UNSAFE = _refused("export_unsafe")
    PRIVACY_HIT = _refused("privacy_hit")

    # answers
    ANSWER_VALUE = _bad_input("answer_value")
    ANSWER_TEXT = _bad_input("answer_text")
    ANSWER_LONG = _bad_input("answer_long")
    ANSWER_ITEM = _bad_input("answer_item")
    ANSWER_TYPE = _bad_input("answer_type")
    ANSWER_MISSING = _bad_input("answer_missing")
    ANSWERS_NONE = _bad_input("answers_none")
    ANSWERS_INVALID = _bad_input("answers_invalid")
    SUBMISSION_ID = _bad_input("submission_id")
    SEALED_UNREADABLE = _bad_input("sealed_unreadable")
    UNIT_UNKNOWN = _bad_input("unit_unknown")
    UNIT_NEEDED = _bad_input("unit_needed")
    ROLE_UNKNOWN = _bad_input("role_unknown")
    ROLE_NEEDED = _bad_input("role_needed")
    PACE_UNKNOWN = _bad_input("pace_unknown")
    FIELD_UNKNOWN = _bad_input("field_unknown")
    FIELD_MISSING = _bad_input("field_missing")
    MAPPING_COLUMN = _bad_input("mapping_column")
    MAPPING_VALUES = _bad_input("mapping_values")
    IMPORT_UNIT = _bad_input("import_unit")
    IMPORT_REPEATED = _refused("import_repeated")

    # one-time codes and comments
    CODE_UNKNOWN = _bad_input("code_unknown", 403)
    CODE_USED = _refused("code_used")
    CODES_NEEDED = _refused("codes_needed")
    CODES_ISSUED = _refused("codes_issued")
    CODES_MANY = _refused("codes_many")
    CODES_ROSTER = _refused("codes_roster")
    CODES_MODE = _refused("codes_mode")
    FAILURES_MANY = _Meaning("failures_many", 5, 429)
    COMMENT_UNKNOWN = _bad_input("comment_unknown")
    COMMENT_REPEATED = _bad_input("comment_repeated")
    THEME_UNKNOWN = _bad_input("theme_unknown")
    THEME_MISSING = _bad_input("theme_missing")
    PARAPHRASE_LONG = _bad_input("paraphrase_long")
    PARAPHRASE_IDENTIFYING = _bad_input("paraphrase_identifying")

    # HTTP
    BODY_MALFORMED = _bad_input("body_malformed", 400)
    BODY_LARGE = _bad_input("body_large", 413)
    BODY_TYPE = _bad_input("body_type", 415)
    REQUEST_MALFORMED = _bad_input("request_malformed", 400)
    HOST_UNKNOWN = _bad_input("host_unknown", 421)
    PAGE_UNKNOWN = _bad_input("page_unknown", 404)
    METHOD_UNKNOWN = _bad_input("method_unknown", 405)
    VERSION_UNKNOWN = _bad_input("version_unknown", 404)
    SERVICE_FAULT = _Meaning("service_fault", 6, 500)

    # command line
    COMMAND_UNKNOWN = _bad_input("command_unknown")
    OPTION_UNKNOWN = _bad_input("option_unknown")
    OPTION_UNFIT = _bad_input("option_unfit")
    ARGUMENT_MISSING = _bad_input("argument_missing")
    ARGUMENT_VALUE = _bad_input("argument_value")
    ARGUMENT_DATE = _bad_input("argument_date")
    ARGUMENT_CHOICE = _bad_input("argument_choice")
    BASE_URL = _bad_input("base_url")
    ARGUMENT_EXTRA = _bad_input("argument_extra")
    TERMINAL_NEEDED = _bad_input("terminal_needed")
    PROGRAM_FAULT = _Meaning("program_fault", 6, 500)
    PORT_TAKEN = _Meaning("port_taken", 5, 503)
    SERVER_FAILED = _Meaning("server_failed", 6, 500)
    SERVER_DEBUG = _refused("server_debug", 503)
    HTTPS_NAME = _bad_input("https_name")

    # storage
    STORE_URL = _bad_input("store_url")
    STORE_WORKERS = _bad_input("store_workers")
    STORE_LOCKED = _Meaning("store_locked", 5, 503)
    STORE_UNWRITABLE = _Meaning("store_unwritable", 6, 503)
    STORE_BUSY = _Meaning("store_busy", 5, 429)
    STORE_SERVED = _Meaning("store_served", 5, 503)
    STORE_NETWORK = _Meaning("store_network", 6, 503)
    STORE_SETTING = _Meaning("store_setting", 6, 503)
    STORE_OUTDATED = _Meaning("store_outdated", 6, 503)
    STORE_DRIVER = _Meaning("store_driver", 6, 503)
    STORE_UNREADABLE = _Meaning("store_unreadable", 6, 503)
    STORE_DAMAGED = _Meaning("store_damaged", 6, 503)

    # backups, and moving from one store to another
    ARCHIVE_FORMAT = _bad_input("archive_format")
    ARCHIVE_VERSION = _bad_input("archive_version")
    ARCHIVE_DAMAGED = _Meaning("archive_damaged", 6, 503)
    STORE_NOT_EMPTY = _refused("store_not_empty")
    RESTORE_CODES = _refused("restore_codes")
    RESTORE_UNFINISHED = _refused("restore_unfinished")
    COPY_DIFFERS = _Meaning("copy_differs", 6, 503)
    WAVE_UNSOUND = _Meaning("wave_unsound", 6, 503)

    @property
    def exit_code(self) -> int:
        """Return what the command line exits with: 2 input, 3 policy, 5 busy, 6 storage."""
        return self.value.exit_code

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        return self.value.status

    def __str__(self) -> str:
        return self.value.code


@dataclass(frozen=True)
class Place:
    """Where in a file something is wrong; empty parts are not known."""

    file: str = ""
    line: int | None = None
    column: str = ""

    def describe(self, w: Words) -> str:
        """Return the place in words, or an empty string."""
        parts = [self.file]
        if self.line is not None:
            parts.append(w("error.place.line", line=self.line))
        if self.column:
            parts.append(w("error.place.column", column=self.column))
        return w("error.place.separator").join(part for part in parts if part)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: what, where, and the values its sentence needs."""

    code: Code
    values: dict[str, Any] = field(default_factory=dict)
    place: Place = Place()

    def sentence(self, lang: str) -> str:
        """Say what is wrong."""
        return words(lang)(f"error.{self.code}", **self.values)

    def remedy(self, lang: str) -> str:
        """Say what to do about it."""
        return words(lang)(f"error.{self.code}.remedy", **self.values)


class SurveyError(Exception):
    """Something a person can put right; carries every fault found, never only the first.

    The first fault decides the exit code and the HTTP status.
    """

    def __init__(self, code: Code, place: Place = Place(), **values: Any) -> None:  # noqa: ANN401 - values of a sentence
        self.faults: tuple[Fault, ...] = (Fault(code, values, place),)
        super().__init__(str(code))

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> "SurveyError":
        """Make one error of several faults (at least one)."""
        first, *_ = listed = tuple(faults)
        error = cls(first.code, first.place, **first.values)
        error.faults = listed
        return error

    @property
    def code(self) -> Code:
        """Return the code of the first fault."""
        return self.faults[0].code
