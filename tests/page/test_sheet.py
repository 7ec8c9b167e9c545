"""How a questionnaire is laid out, and what is written into every page."""

import pytest

from survey_service.i18n import LANGUAGES, words
from survey_service.page.labels import break_label, fits_bar
from survey_service.page.sheet import make_sheet
from survey_service.questionnaire import load, shipped
from survey_service.wave import Wave


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("完全不符合", ("完全", "不符合")),
        ("比较符合", ("比较", "符合")),
        ("不同意", ("不同意",)),
        ("1—2次", ("1—2次",)),
        ("6次及以上", ("6次及以上",)),
        ("Completely true", ("Completely true",)),
    ],
)
def test_labels_break_after_the_adverb(label: str, lines: tuple[str, ...]) -> None:
    assert break_label(label) == lines


def test_only_short_labels_stand_side_by_side() -> None:
    scale = load("full").scales["fit"]
    assert fits_bar(scale, "zh")
    assert not fits_bar(scale, "en")


@pytest.mark.parametrize("questionnaire", shipped())
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_item_of_every_questionnaire_is_asked_once(questionnaire: str, lang: str) -> None:
    asked = load(questionnaire)
    sheet = make_sheet(Wave("w", asked), lang)
    assert [q.id for q in sheet.questions] == [item.id for item in asked.items]
    assert [q.number for q in sheet.questions] == list(range(1, len(asked.items) + 1))
    assert all(part.heading for part in sheet.parts)
    assert "{" not in sheet.opening


def test_both_languages_have_the_same_words_for_the_page() -> None:
    keys = [words(lang).keys() for lang in LANGUAGES]
    ours = [{key for key in each if key.startswith(("web.", "role."))} for each in keys]
    assert ours[0] == ours[1]
