"""Score a wave: from columns of answers to one analysis, with the plan of what may be shown."""

from dataclasses import dataclass, replace

import numpy as np

from survey_service.answers import AnswerTable
from survey_service.disclosure.plan import Plan, plan_release
from survey_service.disclosure.rules import RULES
from survey_service.questionnaire import ROLES, Questionnaire
from survey_service.scoring.analysis import FRONT_LINE, LEADING, Analysis, analyse, weigh
from survey_service.scoring.careless import Attention, CarelessFlags, flag_careless
from survey_service.scoring.division import Division
from survey_service.scoring.drivers import DRAWS
from survey_service.scoring.matrix import Block, Booleans, Keying, score_matrix
from survey_service.scoring.recommendation import NetPromoterScore, net_promoter_score
from survey_service.strata import WHOLE, Stratum
from survey_service.wave import Wave

_LEADING_ROLES = frozenset(ROLES[:-1])
_RECOMMENDATION = tuple(range(11))


@dataclass(frozen=True)
class Aggregate:
    """A wave scored at full precision: nothing of it leaves the program but through a release."""

    plan: Plan
    strata: tuple[str, ...]  #: their labels, in the order of the division
    analysis: Analysis
    flags: CarelessFlags
    recommendation: NetPromoterScore | None  #: None where the questionnaire does not ask

    @property
    def valid(self) -> int:
        """Return how many responses count."""
        return self.analysis.whole.n


def score_wave(wave: Wave, table: AnswerTable, draws: int = DRAWS) -> Aggregate:
    """Flag careless answers, plan the sets from the counts, and compute every statistic, not weighted.

    ``draws`` of the bootstrap; 0 leaves the intervals of drivers out.
    """
    questionnaire = wave.questionnaire
    table = table.sort()
    position = {item.id: n for n, item in enumerate(questionnaire.closed)}
    keying = make_keying(questionnaire)
    matrix = score_matrix(table.codes[:, [position[item] for item in keying.items]], keying)
    attention = next(
        (
            Attention(table.codes[:, position[item.id]], item.expected)
            for item in questionnaire.closed
            if item.kind == "attention" and item.expected is not None
        ),
        None,
    )
    flags = flag_careless(matrix.codes, matrix.dimension_scores, table.pace, attention)
    strata = wave.strata.strata or (Stratum(WHOLE, (), ROLES, 0),)
    numbers = {stratum.id: number for number, stratum in enumerate(strata)}
    labels = np.array([numbers[label] for label in table.strata], np.int32)[table.stratum]
    counts = np.bincount(labels[~flags.excluded], minlength=len(strata)).tolist()
    valid = {stratum.id: count for stratum, count in zip(strata, counts, strict=True)}
    plan = plan_release(wave.strata, valid, RULES.smallest_set)
    division = divide(wave, strata, plan)
    consequences = {block.id for block in questionnaire.blocks if block.outcome}
    outcomes = tuple(d.id for d in questionnaire.dimensions if d.block in consequences)
    return Aggregate(
        plan=plan,
        strata=tuple(valid),
        analysis=analyse(matrix, flags, labels, division, keying, outcomes, draws),
        flags=flags,
        recommendation=_ask_recommendation(wave, table, ~flags.excluded),
    )


def divide(wave: Wave, strata: tuple[Stratum, ...], plan: Plan) -> Division:
    """Say how the people of a wave are divided: the sets of the plan, and roles.

    By which cells they are weighted is decided when it is known what may be shown.
    """
    order = {stratum.id: number for number, stratum in enumerate(strata)}
    sets: dict[str, Booleans] = {}
    cuts: dict[str, Booleans] = {}
    for name, published in plan.sets.items():
        chosen = np.zeros(len(strata), np.bool_)
        chosen[[order[label] for label in published.strata]] = True
        (cuts if published.role else sets)[name] = chosen
    smallest = find_smallest(plan, frozenset(plan.units))
    return Division(
        strata=tuple((stratum.units, stratum.roles) for stratum in strata),
        sets=sets,
        cuts=cuts,
        blocks=tuple(dict.fromkeys(smallest[stratum.id] for stratum in strata)),
        groups=group_roles(wave, strata),
        headcounts=np.array([float(s.headcount) for s in strata]) if wave.strata.strata else None,
        cells=None,
    )


def find_smallest(plan: Plan, among: frozenset[str]) -> dict[str, str]:
    """Return for every stratum the smallest unit that holds it, or the whole."""
    smallest = dict.fromkeys(plan.whole.strata, plan.whole.id)
    for unit in sorted(plan.units.values(), key=lambda one: -len(one.strata)):
        smallest |= dict.fromkeys(unit.strata if unit.id in among else (), unit.id)
    return smallest


def weigh_wave(found: Aggregate, visible: frozenset[str]) -> Aggregate:
    """Weight a wave by the smallest ``visible`` sets.

    These are roles where a unit shows them, and whoever is left of it, else the unit, or whoever is
    left of the unit above. So a weighted mean is a sum of what is shown anyway.
    """
    if found.analysis.division.headcounts is None:
        return found
    smallest = find_smallest(found.plan, visible)
    finest = dict(smallest)
    for cut in sorted(found.plan.cuts.values(), key=lambda one: -len(one.strata)):
        if cut.id in visible and all(smallest[label] == cut.parent for label in cut.strata):
            finest |= dict.fromkeys(cut.strata, cut.id)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(finest.values()))}
    cells = np.array([numbers[finest[label]] for label in found.strata])
    return replace(found, analysis=weigh(found.analysis, cells))


def group_roles(wave: Wave, strata: tuple[Stratum, ...]) -> dict[str, Booleans]:
    """Return the roles that can be told apart: managers and key staff against the front line.

    Managers and key staff by themselves only where most of them keep a label of their own.
    """
    leading = np.array([set(stratum.roles) <= _LEADING_ROLES for stratum in strata])
    front = np.array([stratum.roles == (ROLES[-1],) for stratum in strata])
    if not leading.any() or not front.any() or wave.roster is None:
        return {}
    groups = {LEADING: leading, FRONT_LINE: front}
    if wave.strata.measure_reach(wave.roster).allows_managers_alone:
        for role in ROLES[:-1]:
            alone = np.array([stratum.roles == (role,) for stratum in strata])
            groups |= {role: alone} if alone.any() else {}
    return groups


def make_keying(questionnaire: Questionnaire) -> Keying:
    """Return how the codes of a questionnaire become scores; no weights where it has no index."""
    scored = questionnaire.scored
    scale = questionnaire.scale_of(scored[0])
    dimensions = tuple(dimension.id for dimension in questionnaire.dimensions)
    weighted = questionnaire.index_name is not None
    blocks = {
        block.id: Block(
            block.weight if weighted else None,
            tuple(n for n, d in enumerate(questionnaire.dimensions) if d.block == block.id),
        )
        for block in questionnaire.blocks
    }
    apart = scale.not_applicable
    return Keying(
        items=tuple(item.id for item in scored),
        dimensions=dimensions,
        dimension_of=np.array([dimensions.index(item.dimension or "") for item in scored]),
        reverse=np.array([item.reverse for item in scored]),
        lowest=scale.lowest,
        highest=scale.highest,
        not_applicable=-2 if apart is None else apart.code,
        blocks=blocks,
        favourable=scale.favourable,
        unfavourable=scale.unfavourable,
    )


def _ask_recommendation(wave: Wave, table: AnswerTable, kept: Booleans) -> NetPromoterScore | None:
    """Score the recommendation item of a questionnaire that has one of 0 to 10."""
    questionnaire = wave.questionnaire
    for position, item in enumerate(questionnaire.closed):
        if item.kind != "recommendation":
            continue
        scale = questionnaire.scale_of(item)
        if tuple(option.code for option in scale.options) == _RECOMMENDATION:
            codes = table.codes[kept, position]
            counts = np.bincount(codes[np.isin(codes, _RECOMMENDATION)], minlength=11)
            headcount = None if wave.roster is None else wave.roster.headcount
            return net_promoter_score(counts.astype(np.float64), headcount)
    return None
