"""An item in words: what people said of it, reverse items restated."""

from reports.material import Material
from reports.scores import Score, has_shares, show_number, show_percent
from survey_service.questionnaire import Item


def say_item(material: Material, item: Item, score: Score) -> str:
    """Say how many find that an item holds; of a reverse item, that it does not hold.

    Without shares the item's mean stands in their place.
    """
    text = material.item_words(item)
    if has_shares(score):
        key = "brief.item.reverse_share" if item.reverse else "brief.item.share"
        return material.say(key, text=text, share=show_percent(score["favourable"], material.say))
    key = "brief.item.reverse_mean" if item.reverse else "brief.item.mean"
    return material.say(key, text=text, mean=show_number(score["mean"]))


def restate(material: Material, score: Score) -> str:
    """Say what the shares of a reverse item mean in the answers that were really given."""
    return material.say(
        "brief.table.reverse",
        favourable=show_percent(score["favourable"], material.say),
        unfavourable=show_percent(score["unfavourable"], material.say),
    )
