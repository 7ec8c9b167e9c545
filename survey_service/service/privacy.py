"""Attack one's own wave: what is published, as its readers have it, and what is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from survey_service.disclosure.audit import Auditor
from survey_service.disclosure.clearance import PARTICIPATION, Measure, list_figures, list_views
from survey_service.disclosure.coupling import gives_away
from survey_service.disclosure.plan import Plan
from survey_service.disclosure.release import Release
from survey_service.disclosure.sets import cut_id
from survey_service.disclosure.system import Row
from survey_service.service.clearing import Cleared
from survey_service.service.publication import prepare_release
from survey_service.service.stored_bytes import ByteCheck, check_bytes
from survey_service.store import Store


@dataclass(frozen=True)
class FileAttack:
    """What was tried on the published figures.

    ``figures`` were read; of the ``labels`` on answers, every one and up to four together were tried
    where fewer than k answered. How many of these there are is not said: it would tell how few
    answered somewhere. ``sums``, ``numbers`` and ``intervals`` are the groups whose answers follow, whose
    number of answers follows, and whose mean is known to less than half of the scale.
    """

    figures: int
    labels: int
    sums: int
    numbers: int
    intervals: int

    @property
    def hits(self) -> int:
        """Return how often something was learnt."""
        return self.sums + self.numbers + self.intervals


@dataclass(frozen=True)
class PrivacyReport:
    """All that was tried on a wave; ``published`` is None while nothing may be published."""

    wave: str
    published: FileAttack | None
    stored: tuple[ByteCheck, ...]

    @property
    def hits(self) -> int:
        """Return how often something was learnt."""
        published = 0 if self.published is None else self.published.hits
        return published + sum(check.hits for check in self.stored)


def audit_privacy(store: Store, wave_id: str, previous: str | None = None) -> PrivacyReport:
    """Attack the release of a wave (once it is closed) and its files in the store."""
    wave = store.wave(wave_id)
    published = None
    if wave.closed_on is not None:
        prepared = prepare_release(store, wave_id, previous, draws=0)
        published = attack_release(prepared.release, prepared.cleared, wave.released or {})
    return PrivacyReport(wave.id, published, check_bytes(wave, store.stored_files(wave_id)))


def attack_release(
    release: Release,
    cleared: Cleared,
    before: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> FileAttack:
    """Try to learn about fewer than k people from a release, and from those of the wave ``before``.

    The attacker knows more than any reader: how many answered in every group, rounded or not, and that
    every sum is exact. Nothing but the release says which sums are shown.
    """
    plan, content = cleared.found.plan, release.content
    figures = sums = numbers = intervals = 0
    for name, measure in cleared.measures.items():
        shown = frozenset((*read_shown(content, plan, name), *before.get(name, ())))
        listed = list_figures(plan, measure, shown)
        answers, counts = list_views(plan, measure)
        found = [each for each in Auditor(answers, listed).find() if each.is_new]
        printed = tuple(_read_rows(content, name, measure))
        rows = (*measure.fixed, *printed)
        figures += len(shown) + len(printed)
        sums += sum(finding.interval is None for finding in found)
        intervals += sum(finding.interval is not None for finding in found)
        if not found and rows:
            sums += gives_away(answers, listed, rows)
        numbers += sum(each.is_new for each in Auditor(counts, listed).find())
    return FileAttack(figures, len(plan.whole.strata), sums, numbers, intervals)


def _read_rows(content: Mapping[str, Any], name: str, measure: Measure) -> Iterator[Row]:
    """Yield the weighted sums of a measure that a release prints."""
    score = content["items" if measure.is_item else "dimensions"].get(name, {})
    if measure.weighted is not None and "unweighted" in score:
        yield measure.weighted
    change = ((content["change"] or {}).get("dimensions") or {}).get(name, {})
    if measure.change is not None and change.get("difference") is not None:
        yield measure.change


def read_shown(content: Mapping[str, Any], plan: Plan, measure: str) -> Iterator[str]:
    """Yield the sets of which a release shows a measure, as a reader finds them."""
    whole = plan.whole.id
    if measure in content["items"]:
        if content["items"][measure].get("mean") is not None:
            yield whole
        return
    sections: dict[str, Mapping[str, Any]] = {whole: content, **content["units"]}
    for name, section in sections.items():
        if "suppressed" in section:
            continue
        roles = {cut_id(name, key): inner for key, inner in section["roles"].items()}
        for set_id, inner in ({name: section} | roles).items():
            if "suppressed" not in inner and (
                measure == PARTICIPATION or inner["dimensions"][measure].get("mean") is not None
            ):
                yield set_id
