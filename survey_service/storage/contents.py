"""What stands in the folders of a wave: names of files, and readers that need no lock.

Every file is whole, and a file that is counted never changes; so whoever reads the live segment
first and the sealed ones after it sees every answer that was acknowledged before, once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from survey_service.answers import AnswerTable, tabulate_columns
from survey_service.errors import Code, SurveyError
from survey_service.response import Comment
from survey_service.storage.segments import Table, Tables, read_present_tables, read_tables


@dataclass
class Spent:
    """Which codes were used: one bit for each place in the book of codes."""

    bits: bytearray = field(default_factory=bytearray)

    def __contains__(self, place: object) -> bool:
        if not isinstance(place, int):
            return False
        byte, bit = divmod(place, 8)
        return byte < len(self.bits) and bool(self.bits[byte] >> bit & 1)

    def add(self, place: int) -> None:
        """Mark a code as used."""
        byte, bit = divmod(place, 8)
        self.bits.extend(bytes(max(0, byte + 1 - len(self.bits))))
        self.bits[byte] |= 1 << bit


@dataclass(frozen=True)
class Head:
    """The live segment of an open wave: all that one commit changes."""

    live: Tables
    sealed: int
    spent: Spent
    is_there: bool


def name_live(folder: Path) -> Path:
    """Return the path of the live segment."""
    return folder / "live.json"


def name_segment(folder: Path, number: int) -> Path:
    """Return the path of a segment of responses."""
    return folder / f"segment-{number:06d}.json"


def name_ledger(folder: Path, number: int) -> Path:
    """Return the path of a ledger of receipts."""
    return folder / f"submissions-{number:06d}.json"


def list_ledgers(folder: Path) -> list[Path]:
    """Return the ledgers of receipts, the one that grows last."""
    return sorted(folder.glob("submissions-*.json"))


def read_head(folder: Path) -> Head:
    """Read the live segment; an empty one where nobody has answered yet."""
    live = read_tables(name_live(folder))
    try:
        control = live.get("control", {1: {"sealed": 0}})
        spent = live.get("spent", {1: {"bits": ""}})
        tables = {name: live.get(name, {}) for name in ("responses", "comments", "submissions")}
        bits = bytearray.fromhex(spent[1]["bits"])
        return Head(tables, int(control[1]["sealed"]), Spent(bits), bool(live))
    except (KeyError, TypeError, ValueError):
        raise SurveyError(Code.STORE_DAMAGED, what="live.json") from None


def read_ledger(path: Path) -> Table:
    """Read one ledger of receipts."""
    return read_present_tables(path).get("submissions", {})


def read_receipts(folder: Path, head: Head) -> dict[str, str]:
    """Return digest -> receipt of all submissions; without a lock, perhaps of some that came later."""
    receipts: dict[str, str] = {}
    for table in (*map(read_ledger, list_ledgers(folder)), head.live["submissions"]):
        receipts |= {each["digest"]: each["receipt"] for each in table.values()}
    return receipts


def read_open(folder: Path, head: Head, width: int) -> tuple[AnswerTable, tuple[Comment, ...]]:
    """Return all responses to ``width`` items and all comments of an open wave."""
    segments = (read_present_tables(name_segment(folder, n + 1)) for n in range(head.sealed))
    return read_parts((head.live, *segments), width)


def read_closed(folder: Path, width: int) -> tuple[AnswerTable, tuple[Comment, ...]]:
    """Return the same of a closed wave, from its segments."""
    return read_parts(map(read_present_tables, sorted(folder.glob("segment-*.json"))), width)


def read_files(folder: Path) -> list[tuple[str, bytes]]:
    """Return everything that stands in the folder of a wave: names and contents."""
    try:
        return [
            (path.relative_to(folder).as_posix(), path.read_bytes())
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ]
    except FileNotFoundError:
        raise SurveyError(Code.STORE_DAMAGED, what=folder.name) from None
    except OSError:
        raise SurveyError(Code.STORE_UNREADABLE) from None


def read_parts(parts: Iterable[Tables], width: int) -> tuple[AnswerTable, tuple[Comment, ...]]:
    """Gather responses and comments, in an order that says nothing of where they stood."""
    columns = _Columns()
    comments: Table = {}
    for part in parts:
        columns.take(part.get("responses", {}).values())
        comments |= part.get("comments", {})
    try:
        table = tabulate_columns(columns.strata, columns.paces, columns.answers, width)
        said = tuple(Comment(**each, id=str(key)) for key, each in sorted(comments.items()))
    except (TypeError, ValueError):
        raise SurveyError(Code.STORE_DAMAGED, what="responses") from None
    return table.sort(), said


def write_comment(comment: Comment) -> dict[str, str]:
    """Return a comment as it is stored; its id is the key."""
    return {key: value for key, value in vars(comment).items() if key != "id"}


@dataclass
class _Columns:
    """The stored texts of many responses, column by column."""

    strata: list[str] = field(default_factory=list)
    paces: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    def take(self, documents: Iterable[dict[str, Any]]) -> None:
        """Add the responses of one segment."""
        found = list(documents)
        try:
            self.strata += [each["stratum"] for each in found]
            self.paces += [each["pace"] for each in found]
            self.answers += [each["answers"] for each in found]
        except KeyError:
            raise SurveyError(Code.STORE_DAMAGED, what="responses") from None
