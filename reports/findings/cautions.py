"""What a reader must know before the numbers: few took part, many were left out, it was practice."""

from reports.material import Material
from reports.scores import show_percent

#: Below half, most of those asked did not answer; a band is taken by its upper end.
LEAST_RATE = 50


def list_cautions(material: Material) -> list[str]:
    """Return the sentences, the gravest first; at most two, so that they are read."""
    found = []
    if material.content["wave"]["rehearsal"]:
        found.append(material.say("brief.caution.rehearsal"))
    rate = material.content["participation"]["valid_rate"]
    if rate is not None and _upper_end(rate) < LEAST_RATE:
        shown = show_percent(rate, material.say)
        found.append(material.say("brief.caution.low_rate", rate=shown))
    if material.noted("many_excluded"):
        share = material.content["quality"].get("excluded_share")
        if share is not None:
            shown = show_percent(share, material.say)
            found.append(material.say("brief.caution.excluded", share=shown))
    return found[:2]


def _upper_end(rate: int | str) -> int:
    """Return the highest rate that a band may stand for: ``20-40`` is at most 40."""
    if isinstance(rate, int):
        return rate
    if rate.startswith(">"):
        return 100
    return int(rate.rpartition("-")[2].removeprefix("<="))
