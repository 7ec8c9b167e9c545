"""Breaking a name over a narrow column where a Chinese reader would pause.

Chinese names run in pairs of characters: 生产管理共促 reads 生产 管理 共促, 核心竞争力 reads 核心 竞争力.
"""

from reports.punctuation import is_ideograph

#: Words that join two others begin a new part: 管理者 与基层 骨干 合作. 和 is left out for 和谐.
JOINERS = frozenset("与及")


def break_name(name: str) -> list[str] | None:
    """Return the lines of a Chinese name, or None for a name that is not purely Chinese."""
    if not name or not all(is_ideograph(char) for char in name):
        return None
    lines: list[str] = []
    for part in _split_at_joiners(name):
        joiner, rest = (part[0], part[1:]) if part[0] in JOINERS else ("", part)
        pairs = _pair(rest)
        lines += [joiner + pairs[0], *pairs[1:]] if pairs else [joiner]
    return lines


def _split_at_joiners(name: str) -> list[str]:
    parts = [name[0]]
    for char in name[1:]:
        if char in JOINERS:
            parts.append(char)
        else:
            parts[-1] += char
    return parts


def _pair(text: str) -> list[str]:
    """Cut into pairs; an odd character stays with the last pair."""
    pairs = [text[start : start + 2] for start in range(0, len(text) - 1, 2)]
    if len(text) % 2 == 1:
        return [*pairs[:-1], pairs[-1] + text[-1]] if pairs else [text]
    return pairs
