"""Divide a questionnaire into the screens on which it is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from survey_service.i18n import Text
from survey_service.questionnaire.definition import BACKGROUND, OPEN, SCORED, Item, Questionnaire

DIVISIONS = ("dimension", "block", "halves")

_REST = ("overall", "background", "own_words")
_APART = {BACKGROUND: "background", OPEN: "own_words"}


@dataclass(frozen=True)
class Section:
    """Items shown together; ``name`` is None where the interface supplies a neutral heading."""

    kind: str
    name: Text | None
    items: tuple[Item, ...]


def divide(questionnaire: Questionnaire) -> tuple[Section, ...]:
    """Return the sections: one per dimension or block, or two halves, then the rest.

    The rest is what stands for the whole, what is asked about the person, and own words.

    An unscored item between scored ones (the attention check) stays with those before it.
    """
    last = max(i for i, item in enumerate(questionnaire.items) if item.kind == SCORED)
    core, tail = questionnaire.items[: last + 1], questionnaire.items[last + 1 :]
    sections = list(_core_sections(questionnaire, core))
    for kind in _REST:
        items = tuple(item for item in tail if _APART.get(item.kind, "overall") == kind)
        if items:
            sections.append(Section(kind, None, items))
    return tuple(sections)


def _core_sections(questionnaire: Questionnaire, core: tuple[Item, ...]) -> Iterator[Section]:
    if questionnaire.division == "halves":
        middle = (len(core) + 1) // 2
        yield Section("half", None, core[:middle])
        yield Section("half", None, core[middle:])
        return
    names = {dimension.id: dimension.name for dimension in questionnaire.dimensions}
    groups = {dimension.id: dimension.id for dimension in questionnaire.dimensions}
    if questionnaire.division == "block":
        names = {block.id: block.name for block in questionnaire.blocks}
        groups = {dimension.id: dimension.block for dimension in questionnaire.dimensions}
    group = next(groups[item.dimension] for item in core if item.dimension is not None)
    labelled = []
    for item in core:
        group = group if item.dimension is None else groups[item.dimension]
        labelled.append((group, item))
    for key, members in groupby(labelled, key=lambda pair: pair[0]):
        yield Section("scored", names[key], tuple(item for _, item in members))
