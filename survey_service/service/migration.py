"""Move house: every wave of one store into another one that is empty."""

from survey_service.errors import Code, SurveyError
from survey_service.service.transfer import Advance, bring_in
from survey_service.store import Store
from survey_service.wave import Wave


def migrate_store(
    source: Store, target: Store, advance: Advance, *, goes_on: bool = False
) -> tuple[Wave, ...]:
    """Copy every wave, compare each with what the source holds then, and return them.

    The source is only read. ``store_served`` while it is served, for what it accepts would
    not be in the copy; ``wave_none`` if it is empty; else see ``bring_in``.
    """
    with source.alone():
        waves = source.waves()
        if not waves:
            raise SurveyError(Code.WAVE_NONE)
        bring_in(target, waves, source.snapshot, advance, goes_on=goes_on)
    return waves
