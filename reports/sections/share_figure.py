"""Figure 3: how the answers divide into favourable, middle and unfavourable."""

from reports.charts.share_bars import ShareBar, ShareBars, ShareGroup
from reports.document import Document
from reports.findings.ranking import rank_by_share
from reports.findings.titles import title_shares
from reports.material import Material
from reports.scores import Score, has_shares, measure_share, show_percent
from reports.sections.captions import set_caption, set_title
from reports.stacking import Part

MOST_PITCH = 7.6
CAPTION_GAP, TITLE_GAP = 1.6, 1.8
SHARES = ("favourable", "neutral", "unfavourable")
MOST_ITEMS = 14


def build_share_part(material: Material, number: int, left: float, width: float) -> Part | None:
    """Return the figure of the dimensions, or of a deep dive's items; None where no share is shown."""
    of_items = material.is_single
    groups = group_items(material) if of_items else group_dimensions(material)
    if not any(bar.lengths for group in groups for bar in group.bars):
        return None
    say = material.say
    key = (say("brief.favourable"), say("brief.neutral"), say("brief.unfavourable"))
    chart = ShareBars(groups, key, width)
    kind = "caption_items" if of_items else "caption"
    caption = set_caption(
        say("brief.figure", number=number), say(f"brief.figure.shares.{kind}"), width
    )
    title = set_title(title_shares(material, of_items=of_items), width)
    frame = title.height + TITLE_GAP + CAPTION_GAP + caption.height

    def draw(document: Document, top: float, height: float) -> None:
        y = document.text(title, left, top) + TITLE_GAP
        fixed = chart.height(0.0)
        pitch = min(MOST_PITCH, (height - frame - fixed) / chart.count)
        y = chart.draw(document, left, y, pitch)
        document.text(caption, left, y + CAPTION_GAP)

    return Part(chart.height(chart.least_pitch) + frame, chart.height(MOST_PITCH) + frame, draw)


def group_dimensions(material: Material) -> tuple[ShareGroup, ...]:
    """Return the bars of all dimensions in their blocks."""
    groups = []
    for block in material.blocks:
        inside = [d for d in material.dimensions if d.block == block.id]
        names = {d.id: material.name(d.name) for d in inside}
        scores = {d.id: material.dimension_score(d.id) for d in inside}
        groups.append(ShareGroup(build_share_bars(names, scores, material)))
    return tuple(groups)


def group_items(material: Material) -> tuple[ShareGroup, ...]:
    """Return the bars of the items; of many, those of both ends."""
    names = {}
    for item in material.items:
        mark = material.say("brief.reverse_mark") if item.reverse else ""
        names[item.id] = material.item_words(item) + mark
    scores = {item.id: material.item_score(item.id) for item in material.items}
    bars = build_share_bars(names, scores, material)
    if len(bars) > MOST_ITEMS:
        bars = bars[: MOST_ITEMS // 2] + bars[-MOST_ITEMS // 2 :]
    return (ShareGroup(bars),)


def build_share_bars(
    names: dict[str, str], scores: dict[str, Score], material: Material
) -> tuple[ShareBar, ...]:
    """Return the bars, most favourable first, those without shares last."""
    ranked = [row.id for row in rank_by_share(scores.items())]
    order = [*ranked, *(one for one in scores if one not in ranked)]
    return tuple(_build_bar(names[one], scores[one], material) for one in order)


def _build_bar(name: str, score: Score, material: Material) -> ShareBar:
    if not has_shares(score):
        return ShareBar(name, None, absence=material.say("brief.shares_hidden"))
    favourable, neutral, unfavourable = (score[share] for share in SHARES)
    printed = (
        show_percent(favourable, material.say),
        show_percent(neutral, material.say),
        show_percent(unfavourable, material.say),
    )
    lengths = (measure_share(favourable), measure_share(neutral), measure_share(unfavourable))
    return ShareBar(name, lengths, printed)
