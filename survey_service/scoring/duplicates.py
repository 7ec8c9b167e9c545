"""Sheets that equal one another: what somebody who answers many times leaves behind."""

from typing import Final

import numpy as np

from survey_service.scoring.careless import all_same
from survey_service.scoring.matrix import BLANK, Booleans, Integers

LEAST_ANSWERED: Final = 20  # two short sheets are easily alike


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
    """
    if len(codes) == 0:
        return np.zeros(0, np.bool_)
    _, inverse, counts = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    enough = (codes != BLANK).sum(axis=1) >= LEAST_ANSWERED
    repeated: Booleans = (counts[inverse.reshape(-1)] > 1) & enough & ~all_same(codes)
    return repeated
