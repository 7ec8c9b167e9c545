"""Zip files of office documents with the same bytes for the same content."""

import io
import zipfile

_STAMP = (2000, 1, 1, 0, 0, 0)


def settle(raw: bytes) -> bytes:
    """Return an archive with every member as it is, but stamped with a fixed day."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _STAMP), source.read(name), zipfile.ZIP_DEFLATED)
    return stream.getvalue()
