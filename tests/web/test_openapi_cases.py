"""The description of the API against the API: thousands of requests, made from it and against it.

Five thousand requests each time; ``SURVEY_TEST_CASES=20000`` asks for the long run.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, jsonify
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.openapi import from_wsgi
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from survey_service.questionnaire import load
from survey_service.service.waves import create_wave, open_wave
from survey_service.storage.tinydb import TinyDBStore
from survey_service.web import create_app
from survey_service.web.openapi import OPERATIONS, describe_api, describe_submission
from tests.factories import NOTICE
from tests.web.conftest import OPENED, TINY, TODAY

CASES = int(os.environ.get("SURVEY_TEST_CASES", "5000"))
_HANDING_IN = "submit_response"
_UNTRUE: list[Any] = [
    # a text for the path or the query may say the same as a right one, and more text is no fault
    negative_data_rejection,
    # whether an answer fits is a matter of the wave: that is tested with the schema of one
    positive_data_acceptance,
]


@dataclass
class Tally:
    """What was asked and what came back."""

    cases: int = 0
    statuses: dict[str, Counter[int]] = field(default_factory=dict)

    def count(self, name: str, status: int) -> None:
        self.cases += 1
        self.statuses.setdefault(name, Counter())[status] += 1


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("described")
    tiny = folder / "tiny.toml"
    tiny.write_text(TINY, "utf-8")
    store = TinyDBStore(folder / "store")
    create_wave(store, "w", load(str(tiny)), None, notice=NOTICE)
    open_wave(store, "w", OPENED)
    app = create_app(store, lambda: TODAY)
    app.add_url_rule("/described", view_func=lambda: jsonify(describe_one_wave(store)))
    return app


def describe_one_wave(store: TinyDBStore) -> dict[str, Any]:
    """Return the description with what this very wave takes in place of what any wave may take."""
    text = describe_api("en")
    sheet = describe_submission(store.wave("w"))
    schemas = {**text["components"]["schemas"], "Submission": {**sheet, "$defs": None}}
    answers = sheet["$defs"]["Answers"]
    sheet_properties = {**sheet["properties"], "answers": answers}
    schemas["Submission"] = {
        "type": "object",
        "required": sheet["required"],
        "additionalProperties": False,
        "properties": sheet_properties,
    }
    return {**text, "components": {**text["components"], "schemas": schemas}}


def ask(
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    number: int,
    tally: Tally,
    path: dict[str, str] | None = None,
) -> None:
    """Send requests of one kind and hold every reply to the description."""

    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=path))
    def check(case: Case[Any]) -> None:
        send(case, tally)

    check()


def send(case: Case[Any], tally: Tally) -> None:
    response = case.call(headers={"Accept-Encoding": "identity"})
    assert response.status_code < 500, response.text
    case.validate_response(response, excluded_checks=_UNTRUE)
    tally.count(str(case.operation.definition.raw.get("operationId")), response.status_code)


def operations(schema: BaseSchema) -> dict[str, APIOperation[Any, Any, Any, Any]]:
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    assert len(found) == len(OPERATIONS)
    return {str(each.definition.raw["operationId"]): each for each in found}


def test_thousands_of_requests_are_all_answered_as_described(app: Flask) -> None:
    schema = from_wsgi("/described", app)
    tally = Tally()
    every = operations(schema)
    for operation in every.values():
        for case in schema.iter_coverage_cases(
            operation,
            generation_modes=list(GenerationMode),
            generation_config=schema.config.generation,
        ):
            send(case, tally)
    wave = {"wave_id": "w"}
    asked = [each for each in every.values() if each.definition.raw["parameters"]]
    share = max(0, CASES - tally.cases) // (3 * len(asked)) // 2 + 1
    for operation in asked:
        if "{wave_id}" in operation.path:
            ask(operation, GenerationMode.POSITIVE, 2, tally, wave)
        for mode in GenerationMode:
            ask(operation, mode, share, tally)
    while tally.cases < CASES:
        for mode in GenerationMode:
            ask(every[_HANDING_IN], mode, (CASES - tally.cases) // 2 + 10, tally, wave)
    assert tally.cases >= CASES
    assert {200, 201, 400, 404, 422} <= tally.statuses[_HANDING_IN].keys(), tally
