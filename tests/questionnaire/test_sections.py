"""Which screens a questionnaire is asked on."""

import pytest

from survey_service.questionnaire import add_background, divide, load, shipped


@pytest.mark.parametrize("name", shipped())
def test_questions_about_the_person_have_a_section_before_own_words(name: str) -> None:
    plain, asked = load(name), add_background(load(name))
    sections = divide(asked)
    assert [i for section in sections for i in section.items] == list(asked.items)
    (about,) = [n for n, section in enumerate(sections) if section.kind == "background"]
    assert [item.id for item in sections[about].items] == ["party", "tenure"]
    assert [section.kind for section in sections[about + 1 :]] == ["own_words"]
    assert (*sections[:about], *sections[about + 1 :]) == divide(plain)


def test_what_is_asked_besides_stands_before_the_person() -> None:
    kinds = [section.kind for section in divide(add_background(load("full")))]
    assert kinds[-3:] == ["overall", "background", "own_words"]
