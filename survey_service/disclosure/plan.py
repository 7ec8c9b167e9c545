"""Which sets of people may be shown: units rolled up so that every shown set is a union of blocks of at least k.

Nobody's answers are dropped: people of a unit that is too small count in a block "other units" of
its parent. Only counts are looked at, never an answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from survey_service.disclosure.cuts import list_cuts, list_role_keys
from survey_service.disclosure.sets import PublishedSet
from survey_service.strata import WHOLE, Group, Strata

OTHERS = "*"
OWN_STAFF = "-"


@dataclass(frozen=True)
class Plan:
    """The whole, the units that may be shown, and all units in roster order with the hidden ones.

    ``cuts`` are the roles of these sets with enough answers; ``cells`` every unit and role there is,
    to be protected where it is not shown; ``role_keys`` the roles that are told apart somewhere.
    """

    whole: PublishedSet
    units: Mapping[str, PublishedSet] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    cuts: Mapping[str, PublishedSet] = field(default_factory=dict)
    cells: tuple[PublishedSet, ...] = ()
    role_keys: tuple[str, ...] = ()

    @cached_property
    def sets(self) -> dict[str, PublishedSet]:
        """Return every set that may be shown by id, the whole first, then units, then roles."""
        return {self.whole.id: self.whole, **self.units, **self.cuts}

    def inside(self, set_id: str) -> Iterator[str]:
        """Yield the ids of the units below a set and of their roles, and of its own roles."""
        for found in self._children.get(set_id, ()):
            yield found.id
            yield from self.inside(found.id)

    @cached_property
    def unit_of_twin(self) -> dict[str, PublishedSet]:
        """Return, by id, of every role that is its whole unit, since nobody has another, the unit."""
        units = {name: self.sets[cut.parent or ""] for name, cut in self.cuts.items()}
        return {name: unit for name, unit in units.items() if unit.strata == self.cuts[name].strata}

    def twins(self, set_id: str) -> Iterator[str]:
        """Yield the ids of the roles of a set that are the whole set."""
        for found in self._children.get(set_id, ()):
            if found.id in self.unit_of_twin:
                yield found.id

    def around(self, strata: frozenset[str]) -> list[PublishedSet]:
        """Return the shown units that hold all of some strata, the smallest first, the whole last."""
        inside = min(strata)
        return [found for found in self._homes.get(inside, ()) if strata <= found.strata] + [
            self.whole
        ]

    @cached_property
    def _homes(self) -> dict[str, list[PublishedSet]]:
        homes: dict[str, list[PublishedSet]] = {}
        for unit in sorted(self.units.values(), key=lambda one: (len(one.strata), one.id)):
            for stratum in unit.strata:
                homes.setdefault(stratum, []).append(unit)
        return homes

    @cached_property
    def _children(self) -> dict[str, list[PublishedSet]]:
        children: dict[str, list[PublishedSet]] = {}
        for found in (*self.units.values(), *self.cuts.values()):
            children.setdefault(found.parent or self.whole.id, []).append(found)
        return children


def plan_release(strata: Strata, counts: Mapping[str, int], k: int) -> Plan:
    """Decide which sets may be shown, given how many valid answers each stratum has.

    Bottom up, children with fewer than ``k`` answers join one block "other units" of their parent,
    with the smallest sibling while the block itself has fewer than ``k``; where no child is left
    to be shown on its own, the block dissolves into the parent. Every shown set is therefore a
    union of disjoint blocks of at least ``k``, and no sum or difference of shown sets isolates
    fewer. Ties go by id, so the same counts give the same plan.

    References
    ----------
    Roll-up instead of suppression: Ennova and WorkTango move small units up; the union property is
    the classical argument for disjoint publication classes (Hundepool et al. 2012, ch. 4).

    Examples
    --------
    >>> from survey_service.strata import Group, Stratum
    >>> groups = tuple(Group((u,), None, {"frontline": 20}) for u in "ABCD")
    >>> labels = tuple(Stratum(u.lower(), (u,), ("frontline",), 20) for u in "ABCD")
    >>> plan = plan_release(Strata(groups, labels, {}), {"a": 9, "b": 3, "c": 6, "d": 12}, k=5)
    >>> sorted(plan.units), plan.units["*"].members, plan.order
    (['*', 'A', 'D'], ('B', 'C'), ('A', 'B', 'C', 'D', '*'))
    """
    tree = _Tree(strata)
    labels = [stratum.id for stratum in strata.strata] or [WHOLE]
    whole = PublishedSet(WHOLE, None, (), frozenset(labels))
    shown = {found.id: found for found in _roll_up(tree, None, counts, k)}
    units = tuple({**{node.id: node for node in tree.nodes}, **shown}.values())
    roles: dict[str | None, list[PublishedSet]] = {}
    for cut in list_cuts(strata, (whole, *units)):
        roles.setdefault(cut.parent, []).append(cut)
    cuts = {
        cut.id: cut
        for found in (whole, *shown.values())
        for cut in roles.get(found.id, ())
        if sum(counts.get(label, 0) for label in cut.strata) >= k
    }
    cells = (*units, *chain.from_iterable(roles.values()))
    return Plan(whole, shown, tuple(tree.walk(shown)), cuts, cells, tuple(list_role_keys(strata)))


def find_shown_cells(
    plan: Plan, counts: Mapping[str, int], uniform: frozenset[str], k: int
) -> frozenset[str]:
    """Return the sets for which one measure (a dimension) may be shown, given who answered it.

    A set with fewer than ``k`` answers to the measure, or one whose answers are all alike
    (``uniform``: its mean tells everybody's answer), is hidden; where what is hidden among siblings
    could be had by subtraction, the smallest shown sibling is hidden too; below a hidden set
    nothing is shown.
    """
    children: dict[str | None, list[str]] = {}
    for found in plan.units.values():
        children.setdefault(found.parent, []).append(found.id)

    def descend(parent: str | None) -> Iterator[str]:
        family = sorted(children.get(parent, []), key=lambda name: (counts[name], name))
        hidden = [name for name in family if counts[name] < k or name in uniform]
        shown = [name for name in family if name not in hidden]
        while hidden and shown and _is_exposed(hidden, counts, uniform, k):
            hidden.append(shown.pop(0))
        for name in shown:
            yield name
            yield from descend(name)

    if counts[plan.whole.id] < k:
        return frozenset()
    return frozenset((plan.whole.id, *descend(None)))


def _is_exposed(
    hidden: list[str], counts: Mapping[str, int], uniform: frozenset[str], k: int
) -> bool:
    """Return whether subtraction from the parent tells too much about the hidden siblings."""
    alike = all(name in uniform for name in hidden)
    return alike or sum(counts[name] for name in hidden) < k


class _Tree:
    """The groups of units and the units above them, as far as these can be shown as a whole."""

    def __init__(self, strata: Strata) -> None:
        self._nodes: dict[str, PublishedSet] = {}
        self._children: dict[str | None, list[str]] = {None: []}
        self._strata_of: dict[str, list[str]] = {}
        for stratum in strata.strata:
            self._strata_of.setdefault(stratum.units[0], []).append(stratum.id)
        self._groups_in: dict[str, list[Group]] = {}
        self._staff_in: dict[str, set[str]] = {}
        for group in strata.groups:
            for path in _ancestors(group.parent):
                self._groups_in.setdefault(path, []).append(group)
            for unit in group.units:
                for path in _ancestors(unit):
                    self._staff_in.setdefault(path, set()).add(unit)
        for group in strata.groups:
            parent = self._enter_ancestors(group.parent)
            own = group.units == (group.parent,)
            self._enter(f"{group.id}/{OWN_STAFF}" if own else group.id, parent, [group])

    @property
    def nodes(self) -> tuple[PublishedSet, ...]:
        """Return all nodes."""
        return tuple(self._nodes.values())

    def children(self, parent: str | None) -> list[PublishedSet]:
        """Return the nodes directly below a node, in roster order."""
        return [self._nodes[name] for name in self._children.get(parent, [])]

    def walk(self, shown: Mapping[str, PublishedSet], parent: str | None = None) -> Iterator[str]:
        """Yield the ids of all nodes in roster order, a block of others after its siblings."""
        for name in self._children.get(parent, []):
            yield name
            yield from self.walk(shown, name)
        block = others_id(parent)
        if block in shown:
            yield block

    def _enter_ancestors(self, path: str | None) -> str | None:
        """Enter the units above a group; return the nearest that can be shown as a whole."""
        if path is None:
            return None
        if path in self._nodes:
            return path
        above = self._enter_ancestors(path.rpartition("/")[0] or None)
        inside = self._groups_in[path]
        if self._staff_in.get(path, set()) != {unit for group in inside for unit in group.units}:
            return above
        self._enter(path, above, inside)
        return path

    def _enter(self, name: str, parent: str | None, groups: list[Group]) -> None:
        units = tuple(unit for group in groups for unit in group.units)
        labels = frozenset(label for unit in units for label in self._strata_of.get(unit, ()))
        self._nodes[name] = PublishedSet(name, parent, units, labels)
        self._children.setdefault(parent, []).append(name)


def _ancestors(path: str | None) -> Iterator[str]:
    """Yield a path and those above it."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def others_id(parent: str | None) -> str:
    """Return the id of the block of small siblings under a unit."""
    return OTHERS if parent is None else f"{parent}/{OTHERS}"


def _roll_up(
    tree: _Tree, parent: str | None, counts: Mapping[str, int], k: int
) -> Iterator[PublishedSet]:
    sizes = {
        child: sum(counts.get(label, 0) for label in child.strata)
        for child in tree.children(parent)
    }
    hidden = [child for child, n in sizes.items() if n < k]
    shown = sorted((c for c in sizes if c not in hidden), key=lambda c: (sizes[c], c.id))
    while hidden and shown and sum(sizes[child] for child in hidden) < k:
        hidden.append(shown.pop(0))
    if not shown:
        return
    for child in sizes:
        if child in shown:
            yield child
            yield from _roll_up(tree, child.id, counts, k)
    if hidden:
        members = tuple(sorted(unit for child in hidden for unit in child.members))
        labels = frozenset().union(*(child.strata for child in hidden))
        yield PublishedSet(others_id(parent), parent, members, labels)
