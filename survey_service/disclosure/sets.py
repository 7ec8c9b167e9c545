"""The sets of people that a release speaks of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedSet:
    """A set of people that may be shown: a unit, a block of small siblings, the whole, or a role of one.

    ``id`` is the unit's path; ``PARENT/*`` for a block of siblings, ``PARENT/甲队+乙队`` for units that
    share strata, ``PARENT/-`` for the staff of a unit that has units below it. A role of a set is
    ``SET//ROLE``, its ``parent`` that set, and ``role`` its key.
    """

    id: str
    parent: str | None
    members: tuple[str, ...]
    strata: frozenset[str]
    role: str = ""


def cut_id(set_id: str, role: str) -> str:
    """Return the id of a role of a set; no unit's path holds two strokes in a row.

    >>> cut_id("矿/甲", "frontline")
    '矿/甲//frontline'
    """
    return f"{set_id}//{role}"
