"""Words of the interface: the same keys in both languages, none missing, none idle."""

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from survey_service.errors import Code
from survey_service.i18n import LANGUAGES, choose_language, pick, words

ROOT = Path(__file__).parents[1]
SOURCES = [
    path
    for folder in ("survey_service", "reports")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".html", ".js"}
]
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_hold_the_same_keys() -> None:
    assert words("zh").keys() == words("en").keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_catalogue_is_complete_and_names_no_key_twice(lang: str) -> None:
    path = ROOT / "survey_service" / "locale" / f"{lang}.po"
    ids = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(ids) == sorted(set(ids))
    with path.open("rb") as stream:
        assert all(message.string for message in read_po(stream) if message.id)


def test_a_translation_asks_for_nothing_that_the_chinese_sentence_is_not_given() -> None:
    zh, en = words("zh"), words("en")
    for key in zh.keys():  # noqa: SIM118 - not a mapping
        assert placeholders(en._entries[key]) <= placeholders(zh._entries[key]), key


def test_english_has_no_chinese_in_it() -> None:
    en = words("en")
    mixed = [k for k in en.keys() if re.search("[\u4e00-\u9fff]", en._entries[k])]  # noqa: SIM118
    assert mixed in ([], ["web.language.other"])


def test_every_error_says_what_and_what_to_do_in_both_languages() -> None:
    for code in Code:
        for lang in LANGUAGES:
            assert f"error.{code}" in words(lang)
            assert f"error.{code}.remedy" in words(lang)


def test_every_key_of_the_catalogue_is_used() -> None:
    """A key stands in the code whole, or its beginning does where the end is put in."""
    idle = []
    for key in words("zh").keys():  # noqa: SIM118
        parts = key.split(".")
        stems = [".".join(parts[:n]) + "." for n in range(1, len(parts))]
        whole = re.search(rf"""["'`]{re.escape(key)}["'`]""", TEXT)
        stems.append(f"{key.rpartition('_')[0]}_")
        built = any(re.search(rf"""["'`]{re.escape(stem)}(\{{|["'`])""", TEXT) for stem in stems)
        if not (whole or built or parts[0] == "error"):
            idle.append(key)
    assert idle == []


def test_a_language_we_do_not_speak_becomes_chinese() -> None:
    assert [choose_language(x) for x in ("en", "en-GB", "zh_CN", "fr", "", None)] == [
        "en",
        "en",
        "zh",
        "zh",
        "zh",
        "zh",
    ]
    assert pick({"zh": "甲"}, "en") == "甲"
