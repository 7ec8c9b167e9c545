"""What employees are told about their answers: the same sentences on the first page and on posters."""

from survey_service.disclosure.rules import RULES
from survey_service.i18n import Words
from survey_service.strata import SMALLEST_STRATUM
from survey_service.wave import Wave


def list_recorded(wave: Wave, w: Words) -> tuple[str, ...]:
    """Return what a wave records, a sentence each."""
    applies = {
        "answers": True,
        "group": bool(wave.strata.groups),
        "background": bool(wave.questionnaire.background),
        "code": wave.access == "codes",
        "pace": True,
        "comments": True,
    }
    keys = (key for key, is_so in applies.items() if is_so)
    return tuple(w(f"web.recorded.{key}", least=SMALLEST_STRATUM) for key in keys)


def list_unrecorded(wave: Wave, w: Words) -> tuple[str, ...]:
    """Return what no wave records, a sentence each; that of the cards where there are cards."""
    keys = ("name", "phone", "device", "time", "place")
    cards = ("card",) if wave.access == "codes" else ()
    return tuple(w(f"web.unrecorded.{key}") for key in (*cards, *keys))


def say_smallest(w: Words) -> str:
    """Return the sentence about groups too small to be shown."""
    return w("web.landing.smallest", least=RULES.smallest_set)


def say_length(wave: Wave, w: Words) -> str:
    """Return how long it takes, and how many questions there are."""
    asked = wave.questionnaire
    return w("web.landing.time.text", minutes=asked.minutes, items=len(asked.items))
