"""The questionnaire of a wave as the page shows it, in one language. Pure: no request, no HTML."""

import hashlib
from dataclasses import dataclass

from survey_service.i18n import Text, Words, pick, words
from survey_service.page.labels import break_label, fits_bar
from survey_service.page.units import UnitGroup, asks_unit, group_units, has_unit_page
from survey_service.questionnaire import ROLES, Item, Option, Questionnaire, Section, divide
from survey_service.sealing import public_key
from survey_service.wave import Wave

DRAFT_HOURS = 24
"""For so long after the last change a phone keeps what is filled in."""


@dataclass(frozen=True)
class Choice:
    """One option: what is sent, and its label in lines."""

    code: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One item as asked. Without choices it is answered in own words, at most ``limit`` characters.

    ``variants`` are pairs of role and wording, for the roles that have one of their own.
    """

    id: str
    number: int
    text: str
    choices: tuple[Choice, ...] = ()
    apart: Choice | None = None
    is_bar: bool = False
    hint: str = ""
    limit: int = 0
    variants: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Part:
    """A section: its place ("part-1"), its name, the questions of its scales, and its items."""

    anchor: str
    heading: str
    stems: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Sheet:
    """Everything that the page asks.

    ``groups`` is empty where the unit is not asked, or is chosen on a page of its own. ``roles`` are then offered by the script only, to
    choose the wording, and never sent; they are empty where no item has a wording for a role.
    ``lock`` is the public key under which a phone seals answers that have to wait.
    """

    title: str
    opening: str
    is_validated: bool
    parts: tuple[Part, ...]
    groups: tuple[UnitGroup, ...]
    roles: tuple[str, ...]
    needs_code: bool
    asks_unit: bool
    has_unit_page: bool
    lock: str

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return all questions in order."""
        return tuple(question for part in self.parts for question in part.questions)

    @property
    def closed(self) -> tuple[Question, ...]:
        """Return the questions that are answered by choosing."""
        return tuple(question for question in self.questions if question.choices)


def run_of(wave: Wave) -> str:
    """Return what phones call this run: two waves of one id, one after the other, are told apart."""
    key = public_key(wave.sealing_key) if wave.sealing_key else ""
    return f"{wave.id}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def title_of(wave: Wave, lang: str) -> str:
    """Return what a wave is called: its own title, else that of its questionnaire."""
    return wave.title or pick(wave.questionnaire.title, lang)


def make_sheet(wave: Wave, lang: str) -> Sheet:
    """Lay out the questionnaire of a wave."""
    questionnaire = wave.questionnaire
    numbers = {item.id: n for n, item in enumerate(questionnaire.items, 1)}
    sections = divide(questionnaire)
    return Sheet(
        title=title_of(wave, lang),
        opening=pick(questionnaire.opening, lang).format(minutes=questionnaire.minutes),
        is_validated=questionnaire.languages.get(lang) != "unvalidated",
        parts=tuple(
            _lay_out(questionnaire, section, n, numbers, words(lang))
            for n, section in enumerate(sections, 1)
        ),
        groups=() if has_unit_page(wave) else group_units(wave),
        roles=ROLES if asks_unit(wave) or any(map(_list_variants, questionnaire.items)) else (),
        needs_code=wave.access == "codes",
        asks_unit=asks_unit(wave),
        has_unit_page=has_unit_page(wave),
        lock=public_key(wave.sealing_key) if wave.sealing_key else "",
    )


def _lay_out(
    questionnaire: Questionnaire,
    section: Section,
    number: int,
    numbers: dict[str, int],
    w: Words,
) -> Part:
    scales = {item.scale: questionnaire.scale_of(item) for item in section.items if item.scale}
    stems = tuple(pick(scale.stem, w.lang) for scale in scales.values() if scale.stem)
    if section.kind == "background":
        stems = (w("web.section.background.help"), *stems)
    return Part(
        anchor=f"part-{number}",
        heading=_heading(section, number, w),
        stems=stems,
        questions=tuple(
            _ask(questionnaire, item, numbers[item.id], w.lang) for item in section.items
        ),
    )


def _heading(section: Section, number: int, w: Words) -> str:
    if section.name is not None:
        return pick(section.name, w.lang)
    return w(
        f"web.section.half.{number}" if section.kind == "half" else f"web.section.{section.kind}"
    )


def _ask(questionnaire: Questionnaire, item: Item, number: int, lang: str) -> Question:
    text = item.wording(lang)
    if item.scale is None:
        hint = "" if item.hint is None else pick(item.hint, lang)
        return Question(item.id, number, text, hint=hint, limit=item.limit)
    scale = questionnaire.scale_of(item)
    apart = scale.not_applicable
    return Question(
        id=item.id,
        number=number,
        text=text,
        choices=tuple(_offer(option, lang) for option in scale.options),
        apart=None if apart is None else Choice(apart.code, (_label(apart.label, lang),)),
        is_bar=fits_bar(scale, lang),
        variants=tuple((role, item.wording(lang, role)) for role in _list_variants(item)),
    )


def _list_variants(item: Item) -> list[str]:
    return [role for role in ROLES if role in item.variants]


def _offer(option: Option, lang: str) -> Choice:
    return Choice(option.code, break_label(_label(option.label, lang)))


def _label(label: Text, lang: str) -> str:
    return pick(label, lang)
