"""What readers of a release can add and subtract: figures as sums over strata, made sparse.

A shown mean of a set, together with how many answered, is a sum over the strata of the set. All
shown sums together are one system of linear equations; what follows from it, readers know.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

Row = Mapping[str, int | Fraction]
"""Coefficients of the strata in one equation; strata that are not in it are left out."""


@dataclass(frozen=True)
class Figure:
    """The sum of one measure over a set of strata.

    Figures of one ``layer`` are nested or disjoint: the units are one, each role another. ``cost``
    orders what is hidden first where figures together tell too much: by tier, then by people; None
    marks what cannot be taken back, such as an earlier release.
    """

    id: str
    strata: frozenset[str]
    layer: str = ""
    cost: tuple[int, int] | None = None


@dataclass(frozen=True)
class Equation:
    """What a figure says beyond the figures inside it: ``total`` minus all of ``parts``."""

    strata: frozenset[str]
    total: Figure
    parts: tuple[Figure, ...] = ()


@dataclass(frozen=True, eq=False)
class Component:
    """Equations that share strata with each other and with no other component."""

    strata: frozenset[str]
    equations: tuple[Equation, ...]

    @cached_property
    def key(self) -> object:
        """Return what is the same for components that say the same."""
        return self.strata, frozenset(equation.strata for equation in self.equations)

    @cached_property
    def told(self) -> list[tuple[str, int]]:
        """Return strata that are told exactly, each with the number of the equation that tells it.

        An equation with a single unknown tells it; it is gone from the others then, which may have a single
        unknown left. So in this order every equation holds, but for its stratum, only strata before it.

        >>> ab, bc, c = frozenset("ab"), frozenset("bc"), frozenset("c")
        >>> equations = tuple(Equation(one, Figure("", one)) for one in (ab, bc, c))
        >>> Component(frozenset("abc"), equations).told
        [('c', 2), ('b', 1), ('a', 0)]
        """
        around: dict[str, list[int]] = {}
        for number, equation in enumerate(self.equations):
            for stratum in equation.strata:
                around.setdefault(stratum, []).append(number)
        unknown = [set(equation.strata) for equation in self.equations]
        waiting = [number for number, strata in enumerate(unknown) if len(strata) == 1]
        told = []
        for number in waiting:  # grows on the way
            if unknown[number]:
                (stratum,) = unknown[number]
                told.append((stratum, number))
                for other in around[stratum]:
                    unknown[other].discard(stratum)
                    if len(unknown[other]) == 1:
                        waiting.append(other)
        return told

    @cached_property
    def atoms(self) -> list[list[str]]:
        """Return the strata that stand in the same equations."""
        if len(self.equations) == 1:
            return [sorted(self.strata)]
        columns: dict[str, list[int]] = {stratum: [] for stratum in sorted(self.strata)}
        for number, equation in enumerate(self.equations):
            for stratum in equation.strata:
                columns[stratum].append(number)
        atoms: dict[tuple[int, ...], list[str]] = {}
        for stratum, column in columns.items():
            atoms.setdefault(tuple(column), []).append(stratum)
        return list(atoms.values())

    @cached_property
    def first(self) -> str:
        """Return the stratum that comes first in order."""
        return min(self.strata)


def group_atoms(part: Component, rows: Sequence[Row] = ()) -> list[list[str]]:
    """Return the strata of a component that stand in the same equations and rows, with equal weight.

    People may change places inside such an *atom* and no sum shows it. So nothing follows for a set
    that holds some strata of an atom but not the others.

    >>> abc, c = frozenset("abc"), frozenset("c")
    >>> part = Component(abc, (Equation(abc, Figure("abc", abc)), Equation(c, Figure("c", c))))
    >>> group_atoms(part), group_atoms(part, [{"a": 1, "b": 2, "c": 2}])
    ([['a', 'b'], ['c']], [['a'], ['b'], ['c']])
    """
    if not rows:
        return part.atoms
    atoms: dict[tuple[object, ...], list[str]] = {}
    for number, atom in enumerate(part.atoms):
        for stratum in atom:
            weights = (row.get(stratum, 0) for row in rows)
            atoms.setdefault((number, *weights), []).append(stratum)
    return list(atoms.values())


class System:
    """The equations of a family of figures, in components, while figures are taken away.

    From every figure the largest figures inside it are subtracted, layer by layer. The equations
    span the same space as the figures, since every step is undone by adding; but they are short, so
    that what has nothing to do with each other falls apart. ``strata`` are those that count; others
    are left out.

    Examples
    --------
    >>> whole, unit = Figure("whole", frozenset("abcd")), Figure("unit", frozenset("ab"))
    >>> system = System([whole, unit], frozenset("abc"))
    >>> [sorted(part.strata) for part in system.components]
    [['a', 'b'], ['c']]
    >>> [sorted(part.strata) for part in system.hide({"unit"})]
    [['a', 'b', 'c']]
    """

    def __init__(self, figures: Iterable[Figure], strata: Collection[str]) -> None:
        self._nodes: dict[tuple[str, str], _Node] = {}
        layers: dict[str, list[_Node]] = {}
        for figure in figures:
            node = _Node(figure, figure.strata)
            self._nodes[figure.layer, figure.id] = node
            layers.setdefault(figure.layer, []).append(node)
        self._layers = tuple(sorted(layers))
        for layer in layers.values():
            _nest(layer)
        self.recount(strata)

    def recount(self, strata: Collection[str]) -> None:
        """Let other strata count; what was taken away stays away."""
        self._counted = frozenset(strata)
        self._home: dict[str, Component] = {}
        self._arrange(self._nodes.values())

    @property
    def components(self) -> list[Component]:
        """Return the components, ordered by their first stratum."""
        return sorted(dict.fromkeys(self._home.values()), key=lambda part: part.first)

    def home(self, stratum: str) -> Component | None:
        """Return the component of a stratum; None if it stands in no equation."""
        return self._home.get(stratum)

    def hide(self, ids: Collection[str]) -> list[Component]:
        """Take figures away, in every layer: what they alone said becomes part of what is around.

        Returns the components that are new.
        """
        changed: set[str] = set()
        concerned: set[tuple[str, str]] = set()
        for key in [(layer, name) for layer in self._layers for name in ids]:
            node = self._nodes.pop(key, None)
            if node is None:
                continue
            changed |= node.rest
            for inner in node.parts.values():
                inner.around = node.around
            if node.around is not None:
                around = self._nodes[node.around]
                changed |= around.rest
                around.rest = around.rest | node.rest
                del around.parts[node.figure.id]
                around.parts |= node.parts
                concerned.add(node.around)
        for part in dict.fromkeys(self._home[s] for s in changed if s in self._home):
            concerned |= {(e.total.layer, e.total.id) for e in part.equations}
            for stratum in part.strata:
                del self._home[stratum]
        return self._arrange(self._nodes[key] for key in sorted(concerned) if key in self._nodes)

    def _arrange(self, nodes: Iterable["_Node"]) -> list[Component]:
        """Put equations into components of their own, and return these."""
        counted = self._counted
        rests = ((node, node.rest & counted) for node in nodes)
        listed = [node.write(rest) for node, rest in rests if rest]
        leader = list(range(len(listed)))

        def find(number: int) -> int:
            while leader[number] != number:
                leader[number] = leader[leader[number]]
                number = leader[number]
            return number

        first: dict[str, int] = {}  # stratum -> the first equation that holds it
        for number, equation in enumerate(listed):
            for other in {first.setdefault(stratum, number) for stratum in equation.strata}:
                leader[find(other)] = find(number)
        grouped: dict[int, list[Equation]] = {}
        for number, equation in enumerate(listed):
            grouped.setdefault(find(number), []).append(equation)
        made = []
        for group in grouped.values():
            strata = group[0].strata.union(*(equation.strata for equation in group[1:]))
            made.append(Component(strata, tuple(group)))
            self._home |= dict.fromkeys(strata, made[-1])
        return made


@dataclass(eq=False)
class _Node:
    """A figure with the largest figures inside it, and the strata that none of these hold.

    ``around`` is the layer and id of the figure that it is a part of.
    """

    figure: Figure
    rest: frozenset[str]
    parts: dict[str, "_Node"] = field(default_factory=dict)
    around: tuple[str, str] | None = None

    def write(self, rest: frozenset[str]) -> Equation:
        """Return what the figure says of those strata of the rest that count."""
        parts = [self.parts[name].figure for name in sorted(self.parts)] if self.parts else ()
        return Equation(rest, self.figure, tuple(parts))


def _nest(layer: list[_Node]) -> None:
    """Enter into every figure of a layer the largest ones inside it."""
    if len(layer) == 1:
        return
    outermost: dict[str, _Node] = {}  # stratum -> the largest figure so far that holds it
    for node in sorted(layer, key=lambda node: (len(node.rest), node.figure.id)):
        members = node.rest
        held = [outermost[stratum] for stratum in members if stratum in outermost]
        for part, shared in Counter(held).items() if held else ():
            if shared == len(part.figure.strata):
                node.parts[part.figure.id] = part
                part.around = (node.figure.layer, node.figure.id)
        if node.parts:
            inside = (part.figure.strata for part in node.parts.values())
            node.rest = members.difference(*inside)
        outermost |= dict.fromkeys(members, node)
