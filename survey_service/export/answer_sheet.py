"""The blank workbook for typing in paper forms: columns in words, choices to pick from."""

import io
from typing import Any

from survey_service.export.cells import guard_cell
from survey_service.export.row_workbook import CREATED
from survey_service.i18n import Words, pick
from survey_service.questionnaire import ROLES
from survey_service.roster import parse_role
from survey_service.wave import Wave

_LINES = 2000
"""For so many forms the choices are offered."""


def write_answer_sheet(wave: Wave, w: Words) -> bytes:
    """Return the workbook; ``import`` reads it back once it is filled in.

    A second sheet holds what may be chosen: units, roles, and the options of every scale.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - loaded when chosen

    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": CREATED})
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})
    sheet, choices = book.add_worksheet(), book.add_worksheet(w("sheet.choices"))
    listed: dict[str, str] = {}
    for column, (header, key, options) in enumerate(_list_columns(wave, w)):
        sheet.write_string(0, column, guard_cell(header), heading)
        sheet.set_column(column, column, 18, text)
        if key and key not in listed:
            listed[key] = _list_choices(choices, len(listed), options)
        if key:
            validation = {"validate": "list", "source": listed[key], "show_error": False}
            sheet.data_validation(1, column, _LINES, column, validation)
    sheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()


def _list_columns(wave: Wave, w: Words) -> list[tuple[str, str, list[str]]]:
    """Return header, name of the choices (empty where one writes freely) and choices of every column."""
    columns = []
    if wave.roster is not None and wave.strata.groups:
        names = [unit.path for unit in wave.roster.staffed]
        columns.append((w("sheet.unit"), "unit", names))
        roles = [name if parse_role(name := w(f"role.{role}")) else role for role in ROLES]
        columns.append((w("sheet.role"), "role", roles))
    for item in wave.questionnaire.items:
        options: list[str] = []
        if item.scale is not None:
            scale = wave.questionnaire.scale_of(item)
            offered = (*scale.options, scale.not_applicable)
            options = [pick(one.label, w.lang) for one in offered if one is not None]
        columns.append((f"{item.id} {item.wording(w.lang)}", item.scale or "", options))
    return columns


def _list_choices(sheet: Any, column: int, options: list[str]) -> str:  # noqa: ANN401
    """Write choices into a column and return the range that holds them."""
    for line, option in enumerate(options):
        sheet.write_string(line, column, guard_cell(option))
    letter = chr(ord("A") + column)
    return f"='{sheet.get_name()}'!${letter}$1:${letter}${len(options)}"
