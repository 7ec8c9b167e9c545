"""The page for employees: what was tried on the data of a wave, and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports import theme
from reports.document import Document, Metadata
from reports.punctuation import clean
from reports.typography import Block, set_line, set_text
from survey_service.i18n import HTML_LANGUAGE, Words

TOP, FOOT_TOP = 30.0, 282.0
TITLE = theme.Style(22, 29, theme.SERIF, theme.INK)
VERDICT = theme.Style(13.5, 20, theme.BOLD, theme.BLUE)
HEAD = theme.Style(11.5, 17, theme.BOLD, theme.INK)
TRIED = theme.Style(10, 15.5)
FOUND = theme.Style(10, 15.5, theme.BOLD, theme.INK)
NOTE = theme.Style(9.5, 15, colour=theme.GREY)
COLUMN, GAP, ROW_GAP = 112.0, 6.0, 2.4


@dataclass(frozen=True)
class Attempt:
    """One thing that was tried, in words: its name, what was done, what came of it."""

    title: str
    tried: str
    found: str


@dataclass(frozen=True)
class PrivacyPage:
    """What stands on the page; ``limits`` says what nothing can prevent."""

    title: str
    organisation: str
    verdict: str
    attempts: Sequence[Attempt]
    limits: Sequence[str]


def render_privacy(page: PrivacyPage, say: Words) -> bytes:
    """Return the page as a PDF file; the same words give the same bytes."""
    title, organisation = clean(page.title), clean(page.organisation)
    heading = say("privacy.title")
    document = Document(
        Metadata(heading, organisation, title, HTML_LANGUAGE[say.lang]),
    )
    document.start_page()
    y = document.text(set_line(heading, TITLE), theme.LEFT, TOP - 12.0) + 1.0
    subtitle = say("privacy.separator").join(part for part in (organisation, title) if part)
    y = document.text(set_text(subtitle, NOTE, theme.TEXT_WIDTH), theme.LEFT, y) + 2.0
    document.rule(theme.LEFT, theme.RIGHT, y, theme.HEAVY_RULE, theme.RED)
    y = document.text(set_text(page.verdict, VERDICT, theme.TEXT_WIDTH), theme.LEFT, y + 4.0) + 4.0
    for attempt in page.attempts:
        y = _draw_attempt(document, attempt, y)
    document.rule(theme.LEFT, theme.RIGHT, y)
    y = document.text(set_line(say("privacy.limits"), HEAD), theme.LEFT, y + 4.0) + 1.0
    for limit in page.limits:
        y = document.text(set_text(limit, NOTE, theme.TEXT_WIDTH), theme.LEFT, y) + 0.6
    document.text(set_text(say("privacy.foot"), NOTE, theme.TEXT_WIDTH), theme.LEFT, FOOT_TOP)
    return document.finish()


def _draw_attempt(document: Document, attempt: Attempt, top: float) -> float:
    document.rule(theme.LEFT, theme.RIGHT, top, theme.FINE_RULE, theme.HAIRLINE)
    blocks: list[Block] = [
        set_text(attempt.title, HEAD, COLUMN),
        set_text(attempt.tried, TRIED, COLUMN),
    ]
    y = top + ROW_GAP - 0.6
    for block in blocks:
        y = document.text(block, theme.LEFT, y)
    result = set_text(attempt.found, FOUND, theme.TEXT_WIDTH - COLUMN - GAP)
    document.text(result, theme.LEFT + COLUMN + GAP, top + ROW_GAP - 0.4)
    return y + ROW_GAP
