"""十一、员工意见: themes with how often each was named, and paraphrases; never anybody's own words."""

from collections.abc import Iterator

from reports.blocks import Block, Heading
from reports.full.draft import body, cells, head, make_table
from reports.material import Material
from reports.punctuation import clean
from reports.scores import show_count


def write_comments(material: Material) -> Iterator[Block]:
    """Yield the section."""
    say = material.say
    yield head(material, "comments")
    themes = material.content["comments"]
    if not themes:
        yield body(say("report.comments.none"))
        return
    yield body(say("report.comments"))
    questions = {item.id: item for item in material.questionnaire.open_ended}
    for number, item_id in enumerate(dict.fromkeys(theme["item"] for theme in themes)):
        question = questions.get(item_id)
        words = item_id if question is None else material.item_words(question)
        yield Heading(2, words, f"comments-{number}")
        rows = [
            cells(
                clean(theme["theme"]),
                show_count(theme["mentions"], say),
                say("brief.semicolon").join(clean(text) for text in theme["paraphrases"]) or "—",
            )
            for theme in themes
            if theme["item"] == item_id
        ]
        yield make_table(
            f"table-comments-{number}",
            say("report.comments.table"),
            say("report.comments.heads"),
            rows,
            (5, 3, 12),
            "lrl",
            [say("report.comments.note")],
        )
