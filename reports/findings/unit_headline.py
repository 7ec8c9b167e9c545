"""The finding on top of a unit's brief: its score in words, and whether it stands out."""

from reports.findings.bands import say_band
from reports.findings.conclusions import is_small
from reports.findings.titles import count_marks
from reports.material import Material
from reports.scores import has_mean, show_number
from reports.theme import HEADLINE
from reports.typography import shorten

#: Millimetres of the headline that a unit's name may take.
MOST_NAME = 150.0


def write_unit_headline(material: Material) -> tuple[str, str]:
    """Return the two lines; the first ends with a semicolon."""
    return _write_score(material), _write_place(material)


def _write_score(material: Material) -> str:
    say = material.say
    unit = shorten((material.whole or material).unit_words(material.unit), HEADLINE, MOST_NAME)
    score, name = material.index, material.index_name
    if material.is_single:
        dimension = material.dimensions[0]
        score, name = material.dimension_score(dimension.id), material.name(dimension.name)
    if score is None or not has_mean(score):
        return say("unit.headline.hidden", unit=unit)
    mean, band = show_number(score["mean"]), say_band(material, score)
    return say("unit.headline.score", unit=unit, name=name, mean=mean, band=band)


def _write_place(material: Material) -> str:
    """Say how often the unit stands out by test, or that nothing should be compared."""
    say = material.say
    if is_small(material):
        return say("unit.headline.small")
    up, down = count_marks(material.whole or material, material.unit)
    if up and down:
        return say("unit.headline.both", up=up, down=down)
    if up:
        return say("unit.headline.up", up=up)
    return say("unit.headline.down", down=down) if down else say("unit.headline.level")
