"""Ordering released scores, and whether the first or the last of them stands clear."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.scores import Score, has_mean, has_shares, lies_above, measure_share


@dataclass(frozen=True)
class Ranked:
    """A thing with its released score."""

    id: str
    score: Score


def rank_by_mean(rows: Iterable[tuple[str, Score]]) -> list[Ranked]:
    """Return the rows that have a number, highest first; equals keep their order."""
    shown = [Ranked(name, score) for name, score in rows if has_mean(score)]
    return sorted(shown, key=lambda row: row.score["mean"], reverse=True)


def rank_by_share(rows: Iterable[tuple[str, Score]]) -> list[Ranked]:
    """Return the rows that have shares, most favourable first; the mean parts equals."""
    shown = [Ranked(name, score) for name, score in rows if has_shares(score)]
    return sorted(shown, key=_favour, reverse=True)


def stands_above(count: int, ranked: Sequence[Ranked]) -> bool:
    """Say whether each of the first ``count`` rows lies above every later one."""
    return count < len(ranked) and all(
        lies_above(high.score, low.score) for high in ranked[:count] for low in ranked[count:]
    )


def stands_below(ranked: Sequence[Ranked]) -> bool:
    """Say whether the last row lies below every other one."""
    return len(ranked) > 1 and all(lies_above(row.score, ranked[-1].score) for row in ranked[:-1])


def _favour(row: Ranked) -> tuple[int, float]:
    return measure_share(row.score["favourable"]), row.score["mean"]
