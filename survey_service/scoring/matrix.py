"""From raw codes to scores on 0-100: keying, the half rule, percent of maximum possible."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer]
Booleans = npt.NDArray[np.bool_]
_T = TypeVar("_T", bound=np.generic)

BLANK: Final = -1  #: the code of an item without an answer


class Block(NamedTuple):
    """A group of dimensions with its weight in the index; None where there is no index."""

    weight: float | None
    dimensions: tuple[int, ...]  #: positions in `Keying.dimensions`


@dataclass(frozen=True, eq=False)
class Keying:
    """How the codes of a questionnaire become scores: m items, d dimensions, one response scale.

    The cut-offs of favourable and unfavourable belong to the response scale, so they stand here
    as keyed codes; every other code of the scale is neutral. ``ValueError`` says what does not fit.
    """

    items: tuple[str, ...]  #: in the order of presentation, m ids
    dimensions: tuple[str, ...]  #: d ids
    dimension_of: Integers  #: (m,) position of each item's dimension
    reverse: Booleans  #: (m,) whether the item is reverse-keyed
    lowest: int = 1
    highest: int = 5
    not_applicable: int = 9
    blocks: Mapping[str, Block] = field(default_factory=dict)
    favourable: tuple[int, ...] = (4, 5)
    unfavourable: tuple[int, ...] = (1, 2)

    def __post_init__(self) -> None:
        object.__setattr__(self, "dimension_of", _sealed(np.array(self.dimension_of, np.intp)))
        object.__setattr__(self, "reverse", _sealed(np.array(self.reverse, np.bool_)))
        object.__setattr__(self, "blocks", MappingProxyType(dict(self.blocks)))
        for fits, fault in self._demands():
            if not fits:
                raise ValueError(fault)

    @cached_property
    def belongs(self) -> Floats:
        """(m, d) matrix of ones where the item is one of the dimension's, zeros elsewhere."""
        return _sealed(np.equal.outer(self.dimension_of, np.arange(len(self.dimensions))) * 1.0)

    @cached_property
    def items_of(self) -> tuple[npt.NDArray[np.intp], ...]:
        """Positions of each dimension's items, d arrays."""
        return tuple(
            np.flatnonzero(self.dimension_of == dimension)
            for dimension in range(len(self.dimensions))
        )

    @property
    def points(self) -> int:
        """Points of the response scale."""
        return self.highest - self.lowest + 1

    def _demands(self) -> Iterator[tuple[bool, str]]:
        m, d = len(self.items), len(self.dimensions)
        codes = range(self.lowest, self.highest + 1)
        cut_offs = [*self.favourable, *self.unfavourable]
        yield len(set(self.items)) == m > 0, "item ids must be unique"
        yield len(set(self.dimensions)) == d, "dimension ids must be unique"
        yield self.dimension_of.shape == self.reverse.shape == (m,), "one key for each item"
        yield set(self.dimension_of.tolist()) == set(range(d)), "each dimension needs an item"
        yield BLANK < self.lowest < self.highest, "a scale rises from its lowest code"
        yield self.not_applicable not in {BLANK, *codes}, "not applicable needs a code of its own"
        yield set(cut_offs) <= set(codes), "cut-offs must be codes of the scale"
        yield len(set(cut_offs)) == len(cut_offs), "a code is favourable or unfavourable, not both"
        blocks = self.blocks.values()
        yield all(b.dimensions for b in blocks), "a block needs a dimension"
        yield {i for b in blocks for i in b.dimensions} <= set(range(d)), "a block goes beyond"
        weights = [b.weight for b in blocks if b.weight is not None]
        yield len(weights) in {0, len(blocks)}, "weigh all blocks or none"
        yield not weights or abs(sum(weights) - 1) < 1e-9, "weights of the blocks must sum to 1"


@dataclass(frozen=True, eq=False)
class ScoreMatrix:
    """What n people answered, in three read-only arrays whose columns lie together in memory."""

    codes: npt.NDArray[np.int8]  #: (n, m) raw codes
    keyed: npt.NDArray[np.int8]  #: (n, m) keyed codes, `BLANK` where blank or not applicable
    dimension_scores: Floats  #: (n, d) on 0-100, NaN below half of the items


def score_matrix(codes: Integers, keying: Keying) -> ScoreMatrix:
    """Key the raw codes of n people and score their dimensions.

    Parameters
    ----------
    codes : integer array, shape (n, m)
        Raw codes in the order of `keying.items`; `BLANK` where nothing was answered.
    keying : Keying

    Returns
    -------
    ScoreMatrix

    Examples
    --------
    >>> keying = Keying(("q1", "q2"), ("D",), np.array([0, 0]), np.array([False, True]))
    >>> score_matrix(np.array([[4, 2], [5, 9], [BLANK, 9]]), keying).dimension_scores.tolist()
    [[75.0], [100.0], [nan]]
    """
    keyed = key_codes(codes, keying)
    scores = score_dimensions(keyed, keying)
    raw = np.array(codes, np.int8, order="F")
    return ScoreMatrix(_sealed(raw), _sealed(keyed), _sealed(scores))


def key_codes(codes: Integers, keying: Keying) -> npt.NDArray[np.int8]:
    """Turn reverse-keyed items round; blank and not applicable both become `BLANK`.

    Parameters
    ----------
    codes : integer array, shape (n, m)
        Raw codes. A code outside the scale raises ``ValueError``: reading the file should have
        listed it.
    keying : Keying

    Returns
    -------
    int8 array, shape (n, m)
        Column by column in memory, as everything behind it reads.

    Formula
    -------
    k = x, or lowest + highest - x for a reverse-keyed item.

    References
    ----------
    In R: ``psych::reverse.code(keys, items, mini = 1, maxi = 5)``.

    Examples
    --------
    >>> keying = Keying(("q1", "q2"), ("D",), np.array([0, 0]), np.array([False, True]))
    >>> key_codes(np.array([[4, 2], [9, BLANK]]), keying).tolist()
    [[4, 4], [-1, -1]]
    """
    if codes.ndim != 2 or codes.shape[1] != len(keying.items):
        raise ValueError(f"codes of {len(keying.items)} items, not of shape {codes.shape}")
    answered = (codes >= keying.lowest) & (codes <= keying.highest)
    if not np.all(answered | (codes == BLANK) | (codes == keying.not_applicable)):
        raise ValueError("codes hold a value outside the response scale")
    keyed = np.array(codes, np.int8, order="F")
    turned = np.flatnonzero(keying.reverse)
    keyed[:, turned] = keying.lowest + keying.highest - keyed[:, turned]
    keyed[~answered] = BLANK
    return keyed


def score_dimensions(keyed: npt.NDArray[np.int8], keying: Keying) -> Floats:
    """Score each person on each dimension if at least half of its items are answered.

    Parameters
    ----------
    keyed : int8 array, shape (n, m)
        Keyed codes, `BLANK` where missing.
    keying : Keying

    Returns
    -------
    float array, shape (n, d)
        0-100; NaN where fewer than half of the items are answered. Nothing is imputed.

    Formula
    -------
    y = 100 (s - lowest) / (highest - lowest), s the mean of the a answered of k items, a >= k/2.

    References
    ----------
    Cohen, Cohen, Aiken & West (1999), percent of maximum possible. Graham (2009) and Newman (2014)
    on the half rule. In R: ``100 * (rowMeans(k, na.rm = TRUE) - 1) / 4``, kept where
    ``rowSums(!is.na(k)) >= ncol(k) / 2``.

    Examples
    --------
    >>> keying = Keying(tuple("abcd"), ("D",), np.zeros(4, int), np.zeros(4, bool))
    >>> sheets = np.array([[4, BLANK, BLANK, 5], [4, BLANK, BLANK, BLANK]], np.int8)
    >>> score_dimensions(sheets, keying).tolist()
    [[87.5], [nan]]
    """
    scores = np.empty((len(keyed), len(keying.dimensions)), order="F")
    for dimension, items in enumerate(keying.items_of):
        sums, counts = np.zeros((2, len(keyed)), np.int16)
        for column in keyed.T[items]:
            answered = column != BLANK
            sums += column * answered
            counts += answered
        enough = 2 * counts >= len(items)
        means = np.divide(sums, counts, out=np.full(len(keyed), np.nan), where=enough)
        scores[:, dimension] = percent_of_maximum(means, keying)
    return scores


def percent_of_maximum(keyed: Floats, keying: Keying) -> Floats:
    """Carry keyed codes, or means of them, to 0-100 (POMP): the lowest code is 0, the highest 100.

    Examples
    --------
    >>> keying = Keying(("q1",), ("D",), np.array([0]), np.array([False]))
    >>> percent_of_maximum(np.array([1.0, 3.5, 5.0]), keying).tolist()  # In R: 100 * (k - 1) / 4
    [0.0, 62.5, 100.0]
    """
    return 100 * (keyed - keying.lowest) / (keying.highest - keying.lowest)


def _sealed(array: npt.NDArray[_T]) -> npt.NDArray[_T]:
    array.setflags(write=False)
    return array
