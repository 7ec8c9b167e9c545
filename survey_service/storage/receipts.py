"""The number that a respondent may keep: random, and leading to no answer."""

import secrets

_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def draw_receipt() -> str:
    """Return a new receipt, ``XXXX-XXXX``: 40 random bits."""
    bits = secrets.randbits(40)
    symbols = "".join(_SYMBOLS[bits >> place & 31] for place in range(0, 40, 5))
    return f"{symbols[:4]}-{symbols[4:]}"
