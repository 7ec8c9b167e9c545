"""The invented mine of `data/`, and reference values computed in R where they are at hand."""

import csv
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from survey_service.scoring.aggregate import SetScores, aggregate
from survey_service.scoring.careless import Attention, CarelessFlags, classify_pace, flag_careless
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

Column = list[str]

HERE = Path(__file__).parent
ORACLES = Path(os.environ.get("SURVEY_ORACLES", HERE.parents[1].parent / "shared" / "oracles"))
DIMENSIONS = ("O1", "O2", "O3", "P1", "P2", "P3", "P4", "M1", "M2", "M3", "M4")
REVERSED = ("O2_1c", "P3_1b", "M1_1b", "M4_1b")


def read_columns(path: Path) -> dict[str, Column]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def read_codes(columns: Sequence[Column]) -> Integers:
    return np.array([[int(x) if x else BLANK for x in column] for column in columns]).T


@pytest.fixture(scope="session")
def as_codes() -> Callable[[Sequence[Column]], Integers]:
    """Turn columns of a file into an array of codes, people by items."""
    return read_codes


@pytest.fixture(scope="session")
def make_keying() -> Callable[..., Keying]:
    """Build a keying from the number of items of each dimension: `make_keying(4, 4, 12)`."""

    def make(*sizes: int, **changes: object) -> Keying:
        m = sum(sizes)
        fields: dict[str, Any] = {
            "items": tuple(f"q{i + 1}" for i in range(m)),
            "dimensions": tuple(f"D{i + 1}" for i in range(len(sizes))),
            "dimension_of": np.repeat(np.arange(len(sizes)), sizes),
            "reverse": np.zeros(m, np.bool_),
        }
        return Keying(**fields | changes)

    return make


@pytest.fixture(scope="session")
def people() -> Mapping[str, Column]:
    """Give the columns of the invented mine's first wave, as read."""
    return read_columns(HERE / "data" / "syn_a_wave1.csv")


@pytest.fixture(scope="session")
def keying(people: Mapping[str, Column]) -> Keying:
    items = tuple(name for name in people if name.partition("_")[0] in DIMENSIONS)
    return Keying(
        items=items,
        dimensions=DIMENSIONS,
        dimension_of=np.array([DIMENSIONS.index(item.partition("_")[0]) for item in items]),
        reverse=np.isin(items, REVERSED),
        blocks={
            "O": Block(0.3, (0, 1, 2)),
            "P": Block(0.4, (3, 4, 5, 6)),
            "M": Block(0.3, (7, 8, 9, 10)),
        },
    )


@pytest.fixture(scope="session")
def score_people(
    keying: Keying,
) -> Callable[[Mapping[str, Column]], tuple[ScoreMatrix, CarelessFlags]]:
    """Score and flag the answers of one wave of the mine, given as columns."""

    def score(people: Mapping[str, Column]) -> tuple[ScoreMatrix, CarelessFlags]:
        matrix = score_matrix(read_codes([people[item] for item in keying.items]), keying)
        pace = classify_pace(
            np.array(people["duration_s"], np.float64), (matrix.codes != BLANK).sum(axis=1)
        )
        attention = Attention(read_codes([people["ATT1"]])[:, 0], 2)
        return matrix, flag_careless(matrix.codes, matrix.dimension_scores, pace, attention)

    return score


@pytest.fixture(scope="session")
def scored(
    people: Mapping[str, Column],
    score_people: Callable[[Mapping[str, Column]], tuple[ScoreMatrix, CarelessFlags]],
) -> tuple[ScoreMatrix, CarelessFlags]:
    return score_people(people)


@pytest.fixture(scope="session")
def matrix(scored: tuple[ScoreMatrix, CarelessFlags]) -> ScoreMatrix:
    return scored[0]


@pytest.fixture(scope="session")
def flags(scored: tuple[ScoreMatrix, CarelessFlags]) -> CarelessFlags:
    return scored[1]


@pytest.fixture(scope="session")
def sets(people: Mapping[str, Column], flags: CarelessFlags) -> dict[str, Booleans]:
    """Name everybody, each unit and each role, careless answers left out."""
    kept = ~flags.excluded
    named = {"all": kept}
    for column in ("unit", "role"):
        labels: npt.NDArray[np.str_] = np.array(people[column])
        named |= {str(label): kept & (labels == label) for label in np.unique(labels)}
    return named


@pytest.fixture(scope="session")
def roster() -> dict[tuple[str, str], int]:
    """Give the headcount of every unit and role of the mine."""
    columns = read_columns(HERE / "data" / "syn_a_roster.csv")
    cells = zip(columns["unit"], columns["role"], strict=True)
    return dict(zip(cells, map(int, columns["N"]), strict=True))


@pytest.fixture(scope="session")
def populations(
    sets: Mapping[str, Booleans], roster: Mapping[tuple[str, str], int]
) -> dict[str, int | None]:
    return {name: sum(n for cell, n in roster.items() if name in {"all", *cell}) for name in sets}


@pytest.fixture(scope="session")
def score_sets() -> Callable[..., dict[str, SetScores]]:
    """Score sets given as masks over people: each person is a stratum of their own."""

    def score(
        matrix: ScoreMatrix,
        keying: Keying,
        sets: Mapping[str, Booleans],
        populations: Mapping[str, int | None],
    ) -> dict[str, SetScores]:
        people = len(matrix.codes)
        coefficients = composite_coefficients(keying)
        tally = tally_people(matrix, np.arange(people), people, keying, coefficients)
        return aggregate(tally, keying, sets, populations)

    return score


def at_hand(name: str) -> Path:
    """Find a file of reference values: our own are carried here, public data stand elsewhere."""
    carried = HERE / "data" / Path(name).name
    path = carried if carried.exists() else ORACLES / name
    if not path.exists():
        pytest.skip(f"no reference values: {name} is missing; point SURVEY_ORACLES to their folder")
    return path


@pytest.fixture(scope="session")
def oracle() -> Callable[[str, str], dict[str, Any]]:
    """Find a case of a file of reference values by its id."""

    def find(file: str, case: str) -> dict[str, Any]:
        cases = json.loads(at_hand(f"cases/{file}.json").read_text(encoding="utf-8"))
        found: dict[str, Any] = next(x for x in cases if x["id"] == case)
        return found

    return find


@pytest.fixture(scope="session")
def logic_cases() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(
        at_hand("cases/logic_cases.json").read_text(encoding="utf-8")
    )
    return found


@pytest.fixture(scope="session")
def oracle_columns() -> Callable[[str], dict[str, Column]]:
    """Read a data set that reference values belong to."""
    return lambda name: read_columns(at_hand(f"data/{name}.csv"))


@pytest.fixture(scope="session")
def agree() -> Callable[[object, object, float], None]:
    """Assert |got - expected| <= tolerance * max(1, |expected|), null for null, part by part."""

    def check(got: object, expected: object, tolerance: float) -> None:
        __tracebackhide__ = True
        if isinstance(expected, Mapping):
            assert isinstance(got, Mapping)
            assert list(got) == list(expected)
            check(list(got.values()), list(expected.values()), tolerance)
        elif isinstance(expected, Sequence) and not isinstance(expected, str):
            assert isinstance(got, Sequence)
            for one, other in zip(got, expected, strict=True):
                check(one, other, tolerance)
        elif isinstance(expected, int | float) and isinstance(got, int | float):
            assert abs(got - expected) <= tolerance * max(1.0, abs(expected)), (got, expected)
        else:
            assert got == expected

    return check
