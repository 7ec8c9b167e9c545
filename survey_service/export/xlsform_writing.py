"""Write a questionnaire as an XLSForm workbook."""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from survey_service.export.cells import guard_cell
from survey_service.export.row_workbook import CREATED
from survey_service.export.xlsform import (
    CHOICES,
    NOT_APPLICABLE,
    PLAIN_TABLES,
    SCALES,
    SETTINGS,
    SHARES,
    SHEET_FIELDS,
    SURVEY,
    VARIANTS,
    WORDED,
    name_column,
)
from survey_service.i18n import DEFAULT_LANGUAGE
from survey_service.questionnaire import Questionnaire

_WIDTHS = {"label": 50, "hint": 30, "name": 22, "stem": 40, "opening": 40, "phrases": 40}
_NARROW = 16


def write_xlsform(questionnaire: Questionnaire) -> bytes:
    """Return the workbook; ``read_xlsform`` makes the same definition of it."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - loaded when chosen

    definition = questionnaire.definition
    sheets: dict[str, list[dict[str, Any]]] = {
        SURVEY: [_write_item(item) for item in definition["items"]],
        CHOICES: [row for name in definition["scales"] for row in _list_choices(name, definition)],
        SETTINGS: [_write_settings(definition)],
        SCALES: [
            {"id": name, **_spread("stem", scale.get("stem", {}))}
            for name, scale in definition["scales"].items()
        ],
        **{name: [_write_row(name, row) for row in definition[name]] for name in PLAIN_TABLES},
    }
    stream = io.BytesIO()
    book = Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": CREATED})
    heading = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        for number, column in enumerate(columns):
            width = _WIDTHS.get(column.partition("::")[0], _NARROW)
            sheet.set_column(number, number, width, wrap)
            sheet.write_string(0, number, column, heading)
            for line, row in enumerate(rows, 1):
                _write_cell(sheet, line, number, row.get(column, ""))
        sheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()


def _write_cell(sheet: Any, line: int, column: int, value: object) -> None:  # noqa: ANN401
    if isinstance(value, bool):
        sheet.write_string(line, column, "yes" if value else "")
    elif isinstance(value, int | float):
        sheet.write_number(line, column, value)
    elif value:
        sheet.write_string(line, column, guard_cell(str(value)))


def _write_item(item: Mapping[str, Any]) -> dict[str, Any]:
    scale = item.get("scale")
    row = {"type": "text" if scale is None else f"select_one {scale}", "name": item["id"]}
    row |= _spread("label", item["text"]) | _spread("hint", item.get("hint", {}))
    for role, text in item.get("variants", {}).items():
        row |= _spread(VARIANTS[role], text)
    return row | {
        key: item[key] for key in ("kind", "facet", "reverse", "expected", "limit") if key in item
    }


def _list_choices(name: str, definition: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    scale = definition["scales"][name]
    shares = {code: share for share in SHARES for code in scale.get(share, ())}
    for option in scale["options"]:
        yield _write_option(name, option, shares.get(option["code"], ""))
    if NOT_APPLICABLE in scale:
        yield _write_option(name, scale[NOT_APPLICABLE], NOT_APPLICABLE)


def _write_option(name: str, option: Mapping[str, Any], share: str) -> dict[str, Any]:
    return {
        "list_name": name,
        "name": option["code"],
        **_spread("label", option["label"]),
        "share": share,
    }


def _write_settings(definition: Mapping[str, Any]) -> dict[str, Any]:
    row = {"form_title": definition["title"][DEFAULT_LANGUAGE]}
    for key, column in SHEET_FIELDS[SETTINGS].items():
        if key in definition:
            value = definition[key]
            row |= _spread(column, value) if key in WORDED else {column: value}
    return row | {"default_language": name_column("", DEFAULT_LANGUAGE).removeprefix("::")}


def _write_row(name: str, table: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for key, column in SHEET_FIELDS[name].items():
        value = table.get(key)
        if key == "phrases":
            row |= _spread_list(column, value or ())
        elif value is not None:
            row |= _spread(column, value) if key in WORDED else {column: value}
    return row


def _spread(column: str, text: Mapping[str, str]) -> dict[str, str]:
    return {name_column(column, lang): sentence for lang, sentence in text.items()}


def _spread_list(column: str, texts: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return a list of texts as one cell for every language, a line for each text."""
    languages = dict.fromkeys(lang for text in texts for lang in text)
    return {
        name_column(column, lang): "\n".join(text.get(lang, "") for text in texts)
        for lang in languages
    }
