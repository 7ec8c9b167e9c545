"""Agreement with R 4.2.2 (base, careless, survey), case by case, to the tolerance of each case."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from survey_service.rounding import largest_remainder, round_half_up
from survey_service.scoring.aggregate import Score, SetScores
from survey_service.scoring.careless import (
    CarelessFlags,
    Pace,
    flag_careless,
    intra_individual_sd,
    longest_runs,
    mahalanobis_distances,
)
from survey_service.scoring.descriptives import mean_interval, wilson_interval
from survey_service.scoring.matrix import (
    BLANK,
    Booleans,
    Integers,
    Keying,
    ScoreMatrix,
    score_matrix,
)
from survey_service.scoring.moments import group_moments

Oracle = Callable[[str, str], dict[str, Any]]
Agree = Callable[[object, object, float], None]
Columns = Mapping[str, list[str]]
ScoreSets = Callable[..., dict[str, SetScores]]


@pytest.fixture(scope="module")
def scores(
    matrix: ScoreMatrix,
    keying: Keying,
    sets: Mapping[str, Booleans],
    populations: Mapping[str, int | None],
    score_sets: ScoreSets,
) -> dict[str, SetScores]:
    return score_sets(matrix, keying, sets, populations)


def as_reference(score: Score) -> dict[str, Any]:
    return {
        "n": score.n,
        "N": score.population,
        "mean": score.mean,
        "sd": score.sd,
        "se": score.se,
        "ci95": score.ci95,
        "fav_pct": score.favourable,
        "neu_pct": score.neutral,
        "unf_pct": score.unfavourable,
    }


def check_set(
    found: SetScores, expected: Mapping[str, Any], tolerance: float, agree: Agree
) -> None:
    dimensions = {name: as_reference(score) for name, score in found.dimensions.items()}
    agree(dimensions, expected["dims"], tolerance)
    assert found.index is not None
    index = {
        "n": found.index.n,
        "N": found.population,
        "index": found.index.mean,
        "se": found.index.se,
        "ci95": found.index.ci95,
        "blocks": {name: score.mean for name, score in found.blocks.items()},
    }
    agree(index, expected["index"], tolerance)


def test_flags(
    matrix: ScoreMatrix, flags: CarelessFlags, people: Columns, oracle: Oracle, agree: Agree
) -> None:
    case = oracle("pipeline_syn_a", "syn_a_flags")
    expected, tolerance = case["expected"], case["tolerance"]["abs"]
    rids = np.array(people["rid"])
    assert rids[flags.excluded].tolist() == expected["excluded_rids"]
    assert flags.counts() == {
        "incomplete": expected["counts"]["incomplete"],
        "under_1s": expected["counts"]["fast1"],
        "under_2s": expected["counts"]["fast2"],
        "long_run": expected["counts"]["ls_half"],
        "all_same": expected["counts"]["all_same"],
        "outlier": expected["counts"]["mahal_flag"],
        "attention_failed": expected["counts"]["att_fail"],
        "excluded": expected["counts"]["exclude"],
    }
    assert len(rids) == expected["n_total"]
    assert (~flags.excluded).sum() == expected["n_valid"]
    assert longest_runs(matrix.codes)[:25].tolist() == expected["longstring_first25"]
    agree(intra_individual_sd(matrix.codes, 9)[:10].tolist(), expected["irv_first10"], tolerance)
    distances = mahalanobis_distances(matrix.dimension_scores)
    assert distances is not None
    agree(distances[:25].tolist(), expected["mahal_d2_first25"], tolerance)
    agree(float(np.nanmax(distances)), expected["max_mahal_d2"], tolerance)


def test_person_scores(
    scored: tuple[ScoreMatrix, CarelessFlags],
    keying: Keying,
    people: Columns,
    oracle: Oracle,
    agree: Agree,
) -> None:
    matrix, flags = scored
    case = oracle("pipeline_syn_a", "syn_a_person_scores")
    # The thirty rows are the first of the file, excluded ones among them; the counts are of the rest.
    for row, expected in enumerate(case["expected"]["first30"]):
        scores = zip(keying.dimensions, matrix.dimension_scores[row].tolist(), strict=True)
        got = {name: None if np.isnan(y) else y for name, y in scores}
        assert people["rid"][row] == expected["rid"]
        agree({"rid": expected["rid"], **got}, expected, case["tolerance"]["abs"])
    counts = (~np.isnan(matrix.dimension_scores[~flags.excluded])).sum(axis=0).tolist()
    assert dict(zip(keying.dimensions, counts, strict=True)) == case["expected"]["n_scored"]


def test_overall(scores: dict[str, SetScores], oracle: Oracle, agree: Agree) -> None:
    case = oracle("pipeline_syn_a", "syn_a_overall")
    check_set(scores["all"], case["expected"], case["tolerance"]["abs"], agree)


@pytest.mark.parametrize("by", ["unit", "role"])
def test_units_and_roles(
    by: str, scores: dict[str, SetScores], people: Columns, oracle: Oracle, agree: Agree
) -> None:
    case = oracle("pipeline_syn_a", f"syn_a_by_{by}")
    assert set(case["expected"]) == set(people[by])
    for name, expected in case["expected"].items():
        assert scores[name].n == expected["n"]
        check_set(scores[name], expected, case["tolerance"]["abs"], agree)


def test_items(
    scores: dict[str, SetScores],
    scored: tuple[ScoreMatrix, CarelessFlags],
    oracle: Oracle,
    agree: Agree,
) -> None:
    case = oracle("pipeline_syn_a", "syn_a_items")
    assert list(case["expected"]) == list(scores["all"].items)
    matrix, flags = scored
    keyed = matrix.keyed[~flags.excluded]
    for column, (item, expected) in enumerate(case["expected"].items()):
        score = scores["all"].items[item]
        counts = [int((keyed[:, column] == code).sum()) for code in range(1, 6)]
        assert score.mean is not None
        assert score.sd is not None
        got = {
            "n": score.n,
            "mean": 1 + score.mean / 25,
            "sd": score.sd / 25,
            "fav_pct": score.favourable,
            "neu_pct": score.neutral,
            "unf_pct": score.unfavourable,
            "fav_wilson_fpc_pct": score.favourable_ci95,
            "counts_1to5_keyed": counts,
        }
        agree(got, expected, case["tolerance"]["abs"])


def test_spread_of_the_index_in_both_waves(
    scores: dict[str, SetScores],
    keying: Keying,
    score_people: Callable[[Columns], tuple[ScoreMatrix, CarelessFlags]],
    score_sets: ScoreSets,
    oracle: Oracle,
    oracle_columns: Callable[[str], Columns],
) -> None:
    case = oracle("pipeline_syn_a", "syn_a_waves")
    second, flags = score_people(oracle_columns("syn_a_wave2"))
    later = score_sets(second, keying, {"all": ~flags.excluded}, {"all": None})
    for found, wave in ((later["all"], "1"), (scores["all"], "2")):
        expected = case["expected"]["INDEX"]
        assert found.index is not None
        got = [found.index.n, found.index.mean, found.index.sd]
        assert got == pytest.approx([expected[x + wave] for x in ("n", "mean", "sd")], rel=1e-7)


def test_careless_indices(
    oracle: Oracle,
    oracle_columns: Callable[[str], Columns],
    as_codes: Callable[..., Integers],
    agree: Agree,
) -> None:
    case = oracle("careless", "careless_dataset")
    expected, tolerance = case["expected"], case["tolerance"]
    codes = as_codes(list(oracle_columns("careless_dataset").values()))
    assert longest_runs(codes).tolist() == expected["longstring"]
    agree(intra_individual_sd(codes, 9).tolist(), expected["irv"], tolerance["irv"])
    distances = mahalanobis_distances(codes.astype(np.float64))
    assert distances is not None
    agree(distances.tolist(), expected["mahalanobis_d2"], tolerance["mahalanobis_d2"])
    flags = flag_careless(codes, codes.astype(np.float64), np.full(len(codes), Pace.UNKNOWN))
    assert (np.flatnonzero(flags.outlier) + 1).tolist() == expected["mahalanobis_flag_999"]
    assert (np.flatnonzero(flags.long_run) + 1).tolist() == expected["idx_longstring_ge_half"]


def test_mean_of_a_survey_sample(
    oracle: Oracle, oracle_columns: Callable[[str], Columns], agree: Agree
) -> None:
    case = oracle("sampling", "fpc_mean_apisrs")
    enrolled = np.array(oracle_columns("apisrs")["enroll"], np.float64)[:, np.newaxis]
    moments = group_moments(enrolled, np.zeros(200, np.intp), 1)
    found = mean_interval(moments, [200], np.array([6194.0]))
    got = [float(x[0, 0]) for x in (found.mean, found.sd, found.se, found.low, found.high)]
    expected = [*(case["expected"][x] for x in ("mean", "sd", "se")), *case["expected"]["ci95"]]
    agree(got, expected, case["tolerance"]["abs"])
    assert round_half_up(got[2], 3) == 27.368  # as published with the survey package


def test_proportion_of_a_survey_sample(
    oracle: Oracle, oracle_columns: Callable[[str], Columns], agree: Agree
) -> None:
    case = oracle("sampling", "fpc_prop_apisrs")
    hits = oracle_columns("apisrs")["sch.wide"].count("Yes")
    assert hits == case["expected"]["x"]
    for key, population in (("wilson_fpc", 6194), ("wilson_infinite", np.nan)):
        got = [float(x) for x in wilson_interval(hits, 200, population)]
        agree(got, case["expected"][key], case["tolerance"]["abs"])


def test_public_scale_with_six_points(
    oracle: Oracle,
    oracle_columns: Callable[[str], Columns],
    as_codes: Callable[..., Integers],
    agree: Agree,
) -> None:
    case = oracle("scoring_public", "pomp_bfi_ACE")
    dimensions = tuple(case["select"])
    items = tuple(item for members in case["select"].values() for item in members)
    keying = Keying(
        items=items,
        dimensions=dimensions,
        dimension_of=np.repeat(np.arange(3), 5),
        reverse=np.isin(items, case["params"]["reverse"]),
        highest=case["params"]["max"],
    )
    columns = oracle_columns("bfi_ACE")
    scores = score_matrix(as_codes([columns[x] for x in items]), keying).dimension_scores
    moments = group_moments(scores, np.zeros(len(scores), np.intp), 1)
    found = mean_interval(moments, [len(scores)])
    for d, name in enumerate(dimensions):
        got = {
            "n_scored": int(found.n[0, d]),
            "mean": float(found.mean[0, d]),
            "sd": float(found.sd[0, d]),
            "first10": scores[:10, d].tolist(),
        }
        agree(got, case["expected"][name], case["tolerance"]["abs"])


def test_logic_of_the_half_rule(
    logic_cases: dict[str, list[dict[str, Any]]], make_keying: Callable[..., Keying], agree: Agree
) -> None:
    for case in logic_cases["dimension_rule"]:
        keying = make_keying(len(case["items"]), reverse=np.array(case["reverse"], np.bool_))
        codes = np.array([[BLANK if x is None else x for x in case["items"]]])
        score = float(score_matrix(codes, keying).dimension_scores[0, 0])
        agree(None if np.isnan(score) else score, case["expect"], 1e-12)


def test_logic_of_runs(logic_cases: dict[str, list[dict[str, Any]]]) -> None:
    for case in logic_cases["longstring"]:
        codes = np.array([[BLANK if x is None else x for x in case["raw"]]])
        assert longest_runs(codes).tolist() == [case["expect"]]


def test_logic_of_rounding(logic_cases: dict[str, list[dict[str, Any]]]) -> None:
    for case in logic_cases["round_half_up"]:
        assert round_half_up(case["x"], case["d"]) == case["expect"]
    for case in logic_cases["largest_remainder"]:
        assert largest_remainder(case["x"], case["dec"]) == case["expect"]


@pytest.mark.parametrize("name", ["all_na_dimension", "n1_mean", "zero_sd_mean"])
def test_degenerate_means(
    name: str,
    oracle: Oracle,
    make_keying: Callable[..., Keying],
    score_sets: ScoreSets,
    agree: Agree,
) -> None:
    case = oracle("degenerate_cases", name)
    values = case.get("values", [])
    codes = np.array([[1 + value // 25] for value in values] or [[9], [BLANK]])
    keying = make_keying(1)
    everyone = {"all": np.ones(len(codes), np.bool_)}
    found = score_sets(score_matrix(codes, keying), keying, everyone, {"all": case.get("N")})
    score = found["all"].dimensions["D1"]
    expected = case["expect"]
    agree(score.mean, expected["mean"], 1e-12)
    agree(score.ci95, expected["ci"], 1e-12)
    assert score.reason == expected.get("reason")
    assert score.flags == ({expected["flag"]} if "flag" in expected else set())


def test_degenerate_roster(
    oracle: Oracle, make_keying: Callable[..., Keying], score_sets: ScoreSets
) -> None:
    case = oracle("degenerate_cases", "roster_short")
    keying = make_keying(1)
    matrix = score_matrix(np.arange(52)[:, np.newaxis] % 5 + 1, keying)
    everyone = {"short": np.ones(52, np.bool_), "unknown": np.ones(52, np.bool_)}
    found = score_sets(matrix, keying, everyone, {"short": 50, "unknown": None})
    short, unknown = (found[name].dimensions["D1"] for name in everyone)
    assert short.flags == {case["expect"]["flag"]}
    assert short.se == unknown.se  # the correction is not applied


def test_degenerate_careless_rules(oracle: Oracle) -> None:
    singular = oracle("degenerate_cases", "mahal_singular")["expect"]
    absent = oracle("degenerate_cases", "attention_item_absent")["expect"]
    paper = oracle("degenerate_cases", "duration_absent_paper")["expect"]
    codes = np.tile(np.arange(1, 5), (6, 11))
    scores = np.arange(6.0)[:, np.newaxis] * np.array([1, 2])
    assert mahalanobis_distances(scores) is singular["d2"]
    flags = flag_careless(codes, scores, np.full(6, Pace.UNKNOWN))
    assert flags.outlier_reason == singular["reason"]
    assert flags.outlier.any() == singular["flag_used"]
    assert flags.attention_failed.any() == absent["att_fail"]
    assert [flags.under_2s.any(), flags.under_1s.any()] == [paper["fast2"], paper["fast1"]]
