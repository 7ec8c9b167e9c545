"""Cells that no spreadsheet takes for a formula, and back (OWASP ASVS 5.0, 1.2.10)."""

import re

_QUOTE = "'"
_RISKY = re.compile(r"'* *[=+\-@\t\r\0＝＋－＠]")


def guard_cell(text: str) -> str:
    """Return text with a quote before it if a spreadsheet might take it for a formula.

    >>> guard_cell("=1+1"), guard_cell(" ＠SUM"), guard_cell("综采一队"), guard_cell("-3.5")
    ("'=1+1", "' ＠SUM", '综采一队', "'-3.5")
    """
    return f"{_QUOTE}{text}" if _RISKY.match(text) else text


def unguard_cell(text: str) -> str:
    """Return the text that ``guard_cell`` was given.

    >>> unguard_cell("'=1+1"), unguard_cell("'tis")
    ('=1+1', "'tis")
    """
    bare = text.removeprefix(_QUOTE)
    return bare if _RISKY.match(bare) else text
