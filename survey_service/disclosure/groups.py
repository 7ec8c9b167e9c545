"""Whether figures by role may stand beside the units: one question, one function.

Roles cross units. Whoever knows a unit's mean and a role's mean could work out the few people who
are in both, so roles are shown only where everybody who could be worked out is one of enough.
"""

from collections.abc import Mapping


def find_shown_measures(
    shown: Mapping[str, frozenset[str]],
    groups: Mapping[str, frozenset[str]],
    counts: Mapping[str, Mapping[str, int]],
    k: int,
) -> frozenset[str]:
    """Name the measures for which groups of strata may be shown beside the sets already shown.

    Any set of people that follows from sums and differences of the shown ones is a union of *atoms*:
    the people who are in exactly the same shown sets. So nothing about fewer than ``k`` follows where
    no atom has between 1 and ``k`` - 1 answers. That is more than is needed; the audit of a release
    may allow more.

    Parameters
    ----------
    shown, groups : mapping of frozenset
        Sets of strata by name: those already shown, and those asked about.
    counts : mapping of mapping of int
        For each measure (a dimension), the answers of every stratum.
    k : int

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, ch. 4, on differencing of tables.

    Examples
    --------
    >>> units = {"A": frozenset({"a1", "a2"}), "B": frozenset({"b1", "b2"})}
    >>> roles = {"leading": frozenset({"a1", "b1"}), "frontline": frozenset({"a2", "b2"})}
    >>> counts = {"P1": {"a1": 6, "a2": 30, "b1": 9, "b2": 20},
    ...           "P2": {"a1": 3, "a2": 30, "b1": 9, "b2": 20}}
    >>> sorted(find_shown_measures(units, roles, counts, k=5))
    ['P1']
    """
    if not groups:
        return frozenset()
    inside: dict[str, list[int]] = {}
    for number, members in enumerate([*shown.values(), *groups.values()]):
        for stratum in members:
            inside.setdefault(stratum, []).append(number)
    atoms: dict[tuple[int, ...], list[str]] = {}
    for stratum, numbers in inside.items():
        atoms.setdefault(tuple(numbers), []).append(stratum)

    def is_safe(answers: Mapping[str, int]) -> bool:
        sizes = (sum(answers.get(stratum, 0) for stratum in atom) for atom in atoms.values())
        return not any(0 < size < k for size in sizes)

    return frozenset(measure for measure, answers in counts.items() if is_safe(answers))
