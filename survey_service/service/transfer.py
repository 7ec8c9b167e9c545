"""Bring waves into an empty store, all or none: from a backup, or from another store."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import NamedTuple

from survey_service.archive import take_fingerprint
from survey_service.errors import Code, SurveyError
from survey_service.snapshot import Snapshot
from survey_service.store import Store
from survey_service.wave import Wave

Advance = Callable[[str], None]
"""Called with the id of each wave whose turn it is, so that progress can be shown."""

Load = Callable[[str], Snapshot]


def bring_in(
    target: Store, waves: Sequence[Wave], load: Load, advance: Advance, *, goes_on: bool
) -> None:
    """Keep the waves that ``load`` gives, then read every one again and compare.

    If anything fails, what was brought in is removed again; where not even that is possible (the
    process was killed), the next call raises ``restore_unfinished``, and one with ``goes_on``
    brings in what is missing. Raises ``store_not_empty``, ``store_served`` while a server runs, ``copy_differs`` if what is read back is not what ``load`` gives then.
    """
    kept = _find_kept(target, [wave.id for wave in waves], load, goes_on=goes_on)
    with target.alone():
        brought: list[_Brought] = []
        try:
            for wave in sorted(waves, key=_rank):  # what takes answers comes last
                advance(wave.id)
                if wave.id not in kept:
                    _keep(target, load(wave.id), brought)
            for wave in waves:
                advance(wave.id)
                _compare(target, wave.id, load)
        except BaseException as error:
            left = [each.wave.id for each in brought if not _remove(target, each)]
            if left:
                faults = error.faults if isinstance(error, SurveyError) else ()
                raise SurveyError.of([*faults, *_unfinished(left).faults]) from None
            raise


class _Brought(NamedTuple):
    """A wave that was brought in, and the number of its answers then."""

    wave: Wave
    answers: int


def _keep(target: Store, snapshot: Snapshot, brought: list[_Brought]) -> None:
    brought.append(_Brought(snapshot.wave, len(snapshot.answers)))
    try:
        target.restore(snapshot)
    except SurveyError as error:
        if error.code is Code.WAVE_EXISTS:  # made by somebody else meanwhile: theirs, not ours
            brought.pop()
        raise


def require_room(target: Store, ids: Collection[str], *, goes_on: bool) -> set[str]:
    """Return which of the waves are in a store already: the beginning of what shall be brought in.

    ``store_not_empty`` if there is anything else in it, or nothing left to bring in.
    """
    present = {wave.id for wave in target.waves()}
    if present and not (present < set(ids) or (goes_on and present == set(ids))):
        raise _not_empty(present)
    return present


def _find_kept(target: Store, ids: Collection[str], load: Load, *, goes_on: bool) -> set[str]:
    """Return what an earlier call that was killed has left; refuse anything else."""
    present = require_room(target, ids, goes_on=goes_on)
    if any(_differs(target, wave_id, load) for wave_id in present):
        raise _not_empty(present)
    if present and not goes_on:
        raise _unfinished(present)
    return present


def _compare(target: Store, wave_id: str, load: Load) -> None:
    if _differs(target, wave_id, load):
        raise SurveyError(Code.COPY_DIFFERS, wave=wave_id)


def _differs(target: Store, wave_id: str, load: Load) -> bool:
    return take_fingerprint(load(wave_id)) != take_fingerprint(target.snapshot(wave_id))


def _remove(target: Store, brought: _Brought) -> bool:
    """Remove a wave that was brought in; return whether it is gone.

    It stays if it was changed or has got answers: somebody relies on it already.
    """
    wave = brought.wave

    def require_unchanged(present: Wave) -> None:
        if present != wave:
            raise SurveyError(Code.WAVE_EXISTS, wave=wave.id)

    with suppress(SurveyError):
        if len(target.answers(wave.id)) <= brought.answers:
            target.delete_wave(wave.id, require_unchanged)
    try:
        target.wave(wave.id)
    except SurveyError as error:
        return error.code is Code.WAVE_UNKNOWN
    return False


def _rank(wave: Wave) -> tuple[bool, bool, str]:
    return wave.closed_on is None, wave.opened_on is not None, wave.id


def _not_empty(ids: Collection[str]) -> SurveyError:
    return SurveyError(Code.STORE_NOT_EMPTY, waves=_list(ids))


def _unfinished(ids: Collection[str]) -> SurveyError:
    return SurveyError(Code.RESTORE_UNFINISHED, waves=_list(ids))


def _list(ids: Collection[str]) -> str:
    return "、".join(sorted(ids))
