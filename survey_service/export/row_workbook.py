"""Exported rows as a workbook: codes, the same in words, and the codebook, each on a sheet."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from survey_service.export.cells import guard_cell
from survey_service.export.codebook import DataSet, Variable, list_codebook
from survey_service.export.sheets import measure_width
from survey_service.i18n import Words
from survey_service.response import BLANK_CODE

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""A workbook must say when it was made; ours does not."""

_OPTIONS = {
    "constant_memory": True,
    "in_memory": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_COLUMN_WIDTH, _LINE_HEIGHT, _MOST_LINES = 14, 15, 6
_CODEBOOK_WIDTHS = (12, 60, 20, 10, 60, 10)


def write_workbook(data: DataSet, w: Words) -> bytes:
    """Return a workbook: header rows that stay in sight, a filter on every column, no formula."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - loaded when chosen

    stream = io.BytesIO()
    book = Workbook(stream, _OPTIONS)
    book.set_properties({"created": CREATED, "title": data.title})
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    words = [_write_words(variable) for variable in data.variables]
    codes = [{code: code for code in variable.options} for variable in data.variables]
    for title, cells in ((w("rows.sheet.codes"), codes), (w("rows.sheet.words"), words)):
        _write_data(book, title, data, cells, heading)
    sheet = book.add_worksheet(w("rows.sheet.codebook"))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate(_CODEBOOK_WIDTHS):
        sheet.set_column(column, column, width, wrap)
    sheet.freeze_panes(1, 1)
    for line, row in enumerate(list_codebook(data, w)):
        for column, cell in enumerate(row):
            sheet.write_string(line, column, guard_cell(cell), wrap if line else heading)
    book.close()
    return stream.getvalue()


def _write_words(variable: Variable) -> dict[int, str]:
    return {code: guard_cell(label) for code, label in variable.options.items()}


def _write_data(
    book: Any,  # noqa: ANN401 - xlsxwriter has no types
    title: str,
    data: DataSet,
    cells: Sequence[dict[int, Any]],
    heading: Any,  # noqa: ANN401
) -> None:
    """Write one row for every person under a header of two rows: the name, and what is asked."""
    sheet = book.add_worksheet(title)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(cells), _COLUMN_WIDTH)
    variables = (data.block, *data.variables)
    # Excel finds the height of wrapped lines itself, others show the first
    lines = max(-(-measure_width(variable.label) // _COLUMN_WIDTH) for variable in data.variables)
    sheet.set_row(1, _LINE_HEIGHT * min(lines, _MOST_LINES))
    for line, texts in enumerate(([v.name for v in variables], [v.label for v in variables])):
        for column, text in enumerate(texts):
            sheet.write_string(line, column, guard_cell(text), heading)
    sheet.freeze_panes(2, 1)
    sheet.autofilter(1, 0, len(data) + 1, len(cells))
    names = {number: guard_cell(name) for number, name in data.block.options.items()}
    text, number = sheet.write_string, sheet.write_number
    for line, (block, answers) in enumerate(_rows(data), 2):
        text(line, 0, names[block])
        for column, (code, shown) in enumerate(zip(answers, cells, strict=True), 1):
            if code != BLANK_CODE:
                value = shown[code]
                (text if isinstance(value, str) else number)(line, column, value)


def _rows(data: DataSet) -> Iterable[tuple[int, list[int]]]:
    return zip(data.blocks.tolist(), data.codes.tolist(), strict=True)
