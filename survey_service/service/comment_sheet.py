"""The review of comments as rows of a sheet that people fill in elsewhere, there and back."""

from collections.abc import Mapping
from dataclasses import replace

from survey_service.comments.marking import mark_identifying, show_marked
from survey_service.comments.names import ListedNames
from survey_service.comments.review import Review, check_paraphrase, clean_paraphrase
from survey_service.comments.themes import NOTHING, find_theme
from survey_service.errors import Code, Fault, SurveyError
from survey_service.i18n import LANGUAGES, Words, pick, words
from survey_service.questionnaire import Questionnaire
from survey_service.response import Comment
from survey_service.store import Store
from survey_service.table import Row, Table

THEME_COLUMN = 3
_COLUMNS = ("id", "question", "text", "theme", "paraphrase")
_NEEDED = ("id", "theme", "paraphrase")
_ID_MARK = "c"  # or a spreadsheet takes the id for a number and cuts its last digits


def list_rows(
    review: Review, questionnaire: Questionnaire, names: ListedNames, w: Words
) -> list[list[str]]:
    """Return the header and a row for every comment: id, question, marked text, theme, paraphrase."""
    said = {theme.id: pick(theme.name, w.lang) for theme in review.themes}
    asked = {item.id: item.wording(w.lang) for item in questionnaire.open_ended}
    rows = [_headings(w)]
    for comment in review.comments:
        marked = show_marked(comment.text, mark_identifying(comment.text, names))
        rows.append(
            [
                f"{_ID_MARK}{comment.id}",
                asked.get(comment.item, comment.item),
                " ".join(marked.split()),  # one comment, one line of the file
                said.get(comment.theme, ""),
                comment.paraphrase,
            ]
        )
    return rows


def import_review(store: Store, review: Review, table: Table, names: ListedNames) -> int:
    """Keep theme and paraphrase of every row that has a theme, or of none; return how many rows.

    The theme may be a number, an id or a name; what the sheet says of question and text is passed
    over. Raises ``file_column_missing``, or a fault for every faulty cell: ``comment_unknown``,
    ``comment_repeated``, ``theme_unknown``, ``theme_missing``, ``paraphrase_long``,
    ``paraphrase_identifying``.
    """
    reader = _Reader(review, table, names)
    decided = [comment for row in table.rows if (comment := reader.read(row)) is not None]
    if not reader.knows_any:
        raise SurveyError(Code.COMMENT_UNKNOWN, table.place())
    if reader.faults:
        raise SurveyError.of(reader.faults)
    store.review_comments(review.wave_id, decided)
    return len(decided)


def _headings(w: Words) -> list[str]:
    return w("comment.columns").split("|")


def _recognise_columns(table: Table) -> dict[str, str]:
    """Return meaning -> column, whatever language the header is in."""
    spelt: Mapping[str, str] = {
        heading: meaning
        for lang in LANGUAGES
        for heading, meaning in zip(_headings(words(lang)), _COLUMNS, strict=True)
    }
    found = {spelt[c.lower()]: c for c in table.columns if c.lower() in spelt}
    missing = [
        Fault(Code.FILE_COLUMN_MISSING, {"column": _spell(meaning)}, table.place(1))
        for meaning in _NEEDED
        if meaning not in found
    ]
    if missing:
        raise SurveyError.of(missing)
    return found


def _spell(meaning: str) -> str:
    position = _COLUMNS.index(meaning)
    return " / ".join(_headings(words(lang))[position] for lang in LANGUAGES)


class _Reader:
    """Turns rows into decided comments and gathers every fault on the way."""

    def __init__(self, review: Review, table: Table, names: ListedNames) -> None:
        self._review = review
        self._table = table
        self._names = names
        self._columns = _recognise_columns(table)
        self._waiting = {f"{_ID_MARK}{comment.id}": comment for comment in review.comments}
        self._lines: dict[str, int] = {}
        self.faults: list[Fault] = []

    @property
    def knows_any(self) -> bool:
        """Return whether any row read so far is of this wave."""
        return not self._waiting.keys().isdisjoint(self._lines)

    def read(self, row: Row) -> Comment | None:
        """Return the comment of a row with what was decided; None if nothing was, or not rightly."""
        before = len(self.faults)
        comment = self._find(row)
        cell, paraphrase = self._cell(row, "theme"), clean_paraphrase(self._cell(row, "paraphrase"))
        theme = find_theme(self._review.themes, cell) if cell else None
        if cell and theme is None:
            self._note(row, "theme", Code.THEME_UNKNOWN, last=len(self._review.themes))
        if paraphrase and not cell:
            self._note(row, "theme", Code.THEME_MISSING)
        place = self._table.place(row.line, self._columns["paraphrase"])
        self.faults += check_paraphrase(paraphrase, self._names, place)
        if comment is None or theme is None or len(self.faults) > before:
            return None
        return replace(
            comment, theme=theme.id, paraphrase="" if theme.id == NOTHING else paraphrase
        )

    def _find(self, row: Row) -> Comment | None:
        name = self._cell(row, "id")
        if name in self._lines:
            self._note(row, "id", Code.COMMENT_REPEATED, first=self._lines[name])
        self._lines.setdefault(name, row.line)
        if name not in self._waiting:
            self._note(row, "id", Code.COMMENT_UNKNOWN)
        return self._waiting.get(name)

    def _cell(self, row: Row, meaning: str) -> str:
        return row.values[self._columns[meaning]]

    def _note(self, row: Row, meaning: str, code: Code, **values: object) -> None:
        place = self._table.place(row.line, self._columns[meaning])
        self.faults.append(Fault(code, values, place))
