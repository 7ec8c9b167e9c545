"""The one-time codes of a wave, as hashes; every issue writes a new file of all that are valid."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from survey_service.errors import Code, SurveyError
from survey_service.storage.files import put_file, sync_folder
from survey_service.storage.segments import Table, hash_id, read_tables, write_bytes
from survey_service.wave import Wave


class Entry(NamedTuple):
    """One code: whom it was issued for, and the number of its bit among the spent ones."""

    stratum: str
    place: int


@dataclass(frozen=True)
class CodeBook:
    """Hash -> entry. Places follow the order of the hashes, so they say nothing about use."""

    entries: Mapping[str, Entry]

    def strata(self) -> dict[str, str]:
        """Return hash -> stratum."""
        return {code: entry.stratum for code, entry in self.entries.items()}

    def extend(self, codes: Mapping[str, str], kept: Iterable[str]) -> "CodeBook":
        """Return a book of the ``kept`` codes at their places and new ones behind all of these.

        A code that is kept stays where it is, also if it is issued again: it may be spent.
        """
        entries = {code: self.entries[code] for code in kept}
        free = 1 + max((entry.place for entry in self.entries.values()), default=-1)
        new = {
            code: Entry(codes[code], place)
            for place, code in enumerate(sorted(codes.keys() - entries.keys()), free)
        }
        return CodeBook(entries | new)

    def spent(self, places: Container[int]) -> frozenset[str]:
        """Return the hashes of the codes whose place is among those used."""
        return frozenset(code for code, entry in self.entries.items() if entry.place in places)


EMPTY = CodeBook({})


def name_book(folder: Path, wave: Wave) -> Path:
    """Return the path of the codes that are valid."""
    return folder / f"codes-{wave.codes_issued:06d}.json"


def read_book(folder: Path, wave: Wave) -> CodeBook:
    """Read the codes of a wave; an empty book if none were issued or the wave is closed."""
    path = name_book(folder, wave)
    table = read_tables(path).get("codes", {})
    try:
        return CodeBook({d["code"]: Entry(d["stratum"], int(d["place"])) for d in table.values()})
    except (KeyError, TypeError, ValueError):
        raise SurveyError(Code.STORE_DAMAGED, what=path.name) from None


def write_book(folder: Path, wave: Wave, book: CodeBook) -> None:
    """Write the codes; they are valid once the wave's record counts this issue."""
    table: Table = {}
    for code, entry in book.entries.items():
        table[hash_id(code, table)] = {"code": code, **entry._asdict()}
    put_file(name_book(folder, wave), write_bytes({"codes": table}))
    sync_folder(folder)
