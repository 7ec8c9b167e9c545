"""Which roles may be compared inside a unit: the sets of strata that a role makes."""

from collections.abc import Iterable, Iterator, Mapping

from survey_service.disclosure.sets import PublishedSet, cut_id
from survey_service.strata import LEADING, LEAST_MANAGERS_ALONE, WHOLE, Strata

Roles = tuple[str, ...]


def list_role_keys(strata: Strata) -> dict[str, Roles]:
    """Return the groups of roles that strata tell apart, by key: ``manager``, ``manager+key_staff``.

    Managers and key staff together are one of them where both exist: the gap between ranks is
    measured with it.

    >>> from survey_service.strata import Group, Stratum
    >>> group = Group(("甲",), None, {"manager": 12, "frontline": 40})
    >>> labels = (Stratum("s1", ("甲",), ("manager",), 12), Stratum("s2", ("甲",), ("frontline",), 40))
    >>> list_role_keys(Strata((group,), labels, {}))
    {'frontline': ('frontline',), 'manager': ('manager',)}
    """
    present = {role for stratum in strata.strata for role in stratum.roles}
    found = {stratum.roles for stratum in strata.strata if set(stratum.roles) != present}
    leading = _list_leading(strata)
    if len(leading) > 1 and found:
        found.add(leading)
    return {"+".join(roles): roles for roles in sorted(found, key=lambda r: (len(r), r))}


def name_leading(strata: Strata) -> str:
    """Return the key of managers and key staff together, or of those of them that there are."""
    return "+".join(_list_leading(strata))


def list_cuts(strata: Strata, sets: Iterable[PublishedSet]) -> Iterator[PublishedSet]:
    """Yield every role of every set, as far as labels tell it.

    A role of a unit is told only where at least nine in ten of its people carry a label that says
    so; otherwise it would be a role of some of its teams. For the whole this holds for single
    roles of the leading rank; ranks are compared over those who can be told apart (rulings 2, 27).
    """
    role_keys = list_role_keys(strata)
    roles_of = {stratum.id: frozenset(stratum.roles) for stratum in strata.strata}
    people_of = _count_roles(strata)
    for found in sets:
        for key, roles in role_keys.items():
            inside = frozenset(s for s in found.strata if roles_of[s] <= set(roles))
            told = sum(people_of[s][role] for s in inside for role in roles_of[s])
            people = sum(people_of[s].get(role, 0) for s in found.strata for role in roles)
            is_rank_of_whole = found.id == WHOLE and roles not in {(role,) for role in LEADING}
            if told and (is_rank_of_whole or told >= LEAST_MANAGERS_ALONE * people):
                yield PublishedSet(cut_id(found.id, key), found.id, found.members, inside, key)


def _list_leading(strata: Strata) -> Roles:
    present = {role for stratum in strata.strata for role in stratum.roles}
    return tuple(role for role in LEADING if role in present)


def _count_roles(strata: Strata) -> dict[str, Mapping[str, int]]:
    """Return for every stratum how many people of which role it has."""
    group_of = {unit: group for group in strata.groups for unit in group.units}
    return {
        s.id: {role: group_of[s.units[0]].headcounts.get(role, 0) for role in s.roles}
        for s in strata.strata
        if s.units[0] in group_of
    }
