"""How people are divided: strata, and the sets of strata that are described."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np

from survey_service.scoring.matrix import Booleans, Floats, Integers


@dataclass(frozen=True, eq=False)
class Division:
    """g strata that share nobody; every set of people is a row of booleans over them.

    What is known of the strata comes from outside: scoring decides neither what may be shown nor
    how people are labelled.
    """

    strata: tuple[
        tuple[Hashable, Hashable], ...
    ]  #: g of unit and roles: known again in another wave
    sets: Mapping[str, Booleans]  #: what is described, the whole first
    blocks: tuple[str, ...]  #: the sets that are compared: they share nobody and hold everybody
    groups: Mapping[str, Booleans]  #: roles: ``leading``, ``frontline``, perhaps finer
    headcounts: Floats | None  #: (g,) people on the roster, None without one
    cells: Integers | None  #: (g,) weighting cell of each stratum, None without a roster
    cuts: Mapping[str, Booleans] = field(default_factory=dict)
    """Roles of sets: described as well, but compared with nobody."""

    @property
    def whole(self) -> str:
        """Name the set that holds everybody."""
        return next(iter(self.sets))

    def populations(self, sets: Mapping[str, Booleans]) -> dict[str, int | None]:
        """Return the headcount of every set."""
        if self.headcounts is None:
            return dict.fromkeys(sets)
        return {name: int(self.headcounts[chosen].sum()) for name, chosen in sets.items()}


def stack(sets: Mapping[str, Booleans], strata: int) -> Booleans:
    """Put sets one below the other, shape (s, g).

    Examples
    --------
    >>> stack({"a": np.array([True, False])}, 2).tolist(), stack({}, 2).shape
    ([[True, False]], (0, 2))
    """
    return np.array(list(sets.values()), np.bool_).reshape(len(sets), strata)
