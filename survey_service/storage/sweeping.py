"""What the state of a wave leaves in its folder: answers of an open or of a closed wave, never both."""

from pathlib import Path
from typing import Final

from survey_service.storage.code_book import name_book
from survey_service.storage.files import UNFINISHED, remove_folder
from survey_service.wave import Wave

OPEN: Final = "open"
CLOSED: Final = "closed"


def sweep(folder: Path, wave: Wave) -> None:
    """Remove what the state of a wave no longer needs, also what an earlier crash left."""
    for path in folder.rglob(f"{UNFINISHED}*"):
        path.unlink(missing_ok=True)
    for path in folder.glob("codes-*.json"):
        if wave.closed_on or path != name_book(folder, wave):
            path.unlink()
    remove_folder(folder / (OPEN if wave.closed_on else CLOSED))
