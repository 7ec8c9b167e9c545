"""The file of posters: one sheet of paper for each."""

from reports.document import Document, Metadata
from reports.posters.face import draw_poster
from reports.posters.sheet import PAPERS, PosterSheet
from reports.punctuation import clean
from survey_service.i18n import HTML_LANGUAGE, Words, words


def render_posters(sheet: PosterSheet, lang: str = "zh", paper: str = "A4") -> bytes:
    """Return all posters as a PDF file on A4 or A3; the same sheet gives the same bytes."""
    say = words(lang)
    document = Document(_describe(sheet, say), enlarged=PAPERS[paper])
    for poster in sheet.posters:
        document.start_page()
        if poster.unit:
            document.mark(clean(poster.unit))
        draw_poster(document, sheet, poster, say)
    return document.finish()


def _describe(sheet: PosterSheet, say: Words) -> Metadata:
    wave, organisation = clean(sheet.title), clean(sheet.organisation)
    title = say("poster.metadata.title", organisation=organisation, wave=wave)
    return Metadata(
        title.strip("　, "), organisation, say("poster.metadata.subject"), HTML_LANGUAGE[say.lang]
    )
