from reports.findings.ranking import (
    rank_by_mean,
    rank_by_share,
    stands_above,
    stands_below,
)
from reports.scores import Score


def score(mean: float, half: float | None = 1.0, favourable: int = 50) -> Score:
    interval = None if half is None else [mean - half, mean + half]
    rest = 100 - favourable
    shares = {"favourable": favourable, "neutral": 0, "unfavourable": rest}
    return {"n": 100, "mean": mean, "ci95": interval} | shares


def test_hidden_rows_are_not_ranked_and_equals_keep_their_order() -> None:
    rows = [("a", score(50)), ("b", {"suppressed": "privacy"}), ("c", score(60)), ("d", score(50))]
    assert [row.id for row in rank_by_mean(rows)] == ["c", "a", "d"]


def test_shares_rank_before_means() -> None:
    rows = [
        ("a", score(90, favourable=60)),
        ("b", score(50, favourable=61)),
        ("c", score(91, favourable=60)),
    ]
    assert [row.id for row in rank_by_share(rows)] == ["b", "c", "a"]


def test_the_first_stands_clear_only_if_its_interval_touches_no_other() -> None:
    ranked = rank_by_mean([("a", score(60)), ("b", score(55)), ("c", score(54))])
    assert stands_above(1, ranked)
    assert not stands_below(ranked)
    wide = rank_by_mean([("a", score(60)), ("b", score(55)), ("c", score(50, half=9.5))])
    assert not stands_above(1, wide)


def test_two_may_stand_clear_together() -> None:
    ranked = rank_by_mean([("a", score(60)), ("b", score(59)), ("c", score(50))])
    assert not stands_above(1, ranked)
    assert stands_above(2, ranked)
    assert stands_below(ranked)


def test_without_intervals_nothing_is_claimed() -> None:
    ranked = rank_by_mean([("a", score(90, half=None)), ("b", score(10, half=None))])
    assert not stands_above(1, ranked)
    assert not stands_below(ranked)
