"""Random organisations: a tree of units, roles, and who answered what. The same parameters give the same."""

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from survey_service.disclosure.rules import RULES
from survey_service.questionnaire import ROLES
from survey_service.roster import Roster, Unit
from survey_service.strata import Group, Strata, Stratum, make_strata

FOURTH = "contractor"
ITEMS = 4  # of one dimension, answered 1 to 5


@dataclass(frozen=True)
class Organisation:
    """Strata and, for every stratum, the answers of its people: arrays of shape (n, items), 0 is blank."""

    strata: Strata
    answers: dict[str, "np.ndarray[tuple[int, int], np.dtype[np.int8]]"]

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(people) for name, people in self.answers.items()}


@dataclass(frozen=True)
class Parameters:
    """What the generator varies."""

    levels: int
    units: int
    roles: int
    skew: float
    empty: float
    response: float
    level: float
    seed: int


def _vary(units: st.SearchStrategy[int]) -> st.SearchStrategy[Parameters]:
    return st.builds(
        Parameters,
        levels=st.integers(3, 5),
        units=units,
        roles=st.integers(1, 4),
        skew=st.floats(0.2, 1.2),
        empty=st.floats(0.0, 0.5),
        response=st.floats(0.15, 0.95),
        level=st.floats(1.5, 4.8),
        seed=st.integers(0, 10**6),
    )


small_parameters = _vary(st.integers(20, 50))
parameters = st.one_of(*[small_parameters] * 19, _vary(st.integers(20, 200)))  # small are as hard


def make_organisation(given: Parameters) -> Organisation:
    """Make the organisation of some parameters."""
    rng = np.random.default_rng(given.seed)
    roles = (*ROLES, FOURTH)[: given.roles]
    paths = grow_tree(rng, given.levels, given.units)
    inner = {path.rpartition("/")[0] for path in paths}
    units = [
        Unit(
            path, path.rpartition("/")[0] or None, _draw_headcounts(rng, path, inner, roles, given)
        )
        for path in paths
    ]
    if sum(unit.headcount for unit in units) < 10:
        units[-1] = Unit(units[-1].path, units[-1].parent, {roles[-1]: 12})
    roster = Roster(tuple(units))
    strata = make_strata(roster) if FOURTH not in roles else divide_fully(roster)
    answers = {}
    for stratum in strata.strata:
        rate = min(1.0, max(0.0, rng.normal(given.response, 0.2)))
        if rng.random() < given.empty / 3:
            rate = 0.0
        answered = int(rng.binomial(stratum.headcount, rate))
        level = rng.normal(given.level, 0.4)
        person = rng.normal(level, 0.7, (answered, 1))
        codes = np.clip(np.rint(person + rng.normal(0, 0.6, (answered, ITEMS))), 1, 5)
        codes[rng.random(codes.shape) < 0.05] = 0
        answers[stratum.id] = codes.astype(np.int8)
    made = Organisation(strata, answers)
    if sum(made.counts.values()) < RULES.smallest_set:  # of which nothing is ever published
        return make_organisation(replace(given, response=0.95, empty=0.0, seed=given.seed + 1))
    return made


def evolve(before: Organisation, seed: int) -> Organisation:
    """Return the same organisation a wave later: most labels as they were, some with other answers."""
    rng = np.random.default_rng(seed)
    answers = dict(before.answers)
    for stratum in before.strata.strata:
        if rng.random() < 0.4:
            answered = int(rng.binomial(stratum.headcount, rng.uniform(0.1, 0.9)))
            answers[stratum.id] = rng.integers(1, 6, (answered, ITEMS)).astype(np.int8)
    after = Organisation(before.strata, answers)
    if sum(after.counts.values()) < RULES.smallest_set:
        return evolve(before, seed + 1)
    return after


def grow_tree(rng: np.random.Generator, levels: int, units: int) -> list[str]:
    """Return the paths of a tree with so many units below one top, parents first."""
    paths = ["u0"]
    depth = {"u0": 1}
    while len(paths) <= units:
        parents = [path for path in paths if depth[path] < levels]
        # the later ones of these more often: bushy and lopsided trees
        parent = parents[int(len(parents) * rng.power(1.5))]
        path = f"{parent}/u{len(paths)}"
        depth[path] = depth[parent] + 1
        paths.append(path)
    return sorted(paths)


def _draw_headcounts(
    rng: np.random.Generator, path: str, inner: set[str], roles: tuple[str, ...], given: Parameters
) -> dict[str, int]:
    if path in inner and rng.random() < 0.7:
        return {}
    size = 30 * rng.lognormal(0.0, given.skew)
    shares = rng.dirichlet(np.linspace(1, 4, len(roles)))
    return {
        role: int(size * share) + 1
        for role, share in zip(roles, shares, strict=True)
        if rng.random() > given.empty
    }


def divide_fully(roster: Roster) -> Strata:
    """Return strata of every unit and role as they stand, however small: harder than ours ever are."""
    groups = tuple(
        Group((u.path,), u.path if _has_below(roster, u) else u.parent, u.headcounts)
        for u in roster.staffed
    )
    labels = [
        Stratum(f"s{n:04d}", (unit.path,), (role,), people)
        for n, (unit, role, people) in enumerate(
            (unit, role, people)
            for unit in roster.staffed
            for role, people in unit.headcounts.items()
        )
    ]
    return Strata(groups, tuple(labels), {})


def _has_below(roster: Roster, unit: Unit) -> bool:
    return any(other.parent == unit.path for other in roster.units)
