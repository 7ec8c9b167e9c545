"""Mark what in a text could identify a person: numbers, addresses, names.

The marks help a reviewer; they promise nothing, and rather say too much than too little.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey_service.comments.names import NO_NAMES, ListedNames, fold
from survey_service.comments.surnames import NAME_PATTERNS

_GAP = r"[\s\-\u2010-\u2015._·\u200b-\u200d\u2060\ufeff]{0,2}"
_MOBILE = rf"(?<!\d)(?:\+?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)"
_MEASURES = (
    r"元|块|万|亿|吨|公斤|千克|克|米|公里|里|度|千瓦|次|人|户|人次|小时|分钟|秒|天|年|个|台|件|套|条|本|份|字|"
    r"%|‰|[.,]\d|(?:t|kg|km|m|kw|kwh|tons?|yuan|rmb|people|hours)\b"
)
_BADGES = "(?:员工|职工|人员|工牌|胸牌|胸卡|矿灯|自救器|考勤)"

_PATTERNS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE | re.ASCII))
    for kind, pattern in (
        ("id_number", rf"(?<![0-9a-z])[1-9](?:{_GAP}\d){{16}}{_GAP}[0-9x](?![0-9a-z])"),
        ("email", r"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}"),
        ("phone", _MOBILE),
        (
            "phone",
            r"(?<!\d)\(?0\d{2,3}\)?[\s-]{0,2}[2-9]\d{6,7}(?:(?:[\s-]{1,2}|转)\d{1,6})?(?!\d)",
        ),
        (
            "account",
            r"(?:微信|wechat|wx|vx|qq|抖音|快手|钉钉)(?:号码?|id)?[\s:是为]*[a-z0-9_-]{5,}",
        ),
        (
            "staff_number",
            rf"(?:工号|{_BADGES}(?:编?号|证号|卡号|号码))[\s:#是为]*[a-z0-9][a-z0-9_-]*",
        ),
        (
            "staff_number",
            r"\b(?:staff|employee|personnel|badge)\s*(?:id|no\.?|number|#)[\s:#]*[a-z-]{0,8}\d[a-z0-9-]*",
        ),
        ("staff_number", rf"(?<!\d)(?<!\d\.)\d{{5,}}(?!\d)(?!\s*(?:{_MEASURES}))"),
    )
)
_SPELT_MOBILE = re.compile(_MOBILE, re.ASCII)
_SPELT_DIGITS = str.maketrans("零〇一幺二三四五六七八九壹贰叁肆伍陆柒捌玖", "001123456789123456789")

KINDS = ("listed_name", *dict.fromkeys(kind for kind, _ in _PATTERNS), "name")
"""Every kind of mark, the surest first."""


@dataclass(frozen=True)
class Mark:
    """A part of a text, ``text[start:end]``, and what it seems to be (one of ``KINDS``)."""

    start: int
    end: int
    kind: str


def mark_identifying(text: str, names: ListedNames = NO_NAMES) -> tuple[Mark, ...]:
    """Return what could identify a person, in the order of the text and without overlap.

    Finds mobile and landline numbers (also spelt in characters), 18-digit identity numbers, staff
    numbers, any five or more digits that count nothing, e-mail addresses, accounts, probable names,
    and the listed names. Full-width characters count like plain ones. Never raises.
    """
    merged: list[Mark] = []
    for mark in sorted(_find(text, names), key=lambda mark: (mark.start, KINDS.index(mark.kind))):
        if merged and mark.start < merged[-1].end:
            last = merged.pop()
            kind = min(last.kind, mark.kind, key=KINDS.index)
            merged.append(Mark(last.start, max(last.end, mark.end), kind))
        else:
            merged.append(mark)
    return tuple(merged)


def show_marked(text: str, marks: Sequence[Mark]) -> str:
    """Return the text with 【】 around its marks.

    >>> show_marked("找王队长吧", mark_identifying("找王队长吧"))
    '找【王队长】吧'
    """
    parts, done = [], 0
    for mark in marks:
        parts += [text[done : mark.start], f"【{text[mark.start : mark.end]}】"]
        done = mark.end
    return "".join((*parts, text[done:]))


def _find(text: str, names: ListedNames) -> Iterator[Mark]:
    plain = "".join(map(fold, text))
    for start, end in names.find(text):
        yield Mark(start, end, "listed_name")
    for kind, pattern in _PATTERNS:
        yield from (Mark(*found.span(), kind) for found in pattern.finditer(plain))
    spelt = plain.translate(_SPELT_DIGITS)
    yield from (Mark(*found.span(), "phone") for found in _SPELT_MOBILE.finditer(spelt))
    for pattern in NAME_PATTERNS:
        yield from (Mark(*found.span(), "name") for found in pattern.finditer(plain))
