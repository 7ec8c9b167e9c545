"""The description of the API as a page: plain HTML made from the OpenAPI document."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, NamedTuple

from markupsafe import Markup

from survey_service.i18n import HTML_LANGUAGE, words
from survey_service.page.minifying import minify_style
from survey_service.page.rendering import render_plain

STYLE = Markup(  # noqa: S704 - our own file
    minify_style(
        files("survey_service.page").joinpath("static", "reference.css").read_text("utf-8")
    )
)


class Row(NamedTuple):
    """One field of a schema, in words."""

    name: str
    kind: str
    is_required: bool
    description: str


def render_reference(api: Mapping[str, Any], lang: str, other: str) -> str:
    """Return the page that describes ``api`` in the language it is written in."""
    schemas = api["components"]["schemas"]
    return render_plain(
        "reference.html",
        w=words(lang),
        html_lang=HTML_LANGUAGE[lang],
        other=other,
        style=STYLE,
        api=api,
        operations=list(_list_operations(api)),
        schemas={name: (each["description"], list_rows(each)) for name, each in schemas.items()},
        refers_to=name_schema,
    )


def _list_operations(api: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def list_rows(schema: Mapping[str, Any]) -> list[Row]:
    """Return the fields of a schema in their order."""
    required = schema.get("required", ())
    return [
        Row(name, name_schema(field), name in required, field.get("description", ""))
        for name, field in schema.get("properties", {}).items()
    ]


def name_schema(schema: Mapping[str, Any]) -> str:
    """Say in one line what a schema admits: ``string``, ``Wave``, ``[Unit]``, ``open | codes``.

    >>> name_schema({"type": "array", "items": {"$ref": "#/components/schemas/Unit"}})
    '[Unit]'
    """
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " | ".join(name_schema(each) for each in schema[key])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(str(each) or '""' for each in schema["enum"])
    kind = schema.get("type", "")
    if kind == "array":
        return f"[{name_schema(schema['items'])}]"
    return " | ".join(kind) if isinstance(kind, list) else str(kind)
