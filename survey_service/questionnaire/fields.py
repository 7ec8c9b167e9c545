"""The shape of a questionnaire file: which fields each table has, and of what kind.

Every fault of shape is reported with its line; nothing is raised.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from survey_service.errors import Code, Fault
from survey_service.i18n import DEFAULT_LANGUAGE, LANGUAGES
from survey_service.questionnaire.source import Source

FORMAT = 1


def _is_text(value: object) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(v, str) and v.strip() for v in value.values())
    )


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, float) or _is_integer(value)


def _is_list_of(check: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(check(entry) for entry in value)


def _is_option(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"code", "label"}
        and _is_integer(value["code"])
        and _is_text(value["label"])
    )


def _is_string(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_mapping_of(check: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, dict) and all(check(entry) for entry in value.values())


_KINDS: dict[str, Callable[[object], bool]] = {
    "text": _is_text,
    "texts": _is_list_of(_is_text),
    "string": _is_string,
    "strings": _is_list_of(_is_string),
    "integer": _is_integer,
    "integers": _is_list_of(_is_integer),
    "number": _is_number,
    "flag": lambda value: isinstance(value, bool),
    "option": _is_option,
    "options": _is_list_of(_is_option),
    "wordings": _is_mapping_of(_is_text),
    "words": _is_mapping_of(_is_string),
    "tables": _is_list_of(lambda value: isinstance(value, dict)),
    "scales": _is_mapping_of(lambda value: isinstance(value, dict)),
}

_NAMED = {"id": "string!", "name": "text!"}

_TOP = {
    "format": "integer!",
    "id": "string!",
    "version": "integer!",
    "bank": "string",
    "title": "text",
    "minutes": "integer",
    "sections": "string",
    "index": "text",
    "order": "strings",
    "source": "text",
    "status": "text",
    "opening": "text",
    "languages": "words",
    "scales": "scales",
    "blocks": "tables",
    "dimensions": "tables",
    "facets": "tables",
    "items": "tables",
    "extras": "tables",
}

_TABLES = {
    "blocks": {**_NAMED, "weight": "number!", "outcome": "flag"},
    "dimensions": {**_NAMED, "block": "string!"},
    "facets": {**_NAMED, "dimension": "string!", "phrases": "texts"},
    "items": {
        "id": "string!",
        "facet": "string!",
        "text": "text!",
        "scale": "string",
        "reverse": "flag",
        "variants": "wordings",
        "note": "text",
        "scored": "flag",
    },
    "extras": {
        "id": "string!",
        "kind": "string!",
        "text": "text!",
        "scale": "string",
        "expected": "integer",
        "hint": "text",
        "limit": "integer",
    },
}

_SCALE = {
    "stem": "text",
    "options": "options!",
    "not_applicable": "option",
    "favourable": "integers",
    "neutral": "integers",
    "unfavourable": "integers",
}


_OWN_TABLES = frozenset({*_TABLES, "scales"})
"""Looked at by themselves, where their faults have a line."""


def check_shape(source: Source) -> Iterator[Fault]:
    """Yield every unknown, missing or wrongly typed field, and every untranslated wording."""
    content = source.content
    if content.get("format") != FORMAT:
        yield Fault(Code.QUESTIONNAIRE_FORMAT, {"format": FORMAT}, source.place(key="format"))
    yield from _check_table(source, content, _TOP, "", 0)
    for name, spec in _TABLES.items():
        for index, table in source.tables(name):
            yield from _check_table(source, table, spec, name, index)
    scales = content.get("scales")
    for name, table in scales.items() if isinstance(scales, dict) else ():
        if isinstance(table, dict):
            yield from _check_table(source, table, _SCALE, f"scales.{name}", 0)


def _check_table(
    source: Source, table: Mapping[str, Any], spec: Mapping[str, str], name: str, index: int
) -> Iterator[Fault]:
    for key in table.keys() - spec.keys():
        place = source.place(name, index, key)
        yield Fault(Code.QUESTIONNAIRE_FIELD_UNKNOWN, {"field": key}, place)
    for key, kind in spec.items():
        place = source.place(name, index, key)
        if key not in table:
            if kind.endswith("!"):
                yield Fault(Code.QUESTIONNAIRE_FIELD_MISSING, {"field": key}, place)
        elif not _KINDS[kind.removesuffix("!")](table[key]):
            yield Fault(Code.QUESTIONNAIRE_FIELD_TYPE, {"field": key}, place)
        elif name or key not in _OWN_TABLES:
            yield from _check_translations(source, table[key], place)


def _check_translations(source: Source, value: object, place: Any) -> Iterator[Fault]:  # noqa: ANN401
    declared = source.content.get("languages")
    wanted = declared if isinstance(declared, dict) and declared else LANGUAGES
    for text in _texts(value):
        for lang in (DEFAULT_LANGUAGE, *wanted):
            if lang not in text:
                yield Fault(Code.QUESTIONNAIRE_TRANSLATION_MISSING, {"language": lang}, place)
                break


def _texts(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield every wording inside a field: a wording is a table whose keys are languages."""
    if isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
    elif isinstance(value, dict):
        if value.keys() & set(LANGUAGES) and _is_text(value):
            yield value
        else:
            for entry in value.values():
                yield from _texts(entry)
