"""What comes out: printed reports, made from a release and nothing else, cards and posters.

A report sees rounded numbers from which everything that must stay hidden is already gone; it computes
no score. ``charts`` draws, ``findings`` finds the words, ``sections`` places both, ``typography`` and
``linebreaking`` set Chinese and English text. The PDF library is loaded when something is rendered.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.cards import CardSheet
    from reports.faces import House
    from reports.posters import PosterSheet
    from reports.verification import Verdict
    from survey_service.disclosure.release import Release
    from survey_service.questionnaire import Questionnaire
    from survey_service.questionnaire.paper import PaperForm

__all__ = [
    "list_ledger",
    "load_house",
    "render_brief",
    "render_cards",
    "render_paper",
    "render_posters",
    "render_report",
    "render_report_page",
    "render_report_word",
    "render_unit_briefs",
    "verify_report",
]


def verify_report(
    pdf: bytes,
    release: "Release",
    questionnaire: "Questionnaire",
    house: "House | None" = None,
) -> "Verdict":
    """Say whether a PDF is what the release gives; see ``reports.verification``."""
    from reports import verification  # noqa: PLC0415 - loads the PDF library

    return verification.verify_report(pdf, release, questionnaire, house)


def load_house(folder: "Path") -> "House":
    """Return a company's own fonts and logo; see ``reports.house``."""
    from reports import house  # noqa: PLC0415 - loads the PDF library

    return house.load_house(folder)


def render_brief(
    release: "Release",
    questionnaire: "Questionnaire",
    lang: str = "zh",
    house: "House | None" = None,
) -> bytes:
    """Return the leader's brief as PDF; see ``reports.brief``."""
    from reports import brief  # noqa: PLC0415 - loads the PDF library

    return brief.render_brief(release, questionnaire, lang, house)


def render_report(
    release: "Release",
    questionnaire: "Questionnaire",
    lang: str = "zh",
    house: "House | None" = None,
) -> bytes:
    """Return the full report as PDF; see ``reports.report``."""
    from reports import report  # noqa: PLC0415 - loads the PDF library

    return report.render_report(release, questionnaire, lang, house)


def render_report_page(
    release: "Release",
    questionnaire: "Questionnaire",
    lang: str = "zh",
    house: "House | None" = None,
) -> bytes:
    """Return the full report as one HTML file; see ``reports.report``."""
    from reports import report  # noqa: PLC0415 - loads the PDF library

    return report.render_report_page(release, questionnaire, lang, house)


def render_report_word(
    release: "Release",
    questionnaire: "Questionnaire",
    lang: str = "zh",
    house: "House | None" = None,
) -> bytes:
    """Return the full report as a Word file; see ``reports.report``."""
    from reports import report  # noqa: PLC0415 - loads the PDF library

    return report.render_report_word(release, questionnaire, lang, house)


def list_ledger(
    release: "Release", questionnaire: "Questionnaire", lang: str = "zh"
) -> "list[tuple[str, ...]]":
    """Return the rows of the ledger of measures; see ``reports.full.improvement``."""
    from reports.full import improvement  # noqa: PLC0415 - loads the PDF library
    from reports.material import Material  # noqa: PLC0415
    from survey_service.i18n import words  # noqa: PLC0415

    return improvement.list_ledger(Material(release.content, questionnaire, words(lang)))


def render_unit_briefs(
    release: "Release",
    questionnaire: "Questionnaire",
    folder: "Path",
    lang: str = "zh",
    house: "House | None" = None,
    done: "Callable[[str], None]" = lambda _: None,
) -> "list[str]":
    """Write the brief of every unit that may have one into an empty folder; return the file names.

    ``done`` is called with each unit when its file is there; see ``reports.batch``.
    """
    from reports import batch, file_names, unit_brief  # noqa: PLC0415 - loads the PDF library
    from survey_service.i18n import words  # noqa: PLC0415

    names = file_names.name_files(unit_brief.list_unit_briefs(release), words(lang))
    targets = {unit: folder / f"{name}.pdf" for unit, name in names.items()}
    batch.render_units(release, questionnaire, targets, lang, house, done)
    return [path.name for path in targets.values()]


def render_cards(sheet: "CardSheet", lang: str = "zh") -> bytes:
    """Return the cards of a wave as PDF; see ``reports.cards``."""
    from reports import cards  # noqa: PLC0415 - loads the PDF library

    return cards.render_cards(sheet, lang)


def render_paper(form: "PaperForm", lang: str = "zh") -> bytes:
    """Return a blank questionnaire as PDF; see ``reports.paper``."""
    from reports import paper  # noqa: PLC0415 - loads the PDF library
    from survey_service.i18n import words  # noqa: PLC0415

    return paper.render_paper(form, words(lang))


def render_posters(sheet: "PosterSheet", lang: str = "zh", paper: str = "A4") -> bytes:
    """Return the posters of a wave as PDF; see ``reports.posters``."""
    from reports import posters  # noqa: PLC0415 - loads the PDF library

    return posters.render_posters(sheet, lang, paper)
