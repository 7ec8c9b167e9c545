"""One writer at a time across processes: an advisory lock on a file, released when its holder dies.

POSIX has ``flock``; Windows locks a byte far behind the content, so that the content can be read.
Both are tried without blocking and again a little later, for neither can wait with a deadline.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from survey_service.errors import Code, SurveyError

_PAUSE_S = 0.002

if sys.platform == "win32":
    import msvcrt

    _BEYOND = 1 << 30

    def _try_lock(stream: BinaryIO) -> bool:
        stream.seek(_BEYOND)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(stream: BinaryIO) -> None:
        stream.seek(_BEYOND)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(stream: BinaryIO) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(stream: BinaryIO) -> None:
        fcntl.flock(stream, fcntl.LOCK_UN)


@contextmanager
def hold(path: Path, patience_s: float, *, writing: bool = True) -> Iterator[BinaryIO]:
    """Hold the lock of a file, made if it is missing, and yield the file.

    Whoever holds it for long opens it without ``writing``, so as not to stand in the way of a disk
    that is to be made read-only.

    ``store_locked`` if somebody else holds it for longer than ``patience_s`` seconds,
    ``store_unwritable`` if it cannot be opened.
    """
    deadline = time.monotonic() + patience_s
    flags = (os.O_RDWR if writing else os.O_RDONLY) | os.O_CREAT | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError:
        raise SurveyError(Code.STORE_UNWRITABLE) from None
    with open(descriptor, "r+b" if writing else "rb", buffering=0) as stream:  # noqa: PTH123 - a descriptor, not a path
        while not _try_lock(stream):
            if time.monotonic() > deadline:
                raise SurveyError(Code.STORE_LOCKED)
            time.sleep(_PAUSE_S)
        try:
            yield stream
        finally:
            _unlock(stream)
