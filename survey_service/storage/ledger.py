"""What was handed in before: receipts by submission, and codes that are spent.

Full segments never change, so each is read once; the last one is read every time. A wave is told
by its salt: another wave of the same id, after the first was deleted, shares nothing with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from survey_service.storage.segments import list_segments, read_tables


@dataclass(frozen=True)
class _Page:
    """The entries of one segment."""

    receipts: Mapping[str, str]
    spent: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> "_Page":
        tables = read_tables(path)
        return cls(
            {d["digest"]: d["receipt"] for d in tables.get("submissions", {}).values()},
            frozenset(d["code"] for d in tables.get("spent", {}).values()),
        )


class Ledger:
    """Looks entries up in the open segments of waves."""

    def __init__(self) -> None:
        self._full: dict[tuple[str, Path], _Page] = {}

    def find_receipt(self, salt: str, folder: Path, digest: str) -> str | None:
        """Return the receipt of a submission that was kept before."""
        pages = self._pages(salt, folder)
        return next((page.receipts[digest] for page in pages if digest in page.receipts), None)

    def is_spent(self, salt: str, folder: Path, code: str) -> bool:
        """Return whether an answer was given with a code."""
        return any(code in page.spent for page in self._pages(salt, folder))

    def spent(self, salt: str, folder: Path) -> frozenset[str]:
        """Return every spent code of a wave."""
        return frozenset().union(*(page.spent for page in self._pages(salt, folder)))

    def forget(self) -> None:
        """Drop what was read: the segments were rewritten."""
        self._full.clear()

    def _pages(self, salt: str, folder: Path) -> list[_Page]:
        segments = list_segments(folder)
        for path in segments[:-1]:
            if (salt, path) not in self._full:
                self._full[salt, path] = _Page.read(path)
        pages = [self._full[salt, path] for path in segments[:-1]]
        return [*pages, *(_Page.read(path) for path in segments[-1:])]
