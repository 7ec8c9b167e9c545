"""Answers from paper or another program, read from a table: all rows or none."""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from survey_service.errors import Code, Fault, SurveyError
from survey_service.questionnaire import Item, Questionnaire
from survey_service.response import PACES, Response, Submission, encode_answers
from survey_service.roster import parse_role
from survey_service.schema import load_answers
from survey_service.scoring.careless import classify_pace
from survey_service.service.collection import collect_comments
from survey_service.service.mapping import NO_MAPPING, ColumnMapping
from survey_service.store import Store
from survey_service.table import Row, Table
from survey_service.wave import Wave

_COLUMNS = {"unit": "unit", "单位": "unit", "role": "role", "岗位角色": "role"}
_DURATION = "duration_s"
_SPOKEN_TIME = re.compile(r"(?:(\d+)\s*分钟?)?\s*(?:(\d+)\s*秒)?")


@dataclass(frozen=True)
class ImportResult:
    """How many responses were kept, and how many illegal values were taken as blank (lenient)."""

    kept: int
    blanked: int


def import_answers(
    store: Store,
    wave: Wave,
    table: Table,
    raw: bytes,
    today: date,
    *,
    ignore: Collection[str] = (),
    lenient: bool = False,
    mapping: ColumnMapping = NO_MAPPING,
) -> ImportResult:
    """Keep every row of a table as a response, or none of them.

    Columns: ``unit`` and ``role`` where the wave has a roster, ``duration_s`` if known, then items, each
    by id or by its wording; others must be named in ``ignore``. An answer is a code or the text of
    an option. ``mapping`` says so of files from other programs. ``raw`` is the file as read: the same file is refused
    a second time (``import_repeated``). Raises ``SurveyError`` with every faulty cell; with
    ``lenient`` an illegal answer counts as blank instead.
    """
    wave.require_accepting(today)
    columns = _recognise_columns(wave, table, ignore, mapping)
    reader = _Reader(wave, table, columns, mapping, lenient=lenient)
    digest = hashlib.sha256(f"{wave.salt}:import:".encode() + raw).hexdigest()
    batch = [reader.read(row, digest) for row in table.rows]
    if reader.faults:
        raise SurveyError.of(reader.faults)
    store.import_batch(wave.id, [each for each in batch if each is not None], today)
    return ImportResult(len(batch), reader.blanked)


def write_template(wave: Wave) -> str:
    """Return a blank sheet as CSV text: the header that ``import_answers`` expects."""
    labels = [] if not wave.strata.groups else ["unit", "role"]
    header = [*labels, _DURATION, *(item.id for item in wave.questionnaire.items)]
    stream = io.StringIO()
    csv.writer(stream).writerow(header)
    return stream.getvalue()


def name_by_wording(questionnaire: Questionnaire) -> dict[str, str]:
    """Return the items by what stands above their columns: the wording, or the id and the wording.

    A wording that two items share names neither.
    """
    found: dict[str, str] = {}
    repeated: set[str] = set()
    for item in questionnaire.items:
        for text in item.text.values():
            repeated |= {text} & found.keys()
            found |= {text: item.id, f"{item.id} {text}": item.id}
    return {text: name for text, name in found.items() if text not in repeated}


def _recognise_columns(
    wave: Wave, table: Table, ignore: Collection[str], mapping: ColumnMapping
) -> dict[str, str]:
    """Return column -> meaning: unit, role, duration_s or an item id."""
    items = {item.id for item in wave.questionnaire.items}
    worded = name_by_wording(wave.questionnaire)
    faults = []
    found: dict[str, str] = {}
    for column in table.columns:
        meaning = mapping.fields.get(column, _COLUMNS.get(column.lower(), column))
        meaning = worded.get(meaning, meaning)
        if column in ignore or not meaning:
            continue
        if meaning in found.values():
            faults.append(Fault(Code.FILE_COLUMN_REPEATED, {"column": column}, table.place(1)))
        elif meaning in items | {"unit", "role", _DURATION}:
            found[column] = meaning
        else:
            faults.append(Fault(Code.FILE_COLUMN_UNKNOWN, {"column": column}, table.place(1)))
    needed = [item.id for item in wave.questionnaire.closed]
    if wave.strata.groups:
        needed = ["unit", "role", *needed]
    faults += [
        Fault(Code.FILE_COLUMN_MISSING, {"column": column}, table.place(1))
        for column in needed
        if column not in found.values()
    ]
    if faults:
        raise SurveyError.of(faults)
    return found


class _Reader:
    """Turns rows into submissions and gathers every fault on the way."""

    def __init__(
        self,
        wave: Wave,
        table: Table,
        columns: Mapping[str, str],
        mapping: ColumnMapping,
        *,
        lenient: bool,
    ) -> None:
        self._wave = wave
        self._table = table
        self._columns = {meaning: column for column, meaning in columns.items()}
        self._mapping = mapping
        self._labels = {
            name: {
                text: option.code
                for option in (*scale.options, scale.not_applicable)
                if option is not None
                for text in option.label.values()
            }
            for name, scale in wave.questionnaire.scales.items()
        }
        self._lenient = lenient
        self.faults: list[Fault] = []
        self.blanked = 0

    def read(self, row: Row, digest: str) -> Submission | None:
        """Return the submission of a row; None, with its faults noted, if it has any."""
        before = len(self.faults)
        answers = dict(self._answers(row))
        stratum = self._stratum(row)
        pace = self._pace(row, answers)
        try:
            answers = load_answers(self._wave.questionnaire, answers)
        except SurveyError as error:
            for fault in error.faults:
                self._note(row, fault.code, self._columns.get(fault.place.column, ""))
        if len(self.faults) > before:
            return None
        response = Response(stratum, pace, encode_answers(self._wave.questionnaire, answers))
        return Submission(digest, response, collect_comments(self._wave, stratum, answers))

    def _note(self, row: Row, code: Code, column: str) -> None:
        values = {"wave": self._wave.id}
        self.faults.append(Fault(code, values, self._table.place(row.line, column)))

    def _answers(self, row: Row) -> Iterator[tuple[str, Any]]:
        for item in self._wave.questionnaire.items:
            column = self._columns.get(item.id)
            value = "" if column is None else row.values[column]
            value = self._mapping.translate(column or "", value, is_item=True)
            if item.kind == "open":
                yield item.id, value
            elif value:
                yield item.id, self._code(row, item, value, column or "")

    def _code(self, row: Row, item: Item, value: str, column: str) -> int | None:
        digits = unicodedata.normalize("NFKC", value).strip()
        scale = self._wave.questionnaire.scale_of(item)
        codes = scale.codes
        if value in self._labels[scale.id]:
            return self._labels[scale.id][value]
        if digits.isascii() and digits.isdigit() and int(digits) in codes:
            return int(digits)
        if self._lenient:
            self.blanked += 1
        else:
            self._note(row, Code.ANSWER_VALUE, column)
        return None

    def _stratum(self, row: Row) -> str:
        if not self._wave.strata.groups:
            return self._wave.stratum("", "")
        unit, role = (
            self._mapping.translate(column, row.values[column], is_item=False)
            for column in (self._columns["unit"], self._columns["role"])
        )
        known = parse_role(role)
        if role and known is None:
            self._note(row, Code.ROLE_UNKNOWN, self._columns["role"])
            return ""
        try:
            return self._wave.stratum(unit, known or "")
        except SurveyError as error:
            for fault in error.faults:
                unknown = fault.code is Code.UNIT_UNKNOWN
                code = Code.IMPORT_UNIT if unknown else fault.code
                self._note(row, code, self._columns[fault.place.column])
            return ""

    def _pace(self, row: Row, answers: Mapping[str, Any]) -> str:
        column = self._columns.get(_DURATION)
        text = "" if column is None else row.values[column]
        if not text:
            return PACES[0]
        seconds = _read_seconds(text)
        if not 0 <= seconds < 1e7:
            self._note(row, Code.ANSWER_VALUE, column or "")
            return PACES[0]
        answered = sum(answers.get(item.id) is not None for item in self._wave.questionnaire.scored)
        return PACES[int(classify_pace(np.array([seconds]), np.array([answered]))[0])]


def _read_seconds(text: str) -> float:
    """Return seconds written as a number, or as "2分5秒"; -1 if they are neither."""
    spoken = _SPOKEN_TIME.fullmatch(text)
    if spoken is not None and any(spoken.groups()):
        return 60.0 * int(spoken[1] or 0) + int(spoken[2] or 0)
    try:
        return float(text)
    except ValueError:
        return -1.0
