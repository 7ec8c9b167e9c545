"""``scores.csv``: every published score of a release, one row each, for spreadsheets."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from survey_service.disclosure.release import Release
from survey_service.export.cells import guard_cell
from survey_service.i18n import Words, pick
from survey_service.questionnaire import Questionnaire


def write_scores(release: Release, questionnaire: Questionnaire, w: Words) -> bytes:
    """Return CSV for a spreadsheet: UTF-8 with mark, CRLF, every cell quoted and harmless."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(w("scores.columns").split("|"))
    for score in list_scores(release.content, questionnaire, w):
        writer.writerow([guard_cell(str(cell)) for cell in score])
    return stream.getvalue().encode("utf-8-sig")


def list_scores(
    content: Mapping[str, Any], questionnaire: Questionnaire, w: Words
) -> Iterator[tuple[Any, ...]]:
    """Yield scope, kind, id, name, n, mean, interval, shares and remark of every score, as published."""
    names = {d.id: pick(d.name, w.lang) for d in questionnaire.dimensions}
    names |= {b.id: pick(b.name, w.lang) for b in questionnaire.blocks}
    names |= {i.id: i.wording(w.lang) for i in questionnaire.scored}
    whole = w("scores.whole")
    yield from _set_rows(whole, content, names, questionnaire, w)
    yield from _role_rows(whole, content, names, questionnaire, w)
    for item, score in content["items"].items():
        yield whole, w("scores.item"), item, names[item], *_cells(score, w)
    for unit in content["unit_order"]:
        scores = content["units"][unit]
        if "suppressed" in scores:
            yield unit, "", "", "", *_cells(scores, w)
        else:
            yield from _set_rows(unit, scores, names, questionnaire, w)
            yield from _role_rows(unit, scores, names, questionnaire, w)


def _role_rows(
    scope: str,
    scores: Mapping[str, Any],
    names: Mapping[str, str],
    questionnaire: Questionnaire,
    w: Words,
) -> Iterator[tuple[Any, ...]]:
    for key, inner in scores["roles"].items():
        roles = w("scores.roles").join(w(f"role.{role}") for role in key.split("+"))
        within = w("scores.within", scope=scope, roles=roles)
        if "suppressed" in inner:
            yield within, "", "", "", *_cells(inner, w)
        else:
            yield from _set_rows(within, inner, names, questionnaire, w)


def _set_rows(
    scope: str,
    scores: Mapping[str, Any],
    names: Mapping[str, str],
    questionnaire: Questionnaire,
    w: Words,
) -> Iterator[tuple[Any, ...]]:
    if scores["index"] is not None and questionnaire.index_name is not None:
        name = pick(questionnaire.index_name, w.lang)
        yield scope, w("scores.index"), "", name, *_cells(scores["index"], w)
    for block in questionnaire.blocks:
        yield (
            scope,
            w("scores.block"),
            block.id,
            names[block.id],
            *_cells(scores["blocks"][block.id], w),
        )
    for dimension in questionnaire.dimensions:
        score = scores["dimensions"][dimension.id]
        yield scope, w("scores.dimension"), dimension.id, names[dimension.id], *_cells(score, w)


def _cells(score: Mapping[str, Any], w: Words) -> tuple[Any, ...]:
    if "suppressed" in score:
        return ("", "", "", "", "", "", "", w("scores.hidden"))
    low, high = score.get("ci95") or ("", "")
    shares = (score.get(key, "") for key in ("favourable", "neutral", "unfavourable"))
    mean = score["mean"]
    figures = (score.get("n", ""), "" if mean is None else mean, low, high, *shares)
    return (*(write_figure(figure) for figure in figures), "")


def write_figure(figure: object) -> object:
    """Return a number as it is; of a band such as "10-19" the text that is no date to a spreadsheet."""
    return figure.replace("-", "–") if isinstance(figure, str) else figure
