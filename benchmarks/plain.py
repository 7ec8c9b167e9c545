"""The same statistics the straightforward way: pandas and pingouin, one call each.

Left out are longest runs, omega, noncentral intervals and the index's standard error, for which
neither library has a call: the comparison flatters this way.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pingouin as pg
from scipy import stats

from survey_service.answers import AnswerTable
from survey_service.questionnaire import Questionnaire
from survey_service.strata import Stratum
from survey_service.wave import Wave

_OUTCOMES = ("O1", "O2", "O3")


def analyse_plainly(wave: Wave, table: AnswerTable) -> dict[tuple[str, ...], Any]:
    """Score a wave dimension by dimension and unit by unit."""
    questionnaire = wave.questionnaire
    keyed = _key(questionnaire, table)
    strata = {stratum.id: stratum for stratum in wave.strata.strata}
    labels = [strata[table.strata[number]] for number in table.stratum]
    keyed["unit"] = [stratum.units[0] for stratum in labels]
    keyed["stratum"] = [stratum.id for stratum in labels]
    keyed["leading"] = ["frontline" not in stratum.roles for stratum in labels]
    members = {
        dimension.id: [i.id for i in questionnaire.scored if i.dimension == dimension.id]
        for dimension in questionnaire.dimensions
    }
    for dimension, items in members.items():
        enough = keyed[items].notna().sum(axis=1) * 2 >= len(items)
        keyed[dimension] = (100 * (keyed[items].mean(axis=1) - 1) / 4).where(enough)
    found: dict[tuple[str, ...], Any] = {("careless",): _judge(keyed, members)}
    for unit, rows in [("all", keyed), *keyed.groupby("unit")]:
        population = sum(s.headcount for s in strata.values() if unit in {"all", *s.units})
        for dimension, items in members.items():
            found["mean", unit, dimension] = _describe(rows[dimension], population)
            found["shares", unit, dimension] = [_share(rows[item]) for item in items]
            complete = rows[items].dropna()
            found["rwg", unit, dimension] = 1 - complete.var().mean() / 2
            if unit != "all":
                rest = keyed.loc[keyed["unit"] != unit, dimension].dropna()
                found["mark", unit, dimension] = pg.ttest(
                    rows[dimension].dropna(), rest, correction=True
                )
        for item in (item for items in members.values() for item in items):
            found["item", unit, item] = _describe(rows[item], population)
    marks = [table["p_val"].iloc[0] for key, table in found.items() if key[0] == "mark"]
    found[("q",)] = pg.multicomp(marks, method="fdr_bh")
    for dimension, items in members.items():
        found["reliability", dimension] = _rely(keyed[items].dropna())
        scored = keyed[[dimension, "unit"]].dropna()
        found["icc", dimension] = pg.anova(scored, dv=dimension, between="unit", detailed=True)
        found["gap", dimension] = _compare(keyed, dimension)
        found["weighted", dimension] = _weigh(keyed, dimension, strata)
    complete = keyed[list(members)].dropna()
    predictors = [name for name in members if name not in _OUTCOMES]
    outcome = complete[list(_OUTCOMES)].mean(axis=1)
    found[("drivers",)] = pg.linear_regression(complete[predictors], outcome, relimp=True)
    return found


def _key(questionnaire: Questionnaire, table: AnswerTable) -> pd.DataFrame:
    raw = pd.DataFrame(table.codes, columns=[item.id for item in questionnaire.closed])
    raw = raw.where(raw.isin(range(1, 6)))
    return pd.DataFrame(
        {i.id: 6 - raw[i.id] if i.reverse else raw[i.id] for i in questionnaire.scored}
    )


def _judge(keyed: pd.DataFrame, members: dict[str, list[str]]) -> list[object]:
    items = [item for items in members.values() for item in items]
    complete = keyed[list(members)].dropna()
    centred = complete - complete.mean()
    distances = (centred @ np.linalg.inv(complete.cov()) * centred).sum(axis=1)
    return [
        keyed[items].isna().mean(axis=1) > 0.5,
        keyed[items].std(axis=1) == 0,
        distances > stats.chi2.ppf(0.999, len(members)),
    ]


def _describe(column: pd.Series, population: int) -> tuple[float, ...]:
    values = column.dropna()
    n = len(values)
    se = values.std() / np.sqrt(n) * np.sqrt(max(1 - n / population, 0))
    half = stats.t.ppf(0.975, n - 1) * se
    return n, values.mean(), values.std(), se, values.mean() - half, values.mean() + half


def _share(column: pd.Series) -> tuple[float, ...]:
    values = column.dropna()
    return (values >= 4).mean(), (values == 3).mean(), (values <= 2).mean()


def _rely(items: pd.DataFrame) -> list[object]:
    """Alpha with its interval; item by item the correlation with the rest and alpha without it."""
    return [
        pg.cronbach_alpha(items),
        *(items[name].corr(items.drop(columns=name).sum(axis=1)) for name in items),
        *(pg.cronbach_alpha(items.drop(columns=name)) for name in items),
    ]


def _compare(keyed: pd.DataFrame, dimension: str) -> list[object]:
    first = keyed.loc[keyed["leading"], dimension].dropna()
    second = keyed.loc[~keyed["leading"], dimension].dropna()
    g = pg.compute_effsize(first, second, eftype="hedges")
    return [
        pg.ttest(first, second, correction=True),
        g,
        pg.compute_esci(g, len(first), len(second), eftype="hedges"),
    ]


def _weigh(keyed: pd.DataFrame, dimension: str, strata: Mapping[str, Stratum]) -> float:
    cells = keyed[[dimension, "stratum"]].dropna().groupby("stratum")[dimension]
    parts = pd.Series({name: stratum.headcount for name, stratum in strata.items()})
    return float((parts / parts.sum() * cells.mean()).sum())
