"""One-time codes for cards: drawn at random, shuffled, forgotten once they are printed."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from survey_service.codes import draw_code, hash_code
from survey_service.errors import Code, SurveyError
from survey_service.store import Store
from survey_service.strata import Stratum
from survey_service.wave import Wave


@dataclass(frozen=True)
class CodeStack:
    """The codes for one stratum, in random order: as many as may still answer."""

    stratum: Stratum
    codes: tuple[str, ...]


def issue_codes(
    store: Store,
    wave: Wave,
    keep: Callable[[tuple[CodeStack, ...]], Callable[[], None]],
    *,
    replace: bool = False,
) -> tuple[CodeStack, ...]:
    """Draw a code for everybody who may still answer, print them, and make them valid.

    ``keep`` prepares the print and returns what puts it into place. Only if the preparation
    succeeds do the codes become valid, and only then is the print put into place: either all codes
    exist and are printed, or none. With ``replace`` the unspent codes of before become void.
    Raises ``codes_mode``, ``codes_issued``, ``codes_many`` or ``wave_closed``.
    """
    wave.require_codes()
    present = store.count_codes(wave.id)
    if present and not replace:
        raise SurveyError(Code.CODES_ISSUED, wave=wave.id)
    spent = {name: count.spent for name, count in present.items()}
    stacks = tuple(
        CodeStack(stratum, _draw(stratum.headcount - spent.get(stratum.id, 0)))
        for stratum in wave.strata.strata
    )
    put_into_place = keep(stacks)
    store.issue_codes(wave.id, _hash(wave, stacks), replace=replace)
    put_into_place()
    return stacks


def _draw(count: int) -> tuple[str, ...]:
    codes = {draw_code() for _ in range(count)}
    while len(codes) < count:
        codes.add(draw_code())
    return tuple(secrets.SystemRandom().sample(sorted(codes), len(codes)))


def _hash(wave: Wave, stacks: tuple[CodeStack, ...]) -> Mapping[str, list[str]]:
    key = bytes.fromhex(wave.salt)
    return {
        stack.stratum.id: sorted(hash_code(code, key) for code in stack.codes) for stack in stacks
    }
