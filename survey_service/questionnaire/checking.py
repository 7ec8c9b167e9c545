"""The meaning of a questionnaire file: ids, references, scales, weights, wording.

Every fault is reported with its file and line; nothing is raised. The shape of the fields is
checked in ``fields``; here a table or value of the wrong shape is passed over.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from survey_service.errors import Code, Fault, Place
from survey_service.questionnaire.definition import BACKGROUND, OPEN, SYMBOLS
from survey_service.questionnaire.sections import DIVISIONS
from survey_service.questionnaire.source import Source

KINDS = ("attention", "criterion", "recommendation", "fact", BACKGROUND, OPEN)
DEFAULT_SCALE = "fit"
LONGEST_WORDING = 120
MOST_ITEMS = 200
HIGHEST_CODE = 10
MOST_MINUTES = 60
LONGEST_ANSWER = 2000

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_RESERVED = frozenset(
    {"unit", "role", "duration_s", "code", "pace", "answers", "other", "none", "all"}
)
_BACKGROUND_IDS = frozenset({"party", "tenure"})
_IDENTIFYING = re.compile(
    r"姓名|名字叫|工号|员工编?号|身份证|手机号|电话号码?|出生(日期|年月)|生日|微信号|家庭住址|"
    r"\byour (full )?name\b|\b(staff|employee|personnel) (id|no|number)\b|\bphone number\b|"
    r"\bdate of birth\b|\be-?mail\b|\bhome address\b|\bID (card|number)\b",
    re.IGNORECASE,
)


class Row(NamedTuple):
    """One table of a file with where it stands."""

    source: Source
    name: str
    number: int
    table: Mapping[str, Any]

    def place(self, key: str = "", needle: str = "") -> Place:
        """Return the line of ``key`` in this table."""
        return self.source.place(self.name, self.number, key, needle)

    @property
    def id(self) -> str:
        """Return the id, or an empty string where it has none."""
        value = self.table.get("id")
        return value if isinstance(value, str) else ""


class Content:
    """The tables of a questionnaire and of the bank it draws on, as one."""

    def __init__(self, source: Source, bank: Source | None = None) -> None:
        self.source = source
        self.sources = (source,) if bank is None else (bank, source)

    def rows(self, *names: str) -> list[Row]:
        """Return the rows of ``[[name]]`` in the bank, then in the questionnaire."""
        return [
            Row(source, name, index, table)
            for name in names
            for source in self.sources
            for index, table in source.tables(name)
        ]

    def ids(self, *names: str) -> set[str]:
        """Return the ids that those tables define."""
        return {row.id for row in self.rows(*names)}

    def value(self, key: str) -> Any:  # noqa: ANN401 - any TOML value
        """Return a top-level value: the questionnaire's own, else the bank's."""
        return next((s.content[key] for s in reversed(self.sources) if key in s.content), None)

    @property
    def scales(self) -> dict[str, Mapping[str, Any]]:
        """Return the response scales by id."""
        found: dict[str, Mapping[str, Any]] = {}
        for source in self.sources:
            scales = source.content.get("scales")
            if isinstance(scales, dict):
                found |= {k: v for k, v in scales.items() if isinstance(v, dict)}
        return found

    @property
    def order(self) -> list[str]:
        """Return the ids in the order in which they are asked: as given, else as they stand."""
        order = self.source.content.get("order")
        if isinstance(order, list):
            return [entry for entry in order if isinstance(entry, str)]
        rows = self.rows("items", "extras")
        return [
            row.id
            for row in rows
            if row.table.get("scored") is not False and row.id not in _BACKGROUND_IDS
        ]


def check_meaning(content: Content) -> Iterator[Fault]:
    """Yield every fault of meaning in the questionnaire (and in its bank)."""
    yield from _check_ids(content)
    yield from _check_references(content)
    yield from _check_order(content)
    yield from _check_scales(content)
    yield from _check_weights(content)
    for row in content.rows("extras"):
        yield from _check_extra(row, content.scales)
    for row in content.rows("items", "extras"):
        yield from _check_wording(row)
    yield from _check_frame(content)


def _check_ids(content: Content) -> Iterator[Fault]:
    for names in (("blocks",), ("dimensions",), ("facets",), ("items", "extras")):
        rows = [row for row in content.rows(*names) if row.id]
        repeated = {name for name, n in Counter(row.id for row in rows).items() if n > 1}
        seen: set[str] = set()
        for row in rows:
            if not _ID.fullmatch(row.id) or row.id in _RESERVED or _is_misplaced(row):
                yield Fault(Code.QUESTIONNAIRE_ID_INVALID, {"id": row.id}, row.place("id"))
            if row.id in repeated & seen:
                yield Fault(Code.QUESTIONNAIRE_ID_DUPLICATE, {"id": row.id}, row.place("id"))
            seen.add(row.id)


def _is_misplaced(row: Row) -> bool:
    """Return whether a row asks about the person under another name, or something else under theirs."""
    if row.name not in {"items", "extras"}:
        return False
    return (row.id in _BACKGROUND_IDS) != (row.table.get("kind") == BACKGROUND)


def _check_references(content: Content) -> Iterator[Fault]:
    for names, key, targets in (
        ("dimensions", "block", content.ids("blocks")),
        ("facets", "dimension", content.ids("dimensions")),
        ("items", "facet", content.ids("facets")),
        ("items", "scale", set(content.scales)),
        ("extras", "scale", set(content.scales)),
    ):
        for row in content.rows(names):
            target = row.table.get(
                key, DEFAULT_SCALE if (names, key) == ("items", "scale") else None
            )
            if isinstance(target, str) and target not in targets:
                values = {"field": key, "id": target}
                yield Fault(Code.QUESTIONNAIRE_REFERENCE, values, row.place(key))


def _check_order(content: Content) -> Iterator[Fault]:
    rows = {row.id: row for row in content.rows("items", "extras")}
    order = content.order
    written = Counter(row.id for row in content.rows("items", "extras"))
    # what is written twice was told already
    for item in sorted({i for i, n in Counter(order).items() if n > 1 and written[i] < 2}):
        place = content.source.place(key="order", needle=item)
        yield Fault(Code.QUESTIONNAIRE_ID_DUPLICATE, {"id": item}, place)
    for item in order:
        place = content.source.place(key="order", needle=item)
        if item not in rows:
            yield Fault(Code.QUESTIONNAIRE_REFERENCE, {"field": "order", "id": item}, place)
        elif rows[item].table.get("scored") is False or item in _BACKGROUND_IDS:
            yield Fault(Code.QUESTIONNAIRE_NOT_SCORED, {"id": item}, place)
    if not any(rows[item].name == "items" for item in order if item in rows):
        yield Fault(Code.QUESTIONNAIRE_NOTHING_SCORED, {}, content.source.place(key="order"))
    if len(order) > MOST_ITEMS:
        place = content.source.place(key="order")
        yield Fault(Code.QUESTIONNAIRE_TOO_LONG, {"field": "order", "most": MOST_ITEMS}, place)


def _codes(table: Mapping[str, Any]) -> list[int]:
    options = table.get("options")
    listed = options if isinstance(options, list) else []
    return [o["code"] for o in listed if isinstance(o, dict) and isinstance(o.get("code"), int)]


def _check_scales(content: Content) -> Iterator[Fault]:
    scored = {row.table.get("scale", DEFAULT_SCALE) for row in content.rows("items")}
    asked = {row.table.get("scale", DEFAULT_SCALE) for row in _asked(content)}
    if len(asked) > 1:
        values = {"ids": "、".join(sorted(str(scale) for scale in asked))}
        yield Fault(Code.QUESTIONNAIRE_SCALES, values, content.source.place(key="order"))
    for source in content.sources:
        scales = source.content.get("scales")
        for name, table in scales.items() if isinstance(scales, dict) else ():
            if isinstance(table, dict) and not _is_sound(table, used_for_scores=name in scored):
                place = source.place(f"scales.{name}", 0, "options")
                yield Fault(Code.QUESTIONNAIRE_SCALE, {"id": name}, place)


def _is_sound(table: Mapping[str, Any], *, used_for_scores: bool) -> bool:
    codes = _codes(table)
    apart = table.get("not_applicable")
    extra = apart.get("code") if isinstance(apart, dict) else None
    if len(codes) < 2 or min(codes) < 0 or max(codes) > HIGHEST_CODE or extra in codes:
        return False
    if extra is not None and extra not in range(len(SYMBOLS)):
        return False
    if any(after <= before for before, after in pairwise(codes)):
        return False
    if not used_for_scores:
        return True
    shares = [table.get(key) for key in ("favourable", "neutral", "unfavourable")]
    parts = [code for share in shares if isinstance(share, list) for code in share]
    consecutive = codes == list(range(codes[0], codes[-1] + 1))
    return consecutive and sorted(map(repr, parts)) == sorted(map(repr, codes))


def _check_weights(content: Content) -> Iterator[Fault]:
    if content.value("index") is None:
        return
    used = _used_blocks(content)
    rows = [
        row
        for row in content.rows("blocks")
        if row.id in used and _is_number(row.table.get("weight"))
    ]
    total = sum(row.table["weight"] for row in rows)
    sound = all(row.table["weight"] > 0 for row in rows) and abs(total - 1) <= 1e-9
    if not sound:  # a weight that is not a number is neither
        place = rows[0].place("weight") if rows else content.source.place(key="index")
        yield Fault(Code.QUESTIONNAIRE_WEIGHTS, {"total": f"{total:g}"}, place)


def _asked(content: Content) -> list[Row]:
    """Return the scored items that are asked."""
    order = set(content.order)
    return [row for row in content.rows("items") if row.id in order]


def _used_blocks(content: Content) -> set[object]:
    """Return the blocks behind the items that are asked."""
    above = {
        name: {row.id: row.table.get(key) for row in content.rows(name)}
        for name, key in (("facets", "dimension"), ("dimensions", "block"))
    }
    facets = {row.table.get("facet") for row in _asked(content)}
    dimensions = {above["facets"].get(facet) for facet in facets if isinstance(facet, str)}
    return {above["dimensions"].get(name) for name in dimensions if isinstance(name, str)}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_extra(row: Row, scales: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    kind, scale = row.table.get("kind"), row.table.get("scale")
    values = {"id": row.id, "kinds": "、".join(KINDS), "most": LONGEST_ANSWER}
    codes = _codes(scales.get(scale, {})) if isinstance(scale, str) else []
    if kind == OPEN:
        limit = row.table.get("limit")
        sound = isinstance(limit, int) and 1 <= limit <= LONGEST_ANSWER
    elif kind == "attention":
        sound = row.table.get("expected") in codes
    else:
        sound = kind in KINDS and scale is not None
    if not sound:
        yield Fault(Code.QUESTIONNAIRE_EXTRA, values, row.place("kind"))


def _check_wording(row: Row) -> Iterator[Fault]:
    variants = row.table.get("variants")
    wordings: list[tuple[str, Any]] = [("text", row.table.get("text"))]
    wordings += [("variants", text) for text in _values(variants)]
    for key, text in wordings:
        for sentence in _values(text):
            if not isinstance(sentence, str):
                continue
            if _IDENTIFYING.search(sentence):
                yield Fault(Code.QUESTIONNAIRE_IDENTIFYING, {"id": row.id}, row.place(key))
            if len(sentence) > LONGEST_WORDING:
                values = {"field": row.id, "most": LONGEST_WORDING}
                yield Fault(Code.QUESTIONNAIRE_TOO_LONG, values, row.place(key))


def _values(value: object) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else ()


def _check_frame(content: Content) -> Iterator[Fault]:
    """Check what every questionnaire needs, whether from its own file or from the bank."""
    for key in ("title", "minutes", "sections", "source", "status", "opening", "languages"):
        if content.value(key) is None:
            place = content.source.place()
            yield Fault(Code.QUESTIONNAIRE_FIELD_MISSING, {"field": key}, place)
    minutes, division = content.value("minutes"), content.value("sections")
    wrong = []
    if isinstance(minutes, int) and not 1 <= minutes <= MOST_MINUTES:
        wrong.append("minutes")
    if isinstance(division, str) and division not in DIVISIONS:
        wrong.append("sections")
    for key in wrong:
        yield Fault(Code.QUESTIONNAIRE_FIELD_TYPE, {"field": key}, content.source.place(key=key))
