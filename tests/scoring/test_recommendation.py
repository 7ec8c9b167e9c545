from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from survey_service.scoring.careless import CarelessFlags
from survey_service.scoring.recommendation import net_promoter_score


def test_the_mine(
    people: Mapping[str, list[str]],
    flags: CarelessFlags,
    oracle: Callable[..., Any],
    agree: Callable[..., None],
) -> None:
    case = oracle("pipeline_syn_a", "syn_a_enps")
    answers = np.array(people["N1"])[~flags.excluded]
    counts = np.bincount(answers[answers != ""].astype(int), minlength=11).astype(np.float64)
    found = net_promoter_score(counts, 870)
    got = {
        "n": found.n,
        "promoter_pct": found.promoters,
        "passive_pct": found.passives,
        "detractor_pct": found.detractors,
        "enps": found.score,
        "se": found.se,
        "ci95": found.ci95,
    }
    agree(got, case["expected"], case["tolerance"]["abs"])
    assert found.withheld is None


def test_nobody(oracle: Callable[..., Any]) -> None:
    expected = oracle("degenerate_cases", "enps_none")["expect"]
    found = net_promoter_score(np.zeros(11))
    assert (found.score, found.reason) == (expected["enps"], expected["reason"])
    assert found.ci95 is None


@pytest.mark.parametrize(("n", "withheld"), [(1, "n<30"), (29, "n<30"), (30, None)])
def test_few_answers_are_withheld(n: int, withheld: str | None) -> None:
    counts = np.zeros(11)
    counts[10] = n
    found = net_promoter_score(counts)
    assert (found.score, found.se, found.withheld) == (100.0, 0.0, withheld)


def test_a_census_has_no_sampling_error() -> None:
    counts = np.full(11, 4.0)
    assert net_promoter_score(counts, 44).se == 0
    assert net_promoter_score(counts, 43).se == net_promoter_score(counts).se
