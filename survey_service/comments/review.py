"""A review of comments: in which order they are shown, what is done, what a paraphrase may hold."""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from survey_service.comments.marking import mark_identifying
from survey_service.comments.names import ListedNames
from survey_service.comments.themes import Theme
from survey_service.errors import Code, Fault, Place
from survey_service.response import Comment

LONGEST_PARAPHRASE = 200
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@dataclass(frozen=True)
class Review:
    """The comments of a closed wave in the order of their review, and the themes to choose from."""

    wave_id: str
    themes: tuple[Theme, ...]
    comments: tuple[Comment, ...]

    @property
    def reviewed(self) -> int:
        """Return how many comments have a theme."""
        return sum(bool(comment.theme) for comment in self.comments)

    @property
    def remaining(self) -> int:
        """Return how many comments have none yet."""
        return len(self.comments) - self.reviewed


def order_comments(comments: Iterable[Comment], frozen_sha256: str) -> tuple[Comment, ...]:
    """Return the comments in an order that tells nothing and is the same whenever one resumes."""
    return tuple(
        sorted(
            comments,
            key=lambda c: (hashlib.sha256(f"{frozen_sha256}:{c.id}".encode()).hexdigest(), c.id),
        )
    )


def clean_paraphrase(text: str) -> str:
    """Return a paraphrase on one line, without what nobody types: control characters, half characters."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(
        c for c in spaced if c not in _TURNING and unicodedata.category(c) not in {"Cc", "Cs"}
    )


def check_paraphrase(text: str, names: ListedNames, place: Place) -> Iterator[Fault]:
    """Yield what keeps a paraphrase from being published: its length, and parts that identify."""
    if len(text) > LONGEST_PARAPHRASE:
        yield Fault(Code.PARAPHRASE_LONG, {"most": LONGEST_PARAPHRASE}, place)
    for mark in mark_identifying(text, names):
        values = {"first": mark.start + 1, "last": mark.end}
        yield Fault(Code.PARAPHRASE_IDENTIFYING, values, place)
