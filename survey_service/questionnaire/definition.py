"""The questionnaire as frozen dataclasses, made from one resolved definition.

A *definition* is plain data in the shape of a self-contained questionnaire file (see
``questionnaires/README.md``). It is what a wave keeps, word for word, and what is hashed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from survey_service.i18n import Text, pick

ROLES = ("manager", "key_staff", "frontline")
"""管理者, 基层骨干, 一线员工: the roles that a roster counts and that may have wording of their own."""

SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""How a stored response writes a code: one symbol each, so no code may be beyond them."""

OPEN = "open"
BACKGROUND = "background"
SCORED = "scored"


@dataclass(frozen=True)
class Option:
    """One point of a response scale."""

    code: int
    label: Text


@dataclass(frozen=True)
class ResponseScale:
    """The ordered options of an item; ``not_applicable`` stands apart and is never scored."""

    id: str
    options: tuple[Option, ...]
    stem: Text | None = None
    not_applicable: Option | None = None
    favourable: tuple[int, ...] = ()
    unfavourable: tuple[int, ...] = ()

    @property
    def lowest(self) -> int:
        """Return the code of the first point."""
        return self.options[0].code

    @property
    def highest(self) -> int:
        """Return the code of the last point."""
        return self.options[-1].code

    @cached_property
    def codes(self) -> frozenset[int]:
        """Return every code that may be answered, "not applicable" included."""
        apart = () if self.not_applicable is None else (self.not_applicable.code,)
        return frozenset((*(option.code for option in self.options), *apart))


@dataclass(frozen=True)
class Block:
    """A group of dimensions with its weight in the index.

    ``outcome`` says that its dimensions are consequences, to which the others are related.
    """

    id: str
    name: Text
    weight: float
    outcome: bool = False


@dataclass(frozen=True)
class Dimension:
    """What a set of items measures."""

    id: str
    block: str
    name: Text


@dataclass(frozen=True)
class Facet:
    """A part of a dimension, standing on a phrase of the paper."""

    id: str
    dimension: str
    name: Text
    phrases: tuple[Text, ...]


@dataclass(frozen=True)
class Item:
    """One statement or question with an id.

    ``kind`` is ``scored`` or one of ``attention``, ``criterion``, ``recommendation``, ``fact``,
    ``background``, ``open``. ``variants`` holds the wording for a role.
    """

    id: str
    kind: str
    text: Text
    scale: str | None = None
    facet: str | None = None
    dimension: str | None = None
    reverse: bool = False
    variants: Mapping[str, Text] = field(default_factory=dict)
    expected: int | None = None
    hint: Text | None = None
    limit: int = 0

    def wording(self, lang: str, role: str | None = None) -> str:
        """Return the text for ``role`` where it has its own, else the common one."""
        return pick(self.variants.get(role or "", self.text), lang)


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """A definition ready for use; ``items`` stand in the order in which they are asked.

    Two questionnaires are equal when their definitions are, so what is made from one (schema,
    page) can be cached by it.
    """

    id: str
    version: int
    title: Text
    minutes: int
    source: Text
    status: Text
    opening: Text
    languages: Mapping[str, str]
    division: str
    index_name: Text | None
    scales: Mapping[str, ResponseScale]
    blocks: tuple[Block, ...]
    dimensions: tuple[Dimension, ...]
    facets: tuple[Facet, ...]
    items: tuple[Item, ...]
    definition: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_definition(cls, definition: Mapping[str, Any]) -> "Questionnaire":
        """Build a questionnaire from a resolved definition that was checked before."""
        facets = tuple(
            Facet(f["id"], f["dimension"], f["name"], tuple(f.get("phrases", ())))
            for f in definition["facets"]
        )
        dimension_of = {facet.id: facet.dimension for facet in facets}
        return cls(
            id=definition["id"],
            version=definition["version"],
            title=definition["title"],
            minutes=definition["minutes"],
            source=definition["source"],
            status=definition["status"],
            opening=definition["opening"],
            languages=definition["languages"],
            division=definition["sections"],
            index_name=definition.get("index"),
            scales={key: _scale(key, table) for key, table in definition["scales"].items()},
            blocks=tuple(
                Block(b["id"], b["name"], b["weight"], b.get("outcome", False))
                for b in definition["blocks"]
            ),
            dimensions=tuple(
                Dimension(d["id"], d["block"], d["name"]) for d in definition["dimensions"]
            ),
            facets=facets,
            items=tuple(_item(table, dimension_of) for table in definition["items"]),
            definition=definition,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Questionnaire) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    @cached_property
    def sha256(self) -> str:
        """Return the hash of the definition in canonical JSON."""
        canonical = json.dumps(
            self.definition, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    @cached_property
    def scored(self) -> tuple[Item, ...]:
        """Return the items that make scores, in presentation order."""
        return tuple(item for item in self.items if item.kind == SCORED)

    @cached_property
    def closed(self) -> tuple[Item, ...]:
        """Return every item answered by choosing: one character each in a stored response."""
        return tuple(item for item in self.items if item.kind != OPEN)

    @cached_property
    def background(self) -> tuple[Item, ...]:
        """Return the items about the person: asked only where the unit is not."""
        return tuple(item for item in self.items if item.kind == BACKGROUND)

    @cached_property
    def open_ended(self) -> tuple[Item, ...]:
        """Return the items answered in one's own words; kept apart from all others."""
        return tuple(item for item in self.items if item.kind == OPEN)

    def item(self, item_id: str) -> Item:
        """Return one item; ``KeyError`` if it is not asked."""
        return self._by_id[item_id]

    def scale_of(self, item: Item) -> ResponseScale:
        """Return the response scale of an item that has one."""
        if item.scale is None:
            raise KeyError(item.id)
        return self.scales[item.scale]

    @cached_property
    def _by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}


def _option(table: Mapping[str, Any]) -> Option:
    return Option(table["code"], table["label"])


def _scale(scale_id: str, table: Mapping[str, Any]) -> ResponseScale:
    apart = table.get("not_applicable")
    return ResponseScale(
        id=scale_id,
        options=tuple(_option(option) for option in table["options"]),
        stem=table.get("stem"),
        not_applicable=None if apart is None else _option(apart),
        favourable=tuple(table.get("favourable", ())),
        unfavourable=tuple(table.get("unfavourable", ())),
    )


def _item(table: Mapping[str, Any], dimension_of: Mapping[str, str]) -> Item:
    facet = table.get("facet")
    return Item(
        id=table["id"],
        kind=table["kind"],
        text=table["text"],
        scale=table.get("scale"),
        facet=facet,
        dimension=None if facet is None else dimension_of[facet],
        reverse=table.get("reverse", False),
        variants=table.get("variants", {}),
        expected=table.get("expected"),
        hint=table.get("hint"),
        limit=table.get("limit", 0),
    )
