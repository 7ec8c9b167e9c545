"""Strata: the only label of an answer, merged so that none has fewer than ten people on the roster.

Ruling: while a stratum is too small, merge managers with key staff of that unit, then all roles
of the unit, then the smallest sibling unit, then the parent. Made before anything is issued.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey_service.questionnaire import ROLES
from survey_service.roster import Roster

SMALLEST_STRATUM = 10
SMALLEST_COMMENT_GROUP = 30
LEAST_MANAGERS_ALONE = 0.9
WHOLE = "all"
"""The stratum of every answer in a wave without a roster."""

LEADING = ("manager", "key_staff")


@dataclass(frozen=True)
class Group:
    """Units whose people are never told apart; ``parent`` is the unit under which it stands."""

    units: tuple[str, ...]
    parent: str | None
    headcounts: Mapping[str, int]

    @property
    def headcount(self) -> int:
        """Return the number of people in it."""
        return sum(self.headcounts.values())

    @property
    def id(self) -> str:
        """Return the path of its only unit, or ``PARENT/甲队+乙队`` for several.

        Names are paths below the parent, so that teams of one name in different units are told
        apart; no unit's name holds ``+``.
        """
        if len(self.units) == 1:
            return self.units[0]
        above = "" if self.parent is None else f"{self.parent}/"
        return above + "+".join(path.removeprefix(above) for path in self.units)


@dataclass(frozen=True)
class Stratum:
    """People with one label: these roles of these units."""

    id: str
    units: tuple[str, ...]
    roles: tuple[str, ...]
    headcount: int


@dataclass(frozen=True)
class Reach:
    """Which comparisons of roles the strata allow; shares of people on the roster, 0 to 1.

    ``by_rank``: people whose label tells managers and key staff from front-line employees.
    ``managers_alone``: managers who keep a label of their own.
    """

    by_rank: float
    managers_alone: float

    @property
    def allows_managers_alone(self) -> bool:
        """Return whether managers may be reported apart from key staff."""
        return self.managers_alone >= LEAST_MANAGERS_ALONE


@dataclass(frozen=True)
class Strata:
    """The groups of units, the strata inside them, and where each unit's comments go."""

    groups: tuple[Group, ...]
    strata: tuple[Stratum, ...]
    comment_groups: Mapping[str, str]

    def locate(self, unit: str, role: str) -> Stratum | None:
        """Return the stratum of somebody who works in ``unit`` as ``role``.

        A role that the unit's roster does not count joins the stratum of the nearest role.
        """
        inside = [stratum for stratum in self.strata if unit in stratum.units]
        exact = (stratum for stratum in inside if role in stratum.roles)
        return next(exact, inside[0 if role in LEADING else -1] if inside else None)

    def measure_reach(self, roster: Roster) -> Reach:
        """Return which comparisons of roles are possible."""
        managers = sum(unit.headcounts.get("manager", 0) for unit in roster.units)
        told_apart = [s for s in self.strata if set(s.roles) <= set(LEADING) or len(s.roles) == 1]
        alone = sum(s.headcount for s in self.strata if s.roles == ("manager",))
        return Reach(
            by_rank=sum(s.headcount for s in told_apart) / roster.headcount,
            managers_alone=alone / managers if managers else 0.0,
        )

    def comment_group(self, stratum: str) -> str:
        """Return the coarse label for the comments of a stratum: at least 30 people, or the whole."""
        return self.comment_groups.get(stratum, WHOLE)


NO_STRATA = Strata((), (), {})


def make_single_stratum(roster: Roster) -> Strata:
    """Return the strata of a wave that does not ask for the unit: everybody has the same label."""
    units = tuple(unit.path for unit in roster.staffed)
    return Strata((), (Stratum(WHOLE, units, ROLES, roster.headcount),), {})


def make_strata(roster: Roster) -> Strata:
    """Divide the people of a roster (at least ten) into strata of at least ten."""
    parents = {unit.parent for unit in roster.units}
    groups = [
        Group((u.path,), u.path if u.path in parents else u.parent, u.headcounts)
        for u in roster.staffed
    ]
    order = {unit.path: n for n, unit in enumerate(roster.units)}
    merged = [
        Group(tuple(sorted(g.units, key=order.__getitem__)), g.parent, g.headcounts)
        for g in _merge(groups, SMALLEST_STRATUM)
    ]
    merged.sort(key=lambda group: order[group.units[0]])
    strata: list[Stratum] = []
    for group in merged:
        for roles in _divide_roles(group.headcounts):
            headcount = sum(group.headcounts.get(role, 0) for role in roles)
            strata.append(Stratum(f"s{len(strata) + 1:03d}", group.units, roles, headcount))
    coarse = _merge(merged, SMALLEST_COMMENT_GROUP)
    label = {unit: f"g{n:02d}" for n, group in enumerate(coarse, 1) for unit in group.units}
    if len(coarse) == 1:
        label = {}
    return Strata(
        tuple(merged),
        tuple(strata),
        {s.id: label[s.units[0]] for s in strata if s.units[0] in label},
    )


def _divide_roles(headcounts: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Return the finest division of the roles in which every part has at least ten people."""
    present = tuple(role for role in ROLES if headcounts.get(role))
    leading = tuple(role for role in present if role in LEADING)
    rest = tuple(role for role in present if role not in LEADING)
    finest: list[tuple[str, ...]] = [(role,) for role in present]
    for parts in (finest, [leading, rest]):
        if all(sum(headcounts[role] for role in part) >= SMALLEST_STRATUM for part in parts):
            return parts
    return [present]


def _merge(groups: Iterable[Group], least: int) -> list[Group]:
    """Merge small groups with the smallest sibling, else lift them to the parent; deepest first."""
    waiting: dict[str | None, list[Group]] = {}  # families by what they stand under
    for group in groups:
        waiting.setdefault(group.parent, []).append(group)
    done: list[Group] = []
    while waiting:
        deepest = max(waiting, key=lambda parent: (_depth(parent), parent or ""))
        family = sorted(waiting.pop(deepest), key=lambda g: (g.headcount, g.units))
        while len(family) > 1 and family[0].headcount < least:
            small, sibling, *others = family
            joined = _join(small, sibling)
            family = sorted([joined, *others], key=lambda g: (g.headcount, g.units))
        if family[0].headcount < least:
            # alone at this level: join the smallest group settled below, else stand one level up
            only = family.pop()
            below = [group for group in done if _is_under(group.parent, deepest)]
            if below:
                sibling = min(below, key=lambda g: (g.headcount, g.units))
                done.remove(sibling)
                family.append(_join(only, sibling))
            elif deepest is None:
                family.append(only)
            else:
                above = deepest.rpartition("/")[0] or None
                lifted = Group(only.units, above, only.headcounts)
                waiting.setdefault(above, []).append(lifted)
        done += family
    return done


def _depth(parent: str | None) -> int:
    return 0 if parent is None else parent.count("/") + 1


def _is_under(parent: str | None, top: str | None) -> bool:
    return top is None or parent == top or (parent or "").startswith(f"{top}/")


def _join(one: Group, other: Group) -> Group:
    counts = {
        role: one.headcounts.get(role, 0) + other.headcounts.get(role, 0)
        for role in ROLES
        if role in one.headcounts or role in other.headcounts
    }
    return Group((*one.units, *other.units), one.parent, counts)
