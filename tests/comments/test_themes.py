"""Themes: how they are numbered and how a person may call one."""

import pytest

from survey_service.comments.themes import NOTHING, OTHER, find_theme, make_themes
from survey_service.questionnaire import Questionnaire, load


def test_dimensions_come_first_in_the_order_of_the_definition() -> None:
    questionnaire = load("full")
    themes = make_themes(questionnaire)
    assert [t.id for t in themes] == [*(d.id for d in questionnaire.dimensions), OTHER, NOTHING]
    assert [t.number for t in themes] == list(range(1, 14))
    assert themes[-1].name == {"zh": "无内容", "en": "Nothing to report"}


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("1", "A1"),
        (" ２ ", "B1"),
        ("b1", "B1"),
        ("甲一", "A1"),
        ("a ONE", "A1"),
        ("其他", "other"),
        ("Other", "other"),
        ("4", "none"),
        ("无内容", "none"),
    ],
)
def test_a_theme_goes_by_number_id_or_name(small: Questionnaire, text: str, theme: str) -> None:
    found = find_theme(make_themes(small), text)
    assert found is not None
    assert found.id == theme


@pytest.mark.parametrize("text", ["", "0", "5", "-1", "1.5", "A1_1", "甲", "C1"])
def test_what_is_no_theme_is_none(small: Questionnaire, text: str) -> None:
    assert find_theme(make_themes(small), text) is None
