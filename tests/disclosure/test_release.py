"""Reading a release back: this version's own, or a clear refusal."""

import json

import pytest

from survey_service.disclosure.release import SCHEMA, Release
from survey_service.errors import Code, SurveyError


def test_what_was_written_is_read() -> None:
    release = Release({"schema": SCHEMA, "notes": []})
    assert Release.from_json(release.to_json()) == release


@pytest.mark.parametrize("found", [0, SCHEMA + 1, -1, "1", None, 10**400, [1]])
def test_another_version_is_refused_without_guessing(found: object) -> None:
    with pytest.raises(SurveyError) as caught:
        Release.from_json(json.dumps({"schema": found}))
    assert caught.value.code is Code.RELEASE_SCHEMA
    assert len(caught.value.faults[0].sentence("zh")) < 80


@pytest.mark.parametrize("text", ["", "x", "[]", "null", "1", "{}", "[" * 100_000])
def test_something_else_is_refused(text: str) -> None:
    with pytest.raises(SurveyError) as caught:
        Release.from_json(text)
    assert caught.value.code is Code.RELEASE_FORMAT
