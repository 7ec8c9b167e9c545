"""Read a JSON body in exactly one way, so that no two parsers can see different things in it."""

import json
from typing import Any, NoReturn

from flask import request

from survey_service.errors import Code, SurveyError


def read_json() -> Any:  # noqa: ANN401 - any JSON value, for the schema to judge
    """Return the body of the present request.

    Raises ``body_type`` unless it is uncompressed ``application/json``, ``body_malformed`` unless
    it is JSON in UTF-8 without repeated keys, NaN, Infinity or half a surrogate pair.
    """
    if request.mimetype != "application/json" or "Content-Encoding" in request.headers:
        raise SurveyError(Code.BODY_TYPE)
    return parse_json(request.get_data())


def parse_json(raw: bytes) -> Any:  # noqa: ANN401 - as above
    """Return the JSON value of some bytes; ``body_malformed`` as ``read_json``."""
    try:
        data = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_refuse_repeated,
            parse_constant=_refuse_constant,
        )
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise SurveyError(Code.BODY_MALFORMED) from None
    return data


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice")
    return table


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
