"""Careless answering: weak signs, each counted, and the rule by which a person is left out."""

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri

from survey_service.scoring.matrix import BLANK, Booleans, Floats, Integers

LEAST_ANSWERED: Final = 20  # the same code throughout says something only about a long sheet
OUTLIER_LEVEL: Final = 0.001
SINGULAR: Final = "singular"  #: reason code: the dimensions determine one another
_SMALLEST_EIGENVALUE: Final = 1e-8  # of a correlation matrix; below it lies only rounding


class Pace(IntEnum):
    """How fast a person answered, per item; the time itself is never kept."""

    UNKNOWN = 0
    UNDER_1S = 1
    UNDER_2S = 2
    OK = 3


class Attention(NamedTuple):
    """The attention check: what each of n people chose, and what the item asked them to choose."""

    codes: Integers
    expected: int


@dataclass(frozen=True, eq=False)
class CarelessFlags:
    """Signs of careless answering, one boolean for each of n people under every rule."""

    incomplete: Booleans  #: more than half of the items blank
    under_1s: Booleans  #: under one second per item
    under_2s: Booleans  #: under two seconds per item, those under one included
    long_run: Booleans  #: the same code over at least half of the items, in one run
    all_same: Booleans  #: the same code throughout, at least 20 answered
    outlier: Booleans  #: Mahalanobis distance beyond the 99.9 % point
    attention_failed: Booleans  #: attention check answered otherwise than asked
    excluded: Booleans  #: left out of every score
    outlier_reason: str | None = None  #: why the outlier rule was not used

    def counts(self) -> dict[str, int]:
        """Count the people under every rule, `excluded` last."""
        columns = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: int(c.sum()) for name, c in columns.items() if isinstance(c, np.ndarray)}


def flag_careless(
    codes: Integers,
    dimension_scores: Floats,
    pace: Integers,
    attention: Attention | None = None,
) -> CarelessFlags:
    """Flag signs of careless answering and say who is left out.

    One weak sign never excludes. A person is excluded who left more than half of the items blank,
    or took under a second per item, or gave one code throughout, or failed the attention check
    **and** shows one more sign: under two seconds, a long run, an outlying pattern.

    Parameters
    ----------
    codes : integer array, shape (n, m)
        Raw codes in the order of presentation, attention check left out.
    dimension_scores : float array, shape (n, d)
        0-100, NaN where missing.
    pace : integer array, shape (n,)
        Values of `Pace`; `Pace.UNKNOWN` (paper) turns the rules of time off for that person.
    attention : Attention, optional
        Left out where the questionnaire has no such item: then nobody fails it.

    Returns
    -------
    CarelessFlags
        If the distances do not exist, nobody is an outlier and `outlier_reason` is ``"singular"``.

    References
    ----------
    Curran (2016), several weak indices with conservative cuts. Huang et al. (2012), two seconds
    per item. In R: ``careless::longstring(x) >= ncol(x) / 2`` and the package's other indices.

    Examples
    --------
    >>> codes = np.array([[3] * 24, [1, 2, 3, 4] * 6, [4, 5] + [BLANK] * 22])
    >>> scores = np.array([[50.0], [37.5], [np.nan]])
    >>> flag_careless(codes, scores, np.array([Pace.OK] * 3)).excluded.tolist()
    [True, False, True]
    """
    items = codes.shape[1]
    distances = mahalanobis_distances(dimension_scores)
    cut = chdtri(dimension_scores.shape[1], OUTLIER_LEVEL)
    outlier = np.zeros(len(codes), np.bool_) if distances is None else distances > cut
    incomplete = 2 * (codes == BLANK).sum(axis=1) > items
    under_1s = pace == Pace.UNDER_1S
    under_2s = under_1s | (pace == Pace.UNDER_2S)
    long_run = 2 * longest_runs(codes) >= items
    same = all_same(codes)
    failed = np.zeros(len(codes), np.bool_)
    if attention is not None:
        failed = (attention.codes != BLANK) & (attention.codes != attention.expected)
    excluded = incomplete | under_1s | same | (failed & (under_2s | long_run | outlier))
    return CarelessFlags(
        incomplete=incomplete,
        under_1s=under_1s,
        under_2s=under_2s,
        long_run=long_run,
        all_same=same,
        outlier=outlier,
        attention_failed=failed,
        excluded=excluded,
        outlier_reason=SINGULAR if distances is None else None,
    )


def classify_pace(seconds: Floats, answered: Integers) -> npt.NDArray[np.int8]:
    """Class each person's time, so that the time itself can be forgotten.

    Parameters
    ----------
    seconds : float array, shape (n,)
        Time spent; NaN (paper) or a negative time (a clock set back) is `Pace.UNKNOWN`.
    answered : integer array, shape (n,)
        Scored items that are not blank; 0 is `Pace.UNKNOWN` too.

    Returns
    -------
    int8 array, shape (n,)
        Values of `Pace`.

    References
    ----------
    Huang, Curran, Keeney, Poposki & DeShon (2012). In R: ``cut(seconds / answered, c(0, 1, 2,
    Inf), right = FALSE)``.

    Examples
    --------
    >>> classify_pace(np.array([43.9, 44.0, 88.0, np.nan]), np.array([44] * 4)).tolist()
    [1, 2, 3, 0]
    """
    known = (seconds >= 0) & (answered > 0)
    rate = np.divide(seconds, answered, out=np.zeros(len(seconds)), where=known)
    classes = [Pace.UNKNOWN, Pace.UNDER_1S, Pace.UNDER_2S]
    return np.select([~known, rate < 1, rate < 2], classes, Pace.OK).astype(np.int8)


def longest_runs(codes: Integers) -> npt.NDArray[np.int16]:
    """Find each person's longest run of one raw code; not applicable counts, a blank breaks it.

    Parameters
    ----------
    codes : integer array, shape (n, m)
        Raw codes in the order of presentation.

    Returns
    -------
    int array, shape (n,)
        0 where nothing is answered.

    References
    ----------
    Johnson (2005). In R: ``careless::longstring(x)``.

    Examples
    --------
    >>> longest_runs(np.array([[9, 9, 9, 3, 3], [5, 5, BLANK, 5, 4], [BLANK] * 5])).tolist()
    [3, 2, 0]
    """
    run, longest = np.zeros((2, len(codes)), np.int16)
    previous = np.full(len(codes), BLANK, codes.dtype)
    for column in codes.T:
        run *= column == previous
        run += 1
        run *= column != BLANK
        np.maximum(longest, run, out=longest)
        previous = column
    return longest


def all_same(codes: Integers) -> Booleans:
    """Tell who gave one code throughout, blanks aside, on at least 20 items.

    Parameters
    ----------
    codes : integer array, shape (n, m)

    Returns
    -------
    bool array, shape (n,)

    References
    ----------
    In R: ``apply(x, 1, function(r) sum(!is.na(r)) >= 20 && length(unique(na.omit(r))) == 1)``.

    Examples
    --------
    >>> all_same(np.array([[3] * 20 + [BLANK], [3] * 19 + [BLANK] * 2, [3] * 20 + [4]])).tolist()
    [True, False, False]
    """
    answered = np.zeros(len(codes), np.int16)
    first, varied = np.full(len(codes), BLANK, codes.dtype), np.zeros(len(codes), np.bool_)
    for column in codes.T:
        given = column != BLANK
        answered += given
        varied |= given & (first != BLANK) & (column != first)
        first = np.where(given, column, first)
    same: Booleans = ~varied & (answered >= LEAST_ANSWERED)
    return same


def intra_individual_sd(codes: Integers, not_applicable: int) -> Floats:
    """Measure how much each person's raw codes vary (IRV).

    Parameters
    ----------
    codes : integer array, shape (n, m)
    not_applicable : int
        The code that is no answer on the scale.

    Returns
    -------
    float array, shape (n,)
        Standard deviation (n - 1) of the codes on the scale; NaN below two of them.

    References
    ----------
    Dunn, Heggestad, Shanock & Theilgard (2018). In R: ``careless::irv(x)``, the code
    of not applicable set to ``NA``.

    Examples
    --------
    >>> intra_individual_sd(np.array([[2, 4, 9, BLANK], [3, 3, 3, 3], [4, 9, 9, 9]]), 9).round(6)
    array([1.414214, 0.      ,      nan])
    """
    n, sums, squares = np.zeros((3, len(codes)), np.int32)
    for column in codes.T:
        answered = (column != BLANK) & (column != not_applicable)
        value = np.where(answered, column, 0).astype(np.int32)
        n += answered
        sums += value
        squares += value * value
    # n (n - 1) times the variance, in whole numbers: nothing is lost
    spread = n * squares - sums * sums
    nothing = np.full(len(codes), np.nan)
    return np.asarray(np.sqrt(np.divide(spread, n * (n - 1), out=nothing, where=n >= 2)))


def mahalanobis_distances(scores: Floats) -> Floats | None:
    """Measure how far each person's pattern lies from the centre of all complete patterns.

    Parameters
    ----------
    scores : float array, shape (n, d)
        NaN where missing.

    Returns
    -------
    float array, shape (n,), or None
        Squared distances, NaN for incomplete people. None if the covariance is singular: too few
        people, a constant dimension, or one that others determine.

    Formula
    -------
    D2 = (y - m)' S^-1 (y - m), m and S the mean and covariance (n - 1) of the complete rows.

    References
    ----------
    Mahalanobis (1936); Meade & Craig (2012). In R: ``mahalanobis(y, colMeans(y), cov(y))``.

    Examples
    --------
    >>> points = np.array([[0.0, 0], [2, 0], [0, 2], [2, 2], [1, np.nan]])
    >>> mahalanobis_distances(points).round(9).tolist()
    [1.5, 1.5, 1.5, 1.5, nan]
    >>> mahalanobis_distances(np.array([[1.0, 2], [2, 4], [3, 6], [5, 10]])) is None
    True
    """
    complete = ~np.isnan(scores).any(axis=1)
    rows = scores[complete]
    if len(rows) <= scores.shape[1] or (rows == rows[0]).all(axis=0).any():
        return None
    standardised = (rows - rows.mean(axis=0)) / rows.std(axis=0, ddof=1)
    correlation = standardised.T @ standardised / (len(rows) - 1)
    eigenvalues, eigenvectors = np.linalg.eigh(correlation)
    if eigenvalues[0] <= _SMALLEST_EIGENVALUE:
        return None
    distances = np.full(len(scores), np.nan)
    distances[complete] = ((standardised @ eigenvectors) ** 2 / eigenvalues).sum(axis=1)
    return distances
