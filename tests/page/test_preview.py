"""The preview: the phone page as one file."""

import html
import re

import pytest

from survey_service.page.preview import render_preview
from survey_service.questionnaire import Questionnaire, load, shipped


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", shipped())
def test_every_questionnaire_can_be_looked_at(name: str, lang: str) -> None:
    questionnaire = load(name)
    page = html.unescape(render_preview(questionnaire, lang).decode())
    assert all(item.wording(lang) in page for item in questionnaire.items)
    assert len(re.findall('type="radio" name="(?!role)', page)) == sum(
        len(questionnaire.scale_of(item).codes) for item in questionnaire.closed
    )


def test_a_preview_needs_nothing_from_anywhere(small: Questionnaire) -> None:
    page = render_preview(small, "zh").decode()
    assert not re.search(r"https?://|<link[^>]+stylesheet|src=|@import|url\(", page)
    assert "不会发送" in page
