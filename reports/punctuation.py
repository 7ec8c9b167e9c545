"""How Chinese characters and marks stand beside one another (GB/T 15834, W3C clreq 3.1).

Pure: lengths are em, and nothing here knows a font or a page.
"""

import unicodedata
from functools import cache

#: A line never begins with one of these.
NOT_AT_START = frozenset("，。、；：！？”’》〉）】」』〕…～·／％%‰°℃※,.;:!?)]}")
#: A line never ends with one of these.
NOT_AT_END = frozenset("“‘《〈（【「『〔([{")

#: Full-width marks whose ink stands in the left half of their square: the right half may go.
CLOSING = frozenset("，。、；：！？”’》〉）】」』〕")
#: Full-width marks whose ink stands in the right half: the left half may go.
OPENING = frozenset("“‘《〈（【「『〔")

#: What is counted or measured stays with its number.
COUNTED = frozenset("分人份项题个条期月年日周天次岁级步件名组队页图表％%倍")
ORDINAL = frozenset("第约图表近前后")
#: Signs that belong to a number or a word and never part from it.
JOINING = frozenset("+-−–±/.,:@_&#%=<>≤≥≈×~'\"")
DASHES = frozenset("—…")

IDEOGRAPHS = (
    (0x2E80, 0x2FDF),
    (0x3005, 0x3007),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)

HALF = 0.5
#: The two halves of —— leave this much paper between them unless they are drawn together.
DASH_OVERLAP = -0.1
#: Between a Chinese character and a Latin word or number.
GAP = 0.125


@cache
def is_ideograph(char: str) -> bool:
    """Say whether a character is a Chinese one."""
    point = ord(char)
    return any(first <= point <= last for first, last in IDEOGRAPHS)


@cache
def is_word(char: str) -> bool:
    """Say whether a character is part of a Latin word or of a number."""
    if char in JOINING:
        return True
    return not is_ideograph(char) and unicodedata.category(char)[0] in "LNM"


def is_space(char: str) -> bool:
    """Say whether a character is a space at which a line may end, and which then disappears."""
    return char in " \u3000"


def may_break(before: str, after: str) -> bool:
    """Say whether a line may end between two neighbours."""
    if is_space(after) or after in NOT_AT_START or before in NOT_AT_END:
        return False
    if is_space(before):
        return True
    return not (_belongs_together(before, after) or _counts(before, after))


def _belongs_together(before: str, after: str) -> bool:
    """Say whether both are of one word, one number, one dash or one range."""
    if before in DASHES and after in DASHES:
        return True
    if "—" in {before, after}:
        return before.isdigit() or after.isdigit() or before == "%"
    return is_word(before) and is_word(after)


def _counts(before: str, after: str) -> bool:
    """Say whether a number and what it counts, or its ordinal sign, meet here."""
    if after in COUNTED and (before.isdigit() or before == "+"):
        return True
    return before in ORDINAL and after.isdigit()


def adjust_between(before: str, after: str) -> float:
    """Return what is added to the distance between two neighbours on a line."""
    if before in CLOSING and (after in CLOSING or after in OPENING):
        return -HALF
    if before == after == "—":
        return DASH_OVERLAP
    if before in OPENING and after in OPENING:
        return -HALF
    if (is_ideograph(before) and _is_latin(after)) or (_is_latin(before) and is_ideograph(after)):
        return GAP
    return 0.0


def adjust_start(char: str) -> float:
    """Return what the first character of a line is shifted by: its empty half hangs outside."""
    return -HALF if char in OPENING else 0.0


def adjust_end(char: str) -> float:
    """Return what the last character of a line gives up of its width."""
    return -HALF if char in CLOSING else 0.0


def _is_latin(char: str) -> bool:
    return is_word(char) or char == "%"


def clean(text: str) -> str:
    """Return data as one printable line: NFC, no control or formatting characters.

    A unit's name may come from a spreadsheet with line ends, zero-width marks or direction overrides.
    """
    plain = unicodedata.normalize("NFC", text)
    return "".join(_clean_character(char) for char in plain).strip(" ")


def _clean_character(char: str) -> str:
    category = unicodedata.category(char)
    if category in {"Cc", "Zl", "Zp"} or (category == "Zs" and char != "\u3000"):
        return " "
    return "" if category in {"Cf", "Cs", "Co", "Cn"} else char
