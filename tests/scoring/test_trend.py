"""Two waves: alike, shifted, reorganised, or not to be compared at all."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from survey_service.scoring.analysis import Analysis, analyse, weigh
from survey_service.scoring.division import Division
from survey_service.scoring.matrix import Block, Keying, score_matrix
from survey_service.scoring.trend import compare_waves, pool_cells
from tests.factories import keep_all

EVERYTHING = frozenset({"D1", "D2"})
NAMES = (("甲", "leading"), ("甲", "frontline"), ("乙", "leading"), ("乙", "frontline"))


@pytest.fixture
def keying(make_keying: Callable[..., Keying]) -> Keying:
    return make_keying(2, 2, blocks={"A": Block(0.5, (0,)), "B": Block(0.5, (1,))})


def run(
    keying: Keying,
    sizes: Sequence[int],
    levels: Sequence[int],
    names: Sequence[tuple[str, str]] = NAMES,
    headcounts: Sequence[float] | None = (100, 300, 100, 500),
) -> Analysis:
    """Let so many people of every stratum answer about the level given."""
    chance = np.random.default_rng(sum(sizes))
    labels = np.repeat(np.arange(len(sizes)), sizes)
    level = np.repeat(levels, sizes)[:, np.newaxis]
    codes = np.clip(level + chance.integers(-1, 2, (len(labels), 4)), 1, 5)
    division = Division(
        strata=tuple(names),
        sets={"all": np.ones(len(sizes), np.bool_)}
        | {unit: np.array([name == unit for name, _ in names]) for unit, _ in names},
        blocks=tuple(dict.fromkeys(unit for unit, _ in names)),
        groups={},
        headcounts=None if headcounts is None else np.array(headcounts, np.float64),
        cells=None if headcounts is None else np.arange(len(sizes)),
    )
    flags = keep_all(len(labels))
    return analyse(score_matrix(codes, keying), flags, labels, division, keying, draws=0)


def test_alike_waves_are_compared_as_they_are(keying: Keying) -> None:
    before = run(keying, [50, 150, 50, 250], [3, 3, 3, 3])
    now = run(keying, [52, 150, 50, 248], [4, 4, 4, 4])
    found = compare_waves(now, before, EVERYTHING, ("甲",))
    assert (found.reason, found.basis, found.left_out) == (None, "plain", {})
    assert found.whole["index"].direction == "up"
    assert found.whole["D1"].difference == pytest.approx(
        now.whole.dimensions["D1"].mean - before.whole.dimensions["D1"].mean  # type: ignore[operator]
    )
    assert found.sets["甲"]["index"].n1 == 202
    assert pool_cells(weigh(now, np.arange(4)), weigh(before, np.arange(4))) is None


def test_who_answered_is_not_mistaken_for_a_change(keying: Keying) -> None:
    # the same levels in both waves, but the low stratum answers more often now
    before = run(keying, [50, 150, 50, 250], [4, 4, 4, 2])
    now = run(keying, [50, 90, 50, 480], [4, 4, 4, 2])
    found = compare_waves(now, before, EVERYTHING)
    plain = now.whole.dimensions["D1"].mean - before.whole.dimensions["D1"].mean  # type: ignore[operator]
    assert found.basis == "weighted"
    assert found.shift == pytest.approx(100 * (530 / 670 - 300 / 500))
    assert plain < -5
    change = found.whole["D1"]
    assert change.direction == "none"
    assert change.difference == pytest.approx(0, abs=2.5)
    assert now.headline.scores is not None
    assert change.mean1 == pytest.approx(now.headline.scores.dimensions["D1"].mean)
    assert change.g is None


@pytest.mark.parametrize("order", [(1, 0, 3, 2), (2, 0, 3, 1), (3, 2, 1, 0)])
def test_weighting_does_not_hang_on_the_order_of_strata(
    order: tuple[int, ...], keying: Keying
) -> None:
    sizes, levels, heads = (50, 150, 60, 250), (4, 4, 3, 2), (100.0, 300.0, 120.0, 500.0)
    before = run(keying, sizes, levels, headcounts=heads)
    turned = run(
        keying,
        [sizes[n] for n in order],
        [levels[n] for n in order],
        [NAMES[n] for n in order],
        [heads[n] for n in order],
    )
    now = run(keying, [50, 90, 60, 480], levels, headcounts=heads)
    found = [compare_waves(now, one, EVERYTHING) for one in (before, turned)]
    assert found[0].basis == found[1].basis == "weighted"
    # the answers are drawn anew, so the means agree as two draws do: far closer than levels differ
    means = [one.whole["D1"].mean2 or 0 for one in found]
    assert means[0] == pytest.approx(means[1], abs=4)
    assert found[0].whole["D1"].mean1 == found[1].whole["D1"].mean1


def test_cells_that_were_joined_in_either_wave_are_joined(keying: Keying) -> None:
    before = weigh(run(keying, [1, 150, 50, 250], [4, 4, 4, 2]), np.array([0, 0, 1, 2]))
    now = run(keying, [50, 90, 50, 480], [4, 4, 4, 2])
    for pair in ((now, before), (before, now)):
        cells = pool_cells(*pair)
        assert cells is not None
        assert cells.now.tolist() == cells.before.tolist() == [0, 0, 1, 2]
        found = compare_waves(*pair, EVERYTHING)
        assert found.basis == "weighted"
        assert found.whole["D1"].difference is not None


def test_a_reorganisation_is_named(keying: Keying) -> None:
    before = run(keying, [50, 150, 50, 250], [3, 3, 3, 3])
    names = (("甲", "leading"), ("甲", "frontline"), ("丙", "leading"), ("丙", "frontline"))
    now = run(keying, [50, 150, 50, 250], [3, 3, 3, 3], names)
    found = compare_waves(now, before, EVERYTHING)
    assert (found.reason, found.whole, found.sets) == ("reorganised", {}, {})
    without = run(keying, [500], [3], [("", "")], None)
    assert compare_waves(without, before, EVERYTHING).reason == "reorganised"


def test_another_questionnaire_is_named(keying: Keying) -> None:
    one = run(keying, [50, 150, 50, 250], [3, 3, 3, 3])
    assert compare_waves(one, one, frozenset()).reason == "other_questionnaire"
    half = compare_waves(one, one, frozenset({"D2"}))
    assert half.left_out == {"D1": "other_questionnaire"}
    assert list(half.whole) == ["D2"]


def test_an_index_of_other_weights_is_not_compared(
    keying: Keying, make_keying: Callable[..., Keying]
) -> None:
    other = make_keying(2, 2, blocks={"A": Block(0.4, (0,)), "B": Block(0.6, (1,))})
    now, before = (run(k, [50, 150, 50, 250], [3, 3, 3, 3]) for k in (keying, other))
    assert list(compare_waves(now, before, EVERYTHING).whole) == ["D1", "D2"]


def test_small_waves_are_withheld(keying: Keying) -> None:
    small = run(keying, [2, 2, 2, 3], [3, 3, 3, 3])
    assert compare_waves(small, small, EVERYTHING).whole["D1"].withheld == "n<10"
