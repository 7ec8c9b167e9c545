"""Exported rows as Parquet, labels in the metadata of the columns. The only owner of pyarrow."""

import io
import json
from typing import Any

from survey_service.errors import Code, SurveyError
from survey_service.export.codebook import DataSet, Variable
from survey_service.response import BLANK_CODE


def write_parquet(data: DataSet) -> bytes:
    """Return a Parquet file: the block as text, codes as small whole numbers, blank as null.

    Raises ``library_missing`` where the extra ``parquet`` is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        raise SurveyError(Code.LIBRARY_MISSING, library="pyarrow", extra="parquet") from None

    names = pa.array(list(data.block.options.values()), pa.string())
    block = pa.DictionaryArray.from_arrays(pa.array(data.blocks - 1, pa.int32()), names)
    columns = [block.cast(pa.string())]
    columns += [pa.array(codes, pa.int8(), mask=codes == BLANK_CODE) for codes in data.codes.T]
    described = (data.block, *data.variables)
    fields = [
        pa.field(variable.name, column.type, metadata=_describe(variable))
        for variable, column in zip(described, columns, strict=True)
    ]
    metadata: dict[str, Any] = {"title": data.title, "notes": "\n".join(data.notes)}
    table = pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=metadata))
    stream = io.BytesIO()
    parquet.write_table(table, stream)
    return stream.getvalue()


def _describe(variable: Variable) -> dict[str, str]:
    missing = {} if variable.missing is None else {"missing": str(variable.missing)}
    values = json.dumps(variable.options, ensure_ascii=False)
    return {"label": variable.label, "values": values, **missing}
