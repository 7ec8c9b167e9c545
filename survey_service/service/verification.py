"""Verify a wave: read everything, count it again, and compare what must agree.

What is found is named by items and strata, never by numbers: while a wave is open those would say
who has answered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from survey_service.errors import Fault, SurveyError
from survey_service.response import BLANK_CODE, count_by_stratum
from survey_service.snapshot import Snapshot
from survey_service.store import Store
from survey_service.strata import WHOLE
from survey_service.wave import Wave

STEP = 10
"""Counts of an open wave go down to a multiple of this."""


class Flaw(Enum):
    """What may not agree."""

    ANSWERS = "answers"
    """Answers that the items do not offer."""
    STRATA = "strata"
    """Labels that the wave does not have."""
    CROWDED = "crowded"
    """More answers or codes in a stratum than people."""
    SPENT = "spent"
    """Spent codes and the answers of a stratum do not match."""
    RECEIPTS = "receipts"
    """Receipts and answers do not match."""
    COMMENTS = "comments"
    """Comments on items or of groups that the wave does not have, or twice under one id."""
    EARLY = "early"
    """Answers in a wave that was never opened."""
    CODELESS = "codeless"
    """Codes in a wave that has none."""
    FROZEN = "frozen"
    """Answers of a closed wave that are not those of its closing."""
    REMAINS = "remains"
    """Receipts, codes or their key in a closed wave, which should have forgotten them."""


@dataclass(frozen=True)
class Finding:
    """One flaw, and the items or strata that it concerns."""

    flaw: Flaw
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verified:
    """What there is of a wave. While it is open, counts go down to tens.

    ``faults`` are those of the store itself, where the wave could not be read; then nothing else
    is known.
    """

    wave: Wave
    answers: int = 0
    comments: int = 0
    codes: int = 0
    spent: int = 0
    findings: tuple[Finding, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Return whether everything agrees."""
        return not (self.findings or self.faults)


def verify_wave(store: Store, wave: Wave) -> Verified:
    """Read everything of a wave and check it."""
    try:
        snapshot = store.snapshot(wave.id)
    except SurveyError as error:
        return Verified(wave, faults=error.faults)
    step = 1 if snapshot.wave.closed_on else STEP
    return Verified(
        snapshot.wave,
        answers=len(snapshot.answers) // step * step,
        comments=len(snapshot.comments) // step * step,
        codes=len(snapshot.codes) // step * step,  # after all others were made void, those spent
        spent=len(snapshot.spent) // step * step,
        findings=tuple(find_flaws(snapshot)),
    )


def find_flaws(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield everything in a snapshot that does not agree."""
    wave = snapshot.wave
    answered = count_answers(snapshot)
    known = {stratum.id for stratum in wave.strata.strata} or {WHOLE}
    yield from _judge(Flaw.ANSWERS, _find_illegal(snapshot))
    strange = set(answered) | set(snapshot.codes.values())
    yield from _judge(Flaw.STRATA, strange - known)
    yield from _judge(Flaw.COMMENTS, _find_strange_comments(snapshot))
    if wave.closed_on:
        yield from _check_closed(snapshot)
    elif wave.opened_on is None and len(snapshot.answers):
        yield Finding(Flaw.EARLY)
    elif wave.access == "codes":
        yield from _check_codes(snapshot, answered)
    else:
        if snapshot.codes:
            yield Finding(Flaw.CODELESS)
        if not _may_have_given(len(snapshot.receipts), len(snapshot.answers)):
            yield Finding(Flaw.RECEIPTS)


def count_answers(snapshot: Snapshot) -> dict[str, int]:
    """Return how many answers each stratum gave."""
    table = snapshot.answers
    counts = np.bincount(table.stratum, minlength=len(table.strata)).tolist()
    return {label: n for label, n in zip(table.strata, counts, strict=True) if n}


def _check_closed(snapshot: Snapshot) -> Iterator[Finding]:
    if snapshot.answers.hash() != snapshot.wave.frozen_sha256:
        yield Finding(Flaw.FROZEN)
    if snapshot.receipts or snapshot.codes or snapshot.spent or snapshot.wave.salt:
        yield Finding(Flaw.REMAINS)


def _check_codes(snapshot: Snapshot, answered: Mapping[str, int]) -> Iterator[Finding]:
    """Check codes against answers and people.

    A receipt is for one code or for one import, and an import is at least one answer without a
    code. So without imports every stratum has as many answers as spent codes, with them at least
    as many; and paper may then add answers of people who have used their card as well.
    """
    issued = count_by_stratum(snapshot.codes.values())
    spent = count_by_stratum(
        stratum for code, stratum in snapshot.codes.items() if code in snapshot.spent
    )
    people = {stratum.id: stratum.headcount for stratum in snapshot.wave.strata.strata}
    imports = len(snapshot.receipts) - len(snapshot.spent)
    crowded = {name for name, n in issued.items() if n > people.get(name, n)}
    if imports == 0:
        crowded |= {name for name, n in answered.items() if n > people.get(name, n)}
    yield from _judge(Flaw.CROWDED, crowded)
    differing = {
        name
        for name in {*spent, *answered}
        if spent.get(name, 0) > answered.get(name, 0)
        or (imports == 0 and spent.get(name, 0) != answered.get(name, 0))
    }
    yield from _judge(Flaw.SPENT, differing)
    if not snapshot.spent <= snapshot.codes.keys():
        yield Finding(Flaw.SPENT)
    if not _may_have_given(imports, len(snapshot.answers) - len(snapshot.spent)):
        yield Finding(Flaw.RECEIPTS)


def _may_have_given(receipts: int, answers: int) -> bool:
    """Return whether so many receipts can stand for so many answers: each for one, or for an import."""
    return receipts == answers == 0 or 0 < receipts <= answers


def _find_illegal(snapshot: Snapshot) -> Iterator[str]:
    """Yield the items with a code that their scale does not have."""
    questionnaire = snapshot.wave.questionnaire
    for item, column in zip(questionnaire.closed, snapshot.answers.codes.T, strict=True):
        legal = [BLANK_CODE, *questionnaire.scale_of(item).codes]
        if not np.isin(np.unique(column), legal).all():
            yield item.id


def _find_strange_comments(snapshot: Snapshot) -> set[str]:
    wave, comments = snapshot.wave, snapshot.comments
    items = {item.id for item in wave.questionnaire.open_ended}
    groups = {*wave.strata.comment_groups.values(), WHOLE}
    strange = {comment.item for comment in comments} - items
    strange |= {comment.group for comment in comments} - groups
    ids = [comment.id for comment in comments]
    return strange | ({comments[0].item} if len(set(ids)) < len(ids) else set())


def _judge(flaw: Flaw, places: Iterable[str]) -> Iterator[Finding]:
    found: Sequence[str] = sorted(places)
    if found:
        yield Finding(flaw, tuple(found))
