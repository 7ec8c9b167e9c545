"""Names that an admin lists to have them marked; read from a file, never stored."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_HEADINGS = frozenset({"姓名", "名字", "name", "names"})
_SHORTEST = 2


@dataclass(frozen=True)
class ListedNames:
    """Folded names without spaces, and the lengths that occur among them."""

    names: frozenset[str] = frozenset()
    lengths: tuple[int, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "ListedNames":
        """Read one name a line; headings, blank lines and single characters are passed over."""
        lines = ("".join(_lower(fold(c)) for c in line).split() for line in text.splitlines())
        names = {"".join(parts) for parts in lines} - _HEADINGS
        kept = frozenset(name for name in names if len(name) >= _SHORTEST)
        return cls(kept, tuple(sorted({len(name) for name in kept})))

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where a listed name stands in ``text``, also with spaces between its characters."""
        letters = [(n, _lower(fold(c))) for n, c in enumerate(text) if not c.isspace()]
        joined = "".join(letter for _, letter in letters)
        for first in range(len(letters)):
            for length in self.lengths:
                if joined[first : first + length] in self.names:
                    start, end = letters[first][0], letters[first + length - 1][0] + 1
                    if not _is_cut(text, start, end):
                        yield start, end


NO_NAMES = ListedNames()


@lru_cache(maxsize=4096)
def fold(character: str) -> str:
    """Return the plain form of one character (full-width, circled, other digits), always one character."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def _lower(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else character


def _is_cut(text: str, start: int, end: int) -> bool:
    """Return whether a name in Latin letters is only a part of a longer word."""
    return _is_latin(text[start : start + 1], text[start - 1 : start]) or _is_latin(
        text[end - 1 : end], text[end : end + 1]
    )


def _is_latin(inside: str, outside: str) -> bool:
    return inside.isascii() and outside.isascii() and inside.isalnum() and outside.isalnum()
