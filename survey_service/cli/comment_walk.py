"""Going through comments on a terminal, one by one; every decision is saved at once."""

import contextlib
import unicodedata
from collections.abc import Iterable
from enum import Enum

import click
from rich.columns import Columns
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from survey_service.comments.marking import Mark, mark_identifying
from survey_service.comments.names import ListedNames
from survey_service.comments.review import LONGEST_PARAPHRASE, Review, clean_paraphrase
from survey_service.comments.themes import NOTHING, Theme
from survey_service.i18n import Words, pick
from survey_service.questionnaire import Questionnaire
from survey_service.response import Comment
from survey_service.service.comments import decide
from survey_service.store import Store

with contextlib.suppress(ImportError):  # lets people edit the line they type, where there is one
    import readline  # noqa: F401


class _Key(Enum):
    """What a person may type instead of an answer."""

    BACK = "b"
    SKIP = "s"
    QUIT = "q"


class Walk:
    """The way through the comments that have no theme yet."""

    def __init__(
        self,
        store: Store,
        review: Review,
        questionnaire: Questionnaire,
        names: ListedNames,
        w: Words,
    ) -> None:
        self._store = store
        self._review = review
        self._comments = list(review.comments)
        self._themes = {str(theme.number): theme for theme in review.themes}
        self._names_of_themes = {t.id: pick(t.name, w.lang) for t in review.themes}
        self._asked = {item.id: item.wording(w.lang) for item in questionnaire.open_ended}
        self._names = names
        self._words = w
        self._console = Console(highlight=False)

    def run(self) -> None:
        """Ask until all are done or the person stops; Ctrl-C loses nothing that was decided."""
        w = self._words
        if self._review.remaining:
            self._say(w("cli.comments.start"))
        trail: list[int] = []
        position = self._next(0)
        try:
            while position is not None:
                key = self._visit(position)
                if key is _Key.QUIT:
                    break
                if key is _Key.BACK:
                    position = self._step_back(position, trail)
                    continue
                trail.append(position)
                position = self._next(position + 1)
        except (click.Abort, KeyboardInterrupt):
            self._say(f"\n{w('cli.comments.stopped')}")
            raise
        if any(not comment.theme for comment in self._comments):
            self._say(w("cli.comments.again"))

    def _next(self, start: int) -> int | None:
        waiting = (n for n in range(start, len(self._comments)) if not self._comments[n].theme)
        return next(waiting, None)

    def _step_back(self, position: int, trail: list[int]) -> int:
        if trail:
            return trail.pop()
        if position == 0:
            self._say(self._words("cli.comments.first"))
        return max(position - 1, 0)

    def _visit(self, position: int) -> _Key | None:
        """Show one comment and ask until it is decided; return the key that leads away from it."""
        comment = self._comments[position]
        self._show(position, comment)
        while True:
            theme = self._ask_theme(comment)
            if not isinstance(theme, Theme):
                return theme
            paraphrase = "" if theme.id == NOTHING else self._ask_paraphrase(theme)
            if paraphrase is _Key.BACK:
                continue
            if isinstance(paraphrase, _Key):
                return self._leave(paraphrase)
            self._comments[position] = decide(
                self._store, self._review, comment, theme, paraphrase, self._names
            )
            self._say(self._words("cli.comments.saved"))
            return None

    def _show(self, position: int, comment: Comment) -> None:
        w, marks = self._words, mark_identifying(comment.text, self._names)
        done = sum(bool(each.theme) for each in self._comments)
        counts = {"n": position + 1, "total": len(self._comments), "reviewed": done}
        self._console.print()
        self._console.print(Rule(w("cli.comments.position", **counts), align="left"))
        question = w("cli.comments.question", text=self._asked.get(comment.item, comment.item))
        self._console.print(Text(question, style="dim"))
        self._console.print(Padding(_highlight(comment.text, marks), (1, 2)))
        if marks:
            self._say(w("cli.comments.marked", kinds=self._name_kinds(marks)))
        if comment.theme:
            self._say(self._describe_decision(comment))
        listed = (
            Text(w("cli.comments.theme", number=f"{number:>2}", name=self._names_of_themes[t.id]))
            for number, t in self._themes.items()
        )
        self._console.print(Columns(listed, padding=(0, 3), equal=True, column_first=True))

    def _ask_theme(self, comment: Comment) -> Theme | _Key | None:
        """Return a theme, a key that leads away, or None if a decision made before shall stay."""
        w = self._words
        prompt = w("cli.comments.ask_theme_again" if comment.theme else "cli.comments.ask_theme")
        while True:
            answer = _ask(prompt)
            if not answer and comment.theme:
                return None
            key = _read_key(answer)
            if key is not None:
                return self._leave(key)
            theme = self._themes.get(unicodedata.normalize("NFKC", answer).lstrip("0"))
            if theme is not None:
                return theme
            self._say(w("cli.comments.theme_wrong", last=len(self._themes)))

    def _ask_paraphrase(self, theme: Theme) -> str | _Key:
        w = self._words
        self._say(w("cli.comments.paraphrase_hint", theme=self._names_of_themes[theme.id]))
        while True:
            answer = clean_paraphrase(_ask(w("cli.comments.ask_paraphrase")))
            key = _read_key(answer)
            if key is not None:
                return key
            marks = mark_identifying(answer, self._names)
            if marks:
                shown = w("cli.list_separator").join(
                    f"【{answer[mark.start : mark.end]}】" for mark in marks
                )
                kinds = self._name_kinds(marks)
                self._say(w("cli.comments.paraphrase_marked", marked=shown, kinds=kinds))
            elif len(answer) > LONGEST_PARAPHRASE:
                counts = {"most": LONGEST_PARAPHRASE, "n": len(answer)}
                self._say(w("cli.comments.paraphrase_long", **counts))
            else:
                return answer

    def _leave(self, key: _Key) -> _Key:
        if key is _Key.SKIP:
            self._say(self._words("cli.comments.skipped"))
        return key

    def _say(self, sentence: str) -> None:
        self._console.print(Text(sentence))

    def _name_kinds(self, marks: Iterable[Mark]) -> str:
        kinds = dict.fromkeys(mark.kind for mark in marks)
        return self._words("cli.list_separator").join(
            self._words(f"comment.kind.{kind}") for kind in kinds
        )

    def _describe_decision(self, comment: Comment) -> str:
        theme = self._names_of_themes.get(comment.theme, comment.theme)
        key = "cli.comments.now_paraphrase" if comment.paraphrase else "cli.comments.now"
        return self._words(key, theme=theme, paraphrase=comment.paraphrase)


def _ask(prompt: str) -> str:
    answer: str = click.prompt(prompt, default="", show_default=False, prompt_suffix="")
    return answer.strip()


def _read_key(answer: str) -> _Key | None:
    typed = unicodedata.normalize("NFKC", answer).lower()
    return next((key for key in _Key if key.value == typed), None)


def _highlight(text: str, marks: Iterable[Mark]) -> Text:
    """Return the text with its marks in 【】 (seen without colour too) and reversed."""
    shown, done = Text(), 0
    for mark in marks:
        shown.append(text[done : mark.start])
        shown.append(f"【{text[mark.start : mark.end]}】", style="reverse")
        done = mark.end
    shown.append(text[done:])
    return shown
