"""Write a questionnaire as a TOML file that ``load`` reads back to the same definition."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from survey_service.questionnaire.definition import SCORED

_TABLES = ("blocks", "dimensions", "facets", "items", "extras")


def make_content(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a self-contained file for a resolved definition."""
    content = {key: value for key, value in definition.items() if key != "items"}
    asked = definition["items"]
    content["order"] = [item["id"] for item in asked]
    content["items"] = [
        {key: value for key, value in item.items() if key != "kind"}
        for item in asked
        if item["kind"] == SCORED
    ]
    content["extras"] = [dict(item) for item in asked if item["kind"] != SCORED]
    return content


def write_toml(content: Mapping[str, Any]) -> str:
    """Return TOML text: values first, then languages and scales, then one table for every row."""
    return "\n".join(_write(content)) + "\n"


def _write(content: Mapping[str, Any]) -> Iterator[str]:
    named = {"languages", "scales", *_TABLES}
    for key, value in content.items():
        if key not in named:
            yield f"{key} = {_write_value(value)}"
    if "languages" in content:
        yield from ("", "[languages]", *_write_fields(content["languages"]))
    for name, scale in content.get("scales", {}).items():
        yield from ("", f"[scales.{name}]", *_write_fields(scale))
    for name in _TABLES:
        for row in content.get(name, ()):
            yield from ("", f"[[{name}]]", *_write_fields(row))


def _write_fields(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if key == "options":
            yield from ("options = [", *(f"  {_write_value(option)}," for option in value), "]")
        else:
            yield f"{key} = {_write_value(value)}"


def _write_value(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{k} = {_write_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_write_value, value)) + "]"
    return repr(value)
