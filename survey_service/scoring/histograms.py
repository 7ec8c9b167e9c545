"""How often each code of each item was chosen, for every group of people in one pass."""

from typing import Final

import numpy as np
import numpy.typing as npt

from survey_service.scoring.matrix import BLANK, Integers, Keying

_CHUNK: Final = 1 << 15  # rows at a time: all their items stay in the cache


def answer_histograms(
    codes: Integers, groups: Integers, count: int, keying: Keying
) -> npt.NDArray[np.int64]:
    """Count the raw codes of every item in every group.

    Parameters
    ----------
    codes : integer array, shape (n, m)
        Raw codes: of the scale, not applicable, or `BLANK`.
    groups : integer array, shape (n,)
        0 to `count` - 1, or -1 for people who belong to no group.
    count : int
        Groups, those without people included.
    keying : Keying
        Its scale says which codes are counted.

    Returns
    -------
    int64 array, shape (count, m, a)
        From the lowest of the a codes of the scale to the highest. Nothing is turned round.

    References
    ----------
    In R: ``table(group, factor(x, 1:5))``, item by item.

    Examples
    --------
    >>> keying = Keying(("q1", "q2"), ("D",), np.array([0, 0]), np.array([False, True]))
    >>> codes = np.array([[1, 3], [5, 9], [2, 2]])
    >>> answer_histograms(codes, np.array([0, 0, 1]), 2, keying)[0].tolist()
    [[1, 0, 0, 0, 1], [0, 0, 1, 0, 0]]
    """
    return _tally(codes, groups, count, keying, listwise=False)


def complete_histograms(
    codes: Integers, groups: Integers, count: int, keying: Keying
) -> npt.NDArray[np.int64]:
    """Count the raw codes of people who answered all items of the item's dimension.

    Parameters
    ----------
    codes, groups, count, keying
        As in `answer_histograms`.

    Returns
    -------
    int64 array, shape (count, m, a)
        Within a dimension every item of a group has the same total.

    References
    ----------
    In R: ``table(group[ok], factor(x[ok], 1:5))`` with ``ok <- complete.cases(items)``.

    Examples
    --------
    >>> keying = Keying(("q1", "q2"), ("D",), np.array([0, 0]), np.array([False, True]))
    >>> codes = np.array([[1, 3], [5, 9], [2, 2]])
    >>> complete_histograms(codes, np.array([0, 0, 1]), 2, keying)[0].tolist()
    [[1, 0, 0, 0, 0], [0, 0, 1, 0, 0]]
    """
    return _tally(codes, groups, count, keying, listwise=True)


def _tally(
    codes: Integers, groups: Integers, count: int, keying: Keying, *, listwise: bool
) -> npt.NDArray[np.int64]:
    """Tally every item in a table of groups by all codes, and cut out those of the scale."""
    width = max(keying.highest, keying.not_applicable) - BLANK + 1
    cells = (count + 1) * width
    tables = np.zeros((codes.shape[1], cells), np.int64)
    for start in range(0, len(codes), _CHUNK):
        rows = np.ascontiguousarray(codes[start : start + _CHUNK].T)
        on_scale = (rows >= keying.lowest) & (rows <= keying.highest)
        labels = groups[start : start + _CHUNK].astype(np.int64) + 1  # people of no group: row 0
        for items in keying.items_of:
            kept = np.where(on_scale[items].all(axis=0), labels, 0) if listwise else labels
            base = kept * width - BLANK
            for item in items:
                tables[item] += np.bincount(base + rows[item], minlength=cells)
    scale = slice(keying.lowest - BLANK, keying.highest - BLANK + 1)
    return tables.reshape(-1, count + 1, width)[:, 1:, scale].swapaxes(0, 1)
