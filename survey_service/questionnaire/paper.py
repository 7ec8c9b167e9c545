"""A questionnaire as it stands on paper: groups of questions under one row of options.

Pure: what is laid out, not how. PDF and Word set the same groups.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from survey_service.i18n import pick
from survey_service.questionnaire.definition import Item, Questionnaire, ResponseScale


@dataclass(frozen=True)
class PaperItem:
    """One line of a form: the number people see, the id that is typed in, what is asked."""

    number: int
    id: str
    text: str
    hint: str = ""


@dataclass(frozen=True)
class PaperGroup:
    """Questions with the same options (code, label); without options they are answered in own words."""

    stem: str
    options: tuple[tuple[int, str], ...]
    items: tuple[PaperItem, ...]


@dataclass(frozen=True)
class PaperForm:
    """A whole form."""

    title: str
    opening: str
    status: str
    groups: tuple[PaperGroup, ...]
    asks_unit: bool


def make_paper(questionnaire: Questionnaire, lang: str) -> PaperForm:
    """Return the form, in the order in which it is asked on phones, with the common wording."""
    return PaperForm(
        title=pick(questionnaire.title, lang),
        opening=pick(questionnaire.opening, lang).format(minutes=questionnaire.minutes),
        status=pick(questionnaire.status, lang),
        groups=tuple(_list_groups(questionnaire, lang)),
        asks_unit=not questionnaire.background,
    )


def _list_groups(questionnaire: Questionnaire, lang: str) -> Iterator[PaperGroup]:
    numbered = list(enumerate(questionnaire.items, 1))
    for scale, members in groupby(numbered, key=lambda pair: pair[1].scale):
        items = tuple(_write_item(number, item, lang) for number, item in members)
        if scale is None:
            yield PaperGroup("", (), items)
        else:
            yield _write_group(questionnaire.scales[scale], items, lang)


def _write_group(scale: ResponseScale, items: tuple[PaperItem, ...], lang: str) -> PaperGroup:
    apart = () if scale.not_applicable is None else (scale.not_applicable,)
    return PaperGroup(
        stem="" if scale.stem is None else pick(scale.stem, lang),
        options=tuple((one.code, pick(one.label, lang)) for one in (*scale.options, *apart)),
        items=items,
    )


def _write_item(number: int, item: Item, lang: str) -> PaperItem:
    hint = "" if item.hint is None else pick(item.hint, lang)
    return PaperItem(number, item.id, item.wording(lang), hint)
