"""Exported rows as an SPSS file, with labels and user-missing codes. The only owner of pyreadstat."""

import tempfile
from pathlib import Path
from typing import Any

from survey_service.errors import Code, SurveyError
from survey_service.export.codebook import DataSet, Variable
from survey_service.response import BLANK_CODE

_STAMP = slice(92, 109)  # day and time of writing in the head of the file
_NO_STAMP = b"01 Jan 0000:00:00"
_LONGEST_LABEL_BYTES = 255  # what SPSS takes: 85 hanzi
_LONGEST_VALUE_BYTES = 120  # the same of an option: 40 hanzi


def write_spss(data: DataSet) -> bytes:
    """Return a ``.sav`` file: blank is system-missing, the code that is no opinion user-missing.

    Raises ``library_missing`` where the extra ``spss`` is not installed.
    """
    try:
        import pandas as pd  # noqa: PLC0415 - an extra
        import pyreadstat  # noqa: PLC0415
    except ImportError:
        raise SurveyError(Code.LIBRARY_MISSING, library="pyreadstat", extra="spss") from None

    columns: dict[str, Any] = {data.block.name: data.blocks.astype(float)}
    for variable, codes in zip(data.variables, data.codes.T, strict=True):
        values = codes.astype(float)
        values[codes == BLANK_CODE] = float("nan")
        columns[variable.name] = values
    described = (data.block, *data.variables)
    with tempfile.TemporaryDirectory(prefix="survey-export-") as folder:
        path = Path(folder) / "rows.sav"
        pyreadstat.write_sav(
            pd.DataFrame(columns),
            str(path),
            file_label=_cut(data.title, 60),
            column_labels=[_cut(v.label, _LONGEST_LABEL_BYTES) for v in described],
            variable_value_labels={v.name: _label_values(v) for v in described},
            missing_ranges={v.name: [v.missing] for v in described if v.missing is not None},
            variable_measure={v.name: "ordinal" for v in data.variables} | {"block": "nominal"},
            variable_format={v.name: "F3.0" for v in described},
        )
        raw = bytearray(path.read_bytes())
    raw[_STAMP] = _NO_STAMP
    return bytes(raw)


def _label_values(variable: Variable) -> dict[float, str]:
    return {
        float(code): _cut(label, _LONGEST_VALUE_BYTES) for code, label in variable.options.items()
    }


def _cut(text: str, most: int) -> str:
    """Return as much of a text as fits into so many bytes."""
    return text.encode()[:most].decode(errors="ignore")
