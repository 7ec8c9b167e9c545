"""How closely groups are known: held against plain linear programs over everything that is shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from survey_service.disclosure.intervals import find_pinned
from survey_service.disclosure.nullvector import PRIME, _find_unions, _try_unions
from survey_service.disclosure.system import Component, Equation, Figure, System

K, WIDTH = 5, 50.0
Family = tuple[Component, dict[str, int], dict[str, float]]


def make_family(seed: int) -> Family | None:
    """Return the largest part of a random family: units and roles of a table, some figures hidden."""
    rng = np.random.default_rng(seed)
    units, roles = int(rng.integers(2, 7)), int(rng.integers(2, 4))
    cells = [f"{unit}{role}" for unit in range(units) for role in range(roles)]
    sizes = {cell: int(rng.choice([1, 2, 3, 4, 8, 20])) for cell in cells}
    level = rng.uniform(0, 100)
    totals = {
        cell: float(np.clip(rng.normal(level, 20, n), 0, 100).sum()) for cell, n in sizes.items()
    }
    groups = [
        *(("unit", [c for c in cells if c[0] == str(u)]) for u in range(units)),
        *(("role", [c for c in cells if c[1] == str(r)]) for r in range(roles)),
        *(("cell", [c]) for c in cells if sizes[c] >= K and rng.random() < 0.6),
    ]
    figures = [
        Figure(f"{layer}{n}", frozenset(group), layer if layer != "cell" else group[0])
        for n, (layer, group) in enumerate(groups)
        if rng.random() < 0.8
    ]
    parts = System(figures, cells).components
    if not parts:
        return None
    return max(parts, key=lambda part: (len(part.equations), part.first)), sizes, totals


def bound_plainly(family: Family, group: tuple[str, ...], numbers: range) -> tuple[float, float]:
    """Bound the mean of a group by some equations of a part: every stratum unknown, nothing peeled off."""
    part, sizes, totals = family
    strata = sorted(part.strata)
    people = sum(sizes[s] for s in group)
    chosen = [part.equations[n].strata for n in numbers]
    matrix = np.array([[float(s in one) for s in strata] for one in chosen])
    known = [sum(totals[s] for s in one) for one in chosen]
    goal = np.array([(s in group) / people for s in strata])
    ends = [
        sign
        * linprog(sign * goal, None, None, matrix, known, [(0, 100 * sizes[s]) for s in strata]).fun
        for sign in (1, -1)
    ]
    return ends[0], ends[1]


@settings(max_examples=150)
@given(st.integers(0, 10**6))
def test_a_group_is_narrow_if_a_plain_program_says_so(seed: int) -> None:
    family = make_family(seed)
    if family is None:
        return
    part, sizes, totals = family
    every = range(len(part.equations))
    pinned = {each.strata: each for each in find_pinned(part, sizes, totals, K, WIDTH)}
    for each in pinned.values():
        assert (each.low, each.high) == pytest.approx(
            bound_plainly(family, each.strata, every), abs=1e-4
        )
    small = [(s,) for s in sorted(part.strata) if sizes[s] < K]
    narrow = {
        g for g in small if np.subtract(*bound_plainly(family, g, every)[::-1]) < WIDTH - 1e-3
    }
    assert pinned or not narrow
    if len(pinned) < 8:
        assert narrow <= pinned.keys()


@settings(max_examples=150)
@given(st.integers(0, 10**6))
def test_the_equations_named_pin_the_group_by_themselves(seed: int) -> None:
    """Also where some of them were peeled off because they tell a stratum exactly."""
    family = make_family(seed)
    if family is None:
        return
    part, sizes, totals = family
    for each in find_pinned(part, sizes, totals, K, WIDTH):
        alone = bound_plainly(family, each.strata, each.equations)  # type: ignore[arg-type]
        assert alone == pytest.approx((each.low, each.high), abs=1e-4)


def test_a_stratum_that_is_told_by_another_equation_names_that_equation() -> None:
    """The unit tells of three people only beside the role, and the role only beside the cell."""
    parts = [frozenset("ab"), frozenset("bc"), frozenset("c"), frozenset("cd")]
    equations = tuple(Equation(one, Figure("".join(sorted(one)), one)) for one in parts)
    part = Component(frozenset("abcd"), equations)
    sizes = {"a": 3, "b": 20, "c": 9, "d": 30}
    totals = {"a": 290.0, "b": 1990.0, "c": 500.0, "d": 900.0}
    (found,) = find_pinned(part, sizes, totals, K, WIDTH)
    assert found.strata == ("a",)
    assert found.low == pytest.approx(found.high)
    assert found.equations == (0, 1, 2)


def test_sums_that_nobody_can_have_given_count_as_known() -> None:
    """Where the solver finds no answers, nothing is shown rather than too much."""
    part = Component(
        frozenset("abc"),
        tuple(Equation(one, Figure("x", one)) for one in (frozenset("ab"), frozenset("bc"))),
    )
    found = find_pinned(
        part, {"a": 3, "b": 2, "c": 9}, {"a": 900.0, "b": 900.0, "c": 0.0}, K, WIDTH
    )
    assert {each.strata for each in found} >= {("a",), ("b",)}
    assert all(each.equations == (0, 1) for each in found)


def test_the_solver_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    """It speaks to the file of the process, past Python: it would stand in the middle of ``--json``."""
    for seed in range(5):
        family = make_family(seed)
        assert family is not None
        find_pinned(*family, K, WIDTH)
    assert capfd.readouterr() == ("", "")


@settings(max_examples=200)
@given(st.integers(0, 10**6), st.integers(2, 25), st.sampled_from([0, 1]), st.integers(3, 7))
def test_unions_are_found_as_by_trying_all(seed: int, count: int, fewest: int, least: int) -> None:
    rng = np.random.default_rng(seed)
    strata = [f"s{n:02}" for n in range(count)]
    sizes = {s: int(rng.integers(fewest, least)) for s in strata}
    values = {s: int(rng.integers(1, 2**60)) for s in strata}
    for _ in range(4):  # make some cancel
        together = min(count, int(rng.integers(2, 5)))
        *others, last = rng.choice(strata, together, replace=False).tolist()
        values[last] = -sum(values[s] for s in others) % PRIME or 1
    searched = _find_unions(strata, values, sizes, least)
    assert searched == _try_unions(strata, values, sizes, least)
