"""The files of a result, and its summary on the terminal."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from survey_service.cli.output import print_table
from survey_service.i18n import Words, pick

if TYPE_CHECKING:
    from reports.faces import House
    from survey_service.disclosure.release import Release
    from survey_service.questionnaire import Questionnaire


def render_results(
    release: "Release", questionnaire: "Questionnaire", w: Words, house: "House | None" = None
) -> dict[str, bytes]:
    """Return every result file by name, all rendered from the release."""
    import reports  # noqa: PLC0415 - start-up time
    from survey_service.export.score_workbook import write_score_workbook  # noqa: PLC0415
    from survey_service.export.scores import write_scores  # noqa: PLC0415

    return {
        "release.json": release.to_json().encode(),
        "brief.pdf": reports.render_brief(release, questionnaire, w.lang, house),
        "report.pdf": reports.render_report(release, questionnaire, w.lang, house),
        "report.html": reports.render_report_page(release, questionnaire, w.lang, house),
        "report.docx": reports.render_report_word(release, questionnaire, w.lang, house),
        "scores.csv": write_scores(release, questionnaire, w),
        "scores.xlsx": write_score_workbook(
            release, questionnaire, w, reports.list_ledger(release, questionnaire, w.lang)
        ),
    }


def print_summary(release: "Release", questionnaire: "Questionnaire", w: Words) -> None:
    """Print participation and the scores of the whole."""
    content = release.content
    taking_part = content["participation"]
    click.echo(
        w(
            "cli.summary.participation",
            returned=taking_part["returned"],
            valid=taking_part["valid"],
            invited=taking_part["invited"] or w("cli.none"),
        )
    )
    rows = []
    if questionnaire.index_name is not None and content["index"] is not None:
        rows.append(_row(pick(questionnaire.index_name, w.lang), content["index"], w))
    for block in questionnaire.blocks:
        rows.append(_row(pick(block.name, w.lang), content["blocks"][block.id], w))
        rows += [
            _row(f"  {pick(dimension.name, w.lang)}", content["dimensions"][dimension.id], w)
            for dimension in questionnaire.dimensions
            if dimension.block == block.id
        ]
    print_table(w("cli.summary.columns").split("|"), rows, right=(1, 2, 3, 4))


def _row(name: str, score: Mapping[str, Any], w: Words) -> tuple[str, ...]:
    if score.get("mean") is None:
        return (name, w("cli.hidden") if "suppressed" in score else w("cli.none"), "", "", "")
    interval = score["ci95"]
    shown = w("cli.interval", low=interval[0], high=interval[1]) if interval else ""
    favourable = score.get("favourable")
    share = "" if favourable is None else w("cli.percent", band=favourable)
    return (name, str(score["mean"]), shown, share, str(score["n"]))
