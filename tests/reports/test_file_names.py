import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.file_names import FORBIDDEN, MOST_BYTES, RESERVED, name_files
from survey_service.i18n import words

ZH = words("zh")
TEXTS = st.text(st.characters(codec="utf-8"), max_size=120)


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("矿/综采一队", "矿-综采一队"),
        ("矿/*", "矿-其他单位"),
        ("矿/-", "矿-本级"),
        ("甲+乙", "甲+乙"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com¹", "_com¹"),
        ("COM10", "COM10"),
        ('a<b>:"\\|?*c', "a-b-------c"),
        ("../../etc/passwd", "etc-passwd"),
        ("队. . ", "队"),
        ("\u202e反转\u200b\n", "反转"),
        ("~$锁", "$锁"),
        (".", "unit"),
        ("\u200b", "unit"),
    ],
)
def test_a_unit_gets_a_name_that_every_system_takes(unit: str, name: str) -> None:
    assert name_files([unit], ZH) == {unit: name}


def test_units_that_clean_to_one_name_are_numbered_in_roster_order() -> None:
    units = ["甲/乙", "甲-乙", "甲:乙", "A队", "a队", "Ａ队"]
    names = name_files(units, ZH)
    assert list(names.values()) == ["甲-乙", "甲-乙 (2)", "甲-乙 (3)", "A队", "a队 (2)", "Ａ队 (3)"]


def test_a_long_name_keeps_its_end() -> None:
    names = name_files(["综" * 200 + "一队", "综" * 200 + "二队"], ZH)
    assert all(len(name.encode()) <= MOST_BYTES for name in names.values())
    assert [name[-2:] for name in names.values()] == ["一队", "二队"]


@given(st.lists(TEXTS, unique=True, max_size=8))
def test_names_are_distinct_and_safe_whatever_units_are_called(units: list[str]) -> None:
    names = name_files(units, ZH)
    assert list(names) == units
    assert len({name.casefold() for name in names.values()}) == len(units)
    for name in names.values():
        assert name
        assert not FORBIDDEN.search(name)
        assert not RESERVED.fullmatch(name)
        assert not name.startswith((".", "-", " "))
        assert not name.endswith((".", " "))
        assert len(f".{name}.pdf".encode()) <= 255
