"""What comes out: printed reports, made from a release and nothing else, cards and posters.

A report sees rounded numbers from which everything that must stay hidden is already gone; it computes
no score. ``charts`` draws, ``findings`` finds the words, ``sections`` places both, ``typography`` and
``linebreaking`` set Chinese and English text. The PDF library is loaded when something is rendered.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.cards import CardSheet
    from reports.posters import PosterSheet
    from survey_service.disclosure.release import Release
    from survey_service.questionnaire import Questionnaire
    from survey_service.questionnaire.paper import PaperForm

__all__ = ["render_brief", "render_cards", "render_paper", "render_posters"]


def render_brief(release: "Release", questionnaire: "Questionnaire", lang: str = "zh") -> bytes:
    """Return the leader's brief as PDF; see ``reports.brief``."""
    from reports import brief  # noqa: PLC0415 - loads the PDF library

    return brief.render_brief(release, questionnaire, lang)


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
