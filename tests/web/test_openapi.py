"""The description of the API: valid, complete, in two languages, and a page that people can read."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from survey_service.errors import SurveyError
from survey_service.questionnaire import Questionnaire, load
from survey_service.schema import load_submission
from survey_service.wave import Wave
from survey_service.web.openapi import OPERATIONS, describe_api, describe_submission
from tests.web.conftest import NOTICE, Markup

LANGUAGES = ("zh", "en")
FULL = load("full")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_description_is_valid_openapi(client: FlaskClient, lang: str) -> None:
    published = client.get(f"/api/v1/openapi.json?lang={lang}").get_json()
    assert published["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(published).iter_errors()) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_operation_schema_and_field_is_explained(lang: str) -> None:
    api = describe_api(lang)
    for path in api["paths"].values():
        for operation in path.values():
            assert operation["summary"]
            assert operation["description"]
            assert all(reply["description"] for reply in operation["responses"].values())
    for schema in api["components"]["schemas"].values():
        assert schema["description"]
        assert all(each["description"] for each in schema["properties"].values())


def test_every_address_for_programs_is_described(app: Flask) -> None:
    described = {
        (each.path.replace("{", "<").replace("}", ">"), each.method) for each in OPERATIONS
    }
    rules = {
        (rule.rule.replace("wave:", ""), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    programs = {(path, method) for path, method in rules if not path.startswith(("/q/", "/<"))}
    assert programs - {("/", "get")} == described


def test_no_reply_could_hold_a_response() -> None:
    """T6: nothing that is given has answers in it."""
    schemas = describe_api("en")["components"]["schemas"]
    taken = {"Submission", "SealedSubmission"}
    for name, schema in schemas.items():
        if name not in taken:
            assert not schema["properties"].keys() & {"answers", "submission", "pace", "comments"}
    for path in describe_api("en")["paths"].values():
        for operation in path.values():
            assert not any(name in json.dumps(operation["responses"]) for name in taken)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_everything_and_loads_nothing(client: FlaskClient, lang: str) -> None:
    reply = client.get(f"/api/v1/docs?lang={lang}")
    page = Markup(reply.text)
    for each in OPERATIONS:
        assert page.all("h2", id=each.name)
        assert each.path in page.text
    for name in describe_api(lang)["components"]["schemas"]:
        assert page.all("h3", id=f"schema-{name}")
    assert page.all("html", lang={"zh": "zh-CN", "en": "en"}[lang])
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("img")
    assert all("//" not in each.get("href", "") for each in page.all("a"))
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'sha256-" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize(
    "path", ["openapi.json", "docs", "waves", "waves/w", "waves/w/questionnaire", "waves/w/schema"]
)
def test_every_document_has_a_mark_and_is_not_sent_twice(
    client: FlaskClient, make_wave: Callable[..., Wave], path: str
) -> None:
    make_wave()
    for encoding in ("identity", "gzip", "br"):
        accept = {"Accept-Encoding": encoding}
        first = client.get(f"/api/v1/{path}", headers=accept)
        again = client.get(
            f"/api/v1/{path}", headers={**accept, "If-None-Match": first.headers["ETag"]}
        )
        assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
        assert client.get(f"/api/v1/{path}", headers={"If-None-Match": '"x"'}).status_code == 200


def _answers() -> st.SearchStrategy[dict[str, Any]]:
    """Yield answers as anybody might send them: right ones, wrong ones, of any type."""
    ids = st.sampled_from([item.id for item in FULL.items] + ["nonsense"])
    # JSON Schema takes 3.0 for an integer and the judge does not
    broken = st.floats(0, 9).filter(lambda number: not number.is_integer())
    odd = st.one_of(st.integers(-2, 12), st.none(), st.booleans(), broken, st.text(max_size=4))
    return st.dictionaries(ids, odd, max_size=6)


@given(answers=_answers(), pace=st.sampled_from(["ok", "never"]), length=st.integers(31, 33))
def test_the_published_schema_judges_like_the_judge(
    answers: dict[str, Any], pace: str, length: int
) -> None:
    data = {"submission": "a" * length, "pace": pace, "answers": answers}
    published = Draft202012Validator(describe_submission(Wave("w", FULL, notice=NOTICE)))
    assert published.is_valid(data) == _is_accepted(FULL, data)


def _is_accepted(questionnaire: Questionnaire, data: dict[str, Any]) -> bool:
    try:
        load_submission(questionnaire, data)
    except SurveyError as error:
        # that at least one answer is needed is said in words, not in the schema
        return str(error.code) == "answers_none"
    return True
