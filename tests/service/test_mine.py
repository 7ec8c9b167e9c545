"""The synthetic mine, from its files through the store to the aggregate and the release."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from survey_service.questionnaire import load
from survey_service.roster import parse_roster
from survey_service.service.imports import import_answers
from survey_service.service.publication import publish
from survey_service.service.scoring import Aggregate, score_wave
from survey_service.service.waves import close_wave, create_wave, open_wave
from survey_service.storage import open_store
from survey_service.store import Store
from survey_service.table import parse_table
from tests.factories import CLOSED, NOTICE, OPENED

HERE = Path(__file__).parent
DATA = HERE.parent / "scoring" / "data"
IGNORED = ("rid", "wave", "N1", "party", "tenure")


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = open_store(f"tinydb:{tmp_path_factory.mktemp('mine')}/instance")
    path = DATA / "syn_a_roster.csv"
    roster = parse_roster(parse_table(path.name, path.read_bytes()))
    create_wave(store, "syn-a", load("full"), roster, notice=NOTICE)
    wave = open_wave(store, "syn-a", OPENED)
    raw = (DATA / "syn_a_wave1.csv").read_bytes()
    table = parse_table("syn_a_wave1.csv", raw)
    assert import_answers(store, wave, table, raw, OPENED, ignore=IGNORED).kept == 597
    close_wave(store, "syn-a", CLOSED)
    return store


@pytest.fixture(scope="module")
def aggregate(mine: Store) -> Aggregate:
    wave = mine.wave("syn-a")
    return score_wave(wave, mine.answers("syn-a"))


@pytest.fixture(scope="module")
def cases() -> dict[str, Any]:
    path = DATA / "pipeline_syn_a.json"
    return {case["id"]: case for case in json.loads(path.read_text(encoding="utf-8"))}


def test_golden_numbers(aggregate: Aggregate) -> None:
    """R 4.2.2, base and survey: index 59.4614813784452, O2 68.6504424778761, M2 of 掘进队."""
    whole = aggregate.analysis.sets["all"]
    assert whole.index is not None
    assert whole.index.mean == pytest.approx(59.4614813784452, abs=1e-10)
    assert whole.index.ci95 == pytest.approx((58.5778810139188, 60.3450817429716), abs=1e-10)
    assert whole.dimensions["O2"].mean == pytest.approx(68.6504424778761, abs=1e-10)
    assert (aggregate.valid, len(aggregate.flags.excluded)) == (565, 597)


def test_flags_agree_with_r(aggregate: Aggregate, cases: dict[str, Any]) -> None:
    expected = cases["syn_a_flags"]["expected"]
    counts = aggregate.flags.counts()
    names = {
        "att_fail": "attention_failed",
        "fast2": "under_2s",
        "fast1": "under_1s",
        "ls_half": "long_run",
        "all_same": "all_same",
        "mahal_flag": "outlier",
        "incomplete": "incomplete",
        "exclude": "excluded",
    }
    assert {name: counts[names[name]] for name in expected["counts"]} == expected["counts"]
    assert aggregate.valid == expected["n_valid"]


def test_participation_agrees_with_r(aggregate: Aggregate, cases: dict[str, Any]) -> None:
    expected = cases["syn_a_participation"]["expected"]
    whole = aggregate.analysis.sets["all"]
    assert (whole.population, whole.n) == (expected["N"], expected["valid"])
    for unit in expected["units"]:
        found = aggregate.analysis.sets[unit["unit"]]
        assert (found.population, found.n) == (unit["N"], unit["valid"])


def compare(scores: Any, expected: dict[str, Any], tolerance: float) -> Iterator[tuple[Any, Any]]:
    for dimension, want in expected.items():
        got = scores.dimensions[dimension]
        yield got.n, want["n"]
        for ours, theirs in (
            (got.mean, want["mean"]),
            (got.sd, want["sd"]),
            (got.se, want["se"]),
            (got.ci95[0], want["ci95"][0]),
            (got.ci95[1], want["ci95"][1]),
            (got.favourable, want["fav_pct"]),
            (got.neutral, want["neu_pct"]),
            (got.unfavourable, want["unf_pct"]),
        ):
            yield ours, pytest.approx(theirs, abs=tolerance * max(1, abs(theirs)))


def test_overall_agrees_with_r(aggregate: Aggregate, cases: dict[str, Any]) -> None:
    case = cases["syn_a_overall"]
    tolerance = case["tolerance"]["abs"]
    whole = aggregate.analysis.sets["all"]
    for ours, theirs in compare(whole, case["expected"]["dims"], tolerance):
        assert ours == theirs
    index = case["expected"]["index"]
    assert whole.index is not None
    assert whole.index.mean == pytest.approx(index["index"], abs=tolerance * 100)
    assert whole.index.se == pytest.approx(index["se"], abs=tolerance)
    for block, mean in index["blocks"].items():
        assert whole.blocks[block].mean == pytest.approx(mean, abs=tolerance * 100)


def test_units_agree_with_r(aggregate: Aggregate, cases: dict[str, Any]) -> None:
    case = cases["syn_a_by_unit"]
    assert set(case["expected"]) == set(aggregate.plan.units)
    for unit, expected in case["expected"].items():
        for ours, theirs in compare(
            aggregate.analysis.sets[unit], expected["dims"], case["tolerance"]["abs"]
        ):
            assert ours == theirs


def test_the_release_prints_what_was_scored(mine: Store, aggregate: Aggregate) -> None:
    content = publish(mine, "syn-a").content
    assert content["participation"] | {"units": {}} == {
        "invited": 870,
        "returned": 597,
        "valid": 565,
        "excluded": 32,
        "valid_rate": 65,
        "returned_rate": 69,
        "units": {},
    }
    assert content["index"] == {
        "n": 565,
        "mean": 58.3,
        "ci95": [57.4, 59.2],
        "band": "middle",
        "unweighted": {"n": 565, "mean": 59.5, "ci95": [58.6, 60.3]},
    }
    assert content["weighting"] == {"weighted": True, "cells": 19}
    assert "unweighted" not in content["notes"]
    assert content["unit_order"] == [u.path for u in mine.wave("syn-a").roster.units]  # type: ignore[union-attr]
    office = content["units"]["机关科室"]["dimensions"]["O1"]
    assert type(office["mean"]) is int
    assert office["n"] == 39
    assert set(content["items"]) == {item.id for item in load("full").scored}


def test_the_release_says_what_was_found(mine: Store) -> None:
    content = publish(mine, "syn-a").content
    assert content["dimensions"]["O2"]["mean"] == 67.9
    assert content["dimensions"]["O2"]["unweighted"]["mean"] == 68.7
    assert (
        content["roles"]["manager+key_staff"]["index"]["n"],
        content["gaps"]["M1"]["direction"],
    ) == (
        148,
        "up",
    )
    drivers = content["drivers"]
    assert (drivers["n"], drivers["r2"], drivers["ranked"]) == (544, 0.7, False)
    assert {one["level"] for one in drivers["dimensions"].values()} == {"similar"}
    assert content["units"]["掘进队"]["dimensions"]["M4"]["mark"] == "down"
    assert content["units"]["通风队"]["dimensions"]["O1"]["agreement"] == "mixed"
    quality = content["quality"]
    assert quality["reliability"]["O1"]["alpha"] == 0.79
    assert quality["resemblance"]["M4"]["use"] == "sort"
    assert quality["with_excluded"]["O1"]["n"] == 597
    assert content["change"] is None


def test_the_same_wave_gives_the_same_bytes(mine: Store) -> None:
    assert publish(mine, "syn-a").to_json() == publish(mine, "syn-a").to_json()


def test_a_release_has_no_number_that_json_does_not_know(mine: Store) -> None:
    text = publish(mine, "syn-a").to_json()
    assert "NaN" not in text
    assert "Infinity" not in text
    assert json.loads(text) == publish(mine, "syn-a").content
