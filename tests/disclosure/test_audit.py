"""The audit finds exactly what follows, and how narrow an interval is."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_service.disclosure.audit import Auditor, View
from survey_service.disclosure.coupling import gives_away
from survey_service.disclosure.intervals import find_pinned
from survey_service.disclosure.system import Component, Equation, Figure, System
from tests.disclosure.attackers.bruteforce import find_all_that_follow, find_all_that_follow_rows

K = 5
ATOMS = "abcdefghijkl"


def show(*groups: str, layer: str = "") -> list[Figure]:
    return [Figure(group, frozenset(group), layer or group) for group in groups]


def find(figures: list[Figure], sizes: dict[str, int], **changes: object) -> set[frozenset[str]]:
    auditor = Auditor(View(sizes, K, **changes), figures)  # type: ignore[arg-type]
    return {finding.strata for finding in auditor.find()}


families = st.lists(st.sets(st.sampled_from(ATOMS), min_size=1), min_size=1, max_size=9)
sizes = st.fixed_dictionaries({atom: st.integers(1, 9) for atom in ATOMS})


@settings(max_examples=300)
@given(families, sizes)
def test_the_null_vector_agrees_with_brute_force(
    family: list[set[str]], sizes: dict[str, int]
) -> None:
    figures = [Figure(str(n), frozenset(group), str(n)) for n, group in enumerate(family)]
    following = find_all_that_follow([figure.strata for figure in figures], ATOMS)
    small = {group for group in following if sum(sizes[s] for s in group) < K}
    smallest = {group for group in small if not any(other < group for other in small)}
    assert find(figures, sizes) == smallest


@settings(max_examples=100)
@given(families, sizes, st.data())
def test_taking_figures_away_one_by_one_is_as_good_as_starting_anew(
    family: list[set[str]], sizes: dict[str, int], data: st.DataObject
) -> None:
    layers = [data.draw(st.sampled_from("xy")) for _ in family]
    figures = [
        Figure(str(n), frozenset(group), layer)
        for n, (group, layer) in enumerate(zip(family, layers, strict=True))
    ]
    auditor = Auditor(View(sizes, K), figures)
    auditor.find()
    while figures:
        gone = figures.pop(data.draw(st.integers(0, len(figures) - 1)))
        auditor.hide([gone.id])
        assert {f.strata for f in auditor.find()} == find(figures, sizes)


def test_it_names_the_figures_from_which_a_group_follows() -> None:
    figures = show("abcd", "ab", "cd", "ac")
    (finding,) = Auditor(
        View({"a": 9, "b": 3, "c": 9, "d": 9}, K, (frozenset("bd"),)), figures
    ).find()
    assert finding.strata == frozenset("bd")
    assert {figure.id for figure in finding.figures} == {"abcd", "ac"}


def test_a_weighted_mean_beside_the_plain_one_tells_two_cells() -> None:
    weights = {"a": Fraction(10, 3), "b": Fraction(30, 40)}
    sizes = {"a": 3, "b": 40}
    plain = show("ab")
    assert Auditor(View(sizes, K), plain).find() == []
    assert gives_away(View(sizes, K), plain, [weights])


def test_weighted_means_whose_cells_are_pooled_tell_nothing_of_their_parts() -> None:
    pooled = Fraction(40, 23)
    row = {"a": pooled, "b": pooled, "c": Fraction(60, 50)}
    assert not gives_away(View({"a": 3, "b": 20, "c": 50}, K), show("abc"), [row])


def test_scores_with_and_without_excluded_answers_tell_who_was_excluded() -> None:
    sizes = {"valid": 60, "excluded": 3}
    figures = [
        Figure("without", frozenset({"valid"}), "1"),
        Figure("with", frozenset({"valid", "excluded"}), "2"),
    ]
    assert find(figures, sizes) == {frozenset({"excluded"})}
    assert find(figures, sizes | {"excluded": 5}) == set()


def test_an_empty_cell_makes_a_difference_tell() -> None:
    """Margins alone: the only manager's unit has nobody else of that role, so two sums differ by him."""
    figures = show("xy", "zy")
    assert find(figures, {"x": 9, "y": 9, "z": 9}) == set()
    assert find([*figures, *show("xz")], {"x": 9, "z": 9, "y": 2}) == {frozenset("y")}


# The table of the test-suite of sdcTable (R), test-simpleheuristic.R: every row and column has two
# hidden cells or none, yet w|b is determined to be 47; once x|b is hidden as well, it may be 0 to 141.
TABLE = {
    "w": {"a": 30, "b": 47, "c": 64, "d": 89},
    "x": {"a": 90, "b": 124, "c": 5, "d": 31},
    "y": {"a": 92, "b": 100, "c": 59, "d": 85},
    "z": {"a": 800, "b": 991, "c": 651, "d": 685},
}
HIDDEN = ["wa", "wb", "wc", "xa", "xc", "yb", "yd", "zb", "zd"]
CELLS = {f"{row}{column}": n for row, line in TABLE.items() for column, n in line.items()}


def show_table(hidden: list[str]) -> list[Figure]:
    rows = [Figure(r, frozenset(c for c in CELLS if c[0] == r), "rows") for r in "wxyz"]
    columns = [Figure(c, frozenset(x for x in CELLS if x[1] == c), "columns") for c in "abcd"]
    return [*rows, *columns, *(Figure(c, frozenset({c}), c) for c in CELLS if c not in hidden)]


def bound(hidden: list[str]) -> tuple[float, float]:
    """Return the interval of w|b; its "answers" are two, so that it may be up to 200."""
    figures = show_table(hidden)
    open_ones = dict.fromkeys(CELLS, 100) | {"wb": 2}
    parts = [part for part in System(figures, CELLS).components if "wb" in part.strata]
    totals = {cell: float(n) for cell, n in CELLS.items()}
    (pinned,) = find_pinned(parts[0], open_ones, totals, 3, 101)
    return 2 * pinned.low, 2 * pinned.high


def test_the_published_table_has_one_cell_that_follows() -> None:
    sizes = {cell: 4 if cell in HIDDEN else 100 for cell in CELLS}
    assert len(HIDDEN) == 9
    assert find(show_table(HIDDEN), sizes) == {frozenset({"wb"})}
    assert find(show_table([*HIDDEN, "xb"]), sizes) == set()


def test_the_published_table_has_the_published_bounds() -> None:
    assert bound(HIDDEN) == pytest.approx((47, 47))
    assert bound([*HIDDEN, "xb"]) == pytest.approx((0, 141))


def test_a_narrow_interval_is_found_where_nothing_follows_exactly() -> None:
    """Two sums of three people and two crowds that all but agree."""
    strata = frozenset("abc")
    part = Component(
        strata,
        (
            Equation(frozenset("ab"), Figure("ab", frozenset("ab"))),
            Equation(frozenset("bc"), Figure("bc", frozenset("bc"))),
        ),
    )
    sizes = {"a": 3, "b": 20, "c": 3}
    crowd = {"a": 290.0, "b": 1990.0, "c": 280.0}
    assert {pinned.strata for pinned in find_pinned(part, sizes, crowd, K, 50)} == {("a",), ("c",)}
    middle = {"a": 150.0, "b": 1100.0, "c": 180.0}
    assert find_pinned(part, sizes, middle, K, 50) == []


@given(st.integers(1, 4), st.integers(1, 30), st.floats(0, 100), st.floats(0, 100))
def test_one_sum_bounds_a_group_as_a_linear_program_does(
    few: int, many: int, low: float, high: float
) -> None:
    part = Component(frozenset("ab"), (Equation(frozenset("ab"), Figure("u", frozenset("ab"))),))
    twice = Component(part.strata, part.equations * 2)  # not the short way
    sizes, totals = {"a": few, "b": many + 4}, {"a": few * low, "b": (many + 4) * high}
    short = find_pinned(part, sizes, totals, K, 101)
    long = find_pinned(twice, sizes, totals, K, 101)
    assert [p.strata for p in long] == [p.strata for p in short]
    assert [p.low for p in long] == pytest.approx([p.low for p in short], abs=1e-5)
    assert [p.high for p in long] == pytest.approx([p.high for p in short], abs=1e-5)


@settings(max_examples=150)
@given(st.integers(0, 10**6), st.integers(3, 9), st.integers(1, 2))
def test_weighted_sums_give_away_what_brute_force_finds(seed: int, count: int, rows: int) -> None:
    """Of unions of up to four strata with fewer than k people, beside sums that give none away."""
    rng = np.random.default_rng(seed)
    names = [f"s{n}" for n in range(count)]
    sizes = {name: int(rng.choice([1, 2, 4, 9, 30])) for name in names}
    cells = {name: int(rng.integers(0, 3)) for name in names}
    weights = [
        {name: Fraction(int(draw[cells[name]]), 3) for name in names}
        for draw in rng.integers(1, 4, (rows, 3))
    ]
    units = rng.integers(0, 4, count)
    figures = [Figure("all", frozenset(names))]
    figures += [
        Figure(f"u{u}", group)
        for u in range(int(rng.integers(0, 4)))
        if (group := frozenset(n for n, unit in zip(names, units, strict=True) if unit == u))
    ]
    if Auditor(View(sizes, K), figures).find():
        return
    ones = [{name: Fraction(1) for name in figure.strata} for figure in figures]
    followed = find_all_that_follow_rows([*ones, *weights], names)
    expected = any(len(group) <= 4 and sum(sizes[s] for s in group) < K for group in followed)
    assert gives_away(View(sizes, K), figures, weights) == expected


@pytest.mark.parametrize(("other", "expected"), [(5, True), (2, False)])
def test_two_waves_that_weigh_one_unit_otherwise_give_it_away(other: int, expected: bool) -> None:
    """Each weighted mean leaves six units open, but their difference only the last one."""
    names = [f"s{n:02}" for n in range(12)]
    units = [names[n : n + 2] for n in range(0, 12, 2)]
    sizes = dict.fromkeys(names, 20) | {"s10": 3}
    figures = [Figure("all", frozenset(names))]
    figures += [Figure(f"u{n}", frozenset(unit)) for n, unit in enumerate(units)]
    one = {name: 1 + n % 2 * (1 + n) for n, name in enumerate(names)}
    two = one | {"s10": one["s10"] * other, "s11": one["s11"] * 2} if expected else dict(one)
    assert gives_away(View(sizes, K), figures, [one, two]) is expected
    followed = find_all_that_follow_rows(
        [dict.fromkeys(f.strata, Fraction(1)) for f in figures]
        + [{s: Fraction(w) for s, w in row.items()} for row in (one, two)],
        names,
    )
    assert (frozenset({"s10"}) in followed) is expected
