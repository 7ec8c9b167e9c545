"""How far the answers of a set are all alike: a mean of such answers is everybody's answer."""

from collections.abc import Iterable

import numpy as np

from survey_service.scoring.matrix import Booleans, Floats, Keying, ScoreMatrix


def dominant_share(matrix: ScoreMatrix, keying: Keying, sets: Iterable[Booleans]) -> Floats:
    """Return the share of the most frequent answer among all answers of a set to a dimension.

    Parameters
    ----------
    matrix : ScoreMatrix
        n people.
    keying : Keying
        The one that made `matrix`.
    sets : iterable of bool array, shape (n,)
        Who belongs to each set.

    Returns
    -------
    float array, shape (sets, dimensions)
        Percent; 0 where nobody answered.

    Notes
    -----
    With h_c the number of answers in category c, 100 max(h_c) / sum(h_c). The dominance rule of
    Hundepool et al. 2012, ch. 3, for answers instead of turnovers.

    Examples
    --------
    >>> from survey_service.scoring.matrix import score_matrix
    >>> keying = Keying(("q1", "q2"), ("D",), np.array([0, 0]), np.array([False, True]))
    >>> matrix = score_matrix(np.array([[4, 2], [4, 2], [4, 5]]), keying)
    >>> dominant_share(matrix, keying, [np.array([True, True, True]), np.array([True, True, False])])
    array([[ 83.33333333],
           [100.        ]])
    """
    columns = [np.flatnonzero(keying.dimension_of == d) for d in range(len(keying.dimensions))]
    shares = []
    for people in sets:
        keyed = matrix.keyed[people]
        row = []
        for items in columns:
            answered = keyed[:, items]
            _, counts = np.unique(answered[~np.isnan(answered)], return_counts=True)
            row.append(100 * counts.max() / counts.sum() if counts.size else 0.0)
        shares.append(row)
    return np.array(shares, np.float64).reshape(len(shares), len(columns))
