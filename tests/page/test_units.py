"""Choosing among many units: every one can be reached, by steps and by a part of its name."""

from collections.abc import Callable

import pytest

from survey_service.page.sheet import make_sheet
from survey_service.page.units import INLINE_UNITS, has_unit_page, offer_units
from survey_service.questionnaire import load
from survey_service.roster import Roster, Unit
from survey_service.strata import make_strata
from survey_service.wave import Wave, make_unit_keys

STAFF = {"manager": 12, "key_staff": 15, "frontline": 60}


def make_wave(roster: Roster) -> Wave:
    keys = make_unit_keys(roster)
    return Wave("w", load("full"), roster=roster, strata=make_strata(roster), unit_keys=keys)


def deep(mines: int, teams: int) -> Roster:
    units = []
    for mine in range(mines):
        units.append(Unit(f"第{mine}矿", None, {}))
        units += [Unit(f"第{mine}矿/综采{n}队", f"第{mine}矿", STAFF) for n in range(teams)]
    return Roster(tuple(units))


def flat(count: int) -> Roster:
    return Roster(tuple(Unit(f"单位{n:03}", None, STAFF) for n in range(count)))


ROSTERS: dict[str, Callable[[], Roster]] = {
    "many mines": lambda: deep(20, 25),
    "one mine": lambda: deep(1, 500),
    "no mines": lambda: flat(500),
    "few": lambda: flat(40),
    "alternating": lambda: Roster(
        tuple(Unit(f"{'甲乙'[n % 2]}/{n}", "甲乙"[n % 2], STAFF) for n in range(60))
    ),
}


@pytest.mark.parametrize("make", ROSTERS.values(), ids=ROSTERS)
def test_every_unit_is_reached_step_by_step(make: Callable[[], Roster]) -> None:
    wave = make_wave(make())
    first = offer_units(wave)
    pages = [offer_units(wave, number=n) for n in range(len(first.groups))] or [first]
    shown = [unit for page in pages for group in page.shown for unit in group.units]
    assert dict(shown).keys() == (wave.unit_keys or {}).keys()
    assert len(shown) == len(dict(shown))
    for page in pages:
        assert sum(len(group.units) for group in page.shown) <= 50


def test_a_part_of_the_name_finds_units() -> None:
    wave = make_wave(deep(20, 25))
    found = offer_units(wave, "第7矿/综采１２队")
    (group,) = found.shown
    assert (group.name, [name for _, name in group.units]) == ("第7矿", ["综采12队"])
    assert offer_units(wave, " 综 采 12 ").hidden == 0
    many = offer_units(wave, "综采")
    assert sum(len(g.units) for g in many.shown) == 50
    assert many.hidden == 450
    assert offer_units(wave, "没有这个").shown == ()
    key = group.units[0][0]
    assert offer_units(wave, key.lower()).shown == found.shown


@pytest.mark.parametrize(("part", "number"), [("", 20), ("", -1), ("  ", None)])
def test_what_leads_nowhere_shows_the_groups(part: str, number: int | None) -> None:
    assert len(offer_units(make_wave(deep(20, 25)), part, number).groups) == 20


def test_few_units_stand_in_the_questionnaire() -> None:
    few, many = make_wave(flat(INLINE_UNITS)), make_wave(flat(INLINE_UNITS + 1))
    assert not has_unit_page(few)
    assert len(make_sheet(few, "zh").groups[0].units) == INLINE_UNITS
    assert has_unit_page(many)
    assert make_sheet(many, "zh").groups == ()
    assert make_sheet(many, "zh").asks_unit
