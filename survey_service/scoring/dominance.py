"""How far the answers of a set are all alike: a mean of such answers is everybody's answer."""

import numpy as np

from survey_service.scoring.matrix import Floats, Keying


def dominant_share(answers: Floats, keying: Keying) -> Floats:
    """Return the share of the most frequent answer among all answers of a set to a dimension.

    Parameters
    ----------
    answers : float array, shape (s, m, a)
        How often each set chose each keyed code of each item.
    keying : Keying

    Returns
    -------
    float array, shape (s, d)
        Percent; 0 where nobody answered.

    Formula
    -------
    100 max_c h_c / sum_c h_c, with h_c the answers to the dimension with code c.

    References
    ----------
    The dominance rule of Hundepool et al. (2012), ch. 3, for answers instead of turnovers.

    Examples
    --------
    >>> keying = Keying(("q1", "q2"), ("D",), np.array([0, 0]), np.array([False, False]))
    >>> answers = np.zeros((2, 2, 5))
    >>> answers[0, :, 3], answers[0, 1, 0] = (3, 2), 1  # five of six answers are 4
    >>> dominant_share(answers, keying).round(1).tolist()
    [[83.3], [0.0]]
    """
    member = np.equal.outer(np.arange(len(keying.dimensions)), keying.dimension_of)
    counts = np.einsum("dm,sma->sda", member, answers)
    share: Floats = 100 * counts.max(axis=-1) / np.maximum(counts.sum(axis=-1), 1)
    return share
