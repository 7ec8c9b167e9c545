"""Saying a score in the words of the response scale: never as a school mark."""

from reports.material import Material
from reports.scores import Score

#: The two words that stand for "partly" and "mostly": where the bands of an index meet.
ANCHORS = (50, 75)


def scale_words(material: Material) -> list[tuple[int, str]]:
    """Return the positions 0–100 of the scale's options with their labels."""
    scored = material.questionnaire.scored
    options = material.questionnaire.scale_of(scored[0]).options
    steps = len(options) - 1
    return [
        (round(100 * place / steps), material.name(option.label))
        for place, option in enumerate(options)
    ]


def say_anchor(material: Material, position: int) -> str:
    """Return the option's label at a position, or the number where the scale has none there."""
    return dict(scale_words(material)).get(position, str(position))


def say_band(material: Material, score: Score) -> str:
    """Say where a score lies between the words of the scale.

    An interval that crosses an anchor is "around" it; without an interval the mean decides.
    """
    low, high = score.get("ci95") or (score["mean"], score["mean"])
    partly, mostly = (say_anchor(material, position) for position in ANCHORS)
    for position, word in zip(ANCHORS, (partly, mostly), strict=True):
        if low < position <= high:
            return material.say("brief.band.around", anchor=word)
    if low >= ANCHORS[1]:
        return material.say("brief.band.above", anchor=mostly)
    if low >= ANCHORS[0]:
        return material.say("brief.band.between", low=partly, high=mostly)
    return material.say("brief.band.below", anchor=partly)
