"""The description of the API, OpenAPI 3.1, made from the schemas; nothing in it is written twice.

Words stand in the catalogues: ``api.OPERATION``, ``api.schema.NAME``, ``api.field.NAME`` (or
``api.field.SCHEMA.NAME`` where a name means two things) and ``api.status.NUMBER``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from survey_service import __version__
from survey_service.i18n import LANGUAGES, Words, words
from survey_service.schema import submission_schema
from survey_service.wave import Wave
from survey_service.web import shapes

VERSION = "3.1.0"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PROBLEM = "application/problem+json"
_ANYWHERE = (400, 421, 429, 500)
"""What every address may answer; 400 and 421 are about the name of the host."""

_WAVE = {"name": "wave_id", "pattern": "^[a-z0-9-]{1,40}$"}


@dataclass(frozen=True)
class _Operation:
    """One address with one method: what it gives for which status, and how it may fail."""

    path: str
    name: str
    gives: tuple[tuple[int, type[Schema] | str], ...]
    fails: tuple[int, ...] = ()
    method: str = "get"
    media: str = "application/json"
    has_language: bool = False
    takes: tuple[type[Schema], ...] = ()


_WAVES = "/api/v1/waves"
OPERATIONS = (
    _Operation(_WAVES, "list_waves", ((200, shapes.Waves), (304, "")), (503,)),
    _Operation(
        f"{_WAVES}/{{wave_id}}", "show_wave", ((200, shapes.WaveInFull), (304, "")), (404, 503)
    ),
    _Operation(
        f"{_WAVES}/{{wave_id}}/questionnaire",
        "show_questionnaire",
        ((200, shapes.Questionnaire), (304, "")),
        (404, 409, 503),
        has_language=True,
    ),
    _Operation(
        f"{_WAVES}/{{wave_id}}/schema",
        "show_schema",
        ((200, "object"), (304, "")),
        (404, 409, 503),
        media="application/schema+json",
    ),
    _Operation(
        f"{_WAVES}/{{wave_id}}/responses",
        "submit_response",
        ((201, shapes.Receipt), (200, shapes.Receipt)),
        (403, 404, 409, 413, 415, 422, 503),
        method="post",
        takes=(shapes.Submission, shapes.SealedSubmission),
    ),
    _Operation(
        "/api/v1/openapi.json", "show_openapi", ((200, "object"), (304, "")), has_language=True
    ),
    _Operation(
        "/api/v1/docs",
        "show_docs",
        ((200, "string"), (304, "")),
        media="text/html",
        has_language=True,
    ),
    _Operation("/livez", "live", ((200, shapes.Status),)),
    _Operation("/readyz", "ready", ((200, shapes.Status),), (503,)),
    _Operation("/metrics", "show_metrics", ((200, "string"),), media="text/plain"),
)


@cache
def describe_api(lang: str) -> dict[str, Any]:
    """Return the whole description with its words in one language."""
    w = words(lang)
    spec = APISpec(
        title=w("api.title"),
        version=__version__,
        openapi_version=VERSION,
        plugins=[MarshmallowPlugin()],
        info={"description": w("api.about"), "license": {"name": "Apache-2.0"}},
        servers=[{"url": "/"}],
    )
    for shape in (shapes.Problem, shapes.Submission, shapes.SealedSubmission):
        spec.components.schema(shape.__name__, schema=shape)
    for each in OPERATIONS:
        parameters = list(_describe_parameters(each, w))
        operation = {**_describe_operation(each, w), "parameters": parameters}
        spec.path(each.path, operations={each.method: operation})
    described = spec.to_dict()
    _describe_fields(described["components"]["schemas"], w)
    return described


def describe_submission(wave: Wave) -> dict[str, Any]:
    """Return the JSON Schema of a submission in clear: what ``survey_service.schema`` judges by."""
    spec = APISpec("", "", VERSION, plugins=[MarshmallowPlugin()])
    spec.components.schema("Submission", schema=submission_schema(wave.questionnaire))
    found = _adapt(spec.to_dict()["components"]["schemas"])
    return {"$schema": _DIALECT, **found.pop("Submission"), "$defs": found}


def _adapt(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Rewrite references and patterns as a JSON Schema on its own has them."""
    if isinstance(value, dict):
        return {key: _adapt(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_adapt(each) for each in value]
    if isinstance(value, str):
        return value.replace("#/components/schemas/", "#/$defs/").replace(r"\Z", "$")
    return value


def _describe_operation(operation: _Operation, w: Words) -> dict[str, Any]:
    responses = {
        str(status): _describe_reply(operation, status, shape, w)
        for status, shape in operation.gives
    }
    for status in sorted({*_ANYWHERE, *operation.fails}):
        content = {_PROBLEM: {"schema": "Problem"}}
        if operation.name == "show_docs":
            content["text/html"] = {"schema": {"type": "string"}}  # type: ignore[dict-item]
        reply: dict[str, Any] = {"description": w(f"api.status.{status}"), "content": content}
        if status in {429, 503}:
            reply["headers"] = {
                "Retry-After": {
                    "description": w("api.retry_after"),
                    "schema": {"type": "integer", "minimum": 1},
                }
            }
        responses[str(status)] = reply
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": w(f"api.{operation.name}"),
        "description": w(f"api.{operation.name}.about"),
        "responses": responses,
    }
    if operation.takes:
        taken = {"oneOf": [_refer(shape) for shape in operation.takes]}
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": taken}},
        }
    return described


def _describe_reply(
    operation: _Operation, status: int, shape: type[Schema] | str, w: Words
) -> dict[str, Any]:
    own = f"api.{operation.name}.{status}"
    reply: dict[str, Any] = {"description": w(own if own in w else f"api.status.{status}")}
    if shape == "":
        return reply
    schema = {"type": shape} if isinstance(shape, str) else shape
    reply["content"] = {operation.media: {"schema": schema}}
    if any(other == 304 for other, _ in operation.gives):
        reply["headers"] = {"ETag": {"description": w("api.etag"), "schema": {"type": "string"}}}
    return reply


def _describe_parameters(operation: _Operation, w: Words) -> Iterator[dict[str, Any]]:
    if "{wave_id}" in operation.path:
        yield {
            "name": _WAVE["name"],
            "in": "path",
            "required": True,
            "description": w("api.parameter.wave_id"),
            "schema": {"type": "string", "pattern": _WAVE["pattern"]},
        }
    if operation.has_language:
        yield {
            "name": "lang",
            "in": "query",
            "description": w("api.parameter.lang"),
            "schema": {"type": "string", "enum": list(LANGUAGES)},
        }


def _refer(shape: type[Schema]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _describe_fields(schemas: dict[str, Any], w: Words) -> None:
    """Say of every schema and every field what it is."""
    for name, schema in schemas.items():
        schema["description"] = w(f"api.schema.{name}")
        for field, property_ in schema.get("properties", {}).items():
            own = f"api.field.{name}.{field}"
            property_["description"] = w(own if own in w else f"api.field.{field}")
