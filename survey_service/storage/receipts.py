"""The number that a respondent may keep: random, and leading to no answer."""

import secrets

_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def draw_receipt() -> str:
    """Return a new receipt, ``XXXX-XXXX``: 40 random bits."""
    symbols = [secrets.choice(_SYMBOLS) for _ in range(8)]
    return f"{''.join(symbols[:4])}-{''.join(symbols[4:])}"
