from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from survey_service.scoring.careless import (
    Attention,
    CarelessFlags,
    Pace,
    all_same,
    classify_pace,
    flag_careless,
    intra_individual_sd,
    longest_runs,
    mahalanobis_distances,
)
from survey_service.scoring.matrix import BLANK, Floats, Integers, ScoreMatrix

ATTENTIVE = [1, 2, 3, 4] * 6
EVEN = np.array([[0.0, 0], [2, 0], [0, 2], [2, 2], [1, 1.5], [0.5, 1]])

sheets = arrays(np.int8, (5, 9), elements=st.sampled_from((BLANK, 9, 1, 2, 3, 4, 5)))


def flag_one(
    sheet: list[int], pace: Pace = Pace.OK, attention: int | None = None, score: float = 1.0
) -> CarelessFlags:
    """Flag one sheet among five ordinary ones; its one dimension score is as given."""
    codes = np.array([sheet, *[ATTENTIVE] * 300])
    scores = np.array([score, *[0.0, 1.0, 2.0] * 100])[:, np.newaxis]
    paces = np.array([pace, *[Pace.OK] * 300])
    check = None if attention is None else Attention(np.array([attention, *[2] * 300]), 2)
    return flag_careless(codes, scores, paces, check)


def raised(flags: CarelessFlags) -> set[str]:
    return {name for name, count in flags.counts().items() if count}


def test_counts_of_the_mine(flags: CarelessFlags) -> None:
    # R 4.2.2, careless 1.2.2
    assert flags.counts() == {
        "incomplete": 11,
        "under_1s": 7,
        "under_2s": 18,
        "long_run": 16,
        "all_same": 16,
        "outlier": 1,
        "attention_failed": 33,
        "excluded": 32,
    }
    assert flags.outlier_reason is None


def test_people_left_out_of_the_mine(flags: CarelessFlags, people: Mapping[str, list[str]]) -> None:
    excluded = np.array(people["rid"])[flags.excluded].tolist()
    assert excluded[:5] == ["W1-0006", "W1-0012", "W1-0014", "W1-0037", "W1-0048"]
    assert excluded[-3:] == ["W1-0545", "W1-0546", "W1-0572"]


def test_distances_in_the_mine(matrix: ScoreMatrix) -> None:
    distances = mahalanobis_distances(matrix.dimension_scores)
    assert distances is not None
    # R 4.2.2: mahalanobis(y, colMeans(y), cov(y)) on the rows complete in 11 dimensions
    assert distances[:3] == pytest.approx([8.58110158848654, 11.7658340602713, 9.91098313296221])
    assert np.nanmax(distances) == pytest.approx(32.7839333226518)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (flag_one(ATTENTIVE), set()),
        (flag_one(ATTENTIVE, Pace.UNKNOWN), set()),
        (flag_one(ATTENTIVE, Pace.UNDER_2S), {"under_2s"}),
        (flag_one(ATTENTIVE, Pace.UNDER_1S), {"under_1s", "under_2s", "excluded"}),
        (flag_one(ATTENTIVE, attention=2), set()),
        (flag_one(ATTENTIVE, attention=BLANK), set()),
        (flag_one(ATTENTIVE, attention=5), {"attention_failed"}),
        (flag_one(ATTENTIVE, attention=9), {"attention_failed"}),
        (
            flag_one(ATTENTIVE, Pace.UNDER_2S, attention=5),
            {"under_2s", "attention_failed", "excluded"},
        ),
        (flag_one([3] * 12 + ATTENTIVE[:12]), {"long_run"}),
        (flag_one([3] * 11 + ATTENTIVE[:13]), set()),
        (
            flag_one([3] * 12 + ATTENTIVE[:12], attention=1),
            {"long_run", "attention_failed", "excluded"},
        ),
        (flag_one(ATTENTIVE, score=50.0), {"outlier"}),
        (flag_one(ATTENTIVE, score=np.nan), set()),
        (
            flag_one(ATTENTIVE, attention=4, score=50.0),
            {"outlier", "attention_failed", "excluded"},
        ),
        (flag_one(ATTENTIVE[:12] + [BLANK] * 12), set()),
        (flag_one(ATTENTIVE[:11] + [BLANK] * 13), {"incomplete", "excluded"}),
        (flag_one(ATTENTIVE[:11] + [9, BLANK] * 6 + [9]), set()),
        (flag_one([3] * 20 + [BLANK] * 4), {"long_run", "all_same", "excluded"}),
        (flag_one([3] * 19 + [BLANK] * 5), {"long_run"}),
        (flag_one([3, 3, 3, 3, 3, BLANK] * 4), {"all_same", "excluded"}),
    ],
)
def test_one_weak_sign_excludes_nobody(flags: CarelessFlags, expected: set[str]) -> None:
    assert raised(flags) == expected
    assert all(count <= 1 for count in flags.counts().values())


@pytest.mark.parametrize(
    "scores",
    [
        np.arange(6.0)[:, np.newaxis] * np.array([1.0, 2.0]),
        np.column_stack([np.arange(6.0), np.full(6, 100 / 3)]),
        EVEN[:2],
        np.full((6, 2), np.nan),
        np.zeros((0, 2)),
    ],
    ids=["one determines the other", "constant", "too few", "nobody complete", "nobody"],
)
def test_no_distances_from_a_singular_covariance(scores: Floats) -> None:
    assert mahalanobis_distances(scores) is None
    flags = flag_careless(
        np.tile(ATTENTIVE, (len(scores), 1)), scores, np.full(len(scores), Pace.OK)
    )
    assert flags.outlier_reason == "singular"
    assert raised(flags) == set()


def test_distances_do_not_depend_on_the_unit_of_a_dimension() -> None:
    plain = mahalanobis_distances(EVEN)
    scaled = mahalanobis_distances(EVEN * np.array([1e-3, 1e3]) + np.array([7.0, -50.0]))
    assert plain is not None
    assert scaled is not None
    assert plain.sum() == pytest.approx(2 * (len(EVEN) - 1))  # trace of (n - 1) S S^-1
    assert scaled.tolist() == pytest.approx(plain.tolist())


def test_an_incomplete_person_moves_no_distance() -> None:
    plain = mahalanobis_distances(EVEN)
    more = mahalanobis_distances(np.vstack([EVEN[:3], [99.0, np.nan], EVEN[3:]]))
    assert plain is not None
    assert more is not None
    assert np.isnan(more).tolist() == [False] * 3 + [True] + [False] * 3
    assert np.delete(more, 3).tolist() == pytest.approx(plain.tolist())


@pytest.mark.parametrize(
    ("seconds", "answered", "pace"),
    [
        (43.9, 44, Pace.UNDER_1S),
        (44.0, 44, Pace.UNDER_2S),
        (87.9, 44, Pace.UNDER_2S),
        (88.0, 44, Pace.OK),
        (0.0, 44, Pace.UNDER_1S),
        (np.inf, 44, Pace.OK),
        (np.nan, 44, Pace.UNKNOWN),
        (-5.0, 44, Pace.UNKNOWN),
        (88.0, 0, Pace.UNKNOWN),
    ],
)
def test_pace_per_item(seconds: float, answered: int, pace: Pace) -> None:
    assert classify_pace(np.array([seconds]), np.array([answered])).tolist() == [pace]


@pytest.mark.parametrize(
    ("codes", "run"),
    [
        ([5] * 44, 44),
        ([5] * 10 + [BLANK] + [5] * 10, 10),
        ([9] * 6 + [3, 3], 6),
        ([BLANK] * 4, 0),
        ([1, 2, 3, 4, 5], 1),
        ([1, 2, 2], 2),
    ],
)
def test_longest_run(codes: list[int], run: int) -> None:
    assert longest_runs(np.array([codes])).tolist() == [run]


def test_all_not_applicable_is_all_the_same() -> None:
    sheets_of_nothing = np.array([[9] * 20, [BLANK] * 20])
    assert all_same(sheets_of_nothing).tolist() == [True, False]


@given(codes=sheets)
def test_runs_and_spread_agree_with_one_person_at_a_time(codes: Integers) -> None:
    spread = intra_individual_sd(codes, 9)
    for sheet, run, sd in zip(codes.tolist(), longest_runs(codes), spread, strict=True):
        text = "".join("_" if code == BLANK else str(code) for code in sheet)
        assert run == max(n for n in range(10) if n == 0 or any(c * n in text for c in "123459"))
        answered = [code for code in sheet if code in range(1, 6)]
        assert np.isnan(sd) if len(answered) < 2 else sd == pytest.approx(np.std(answered, ddof=1))
