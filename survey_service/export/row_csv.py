"""Exported rows and their codebook as CSV: one flavour for spreadsheets, one for programs."""

import csv
import io

from survey_service.export.cells import guard_cell
from survey_service.export.codebook import DataSet, list_codebook
from survey_service.i18n import Words
from survey_service.response import BLANK_CODE


def write_rows(data: DataSet, *, raw: bool = False) -> bytes:
    """Return CSV of codes.

    For spreadsheets: UTF-8 with mark, CRLF, every cell quoted and harmless. ``raw``: UTF-8 without
    mark, LF, nothing added.
    """
    quote, end = ("", "\n") if raw else ('"', "\r\n")
    codes = {code: str(code) for variable in data.variables for code in variable.options}
    codes[BLANK_CODE] = ""
    between = f"{quote},{quote}"
    names = {
        number: _write_cell(name, raw=raw).removeprefix(quote).removesuffix(quote)
        for number, name in data.block.options.items()
    }
    header = between.join(variable.name for variable in (data.block, *data.variables))
    lines = [f"{quote}{header}{quote}"]
    write = codes.__getitem__
    for block, answers in zip(data.blocks.tolist(), data.codes.tolist(), strict=True):
        lines.append(f"{quote}{names[block]}{between}{between.join(map(write, answers))}{quote}")
    text = end.join([*lines, ""])
    return text.encode("utf-8" if raw else "utf-8-sig")


def write_codebook(data: DataSet, w: Words) -> bytes:
    """Return the codebook as CSV for spreadsheets."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([guard_cell(cell) for cell in row] for row in list_codebook(data, w))
    return stream.getvalue().encode("utf-8-sig")


def _write_cell(text: str, *, raw: bool) -> str:
    stream = io.StringIO()
    if raw:
        csv.writer(stream, lineterminator="").writerow([text])
    else:
        csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="").writerow([guard_cell(text)])
    return stream.getvalue()
