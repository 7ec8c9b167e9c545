"""``scores.xlsx``: the figures of a release with charts that a spreadsheet draws itself.

Every number is one of the release. A hidden cell holds words and no number. Charts look only at
ranges in which nothing is hidden, and their axes are always those of the scale, so that neither an empty
place nor the end of an axis tells anything.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_service.disclosure.release import Release
from survey_service.export.cells import guard_cell
from survey_service.export.row_workbook import CREATED
from survey_service.export.scores import list_scores, write_figure
from survey_service.i18n import Words, pick
from survey_service.questionnaire import Questionnaire

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_SHARES = ("favourable", "neutral", "unfavourable")
_COLOURS = {"favourable": "#2F6F73", "neutral": "#C9C4B8", "unfavourable": "#B5533C"}
_LABELS = {"favourable": "#FFFFFF", "neutral": "#222222", "unfavourable": "#FFFFFF"}
_CHART_WIDTH = 620
_ROW_HEIGHT = 26
_LEAST_TO_COMPARE = 2
#: Ruled rows of the ledger below what the report proposes, each as high as four lines.
_EMPTY_ROWS, _LEDGER_HEIGHT = 12, 62


def write_score_workbook(
    release: Release,
    questionnaire: Questionnaire,
    w: Words,
    ledger: Sequence[Sequence[str]] | None = None,
) -> bytes:
    """Return the workbook; the same release always gives the same bytes.

    ``ledger`` holds the measures that the report proposes; with it, even if it is empty, there is a
    sheet to go on writing in.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - loaded when chosen

    stream = io.BytesIO()
    book = Workbook(stream, _OPTIONS)
    book.set_properties({"created": CREATED, "title": release.content["wave"]["title"]})
    sheets = _Sheets(
        book,
        w,
        book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        book.add_format({"italic": True, "font_color": "#666666"}),
        book.add_format({"num_format": "0.0"}),  # of small sets whole points are published
    )
    names = {d.id: pick(d.name, w.lang) for d in questionnaire.dimensions}
    _write_whole(sheets, release.content, names, questionnaire)
    _write_units(sheets, release.content, names, questionnaire)
    _write_list(sheets, release, questionnaire)
    if ledger is not None:
        _write_ledger(sheets, ledger)
    _write_notes(sheets, release.content)
    book.close()
    return stream.getvalue()


@dataclass(frozen=True)
class _Sheets:
    """The workbook that is being made, the words, and its formats."""

    book: Any
    w: Words
    heading: Any
    remark: Any
    decimal: Any

    def add(self, key: str, header: Sequence[str], widths: Sequence[int]) -> Any:  # noqa: ANN401
        """Add a sheet with a header that stays in sight."""
        sheet = self.book.add_worksheet(self.w(key))
        for column, (text, width) in enumerate(zip(header, widths, strict=True)):
            sheet.set_column(column, column, width)
            self.put(sheet, 0, column, text, self.heading)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def put(
        self,
        sheet: Any,  # noqa: ANN401
        line: int,
        column: int,
        value: object,
        style: Any = None,  # noqa: ANN401
    ) -> None:
        """Write a number as a number and a text as harmless text."""
        if isinstance(value, int | float):
            decimal = self.decimal if isinstance(value, float) else None
            sheet.write_number(line, column, value, style or decimal)
        elif value not in {"", None}:
            sheet.write_string(line, column, guard_cell(str(value)), style)

    def hide(self, sheet: Any, line: int, column: int) -> None:  # noqa: ANN401
        """Write the words of a hidden cell."""
        sheet.write_string(line, column, self.w("scores.hidden"), self.remark)


def _write_whole(
    sheets: _Sheets,
    content: Mapping[str, Any],
    names: Mapping[str, str],
    questionnaire: Questionnaire,
) -> None:
    """Write index, blocks and dimensions of the whole; chart dimensions with interval and shares."""
    w = sheets.w
    header = w("scores.book.whole.columns").split("|")
    sheet = sheets.add("scores.book.whole", header, (28, 10, 10, 10, 10, 10, 10, 10))
    listed: list[tuple[str, Mapping[str, Any]]] = []
    if content["index"] is not None and questionnaire.index_name is not None:
        listed.append((pick(questionnaire.index_name, w.lang), content["index"]))
    listed += [(pick(b.name, w.lang), content["blocks"][b.id]) for b in questionnaire.blocks]
    first = len(listed) + 1
    listed += [(name, content["dimensions"][key]) for key, name in names.items()]
    for line, (name, score) in enumerate(listed, 1):
        sheets.put(sheet, line, 0, name)
        if score.get("mean") is None:
            sheets.hide(sheet, line, 1)
            continue
        low, high = score.get("ci95") or ("", "")
        shares = (score.get(share, "") for share in _SHARES)
        for column, figure in enumerate((score["n"], score["mean"], low, high, *shares), 1):
            sheets.put(sheet, line, column, write_figure(figure))
    scores = [score for _, score in listed[first - 1 :]]
    title = w("scores.book.whole")
    span = (first, len(listed))
    if all(score.get("ci95") for score in scores):
        chart = _chart_means(sheets, title, span, scores)
        sheet.insert_chart(0, len(header) + 1, chart)
    if all(share in score for score in scores for share in _SHARES):
        chart = _chart_shares(sheets, title, span, header)
        sheet.insert_chart(len(names) * 3 // 2 + 8, len(header) + 1, chart)


def _chart_means(
    sheets: _Sheets, title: str, span: tuple[int, int], scores: Sequence[Mapping[str, Any]]
) -> Any:  # noqa: ANN401
    """Draw the means of the dimensions with their intervals.

    Excel draws the arms, LibreOffice does not: it wants their lengths in cells, where no figure may
    stand that is not in the release.
    """
    chart = sheets.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": sheets.w("scores.book.mean"),
            "categories": [title, span[0], 0, span[1], 0],
            "values": [title, span[0], 2, span[1], 2],
            "fill": {"color": _COLOURS["favourable"]},
            "data_labels": {"value": True, "position": "inside_base", "font": {"color": "#FFFFFF"}},
            "y_error_bars": {
                "type": "custom",
                "plus_values": [round(s["ci95"][1] - s["mean"], 1) for s in scores],
                "minus_values": [round(s["mean"] - s["ci95"][0], 1) for s in scores],
            },
        }
    )
    chart.set_title({"name": sheets.w("scores.book.means"), "name_font": {"size": 12}})
    _frame(chart, span[1] - span[0] + 1)
    chart.set_legend({"none": True})
    return chart


def _chart_shares(sheets: _Sheets, title: str, span: tuple[int, int], header: Sequence[str]) -> Any:  # noqa: ANN401
    """Draw how many answered favourably, in the middle, unfavourably."""
    chart = sheets.book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, share in enumerate(_SHARES, 5):
        chart.add_series(
            {
                "name": header[column],
                "categories": [title, span[0], 0, span[1], 0],
                "values": [title, span[0], column, span[1], column],
                "fill": {"color": _COLOURS[share]},
                "data_labels": {"value": True, "font": {"color": _LABELS[share]}},
                "gap": 40,
            }
        )
    chart.set_title({"name": sheets.w("scores.book.shares"), "name_font": {"size": 12}})
    _frame(chart, span[1] - span[0] + 1)
    chart.set_legend({"position": "bottom"})
    return chart


def _write_units(
    sheets: _Sheets,
    content: Mapping[str, Any],
    names: Mapping[str, str],
    questionnaire: Questionnaire,
) -> None:
    """Write means of every unit; chart the indices of those that show one."""
    w = sheets.w
    index = "" if questionnaire.index_name is None else pick(questionnaire.index_name, w.lang)
    keys = [*([""] if index else []), *names]
    header = [w("scores.book.unit"), *([index] if index else []), *names.values()]
    sheet = sheets.add("scores.book.units", header, (30, *(12 for _ in keys)))
    charted: list[tuple[str, float]] = []
    for line, unit in enumerate(content["unit_order"], 1):
        scores = content["units"][unit]
        sheets.put(sheet, line, 0, unit)
        for column, key in enumerate(keys, 1):
            hidden = "suppressed" in scores
            score = {} if hidden else scores["dimensions"][key] if key else scores["index"] or {}
            if score.get("mean") is None:
                sheets.hide(sheet, line, column)
                continue
            sheets.put(sheet, line, column, score["mean"])
            if not key:
                charted.append((unit, score["mean"]))
    if len(charted) >= _LEAST_TO_COMPARE:
        _chart_units(sheets, sheet, len(header) + 1, charted, index)


def _chart_units(
    sheets: _Sheets,
    sheet: Any,  # noqa: ANN401
    column: int,
    charted: Sequence[tuple[str, float]],
    index: str,
) -> None:
    """Draw the indices of units in the order of the roster, from a list that has no gap.

    A range with a hidden unit in it would leave an empty bar of which one sees that it is there.
    """
    title = sheets.w("scores.book.units")
    sheet.set_column(column, column, 30)
    sheets.put(sheet, 0, column, sheets.w("scores.book.charted"), sheets.heading)
    sheets.put(sheet, 0, column + 1, index, sheets.heading)
    for line, (unit, mean) in enumerate(charted, 1):
        sheets.put(sheet, line, column, unit)
        sheets.put(sheet, line, column + 1, mean)
    chart = sheets.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": index,
            "categories": [title, 1, column, len(charted), column],
            "values": [title, 1, column + 1, len(charted), column + 1],
            "fill": {"color": _COLOURS["favourable"]},
            "data_labels": {"value": True},
        }
    )
    chart.set_title(
        {"name": sheets.w("scores.book.by_unit", index=index), "name_font": {"size": 12}}
    )
    _frame(chart, len(charted))
    chart.set_legend({"none": True})
    sheet.insert_chart(0, column + 3, chart)


def _frame(chart: Any, bars: int) -> None:  # noqa: ANN401
    """Give a chart the axis of the scale, the first bar on top, and room for every bar."""
    chart.set_x_axis(
        {"min": 0, "max": 100, "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}}
    )
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": _CHART_WIDTH, "height": 120 + bars * _ROW_HEIGHT})


def _write_list(sheets: _Sheets, release: Release, questionnaire: Questionnaire) -> None:
    """Write every published score in one list, with filters."""
    header = sheets.w("scores.columns").split("|")
    widths = (30, 10, 10, 40, *(10 for _ in header[4:-1]), 26)
    sheet = sheets.add("scores.book.list", header, widths)
    line = 0
    for line, score in enumerate(list_scores(release.content, questionnaire, sheets.w), 1):
        for column, cell in enumerate(score):
            sheets.put(sheet, line, column, cell)
    sheet.autofilter(0, 0, line, len(header) - 1)


def _write_ledger(sheets: _Sheets, ledger: Sequence[Sequence[str]]) -> None:
    """Write the ledger of measures: what is proposed, and ruled rows for what the company adds."""
    w = sheets.w
    header = w("report.ledger.heads").split("|")
    sheet = sheets.add("scores.book.ledger", header, (18, 24, 40, 18, 22, 34))
    ruled = sheets.book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    for line in range(1, len(ledger) + _EMPTY_ROWS + 1):
        row = ledger[line - 1] if line <= len(ledger) else ("",) * len(header)
        sheet.set_row(line, _LEDGER_HEIGHT)
        for column, text in enumerate(row):
            sheet.write_string(line, column, guard_cell(text), ruled)
    sheets.put(sheet, len(ledger) + _EMPTY_ROWS + 2, 0, w("report.ledger.note"), sheets.remark)


def _write_notes(sheets: _Sheets, content: Mapping[str, Any]) -> None:
    """Say what the figures are and how they are to be read."""
    w = sheets.w
    sheet = sheets.book.add_worksheet(w("scores.book.notes"))
    sheet.set_column(0, 0, 100, sheets.book.add_format({"text_wrap": True, "valign": "top"}))
    wave, keys = content["wave"], ("source", "interval", "hidden", "band", "charts")
    notes = [w(f"scores.book.note.{key}", wave=wave["title"] or wave["id"]) for key in keys]
    if wave["rehearsal"]:
        notes.insert(0, w("rows.note.rehearsal"))
    for line, note in enumerate(notes):
        sheets.put(sheet, line, 0, note)
