"""One-time codes: 75 random bits and a check symbol, typed by people, drawn by lot.

A code is fifteen random symbols of Crockford's base 32 and a check symbol, ``XXXX-XXXX-XXXX-XXXX``.
Only its keyed hash is ever stored. Reading is tolerant of what people and messengers do to a code.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16

_VALUES = {symbol: value for value, symbol in enumerate(SYMBOLS)} | {"O": 0, "I": 1, "L": 1}
_PRIMITIVE = 0b100101  # x^5 + x^2 + 1
_FOLLOWED = re.compile(r"[&?#].*$", re.DOTALL)  # what messengers append, such as &appinstall=0


def draw_code() -> str:
    """Return a new code from the random source of the system."""
    values = [secrets.randbelow(32) for _ in range(LENGTH - 1)]
    return format_code("".join(SYMBOLS[value] for value in (*values, _check(values))))


def format_code(symbols: str) -> str:
    """Write sixteen symbols in groups of four.

    >>> format_code("0123456789ABCDEF")
    '0123-4567-89AB-CDEF'
    """
    return "-".join(symbols[start : start + 4] for start in range(0, LENGTH, 4))


def read_code(text: str) -> str | None:
    """Return the code that somebody typed, scanned or pasted, or None if it cannot be one.

    Small letters, full-width letters and digits, blanks and dashes of any kind, O for 0, I and l
    for 1, and what a messenger appends after ``&`` are put right. The check symbol finds every
    single wrong symbol and every two symbols changed over.
    """
    plain = _FOLLOWED.sub("", unicodedata.normalize("NFKC", text).strip())
    symbols = [c for c in plain.upper() if not _is_filler(c)]
    if len(symbols) != LENGTH or any(symbol not in _VALUES for symbol in symbols):
        return None
    *values, check = (_VALUES[symbol] for symbol in symbols)
    if _check(values) != check:
        return None
    return format_code("".join(SYMBOLS[value] for value in (*values, check)))


def _is_filler(character: str) -> bool:
    """Return whether a character only separates: blanks, dashes, the minus sign, invisible marks."""
    return (
        character.isspace()
        or character == "\N{MINUS SIGN}"
        or unicodedata.category(character) in {"Pd", "Cf"}
    )


def hash_code(code: str, key: bytes) -> str:
    """Return the keyed hash under which a code is known (HMAC-SHA-256, hexadecimal)."""
    return hmac.new(key, code.encode("ascii"), hashlib.sha256).hexdigest()


def _check(values: list[int]) -> int:
    """Return the check value: the sum of value times a different power of x, in the field of 32.

    No two of the weights are equal and none is zero, so one changed symbol or two exchanged ones
    always change the sum.
    """
    total, weight = 0, 1
    for value in values:
        weight = _double(weight)
        total ^= _multiply(value, weight)
    return total


def _double(value: int) -> int:
    shifted = value << 1
    return shifted ^ _PRIMITIVE if shifted & 32 else shifted


def _multiply(one: int, other: int) -> int:
    product = 0
    for bit in range(5):
        if other >> bit & 1:
            product ^= one
        one = _double(one)
    return product
