"""Logs that only their owner may read, line by line."""

import os
from pathlib import Path


def append_line(log: Path, line: str) -> None:
    """Write to the file that has this name at this moment, so that a log may be put aside any time.

    Raises ``OSError``.
    """
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
