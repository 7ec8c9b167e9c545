"""The questionnaire of a wave as the page shows it, in one language. Pure: no request, no HTML."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from survey_service.i18n import Text, Words, pick, words
from survey_service.page.labels import break_label, fits_bar
from survey_service.questionnaire import ROLES, Item, Option, Questionnaire, Section, divide
from survey_service.wave import Wave


@dataclass(frozen=True)
class Choice:
    """One option: what is sent, and its label in lines."""

    code: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One item as asked. Without choices it is answered in own words, at most ``limit`` characters."""

    id: str
    number: int
    text: str
    choices: tuple[Choice, ...] = ()
    apart: Choice | None = None
    is_bar: bool = False
    hint: str = ""
    limit: int = 0


@dataclass(frozen=True)
class Part:
    """A section: its place ("s1"), its position in words where it has a name, and its questions."""

    anchor: str
    position: str
    heading: str
    stems: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class UnitGroup:
    """Units under one parent: pairs of key and name."""

    name: str
    units: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sheet:
    """Everything that the page asks. ``groups`` and ``roles`` are empty where the unit is not asked."""

    title: str
    opening: str
    is_validated: bool
    parts: tuple[Part, ...]
    groups: tuple[UnitGroup, ...]
    roles: tuple[str, ...]
    needs_code: bool

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return all questions in order."""
        return tuple(question for part in self.parts for question in part.questions)


def title_of(wave: Wave, lang: str) -> str:
    """Return what a wave is called: its own title, else that of its questionnaire."""
    return wave.title or pick(wave.questionnaire.title, lang)


def asks_unit(wave: Wave) -> bool:
    """Return whether people say where they work: not with a card, which knows, nor with background."""
    return wave.access == "open" and bool(wave.strata.groups)


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
            _lay_out(questionnaire, section, (n, len(sections)), numbers, words(lang))
            for n, section in enumerate(sections, 1)
        ),
        groups=tuple(_group_units(wave)),
        roles=ROLES if asks_unit(wave) else (),
        needs_code=wave.access == "codes",
    )


def _lay_out(
    questionnaire: Questionnaire,
    section: Section,
    place: tuple[int, int],
    numbers: dict[str, int],
    w: Words,
) -> Part:
    number, total = place
    scales = {item.scale: questionnaire.scale_of(item) for item in section.items if item.scale}
    is_half = section.kind == "half"
    stems = tuple(pick(scale.stem, w.lang) for scale in scales.values() if scale.stem)
    if section.kind == "background":
        stems = (w("web.section.background.help"), *stems)
    return Part(
        anchor=f"s{number}",
        position="" if is_half else w("web.sheet.position", number=number, total=total),
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
    )


def _offer(option: Option, lang: str) -> Choice:
    return Choice(option.code, break_label(_label(option.label, lang)))


def _label(label: Text, lang: str) -> str:
    return pick(label, lang)


def _group_units(wave: Wave) -> Iterator[UnitGroup]:
    """Yield the units that people choose from, those of one parent together, in roster order."""
    if wave.roster is None or not asks_unit(wave):
        return
    keys = {path: key for key, path in (wave.unit_keys or {}).items()}
    for parent, units in groupby(wave.roster.staffed, key=lambda unit: unit.parent):
        yield UnitGroup(
            (parent or "").replace("/", "／"), tuple((keys[u.path], u.name) for u in units)
        )
