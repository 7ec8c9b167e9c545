"""Strata: no label of an answer with fewer than ten people on the roster."""

from hypothesis import given
from hypothesis import strategies as st

from survey_service.questionnaire import ROLES
from survey_service.roster import Roster
from survey_service.strata import (
    SMALLEST_COMMENT_GROUP,
    SMALLEST_STRATUM,
    WHOLE,
    Strata,
    make_strata,
)
from tests.factories import make_roster


def described(strata: Strata) -> list[tuple[str, str, int]]:
    return [("+".join(s.units), "+".join(s.roles), s.headcount) for s in strata.strata]


def test_large_roles_keep_a_label_of_their_own() -> None:
    roster = make_roster({"甲": {"manager": 10, "key_staff": 10, "frontline": 10}})
    assert described(make_strata(roster)) == [
        ("甲", "manager", 10),
        ("甲", "key_staff", 10),
        ("甲", "frontline", 10),
    ]


def test_few_managers_join_key_staff() -> None:
    roster = make_roster({"甲": {"manager": 4, "key_staff": 12, "frontline": 50}})
    assert described(make_strata(roster)) == [
        ("甲", "manager+key_staff", 16),
        ("甲", "frontline", 50),
    ]


def test_still_too_few_join_all_roles() -> None:
    roster = make_roster({"甲": {"manager": 2, "key_staff": 3, "frontline": 50}})
    assert described(make_strata(roster)) == [("甲", "manager+key_staff+frontline", 55)]


def test_few_on_the_front_line_join_all_roles() -> None:
    roster = make_roster({"甲": {"manager": 20, "key_staff": 20, "frontline": 3}})
    assert described(make_strata(roster)) == [("甲", "manager+key_staff+frontline", 43)]


def test_a_small_unit_joins_its_smallest_sibling() -> None:
    roster = make_roster({"甲": {"frontline": 9}, "乙": {"frontline": 40}, "丙": {"frontline": 30}})
    assert described(make_strata(roster)) == [
        ("甲+丙", "frontline", 39),
        ("乙", "frontline", 40),
    ]


def test_a_small_unit_without_siblings_stands_one_level_up() -> None:
    roster = make_roster(
        {"矿/队": {"frontline": 6}, "矿": {"manager": 20}, "厂": {"frontline": 50}}
    )
    strata = make_strata(roster)
    assert ("矿+矿/队", "manager+frontline", 26) in described(strata)


def test_a_small_unit_alone_in_its_branch_joins_another_branch() -> None:
    roster = make_roster({"东/队": {"frontline": 6}, "西/队": {"frontline": 30}})
    assert described(make_strata(roster)) == [("东/队+西/队", "frontline", 36)]


def test_somebody_is_found_by_unit_and_role_and_a_role_not_counted_joins_the_nearest() -> None:
    roster = make_roster(
        {"甲": {"manager": 4, "key_staff": 12, "frontline": 50}, "乙": {"frontline": 20}}
    )
    strata = make_strata(roster)
    assert strata.locate("甲", "manager") == strata.locate("甲", "key_staff")
    assert strata.locate("甲", "frontline") != strata.locate("甲", "manager")
    assert strata.locate("乙", "manager") == strata.locate("乙", "frontline")
    assert strata.locate("丁", "manager") is None


def test_comments_go_to_groups_of_at_least_thirty() -> None:
    roster = make_roster(
        {"甲": {"frontline": 12}, "乙": {"frontline": 20}, "丙": {"frontline": 30}}
    )
    strata = make_strata(roster)
    groups = {u: strata.comment_group(s.id) for s in strata.strata for u in s.units}
    assert groups["甲"] == groups["乙"] != groups["丙"]


def test_a_small_wave_has_one_group_of_comments() -> None:
    strata = make_strata(make_roster({"甲": {"frontline": 12}, "乙": {"frontline": 11}}))
    assert {strata.comment_group(s.id) for s in strata.strata} == {WHOLE}


counts = st.fixed_dictionaries({role: st.integers(0, 25) for role in ROLES})
paths = st.lists(st.sampled_from("abcde"), min_size=1, max_size=4).map("/".join)
rosters = (
    st.dictionaries(paths, counts, min_size=1, max_size=14)
    .map(make_roster)
    .filter(lambda roster: roster.headcount >= SMALLEST_STRATUM)
)


@given(rosters)
def test_no_stratum_is_small_and_everybody_is_in_exactly_one(roster: Roster) -> None:
    strata = make_strata(roster)
    assert all(s.headcount >= SMALLEST_STRATUM for s in strata.strata)
    assert sum(s.headcount for s in strata.strata) == roster.headcount
    for unit in roster.staffed:
        for role in ROLES:
            if unit.headcounts.get(role):
                found = [s for s in strata.strata if unit.path in s.units and role in s.roles]
                assert len(found) == 1
                assert strata.locate(unit.path, role) == found[0]


@given(rosters)
def test_groups_partition_the_units_and_comment_groups_are_large(roster: Roster) -> None:
    strata = make_strata(roster)
    assert len({group.id for group in strata.groups}) == len(strata.groups)
    units = [unit for group in strata.groups for unit in group.units]
    assert sorted(units) == sorted(unit.path for unit in roster.staffed)
    sizes: dict[str, int] = {}
    for s in strata.strata:
        label = strata.comment_group(s.id)
        sizes[label] = sizes.get(label, 0) + s.headcount
    if roster.headcount >= SMALLEST_COMMENT_GROUP:
        assert min(sizes.values()) >= SMALLEST_COMMENT_GROUP
    else:
        assert set(sizes) == {WHOLE}
