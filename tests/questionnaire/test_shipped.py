"""The questionnaires that come with the program."""

import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from survey_service.questionnaire import check, divide, load, shipped

BANK = tomllib.loads(files("questionnaires").joinpath("bank.toml").read_text(encoding="utf-8"))


def test_the_catalogue() -> None:
    assert shipped() == ("full", "pulse", "m1", "m2", "m3", "m4")


def test_the_bank_holds_every_dimension_facet_and_item() -> None:
    sizes = [len(BANK[name]) for name in ("dimensions", "facets", "items")]
    assert sizes == [11, 57, 137]
    assert all(facet["phrases"] for facet in BANK["facets"])


def test_every_wording_is_there_in_both_languages() -> None:
    wordings = [row["text"] for row in (*BANK["items"], *BANK["extras"])]
    wordings += [v for row in BANK["items"] for v in row.get("variants", {}).values()]
    wordings += [row["name"] for n in ("blocks", "dimensions", "facets") for row in BANK[n]]
    wordings += [phrase for facet in BANK["facets"] for phrase in facet["phrases"]]
    assert all(set(w) == {"zh", "en"} and all(w.values()) for w in wordings)
    assert BANK["languages"]["en"] == "unvalidated"


@pytest.mark.parametrize(
    ("name", "scored", "reverse", "sections"),
    [
        ("full", 44, 4, 13),
        ("pulse", 11, 0, 4),
        ("m1", 12, 2, 4),
        ("m2", 12, 1, 4),
        ("m3", 12, 1, 4),
        ("m4", 12, 2, 4),
    ],
)
def test_each_loads_with_its_items(name: str, scored: int, reverse: int, sections: int) -> None:
    questionnaire = load(name)
    assert len(questionnaire.scored) == scored
    assert sum(item.reverse for item in questionnaire.scored) == reverse
    divided = divide(questionnaire)
    assert len(divided) == sections
    assert [i for section in divided for i in section.items] == list(questionnaire.items)


def test_the_attention_check_stands_after_the_26th_scored_item_of_full() -> None:
    ids = [item.id for item in load("full").items]
    assert ids.index("ATT1") == 26


@pytest.mark.parametrize("name", ["m1", "m2", "m3", "m4"])
def test_the_attention_check_stands_after_the_7th_item_of_a_deep_dive(name: str) -> None:
    assert load(name).items[7].id == "ATT1"


def test_pulse_asks_items_of_full_and_reverses_none() -> None:
    full = {item.id for item in load("full").items}
    assert {item.id for item in load("pulse").scored} <= full
    assert Counter(item.dimension for item in load("pulse").scored).most_common(1)[0][1] == 1


def test_a_definition_holds_nothing_that_is_not_asked() -> None:
    pulse = load("pulse").definition
    assert len(pulse["items"]) == 12
    assert len(pulse["facets"]) == 11
    assert set(pulse["scales"]) == {"fit"}


def test_the_example_of_the_format_description_is_sound(tmp_path: Path) -> None:
    readme = files("questionnaires").joinpath("README.md").read_text(encoding="utf-8")
    example = readme.split("```toml\n")[1].split("```")[0]
    path = tmp_path / "example.toml"
    path.write_text(example, encoding="utf-8")
    assert check(str(path)) == ()
    assert load(str(path)).scored


def test_a_role_has_its_own_wording_where_it_was_written() -> None:
    item = load("m1").item("M1_1a")
    assert item.wording("zh", "manager") == "近一个月，我到班组听过大家的意见。"
    assert item.wording("zh", "frontline") == item.wording("zh") != item.wording("en")
