"""How the folder of an embedded store fares: its disk, and who else might look into it."""

import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from survey_service.errors import Code, SurveyError
from survey_service.storage.files import guard_disk
from survey_service.storage.location import require_local

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Condition:
    """``exposed`` are files and folders that other accounts of this machine may read or change."""

    exists: bool
    network_kind: str
    free_bytes: int
    exposed: tuple[Path, ...]


def folder_of(url: str) -> Path | None:
    """Return the folder of an embedded store; None if the store is a database."""
    scheme, _, rest = url.partition(":")
    return Path(rest) if scheme == "tinydb" and rest else None


def inspect_folder(folder: Path) -> Condition:
    """Look at a folder, or at where it would be made; nothing is changed.

    Raises ``store_unwritable`` if it cannot be looked at.
    """
    with guard_disk():
        standing = next(
            each for each in (folder.absolute(), *folder.absolute().parents) if each.exists()
        )
        free = shutil.disk_usage(standing).free
        inside = [folder, *folder.rglob("*")] if folder.exists() else []
        exposed = tuple(path for path in inside if _is_exposed(path))
    return Condition(folder.exists(), _find_network(folder), free, exposed)


def _find_network(folder: Path) -> str:
    try:
        require_local(folder)
    except SurveyError as error:
        if error.code is Code.STORE_NETWORK:
            return str(error.faults[0].values["kind"])
        raise
    return ""


def _is_exposed(path: Path) -> bool:
    """Return whether others may look in; on Windows the folder above decides, not these bits."""
    try:
        mode = path.stat(follow_symlinks=False).st_mode
    except FileNotFoundError:  # removed meanwhile by the server
        return False
    return sys.platform != "win32" and bool(mode & _OTHERS)
