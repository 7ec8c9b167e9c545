"""The full report as a PDF file, as a web page and as a Word file: three ways to set the same blocks."""

from reports.faces import House, use_house
from reports.full.writing import write_report
from reports.material import Material
from reports.metadata import describe_file
from reports.pages.rendering import render_blocks
from reports.webpage.page import render_page
from survey_service.disclosure.release import Release
from survey_service.i18n import words
from survey_service.questionnaire import Questionnaire


def render_report(
    release: Release, questionnaire: Questionnaire, lang: str = "zh", house: House | None = None
) -> bytes:
    """Return the report as a PDF file; the same release gives the same bytes.

    ``questionnaire`` is the definition that the wave was answered with; ``house`` holds a company's
    own fonts and logo.
    """
    use_house(house)
    material = Material(release.content, questionnaire, words(lang))
    metadata = describe_file(material, "report", house)
    return render_blocks(write_report(material), metadata, material.say, house)


def render_report_page(
    release: Release, questionnaire: Questionnaire, lang: str = "zh", house: House | None = None
) -> bytes:
    """Return the report as one HTML file; ``house`` is what its charts are measured with."""
    use_house(house)
    material = Material(release.content, questionnaire, words(lang))
    return render_page(write_report(material), material.say)


def render_report_word(
    release: Release, questionnaire: Questionnaire, lang: str = "zh", house: House | None = None
) -> bytes:
    """Return the report as a Word file; its charts are pictures in the fonts of ``house``."""
    from reports.wordfile.writing import render_word  # noqa: PLC0415 - loads the Word library

    use_house(house)
    material = Material(release.content, questionnaire, words(lang))
    return render_word(write_report(material), material.say)
