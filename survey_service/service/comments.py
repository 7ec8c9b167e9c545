"""Give each comment of a closed wave a theme and a paraphrase; sum up what was said often enough."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from survey_service.comments.names import NO_NAMES, ListedNames
from survey_service.comments.review import (
    Review,
    check_paraphrase,
    clean_paraphrase,
    order_comments,
)
from survey_service.comments.themes import NOTHING, Theme, make_themes
from survey_service.disclosure.rules import RULES
from survey_service.errors import Code, Place, SurveyError
from survey_service.response import Comment
from survey_service.store import Store
from survey_service.wave import Wave


@dataclass(frozen=True)
class ThemeSummary:
    """One theme that was mentioned often enough, and what reviewers wrote about it."""

    item: str
    theme: Theme
    mentions: int
    paraphrases: tuple[str, ...]


def begin_review(store: Store, wave: Wave) -> Review:
    """Return the comments of a wave as they are now, in the order of their review.

    Raises ``wave_still_open``: nobody reads a comment while others may still answer.
    """
    if wave.closed_on is None:
        raise SurveyError(Code.WAVE_STILL_OPEN, wave=wave.id)
    comments = order_comments(store.comments(wave.id), wave.frozen_sha256)
    return Review(wave.id, make_themes(wave.questionnaire), comments)


def decide(
    store: Store,
    review: Review,
    comment: Comment,
    theme: Theme,
    paraphrase: str,
    names: ListedNames = NO_NAMES,
) -> Comment:
    """Keep the theme and the paraphrase of one comment at once, and return it with them.

    What says nothing has no paraphrase. Raises ``paraphrase_long`` or ``paraphrase_identifying``.
    """
    text = "" if theme.id == NOTHING else clean_paraphrase(paraphrase)
    faults = tuple(check_paraphrase(text, names, Place()))
    if faults:
        raise SurveyError.of(faults)
    decided = replace(comment, theme=theme.id, paraphrase=text)
    store.review_comments(review.wave_id, [decided])
    return decided


def summarise_comments(wave: Wave, comments: Iterable[Comment]) -> tuple[ThemeSummary, ...]:
    """Return the themes with at least five mentions in one question, with their paraphrases.

    Within one question, for one person may answer several. Nothing is returned of the others, not
    even how many there are. Paraphrases stand once each, in code-point order, so that they tell
    neither order nor number.
    """
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for comment in comments:
        found[comment.item, comment.theme].append(comment.paraphrase)
    return tuple(
        ThemeSummary(item.id, theme, len(said), tuple(sorted({*said} - {""})))
        for item in wave.questionnaire.open_ended
        for theme in make_themes(wave.questionnaire)
        if theme.id != NOTHING and len(said := found[item.id, theme.id]) >= RULES.smallest_set
    )
