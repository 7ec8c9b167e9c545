"""Blocks and the index: what each dimension mean contributes, and the band of the sum."""

from typing import Final, Literal

import numpy as np

from survey_service.scoring.matrix import Booleans, Floats, Keying

Band = Literal["high", "middle", "low", "borderline"]

HIGH: Final = 75.0  # on average "mostly true" or above
LOW: Final = 50.0  # on average not even "partly true"


def block_coefficients(keying: Keying) -> Floats:
    """Give each dimension of a block the same part of it.

    Returns
    -------
    float array, shape (b, d)
        Rows in the order of `keying.blocks`, each summing to 1.

    References
    ----------
    Dawes (1979) and Wainer (1976) on equal weights.

    Examples
    --------
    >>> from survey_service.scoring.matrix import Block
    >>> keying = Keying(("q1", "q2"), ("O", "P"), np.arange(2), np.zeros(2, bool), blocks={
    ...     "outcome": Block(0.4, (0,)), "path": Block(0.6, (1,))})
    >>> block_coefficients(keying).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    coefficients = np.zeros((len(keying.blocks), len(keying.dimensions)))
    for row, block in zip(coefficients, keying.blocks.values(), strict=True):
        row[list(block.dimensions)] = 1 / len(block.dimensions)
    return coefficients


def index_coefficients(keying: Keying) -> Floats | None:
    """Find what each dimension mean contributes to the index.

    Returns
    -------
    float array, shape (d,), or None
        Summing to 1; None where the blocks carry no weights, that is, where there is no index.

    Examples
    --------
    >>> from survey_service.scoring.matrix import Block
    >>> keying = Keying(("q1", "q2", "q3"), ("O", "P1", "P2"), np.arange(3), np.zeros(3, bool),
    ...     blocks={"outcome": Block(0.4, (0,)), "path": Block(0.6, (1, 2))})
    >>> index_coefficients(keying).tolist()
    [0.4, 0.3, 0.3]
    """
    weights = [block.weight for block in keying.blocks.values() if block.weight is not None]
    return np.array(weights) @ block_coefficients(keying) if weights else None


def composite_coefficients(keying: Keying) -> Floats:
    """Stack the coefficients of the blocks and, where there is one, of the index below them.

    Returns
    -------
    float array, shape (b, d) or (b + 1, d)

    Examples
    --------
    >>> keying = Keying(("q1",), ("D",), np.array([0]), np.array([False]))
    >>> composite_coefficients(keying).shape
    (0, 1)
    """
    index = index_coefficients(keying)
    blocks = block_coefficients(keying)
    return blocks if index is None else np.vstack([blocks, index])


def alternative_coefficients(keying: Keying, outcome: Booleans) -> dict[str, Floats]:
    """Weigh the dimensions otherwise, to see whether what is said hangs on the weights.

    Parameters
    ----------
    keying : Keying
    outcome : bool array, shape (d,)
        Dimensions that are consequences of the others.

    Returns
    -------
    dict of float array, shape (d,)
        ``equal`` weights, and the index ``without_outcome``; nothing where there is no index.

    References
    ----------
    Dawes (1979): the order hardly depends on the weights. Print it if it does.

    Examples
    --------
    >>> from survey_service.scoring.matrix import Block
    >>> keying = Keying(("q1", "q2", "q3"), ("O", "P", "M"), np.arange(3), np.zeros(3, bool),
    ...     blocks={"O": Block(0.5, (0,)), "P": Block(0.3, (1,)), "M": Block(0.2, (2,))})
    >>> found = alternative_coefficients(keying, np.array([True, False, False]))
    >>> found["without_outcome"].tolist()
    [0.0, 0.6, 0.4]
    """
    index = index_coefficients(keying)
    if index is None:
        return {}
    found = {"equal": np.full(len(index), 1 / len(index))}
    rest = np.where(outcome, 0.0, index)
    if outcome.any() and rest.any():
        found["without_outcome"] = rest / rest.sum()
    return found


def band(low: float, high: float) -> Band:
    """Name the band of a score, but only if its whole interval lies inside.

    The bands are anchored on the labels of the scale: from 75 on, people find the statements
    mostly true on average; below 50, not even partly true.

    Parameters
    ----------
    low, high : float
        Ends of the 95 % interval, not rounded.

    Examples
    --------
    >>> band(75.2, 78.0), band(58.6, 60.3), band(41.0, 49.9), band(48.0, 52.0)
    ('high', 'middle', 'low', 'borderline')
    """
    if low >= HIGH:
        return "high"
    if high < LOW:
        return "low"
    return "middle" if low >= LOW and high < HIGH else "borderline"
