"""Make our script and stylesheet small on their way into a page, without changing what they do.

This is no compiler. It drops comments and needless blanks, and gives every name that the script
declares for itself a short one. It relies on how ``page.js`` is written: every
statement ends in a semicolon or a brace, no template strings, no shorthand properties. A name that
is also the name of a property is left alone.
"""

import re
from collections.abc import Iterator
from itertools import count

_TOKEN = re.compile(
    r"""
    (?P<comment> //[^\n]* | /\*.*?\*/ )
  | (?P<text> "(?:\\.|[^"\\\n])*" | (?<=[(,=:!&|?]) \s* /(?![/*])(?:\\.|\[(?:\\.|[^\]])*\]|[^/\\\n])+/\w* )
  | (?P<word> [\w$]+ )
  | (?P<blank> \s+ )
  | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_DECLARED = (
    r"\b(?:const|let) (\w+)",
    r"\b(?:const|let) \[([\w, ]+)\]",
    r"\(([\w, ]+)\) =>",
    r"\b(\w+) =>",
    r"catch \((\w+)\)",
)
_PROPERTY = (r"(?<![.])\.(\w+)", r"[{,]\s*(\w+):")
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WORDS = frozenset({"do", "if", "in", "of", "as"})


def minify_script(source: str) -> str:
    r"""Return the script without comments and blanks, its own names shortened.

    >>> minify_script('const total = (number) => number + 1; // adds\\nlog("total", total(2));')
    'let b=a=>a+1;log("total",b(2));'
    """
    tokens = [(t.lastgroup or "", t.group()) for t in _TOKEN.finditer(source)]
    code = "".join(text for kind, text in tokens if kind not in {"comment", "text"})
    short = _shorten(code)
    written: list[str] = []
    gap = False
    for kind, text in tokens:
        if kind in {"comment", "blank"}:
            gap = True
            continue
        shown = short.get(text, text) if kind == "word" else text.strip()
        shown = "let" if shown == "const" else shown
        before = written[-1][-1:] if written else ""
        if gap and ((_is_word(before) and _is_word(shown[0])) or before == shown[0] in "+-"):
            written.append(" ")
        written.append(shown)
        gap = False
    text = "".join(written)
    return re.sub(r",(?=[)}\]])|;(?=\})", "", re.sub(r"(?<!async)\((\w+)\)=>", r"\1=>", text))


def minify_style(source: str) -> str:
    """Return the stylesheet without comments and needless blanks.

    >>> minify_style("a  > b { color: red; /* why */ }")
    'a>b{color:red}'
    """
    text = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,>]) ?", r"\1", text)
    return text.replace(": ", ":").replace(";}", "}").strip()


def _shorten(code: str) -> dict[str, str]:
    """Choose a short name for every name that the script declares and that names no property.

    Names that never meet may share one: they stand in different statements of the outermost level
    (which begin at the left margin), and at most one of them is declared there.
    """
    names = {
        n for pattern in _DECLARED for group in re.findall(pattern, code) for n in _split(group)
    }
    names -= {name for pattern in _PROPERTY for name in re.findall(pattern, code)}
    statements = [re.findall(r"[\w$]+", part) for part in re.split(r"\n(?=\w)", code)]
    used = [word for statement in statements for word in statement]
    places = {name: {n for n, s in enumerate(statements) if name in s} for name in names}
    outermost = set(re.findall(r"^(?:const|let) (\w+)", code, re.MULTILINE))
    short: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (-used.count(name), name)):
        met = {
            short[other]
            for other in short
            if places[other] & places[name] or {other, name} <= outermost
        }
        short[name] = next(new for new in _make_names() if new not in met and new not in used)
    return short


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]


def _make_names() -> Iterator[str]:
    for n in count():
        name = (_LETTERS[n // 52 - 1] if n >= 52 else "") + _LETTERS[n % 52]
        if name not in _WORDS:
            yield name


def _is_word(character: str) -> bool:
    return character.isalnum() or character in {"_", "$"}
