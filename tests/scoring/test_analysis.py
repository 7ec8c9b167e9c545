"""The invented mine, whole: unit by role as strata, beside R; and data that give little or nothing."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from survey_service.scoring.analysis import Analysis, analyse
from survey_service.scoring.careless import CarelessFlags, Pace, flag_careless
from survey_service.scoring.division import Division
from survey_service.scoring.matrix import BLANK, Block, Integers, Keying, ScoreMatrix, score_matrix
from survey_service.scoring.trend import compare_waves
from tests.scoring.pooling import collapse_cells

Columns = Mapping[str, list[str]]
ScorePeople = Callable[[Columns], tuple[ScoreMatrix, CarelessFlags]]
Oracle = Callable[[str, str], dict[str, Any]]

RANKS = {"管理者": 0, "基层骨干": 1, "一线员工": 2}
OUTCOMES = ("O1", "O2", "O3")


def analyse_wave(
    people: Columns, score: ScorePeople, keying: Keying, roster: Mapping[tuple[str, str], int]
) -> Analysis:
    """Analyse with unit and role of the roster as strata, managers against front line."""
    matrix, flags = score(people)
    strata = list(roster)
    place = {cell: number for number, cell in enumerate(strata)}
    labels = np.array([place[cell] for cell in zip(people["unit"], people["role"], strict=True)])
    counts = np.bincount(labels[~flags.excluded], minlength=len(strata)).tolist()
    units = list(dict.fromkeys(unit for unit, _ in strata))
    roles = np.array([role for _, role in strata])
    division = Division(
        strata=tuple(strata),
        sets={"all": np.ones(len(strata), np.bool_)}
        | {unit: np.array([name == unit for name, _ in strata]) for unit in units},
        blocks=tuple(units),
        groups={"leading": roles == "管理者", "frontline": roles == "一线员工"},
        headcounts=np.array([float(n) for n in roster.values()]),
        cells=collapse_cells(
            [unit for unit, _ in strata], [RANKS[role] for _, role in strata], counts, 5
        ),
    )
    return analyse(matrix, flags, labels, division, keying, OUTCOMES, draws=300)


@pytest.fixture(scope="module")
def mine(
    people: Columns,
    score_people: ScorePeople,
    keying: Keying,
    roster: Mapping[tuple[str, str], int],
) -> Analysis:
    return analyse_wave(people, score_people, keying, roster)


@pytest.fixture(scope="module")
def later(
    oracle_columns: Callable[[str], Columns],
    score_people: ScorePeople,
    keying: Keying,
    roster: Mapping[tuple[str, str], int],
) -> Analysis:
    return analyse_wave(oracle_columns("syn_a_wave2"), score_people, keying, roster)


def test_the_headline_is_weighted(mine: Analysis, oracle: Oracle) -> None:
    expected = oracle("pipeline_syn_a", "syn_a_poststrat")["expected"]
    found = mine.headline
    assert found.scores is not None
    assert found.scores.index is not None
    assert found.cells == expected["weighted_index"]["H"]
    assert found.design_effect == pytest.approx(expected["kish_deff"], abs=1e-6)
    assert found.scores.index.mean == pytest.approx(expected["weighted_index"]["index"], abs=1e-9)
    assert found.scores.index.se == pytest.approx(expected["weighted_index"]["se"], abs=1e-9)
    for name, want in expected["weighted"].items():
        score = found.scores.dimensions[name]
        assert score.n == want["n"]
        assert score.mean == pytest.approx(want["mean"], abs=1e-6)
        assert score.ci95 == pytest.approx(want["ci95"], abs=1e-6)
        assert score.sd is None
    assert mine.whole.index is not None
    assert mine.whole.index.mean == pytest.approx(59.4614813784452)


def test_weighted_shares_are_those_of_the_weighted_people(mine: Analysis) -> None:
    scores = mine.headline.scores
    assert scores is not None
    for score in (*scores.dimensions.values(), *scores.items.values()):
        parts = (score.favourable, score.neutral, score.unfavourable)
        assert sum(part for part in parts if part is not None) == pytest.approx(100)
    item = mine.keying.items[0]
    headcounts, cells = mine.division.headcounts, mine.division.cells
    assert headcounts is not None
    assert cells is not None
    by_cell = [mine.tally.answers[:-1][cells == cell, 0].sum(axis=0) for cell in range(22)]
    sizes = np.array([headcounts[cells == cell].sum() for cell in range(22)])
    favourable = [answers[3:].sum() / answers.sum() for answers in by_cell]
    assert scores.items[item].favourable == pytest.approx(
        100 * np.average(favourable, weights=sizes)
    )


def test_marks_agree_with_r(mine: Analysis, oracle: Oracle) -> None:
    for want in oracle("pipeline_syn_a", "syn_a_unit_vs_rest")["expected"]:
        found = mine.marks[want["unit"]][want["dim"]]
        assert found.n1 == want["n"]
        assert found.difference == pytest.approx(want["diff"], abs=1e-8)
        assert found.p == pytest.approx(want["welch_p"], abs=1e-8)
        assert found.q == pytest.approx(want["bh_q"], abs=1e-8)
        assert found.direction == want["mark"]
    assert {one.reason for one in mine.marks["all"].values()} == {"no_data"}


def test_units_compare_as_in_r(mine: Analysis, oracle: Oracle) -> None:
    for name, want in oracle("pipeline_syn_a", "syn_a_agreement")["expected"].items():
        assert mine.icc[name].icc1 == pytest.approx(want["icc1_n0"], abs=1e-9)
        assert mine.icc[name].icc2 == pytest.approx(want["icc2"], abs=1e-9)
        for unit, value in want["rwg_star_j"].items():
            assert mine.agreement[unit][name].value == pytest.approx(value, abs=1e-9)


def test_reliability_agrees_with_r(mine: Analysis, oracle: Oracle) -> None:
    for name, want in oracle("pipeline_syn_a", "syn_a_reliability")["expected"].items():
        assert mine.reliability[name].alpha == pytest.approx(want["alpha_raw"], abs=1e-10)
        assert mine.omega[name].omega == pytest.approx(want["omega_total_ml1"], abs=1e-4)


def test_the_gap_agrees_with_r(mine: Analysis, oracle: Oracle) -> None:
    for name, want in oracle("pipeline_syn_a", "syn_a_gap")["expected"].items():
        found = mine.gap[name]
        assert (found.n1, found.n2) == (want["n1"], want["n2"])
        assert found.difference == pytest.approx(want["diff"], abs=1e-7)
        assert found.g == pytest.approx(want["hedges_g"], abs=1e-6)
        assert found.q == pytest.approx(want["bh_q"], abs=1e-7)


def test_drivers_agree_with_r(mine: Analysis, oracle: Oracle) -> None:
    want = oracle("pipeline_syn_a", "syn_a_drivers")["expected"]
    assert mine.drivers is not None
    assert (mine.drivers.n, mine.outcomes) == (want["n"], OUTCOMES)
    assert mine.drivers.r2 == pytest.approx(want["R2"], abs=1e-8)
    percents = [driver.percent for driver in mine.drivers.drivers]
    assert percents == pytest.approx(list(want["rescaled_pct"].values()), abs=1e-7)
    assert mine.priorities == {}  # too few differ from an even share


def test_change_agrees_with_r(mine: Analysis, later: Analysis, oracle: Oracle) -> None:
    found = compare_waves(later, mine, frozenset(mine.keying.dimensions), ("掘进队",))
    expected = oracle("pipeline_syn_a", "syn_a_waves")["expected"]
    assert (found.reason, found.basis) == (None, "plain")
    assert found.shift is not None
    assert 0 < found.shift < 5
    for name, want in expected.items():
        change = found.whole["index" if name == "INDEX" else name]
        assert (change.n1, change.n2) == (want["n1"], want["n2"])
        assert change.difference == pytest.approx(want["diff"], abs=1e-7)
        assert change.ci95 == pytest.approx(want["welch_ci95"], abs=1e-7)
        assert change.q == pytest.approx(want["bh_q"], abs=1e-7)
    assert set(found.sets["掘进队"]) == {*mine.keying.dimensions, "index"}
    unit = found.sets["掘进队"]["O1"]
    means = [one.sets["掘进队"].dimensions["O1"].mean for one in (later, mine)]
    assert [unit.mean1, unit.mean2] == means


def test_what_leaving_people_out_did(mine: Analysis, matrix: ScoreMatrix) -> None:
    quality = mine.quality
    assert (quality.returned, quality.valid, quality.warns) == (597, 565, False)
    assert quality.excluded_by == {"incomplete": 11, "under_1s": 7, "all_same": 16, "attention": 16}
    everybody = quality.with_excluded.dimensions["M1"]
    assert everybody.mean == pytest.approx(np.nanmean(matrix.dimension_scores[:, 7]))
    assert quality.excluded_scores["M1"] == everybody.n - mine.whole.dimensions["M1"].n
    assert sum(same for name, (same, _) in quality.all_same.items() if name != "all") == 16
    assert len(quality.spread) == 3
    assert quality.spread[0] < quality.spread[1] < quality.spread[2]


def test_not_applicable_is_a_share_of_what_is_not_blank(
    mine: Analysis, people: Columns, flags: CarelessFlags
) -> None:
    answers = [x for x, out in zip(people["O1_1a"], flags.excluded, strict=True) if not out and x]
    rate = 100 * answers.count("9") / len(answers)
    assert mine.quality.not_applicable["all"]["O1_1a"] == pytest.approx(rate)
    assert mine.quality.unfamiliar == {"all": (), "leading": (), "frontline": ()}


def test_other_weights_of_the_index(mine: Analysis) -> None:
    means = [score.mean for score in mine.whole.dimensions.values()]
    assert mine.alternatives["equal"]["all"] == pytest.approx(np.mean([m or 0 for m in means]))
    blocks = {name: score.mean or 0 for name, score in mine.whole.blocks.items()}
    without = (0.4 * blocks["P"] + 0.3 * blocks["M"]) / 0.7
    assert mine.alternatives["without_outcome"]["all"] == pytest.approx(without)


def analyse_codes(
    codes: Integers, keying: Keying, strata: int = 1, headcount: float | None = None
) -> Analysis:
    """Analyse a few sheets, dealt out to the strata in turn."""
    matrix = score_matrix(codes, keying)
    pace = np.full(len(codes), Pace.OK)
    flags = flag_careless(matrix.codes, matrix.dimension_scores, pace)
    names = [str(number) for number in range(strata)]
    rows = np.eye(strata, dtype=np.bool_)
    division = Division(
        strata=tuple((name, "frontline") for name in names),
        sets={"all": np.ones(strata, np.bool_), **dict(zip(names, rows, strict=True))},
        blocks=tuple(names),
        groups={},
        headcounts=None if headcount is None else np.full(strata, headcount),
        cells=None if headcount is None else np.arange(strata),
    )
    labels = np.arange(len(codes)) % strata
    return analyse(matrix, flags, labels, division, keying, ("D1",), draws=0)


@pytest.fixture
def pair(make_keying: Callable[..., Keying]) -> Keying:
    return make_keying(3, 3, 3, blocks={"A": Block(0.5, (0,)), "B": Block(0.5, (1, 2))})


def test_nobody_answered(pair: Keying) -> None:
    found = analyse_codes(np.full((30, 9), BLANK), pair)
    assert found.whole.n == 0
    assert {one.reason for one in found.reliability.values()} == {"no_data"}
    assert {one.reason for one in found.icc.values()} == {"no_data"}
    assert found.drivers is not None
    assert found.drivers.reason == "no_data"
    assert found.quality.spread == ()


def test_one_person(pair: Keying) -> None:
    found = analyse_codes(np.arange(9)[np.newaxis] % 5 + 1, pair)
    assert found.whole.dimensions["D1"].reason == "n<2"
    assert {one.reason for one in found.reliability.values()} == {"n<3"}
    assert found.headline.reason == "no_roster"
    assert found.agreement["0"]["D1"].reason == "n<2"


def test_one_unit_compares_with_nothing(pair: Keying) -> None:
    chance = np.random.default_rng(1)
    found = analyse_codes(chance.integers(1, 6, (60, 9)), pair, headcount=100.0)
    assert {one.reason for one in found.icc.values()} == {"groups<2"}
    assert found.headline.reason == "one_cell"
    assert found.gap == {}
    assert "nan" not in repr((found.sets, found.marks, found.reliability, found.icc))


def test_a_constant_item_and_dimensions_that_repeat_one_another(pair: Keying) -> None:
    chance = np.random.default_rng(2)
    codes = np.tile(chance.integers(1, 6, (200, 3)), 3)
    found = analyse_codes(codes, pair, strata=4)
    assert found.drivers is not None
    assert found.drivers.reason == "singular"
    assert found.quality.outlier_reason == "singular"
    assert found.priorities == {}
    codes = chance.integers(1, 6, (200, 9))
    codes[:, 0] = 4
    found = analyse_codes(codes, pair)
    assert "zero_variance_item" in found.reliability["D1"].flags
    assert found.whole.items["q1"].flags == {"zero_variance"}


def test_more_answers_than_people(pair: Keying) -> None:
    codes = np.random.default_rng(3).integers(1, 6, (60, 9))
    found = analyse_codes(codes, pair, strata=2, headcount=20.0)
    assert found.headline.scores is not None
    for score in (found.whole.index, found.headline.scores.index):
        assert score is not None
        assert score.flags == {"valid_exceeds_roster"}
    assert found.headline.scores.index is not None
    assert found.headline.scores.index.mean == pytest.approx(found.whole.index.mean)  # type: ignore[union-attr]


def test_a_stratum_without_answers_cannot_be_weighted(pair: Keying) -> None:
    codes = np.random.default_rng(3).integers(1, 6, (1, 9))
    assert analyse_codes(codes, pair, strata=2, headcount=20.0).headline.reason == "empty_category"


def test_a_thin_cell_leaves_its_dimension_and_the_index_unweighted(pair: Keying) -> None:
    codes = np.random.default_rng(4).integers(1, 6, (60, 9))
    codes[2::2, :3] = 9  # one score of the first dimension in the first stratum
    found = analyse_codes(codes, pair, strata=2, headcount=50.0)
    scores = found.headline.scores
    assert scores is not None
    assert "unweighted" in scores.dimensions["D1"].flags
    assert scores.dimensions["D1"].mean == found.whole.dimensions["D1"].mean
    assert scores.index is not None
    assert "unweighted" in scores.index.flags
    assert scores.dimensions["D2"].flags == frozenset()
    assert scores.blocks["B"].flags == frozenset()


def test_a_thin_item_counts_unweighted_in_the_shares_of_its_dimension(pair: Keying) -> None:
    codes = np.random.default_rng(4).integers(1, 6, (60, 9))
    codes[2::2, 0] = 9
    found = analyse_codes(codes, pair, strata=2, headcount=50.0)
    scores = found.headline.scores
    assert scores is not None
    assert "unweighted" in scores.items["q1"].flags
    assert scores.items["q1"].favourable == found.whole.items["q1"].favourable
    shares = [scores.items[name].favourable or 0 for name in ("q1", "q2", "q3")]
    assert scores.dimensions["D1"].flags == frozenset()
    assert scores.dimensions["D1"].favourable == pytest.approx(np.mean(shares))


def test_what_a_group_knows_little_of_and_what_excluding_moved(pair: Keying) -> None:
    codes = np.random.default_rng(6).integers(2, 5, (100, 9))
    codes[:31, 0] = 9
    codes[:30, 1] = 9
    codes[80:] = BLANK  # incomplete: left out
    codes[80:, :4] = 5
    found = analyse_codes(codes, pair)
    quality = found.quality
    assert quality.not_applicable["all"]["q1"] == pytest.approx(100 * 31 / 80)
    assert quality.unfamiliar == {"all": ("q1", "q2")}
    assert quality.moved == {"D1"}  # of D2 those left out have one answer, of D3 none
    assert quality.warns
    assert quality.excluded_scores == {"D1": 20, "D2": 0, "D3": 0}


def test_a_rate_of_exactly_thirty_percent_is_not_too_much(pair: Keying) -> None:
    codes = np.random.default_rng(6).integers(2, 5, (100, 9))
    codes[:30, 0] = 9
    assert analyse_codes(codes, pair).quality.unfamiliar == {"all": ()}


def test_priorities_stand_at_the_displayed_scores(pair: Keying) -> None:
    chance = np.random.default_rng(7)
    strong, weak = chance.normal(size=(2, 900, 1))
    noise = chance.normal(0, 0.6, (900, 9))
    codes = np.rint(3 + np.hstack([0.9 * strong] * 6 + [weak] * 3) + noise)
    codes[::3, 3:] -= 1  # one stratum lies lower, and counts more by the roster
    matrix = score_matrix(np.clip(codes, 1, 5).astype(int), pair)
    flags = flag_careless(matrix.codes, matrix.dimension_scores, np.full(900, Pace.OK))
    division = Division(
        strata=tuple((str(n), "frontline") for n in range(3)),
        sets={"all": np.ones(3, np.bool_)},
        blocks=("all",),
        groups={},
        headcounts=np.array([4000.0, 500, 500]),
        cells=np.arange(3),
    )
    found = analyse(matrix, flags, np.arange(900) % 3, division, pair, ("D1",), draws=200)
    assert found.drivers is not None
    assert found.drivers.ranked
    assert found.headline.scores is not None
    for name, point in found.priorities.items():
        assert point.score == found.headline.scores.dimensions[name].mean
        assert point.score != pytest.approx(found.whole.dimensions[name].mean or 0, abs=1)
    assert list(found.priorities) == ["D2", "D3"]


@pytest.mark.parametrize(("lowest", "highest", "apart"), [(0, 1, 9), (1, 7, 0), (0, 10, 11)])
def test_scales_of_other_widths(
    lowest: int, highest: int, apart: int, make_keying: Callable[..., Keying]
) -> None:
    keying = make_keying(
        4,
        1,
        lowest=lowest,
        highest=highest,
        not_applicable=apart,
        favourable=(highest,),
        unfavourable=(lowest,),
        reverse=np.array([True, False, False, False, True]),
    )
    chance = np.random.default_rng(5)
    codes = chance.integers(lowest, highest + 1, (300, 5))
    codes[chance.random(codes.shape) < 0.1] = apart
    found = analyse_codes(codes, keying, strata=6, headcount=100.0)
    assert found.headline.scores is not None
    assert {one.reason for one in found.omega.values()} == {None, "k<3"}
    assert found.reliability["D2"].reason == "k<2"
    assert found.quality.not_applicable["all"]["q1"] == pytest.approx(10, abs=5)
    for score in (*found.whole.dimensions.values(), *found.whole.items.values()):
        assert score.mean is not None
        assert 30 < score.mean < 70
