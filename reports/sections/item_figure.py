"""Figure 4: the items that most and fewest find true, as bars to both sides."""

from reports.charts.diverging_bars import DivergingBar, DivergingBars
from reports.document import Document
from reports.findings.items import restate
from reports.findings.ranking import Ranked, rank_by_share
from reports.findings.titles import title_items
from reports.material import Material
from reports.scores import measure_share, show_percent
from reports.sections.captions import set_caption, set_title
from reports.stacking import Part

SHOWN = 3
CAPTION_GAP, TITLE_GAP = 1.4, 1.6
SHARES = ("favourable", "neutral", "unfavourable")


def build_item_figure(
    material: Material, number: int, left: float, width: float, shown: int = SHOWN
) -> Part | None:
    """Return the figure of the ``shown`` items of each end; None where no item has shares."""
    ranked = rank_by_share((item.id, material.item_score(item.id)) for item in material.items)
    count = min(shown, len(ranked) // 2)
    if not count:
        return None
    ends = [*ranked[:count], *ranked[::-1][:count]]
    say = material.say
    chart = DivergingBars(
        tuple(
            build_item_bar(material, row, starts=place == count) for place, row in enumerate(ends)
        ),
        (say("brief.favourable"), say("brief.neutral"), say("brief.unfavourable")),
        width,
    )
    title = set_title(title_items(material), width)
    caption = set_caption(say("brief.figure", number=number), _write_caption(material, ends), width)
    frame = title.height + TITLE_GAP + CAPTION_GAP + caption.height

    def draw(document: Document, top: float, height: float) -> None:
        y = document.text(title, left, top) + TITLE_GAP
        y = chart.draw(document, left, y, min(height - frame, chart.most_height))
        document.text(caption, left, y + CAPTION_GAP)

    return Part(chart.least_height + frame, chart.most_height + frame, draw)


def build_item_bar(material: Material, row: Ranked, *, starts: bool = False) -> DivergingBar:
    """Return the bar of one item that has shares."""
    item = material.questionnaire.item(row.id)
    mark = material.say("brief.reverse_mark") if item.reverse else ""
    values = [row.score[share] for share in SHARES]
    lengths = (measure_share(values[0]), measure_share(values[1]), measure_share(values[2]))
    first, second, third = (show_percent(value, material.say) for value in values)
    return DivergingBar(
        material.item_words(item) + mark, lengths, (first, second, third), starts_group=starts
    )


def _write_caption(material: Material, rows: list[Ranked]) -> str:
    reverse = [row.score for row in rows if material.questionnaire.item(row.id).reverse]
    text = material.say("brief.figure.items.caption")
    if len(reverse) == 1:
        return text + restate(material, reverse[0])
    return text + (material.say("brief.table.reverse_short") if reverse else "")
