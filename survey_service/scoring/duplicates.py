"""Sheets that equal one another: what somebody who answers many times leaves behind."""

from typing import Final

import numpy as np

from survey_service.scoring.careless import all_same
from survey_service.scoring.matrix import BLANK, Booleans, Integers

LEAST_ANSWERED: Final = 20  # two short sheets are easily alike
_MULTIPLIER: Final = np.uint64(6364136223846793005)  # Knuth's, of linear congruence modulo 2^64


def find_identical(codes: Integers) -> Booleans:
    """Mark the people whose sheet equals somebody else's in every answer.

    Sheets with fewer than 20 answers are passed over, and so are those with one code throughout:
    they are alike without being copies, and have a rule of their own.

    Parameters
    ----------
    codes : integer array, shape (n, m)
        Raw codes in the order of presentation.

    Returns
    -------
    bool array, shape (n,)

    References
    ----------
    Kuriakose & Robbins (2016) on near duplicates in survey data; here only exact ones, for with
    many items an honest pair is very unlikely. In R: ``duplicated(x) | duplicated(x, fromLast =
    TRUE)``.

    Examples
    --------
    >>> sheet = np.tile([1, 2, 3, 4], 6)
    >>> find_identical(np.array([sheet, sheet[::-1], sheet, np.full(24, 5), np.full(24, 5)])).tolist()
    [True, False, True, False, False]
    >>> find_identical(np.array([sheet, sheet[::-1]])).tolist()
    [False, False]
    """
    found = np.zeros(len(codes), np.bool_)
    mixed = np.zeros(len(codes), np.uint64)
    for column in codes.T:
        mixed = mixed * _MULTIPLIER + column.astype(np.uint64)
    # Equal sheets have equal sums; only among those with equal sums are sheets compared.
    order = np.argsort(mixed, kind="stable")
    alike = np.diff(mixed[order]) == 0
    candidates = order[np.r_[alike, False] | np.r_[False, alike]] if len(codes) else order
    sheets = codes[candidates]
    if len(sheets) == 0:
        return found
    _, inverse, counts = np.unique(sheets, axis=0, return_inverse=True, return_counts=True)
    enough = (sheets != BLANK).sum(axis=1) >= LEAST_ANSWERED
    found[candidates] = (counts[inverse.reshape(-1)] > 1) & enough & ~all_same(sheets)
    return found
