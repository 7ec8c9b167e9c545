"""The blank questionnaire on paper, for approval and for those without a phone."""

from reports import theme
from reports.document import Document, Metadata
from reports.punctuation import clean
from reports.typography import set_line, set_text
from survey_service.i18n import HTML_LANGUAGE, Words
from survey_service.questionnaire import ROLES
from survey_service.questionnaire.paper import PaperForm, PaperGroup, PaperItem

LEFT, RIGHT, TOP, FOOT = 16.0, 194.0, 16.0, 282.0
WIDTH = RIGHT - LEFT
TITLE = theme.Style(20, 27, theme.SERIF, theme.INK)
BODY = theme.Style(10.5, 16)
STEM = theme.Style(10.5, 16, theme.BOLD, theme.INK)
OPTION = theme.Style(7.5, 10, colour=theme.GREY, align="centre")
ID = theme.Style(6.5, 8, colour=theme.GREY)
SMALL = theme.Style(8.5, 13, colour=theme.GREY)
ID_LEFT, ID_DROP, ID_GAP, BOX, ROW_GAP = 5.8, 1.5, 2.0, 4.2, 1.6
OPTION_WIDTH, OPTIONS_WIDTH = 15.0, 100.0
ROLE_GAP = 4.5
WRITING_LINES, WRITING_STEP = 4, 9.0


def render_paper(form: PaperForm, say: Words) -> bytes:
    """Return the form as a PDF file; the same form gives the same bytes."""
    document = Document(Metadata(clean(form.title), "", form.status, HTML_LANGUAGE[say.lang]))
    return _Form(document, form, say).draw()


class _Form:
    """Draws from top to bottom and begins a sheet where the next part would not fit."""

    def __init__(self, document: Document, form: PaperForm, say: Words) -> None:
        self._document = document
        self._form = form
        self._say = say
        self._page = 0
        self._y = TOP

    def draw(self) -> bytes:
        self._start_page()
        self._draw_head()
        for group in self._form.groups:
            if group.options:
                self._draw_choices(group)
            else:
                for item in group.items:
                    self._draw_own_words(item)
        return self._document.finish()

    def _start_page(self) -> None:
        self._page += 1
        self._document.start_page()
        foot = self._say("paper.page", title=self._form.title, page=self._page)
        self._document.text(set_line(clean(foot), SMALL), LEFT, FOOT + 2.0)
        self._y = TOP

    def _draw_head(self) -> None:
        document, say, form = self._document, self._say, self._form
        y = document.text(set_text(clean(form.title), TITLE, WIDTH), LEFT, self._y)
        y = document.text(set_line(form.status, SMALL), LEFT, y) + 1.0
        document.rule(LEFT, RIGHT, y, theme.HEAVY_RULE, theme.RED)
        y = document.text(set_text(clean(form.opening), BODY, WIDTH), LEFT, y + 2.0)
        y = document.text(set_text(say("paper.how"), BODY, WIDTH), LEFT, y) + 2.0
        if form.asks_unit:
            document.text(set_line(say("paper.unit"), STEM), LEFT, y)
            document.rule(LEFT + 22.0, LEFT + 82.0, y + 5.6, theme.FINE_RULE, theme.GREY)
            y = self._draw_roles(y) + 9.0
        self._y = y

    def _draw_roles(self, y: float) -> float:
        """Draw the boxes of roles beside the unit, or below it where they are too wide; return where."""
        title = set_line(self._say("paper.role"), STEM)
        labels = [set_line(self._say(f"role.{role}"), BODY) for role in ROLES]
        room = [BOX + label.natural_width + ROLE_GAP for label in labels]
        left, start = LEFT + 88.0, max(title.natural_width + 2.0, 22.0)
        if left + start + sum(room) - ROLE_GAP > RIGHT:
            left, y = LEFT, y + 9.0
        self._document.text(title, left, y)
        left += start
        for label, width in zip(labels, room, strict=True):
            self._document.frame(left, y + 0.8, BOX, BOX, theme.INK)
            self._document.text(label, left + BOX + 1.2, y)
            left += width
        return y

    def _draw_choices(self, group: PaperGroup) -> None:
        step = min(max(OPTION_WIDTH, _widest_word(group) + 1.2), OPTIONS_WIDTH / len(group.options))
        edge = RIGHT - step * len(group.options)
        ids = [set_line(item.id, ID) for item in group.items]
        start = LEFT + ID_LEFT + max(line.natural_width for line in ids) + ID_GAP
        self._draw_options(group, step, edge)
        for item, name in zip(group.items, ids, strict=True):
            text = set_text(clean(item.text), BODY, edge - start - 3.0)
            height = max(text.height, BOX) + 2 * ROW_GAP
            if self._y + height > FOOT:
                self._start_page()
                self._draw_options(group, step, edge)
            document, y = self._document, self._y
            document.text(set_line(f"{item.number}", BODY), LEFT, y + ROW_GAP)
            document.text(name, LEFT + ID_LEFT, y + ROW_GAP + ID_DROP)
            document.text(text, start, y + ROW_GAP)
            for place in range(len(group.options)):
                left = edge + step * place + (step - BOX) / 2
                document.frame(left, y + (height - BOX) / 2, BOX, BOX, theme.INK)
            self._y = y + height
            document.rule(LEFT, RIGHT, self._y, theme.FINE_RULE, theme.HAIRLINE)
        self._y += 4.0

    def _draw_options(self, group: PaperGroup, step: float, edge: float) -> None:
        labels = [set_text(clean(label), OPTION, step - 1.0) for _, label in group.options]
        stem = set_text(clean(group.stem), STEM, edge - LEFT - 3.0) if group.stem else None
        height = max(
            max(label.height for label in labels) + 4.5, 0.0 if stem is None else stem.height
        )
        if self._y + height + 14.0 > FOOT:
            self._start_page()
        if stem is not None:
            self._document.text(stem, LEFT, self._y)
        for place, ((code, _), label) in enumerate(zip(group.options, labels, strict=True)):
            left = edge + step * place
            self._document.text(label, left + 0.5, self._y)
            written = set_text(str(code), OPTION, step)
            self._document.text(written, left, self._y + height - 4.0)
        self._y += height
        self._document.rule(LEFT, RIGHT, self._y)

    def _draw_own_words(self, item: PaperItem) -> None:
        text = set_text(clean(f"{item.number}　{item.text}"), STEM, WIDTH)
        if self._y + text.height + 6.0 + WRITING_LINES * WRITING_STEP > FOOT:
            self._start_page()
        y = self._document.text(text, LEFT, self._y)
        if item.hint:
            y = self._document.text(set_text(clean(item.hint), SMALL, WIDTH), LEFT, y)
        y = self._document.text(set_line(item.id, ID), LEFT, y)
        for _ in range(WRITING_LINES):
            y += WRITING_STEP
            self._document.rule(LEFT, RIGHT, y, theme.FINE_RULE, theme.HAIRLINE)
        self._y = y + 6.0


def _widest_word(group: PaperGroup) -> float:
    """Return how wide the widest word of the options is; Chinese breaks anywhere."""
    words = (word for _, label in group.options for word in label.split() if word.isascii())
    return max((set_line(word, OPTION).natural_width for word in words), default=0.0)
