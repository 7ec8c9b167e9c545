"""De-identified rows of a closed wave for analysts: what may be handed out beside its release."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey_service.answers import AnswerTable
from survey_service.disclosure.rows import RowPlan, plan_rows
from survey_service.disclosure.rules import RULES
from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Item
from survey_service.response import BLANK_CODE
from survey_service.scoring.matrix import Integers
from survey_service.service.clearing import Cleared, recall_release, remember_release
from survey_service.service.publication import prepare_release
from survey_service.store import Store
from survey_service.wave import Wave

_NOT_EXPORTED = frozenset({"attention", "background", "open"})


@dataclass(frozen=True, eq=False)
class Rows:
    """The answers of n people to m items: the block of each row, and the codes, (n, m).

    ``blocks`` are ids of units, ``block`` (n,) points into them; ``rests`` are those of which only
    whoever is in no other block is meant. Blank is ``BLANK_CODE``. ``left_out`` rows were valid
    but are not here.
    """

    wave: Wave
    items: tuple[Item, ...]
    blocks: tuple[str, ...]
    rests: frozenset[str]
    block: Integers
    codes: Integers
    left_out: int

    def __len__(self) -> int:
        return len(self.block)


def make_rows(store: Store, wave_id: str) -> Rows:
    """Return the rows of a closed wave that may stand beside its release.

    The label is the published unit block alone, of at least ten rows. Who gave careless answers, or
    belongs to a group of fewer than ten that the release tells apart, is left out, and so are some
    rows of a block, for the number of rows to say nothing. What is not an opinion (checks,
    questions about the person) and what was said in own words are no columns. The order follows from the
    rows themselves, so that it can tell nothing; the same wave gives the same rows.

    From now on the release counts as published. Raises what ``publish`` raises, and ``export_unsafe``
    if no row may be handed out.
    """
    cleared = prepare_release(store, wave_id, draws=0).cleared
    wave = cleared.wave
    before = recall_release(wave, cleared.clearance)
    shown = {name: cleared.clearance.shown[name] | before.shown[name] for name in cleared.measures}
    both = replace(
        cleared.clearance, shown=shown, weighted=cleared.clearance.weighted | before.weighted
    )
    table = store.answers(wave.id).sort()
    table = table.take(np.flatnonzero(~cleared.found.flags.excluded))
    asked = wave.questionnaire.closed
    columns = [n for n, item in enumerate(asked) if item.kind not in _NOT_EXPORTED]
    codes = table.codes[:, columns]
    stratum = np.array(table.strata)[table.stratum]

    def is_alike(strata: frozenset[str]) -> bool:
        return _is_alike(codes[np.isin(stratum, list(strata))])

    headcounts = {one.id: one.headcount for one in wave.strata.strata}
    plan = plan_rows(cleared.found.plan, cleared.measures, both, headcounts, is_alike)
    if plan is None:
        raise SurveyError(Code.EXPORT_UNSAFE, wave=wave.id)
    remember_release(store, cleared)
    items = tuple(asked[n] for n in columns)
    return _gather(cleared, plan, items, table, codes)


def _gather(
    cleared: Cleared,
    plan: RowPlan,
    items: tuple[Item, ...],
    table: AnswerTable,
    codes: Integers,
) -> Rows:
    blocks = tuple(dict.fromkeys(plan.blocks[s] for s in sorted(plan.blocks)))
    of_stratum = np.array(
        [blocks.index(plan.blocks[s]) if s in plan.blocks else -1 for s in table.strata]
    )
    block = of_stratum[table.stratum]
    chosen = _choose(block, codes, [plan.rows[one] for one in blocks])
    sets = cleared.found.plan.sets
    rests = frozenset(
        one for one in blocks if any(sets[other].strata < sets[one].strata for other in blocks)
    )
    return Rows(
        cleared.wave, items, blocks, rests, block[chosen], codes[chosen], len(table) - len(chosen)
    )


def _choose(block: Integers, codes: Integers, rows: Sequence[int]) -> Integers:
    """Return as many rows of every block as it may have, in an order that follows from what they show.

    First they stand sorted by block and answers, which forgets the order of the store (by stratum,
    hence by role: to shuffle that by a seed that readers can repeat would hide nothing). Then they are
    shuffled by a hash of themselves.
    """
    ordered = np.lexsort((*codes.T[::-1], block))
    ordered = ordered[block[ordered] >= 0]
    digest = hashlib.sha256(block[ordered].tobytes() + codes[ordered].tobytes()).digest()
    shuffled = np.random.default_rng(list(digest)).permutation(ordered)
    kept = [shuffled[block[shuffled] == n][:most] for n, most in enumerate(rows)]
    return shuffled[np.isin(shuffled, np.concatenate(kept))]


def _is_alike(codes: Integers) -> bool:
    """Return whether all people, or of few nearly all, gave one answer to an item."""
    people = len(codes)
    answers = codes.astype(np.int64) - BLANK_CODE
    most = max((int(np.bincount(column).max()) for column in answers.T), default=0)
    if people < RULES.alike_below:
        return 100 * most >= RULES.alike_share * people
    return most == people


def count_rows(rows: Rows) -> Mapping[str, int]:
    """Return how many rows each block has."""
    counts = np.bincount(rows.block, minlength=len(rows.blocks)).tolist()
    return dict(zip(rows.blocks, counts, strict=True))
