"""Files and folders that are whole or absent, whatever stops the machine in between.

A file is written beside its place, synced, and put there by one rename; then the folder is synced.
On Windows a folder cannot be synced (NTFS keeps its names in a journal of its own), and a file that
somebody reads cannot be replaced for that moment: then it is tried again.
"""

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from survey_service.errors import Code, SurveyError

UNFINISHED = ".new-"
_DAY_S = 86400
_PATIENCE_S = 2.0
_PAUSE_S = 0.01
_SYNCS_AT_ONCE = 16


@contextlib.contextmanager
def guard_disk() -> Iterator[None]:
    """Turn whatever the system refuses into ``store_unwritable``."""
    try:
        yield
    except OSError:
        raise SurveyError(Code.STORE_UNWRITABLE) from None


def replace_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` atomically and durably; ``store_unwritable`` if that fails."""
    put_file(path, content)
    sync_folder(path.parent)


def put_file(path: Path, content: bytes) -> None:
    """Do the same, but let the caller sync the folder after the last of many files."""
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
        with open(descriptor, "wb") as stream:  # noqa: PTH123 - a descriptor, not a path
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        blunt_times(Path(temporary))
        _move(Path(temporary), path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        if isinstance(error, OSError):
            raise SurveyError(Code.STORE_UNWRITABLE) from None
        raise


def put_files(contents: Mapping[Path, bytes]) -> None:
    """Put many files into one folder, several at a time: their syncs then share the disk."""
    with ThreadPoolExecutor(min(_SYNCS_AT_ONCE, len(contents))) as pool:
        for _ in pool.map(put_file, contents, contents.values()):
            pass  # raises what a write has raised
    for folder in {path.parent for path in contents}:
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; ``store_unwritable`` if that fails."""
    if sys.platform != "win32":
        with guard_disk():
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and what is missing above it, open to its owner only, durably.

    What is there already may have been made by somebody who was killed before it was synced.
    """
    with guard_disk():
        for each in (*reversed(folder.parents), folder):
            if not each.exists():
                each.mkdir(mode=0o700, exist_ok=True)
            if os.access(each.parent, os.W_OK):
                sync_folder(each.parent)


def remove_folder(folder: Path) -> None:
    """Remove a folder with everything in it, if it is there."""
    if not folder.exists():
        return
    with guard_disk():
        shutil.rmtree(folder)
    sync_folder(folder.parent)


def move_folder(folder: Path, place: Path) -> None:
    """Give a folder its place by one rename, durably."""
    with guard_disk():
        folder.rename(place)
    sync_folder(place.parent)


def blunt_times(path: Path) -> None:
    """Leave of the file's times the day only: finer ones would date the answers in it."""
    day = int(path.stat().st_mtime) // _DAY_S * _DAY_S
    os.utime(path, (day, day))


def _move(temporary: Path, path: Path) -> None:
    deadline = time.monotonic() + (_PATIENCE_S if sys.platform == "win32" else 0)
    while True:
        try:
            temporary.replace(path)
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE_S)
        else:
            return
