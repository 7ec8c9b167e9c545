"""Load a questionnaire by its shipped id or from a file; find all its faults at once."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from survey_service.errors import Code, Fault, Place, SurveyError
from survey_service.questionnaire.checking import DEFAULT_SCALE, Content, check_meaning
from survey_service.questionnaire.definition import (
    BACKGROUND,
    OPEN,
    SCORED,
    Questionnaire,
)
from survey_service.questionnaire.fields import check_shape
from survey_service.questionnaire.source import Source

_BANK = "bank"


def shipped() -> tuple[str, ...]:
    """Return the ids of the questionnaires that come with the program, the longest first."""
    names = (entry.name for entry in files("questionnaires").iterdir())
    found = {name.removesuffix(".toml") for name in names if name.endswith(".toml")} - {_BANK}
    return tuple(sorted(found, key=lambda name: (name != "full", name != "pulse", name)))


def load(reference: str) -> Questionnaire:
    """Return the questionnaire with a shipped id, or the one in a TOML file.

    Raises ``SurveyError`` with every fault of the file, or ``questionnaire_unknown``.
    """
    return load_source(_read(reference))


def add_background(questionnaire: Questionnaire) -> Questionnaire:
    """Return the questionnaire with the questions of the bank about party and tenure.

    They stand before the answers in own words; a wave asks them instead of the unit.
    """
    bank = Content(_read_shipped(_BANK))
    added = [dict(r.table) for r in bank.rows("extras") if r.table.get("kind") == BACKGROUND]
    definition = dict(questionnaire.definition)
    closed = [item for item in definition["items"] if item["kind"] != OPEN]
    own_words = [item for item in definition["items"] if item["kind"] == OPEN]
    scales = {item["scale"]: bank.scales[item["scale"]] for item in added}
    definition["items"] = [*closed, *added, *own_words]
    definition["scales"] = {**definition["scales"], **scales}
    return Questionnaire.from_definition(definition)


def check(path: str) -> tuple[Fault, ...]:
    """Return every fault of a questionnaire file, in the order of its lines; empty if sound."""
    try:
        return _examine(_read(path))[1]
    except SurveyError as error:
        return error.faults


def check_source(source: Source) -> tuple[Fault, ...]:
    """Return every fault of a questionnaire that was read already."""
    return _examine(source)[1]


def load_source(source: Source) -> Questionnaire:
    """Return the questionnaire that was read already; raises as ``load`` does."""
    content, faults = _examine(source)
    if faults:
        raise SurveyError.of(faults)
    return Questionnaire.from_definition(_resolve(content))


def _read(reference: str) -> Source:
    if reference in shipped():
        return _read_shipped(reference)
    path = Path(reference)
    if path.suffix != ".toml":
        raise SurveyError(Code.QUESTIONNAIRE_UNKNOWN, id=reference, known="、".join(shipped()))
    try:
        return Source.parse(path.name, path.read_bytes())
    except FileNotFoundError:
        raise SurveyError(Code.FILE_MISSING, Place(str(path))) from None
    except OSError:
        raise SurveyError(Code.FILE_UNREADABLE, Place(str(path))) from None


@cache
def _read_shipped(name: str) -> Source:
    resource = files("questionnaires").joinpath(f"{name}.toml")
    return Source.parse(resource.name, resource.read_bytes())


def _examine(source: Source) -> tuple[Content, tuple[Fault, ...]]:
    faults = list(check_shape(source))
    wanted = source.content.get("bank")
    bank = _read_shipped(_BANK) if wanted == _BANK else None
    if wanted not in {None, _BANK}:
        place = source.place(key="bank")
        faults.append(Fault(Code.QUESTIONNAIRE_REFERENCE, {"field": "bank", "id": wanted}, place))
    content = Content(source, bank)
    faults += check_meaning(content)
    return content, tuple(sorted(faults, key=lambda fault: fault.place.line or 0))


def _resolve(content: Content) -> dict[str, Any]:
    """Return the definition: everything the questionnaire uses, nothing else of the bank."""
    rows = {row.id: row for row in content.rows("items", "extras")}
    items = [_item_definition(rows[item].name, rows[item].table) for item in content.order]
    facets = _used(content, "facets", {item.get("facet") for item in items})
    dimensions = _used(content, "dimensions", {facet["dimension"] for facet in facets})
    blocks = _used(content, "blocks", {dimension["block"] for dimension in dimensions})
    scales = {item["scale"] for item in items if "scale" in item}
    keys = ("title", "minutes", "sections", "index", "source", "status", "opening", "languages")
    frame = {key: content.value(key) for key in keys if content.value(key) is not None}
    return {
        **frame,
        **{key: content.source.content[key] for key in ("format", "id", "version")},
        "scales": {name: content.scales[name] for name in sorted(scales)},
        "blocks": blocks,
        "dimensions": dimensions,
        "facets": facets,
        "items": items,
    }


def _item_definition(table_name: str, table: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in table.items() if key not in {"note", "scored"}}
    if table_name == "items":
        return {"kind": SCORED, "scale": DEFAULT_SCALE, **kept}
    return kept


def _used(content: Content, name: str, wanted: set[Any]) -> list[dict[str, Any]]:
    return [dict(row.table) for row in content.rows(name) if row.id in wanted]
