from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from survey_service.scoring.aggregate import Score, SetScores, aggregate
from survey_service.scoring.index import composite_coefficients
from survey_service.scoring.matrix import (
    BLANK,
    Block,
    Booleans,
    Integers,
    Keying,
    ScoreMatrix,
    score_matrix,
)
from survey_service.scoring.tallies import tally_people

MakeKeying = Callable[..., Keying]
ScoreSets = Callable[..., dict[str, SetScores]]


@pytest.fixture(scope="module")
def small(make_keying: MakeKeying) -> Keying:
    """Three dimensions of four, two and one items, in two weighted blocks."""
    blocks = {"A": Block(0.4, (0, 1)), "B": Block(0.6, (2,))}
    return make_keying(4, 2, 1, reverse=np.arange(7) == 1, blocks=blocks)


def aggregate_codes(
    codes: Integers, keying: Keying, members: Booleans, population: int | None = None
) -> list[SetScores]:
    """Score sets of people, each person a stratum of their own."""
    sets = {str(i): mask for i, mask in enumerate(members)}
    labels, coefficients = np.arange(len(codes)), composite_coefficients(keying)
    tally = tally_people(score_matrix(codes, keying), labels, len(codes), keying, coefficients)
    return list(aggregate(tally, keying, sets, dict.fromkeys(sets, population)).values())


def list_scores(found: SetScores) -> dict[str, Score]:
    index = {} if found.index is None else {"index": found.index}
    return {**index, **found.blocks, **found.dimensions, **found.items}


def test_the_mine(
    matrix: ScoreMatrix,
    keying: Keying,
    sets: Mapping[str, Booleans],
    populations: Mapping[str, int | None],
    score_sets: ScoreSets,
) -> None:
    # R 4.2.2 with survey 4.1.1 on the 565 valid answers of 870 people
    found = score_sets(matrix, keying, sets, populations)
    index = found["all"].index
    assert index is not None
    assert (found["all"].n, index.n, index.population) == (565, 565, 870)
    assert index.mean == pytest.approx(59.4614813784452, rel=1e-10)
    assert index.se == pytest.approx(0.449857346287823, rel=1e-10)
    assert index.ci95 == pytest.approx((58.5778810139188, 60.3450817429716), rel=1e-10)
    assert {name: score.mean for name, score in found["all"].blocks.items()} == pytest.approx(
        {"O": 64.4124877089479, "P": 58.6910028016422, "M": 55.5377798170132}
    )

    p2 = found["all"].dimensions["P2"]
    assert (p2.n, p2.reason, p2.flags) == (558, None, frozenset())
    assert p2.mean == pytest.approx(59.9723715651135)
    assert p2.sd == pytest.approx(24.6018600286051)
    assert p2.ci95 == pytest.approx((58.7473003905923, 61.1974427396347))
    assert p2.favourable == pytest.approx(50.5987028372615)

    item = found["all"].items["O2_1c"]
    assert item.n == 552
    assert item.mean == pytest.approx(25 * (3.77717391304348 - 1))
    assert item.sd == pytest.approx(25 * 1.11057643614299)
    assert item.unfavourable == pytest.approx(13.4057971014493)

    managers = found["管理者"]
    assert managers.index is not None
    assert managers.index.ci95 == pytest.approx((61.3943463077951, 66.5291138371325))
    assert managers.dimensions["M4"].se == pytest.approx(1.66105881328456)
    assert found["掘进队"].blocks["M"].mean == pytest.approx(46.0153069877883)
    assert found["通风队"].dimensions["P1"].ci95 == pytest.approx(
        (65.1144650169428, 68.8802589777662)
    )


def test_one_dimension_without_an_index(make_keying: MakeKeying) -> None:
    found = aggregate_codes(np.array([[4] * 12, [2] * 12]), make_keying(12), np.ones((1, 2), bool))
    assert found[0].index is None
    assert found[0].blocks == {}
    assert found[0].dimensions["D1"].mean == 50
    assert len(found[0].items) == 12


def test_dimensions_of_a_single_item(make_keying: MakeKeying) -> None:
    blocks = {"A": Block(0.5, (0, 1)), "B": Block(0.5, (2,))}
    keying = make_keying(1, 1, 1, blocks=blocks)
    (found,) = aggregate_codes(np.array([[4, 2, 3], [5, 3, 1]]), keying, np.ones((1, 2), bool))
    items = [replace(score, favourable_ci95=None) for score in found.items.values()]
    assert list(found.dimensions.values()) == items
    assert found.index is not None
    assert found.index.mean == pytest.approx((87.5 + 37.5) / 2 / 2 + 25 / 2)


def test_blocks_without_weights_are_scored_all_the_same(make_keying: MakeKeying) -> None:
    keying = make_keying(1, 1, blocks={"A": Block(None, (0,)), "B": Block(None, (1,))})
    (found,) = aggregate_codes(np.array([[4, 2], [5, 3]]), keying, np.ones((1, 2), bool))
    assert found.index is None
    assert {name: score.mean for name, score in found.blocks.items()} == {"A": 87.5, "B": 37.5}


def test_nobody(small: Keying) -> None:
    codes = np.full((2, 7), 3)
    (found,) = aggregate_codes(codes, small, np.zeros((1, 2), np.bool_), population=0)
    nothing = Score(
        n=0,
        mean=None,
        sd=None,
        se=None,
        ci95=None,
        favourable=None,
        neutral=None,
        unfavourable=None,
        favourable_ci95=None,
        population=0,
        flags=frozenset(),
        reason="no_data",
    )
    assert found.n == 0
    assert set(list_scores(found).values()) == {nothing}


def test_no_people_and_no_sets(small: Keying) -> None:
    (found,) = aggregate_codes(np.zeros((0, 7), np.int8), small, np.zeros((1, 0), np.bool_))
    assert found.n == 0
    assert aggregate_codes(np.full((2, 7), 3), small, np.zeros((0, 2), np.bool_)) == []


def test_one_person_has_a_mean_and_shares_but_no_interval(small: Keying) -> None:
    codes = np.array([[4, 2, 4, 4, 3, 3, 1]])
    (found,) = aggregate_codes(codes, small, np.ones((1, 1), np.bool_), population=30)
    for score in list_scores(found).values():
        assert (score.n, score.reason) == (1, "n<2")
        assert score.mean is not None
        assert (score.sd, score.se, score.ci95) == (None, None, None)
    assert found.dimensions["D1"].favourable == 100


def test_an_index_without_one_of_its_dimensions_is_null(small: Keying) -> None:
    codes = np.array([[4, 2, 4, 4, 9, BLANK, 5], [3, 3, 4, 4, BLANK, BLANK, 1]])
    (found,) = aggregate_codes(codes, small, np.ones((1, 2), np.bool_))
    assert found.index is not None
    for lost in (found.index, found.blocks["A"]):
        assert (lost.n, lost.mean, lost.ci95, lost.reason) == (2, None, None, "no_data")
        assert lost.flags == frozenset()
    assert found.blocks["B"].mean == 50


def test_a_dimension_without_a_score_has_no_shares_either(small: Keying) -> None:
    codes = np.array([[4, BLANK, 9, 9, 3, 3, 3]])
    (found,) = aggregate_codes(codes, small, np.ones((1, 1), np.bool_))
    assert found.items["q1"].favourable == 100
    assert found.dimensions["D1"].favourable is None
    assert found.dimensions["D1"].reason == "no_data"


def test_refuses_a_set_of_other_strata(small: Keying) -> None:
    coefficients = composite_coefficients(small)
    matrix = score_matrix(np.full((2, 7), 3), small)
    tally = tally_people(matrix, np.arange(2), 2, small, coefficients)
    sets = {"a": np.ones(2, bool), "b": np.ones(3, bool), "c": np.ones((1, 2), bool)}
    with pytest.raises(ValueError, match=r"do not fit 2 strata: b, c"):
        aggregate(tally, small, sets, dict.fromkeys(sets))
