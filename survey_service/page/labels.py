"""How the labels of a response scale stand in narrow cells."""

import re

from survey_service.questionnaire import ResponseScale

_HAN = re.compile(r"[\u4e00-\u9fff]{4,}")
_WIDEST_HAN = 4
_WIDEST_LATIN = 8
_MOST_CELLS = 5


def break_label(label: str) -> tuple[str, ...]:
    """Return the lines of a label: a Chinese one of four or more characters breaks after its adverb.

    Left to itself a browser would break 完全不符合 into 完全不符 and 合.

    >>> break_label("完全不符合")
    ('完全', '不符合')
    >>> break_label("不同意"), break_label("Partly true")
    (('不同意',), ('Partly true',))
    """
    return (label[:2], label[2:]) if _HAN.fullmatch(label) else (label,)


def fits_bar(scale: ResponseScale, lang: str) -> bool:
    """Return whether the options fit side by side on a phone: few of them, and short words."""
    labels = [option.label.get(lang, "") for option in scale.options]
    lines = [line for label in labels for line in break_label(label)]
    return len(labels) <= _MOST_CELLS and all(_is_narrow(line) for line in lines)


def _is_narrow(line: str) -> bool:
    if line.isascii():
        return all(len(word) <= _WIDEST_LATIN for word in line.split())
    return len(line) <= _WIDEST_HAN + 1
