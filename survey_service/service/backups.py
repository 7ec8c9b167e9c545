"""Backups: what goes into one, and what must be decided before one is brought back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from survey_service.archive import Archive
from survey_service.errors import Code, SurveyError
from survey_service.service.transfer import Advance, bring_in, require_room
from survey_service.service.verification import STEP
from survey_service.snapshot import Snapshot
from survey_service.store import Store
from survey_service.wave import Wave

KEEP, VOID = "keep", "void"
DECISIONS = (KEEP, VOID)
"""What becomes of codes that are unspent in a backup, and may have been spent after it."""


@dataclass(frozen=True)
class Restored:
    """A wave that was brought back; ``unspent`` codes were kept or made void."""

    wave: Wave
    answers: int
    unspent: int

    @property
    def at_least(self) -> int:
        """Return the answers down to tens, as they are shown while a wave is open."""
        return self.answers // STEP * STEP


def choose_waves(store: Store, wave_id: str | None) -> tuple[Wave, ...]:
    """Return the wave that is named, or all; ``wave_none`` if there is none."""
    waves = store.waves() if wave_id is None else (store.wave(wave_id),)
    if not waves:
        raise SurveyError(Code.WAVE_NONE)
    return waves


def take_snapshots(store: Store, waves: Sequence[Wave], advance: Advance) -> Iterator[Snapshot]:
    """Yield everything of each wave at one instant.

    ``store_damaged`` if the answers of a closed wave are not those of its closing: a backup of
    them would only seem to be one.
    """
    for wave in waves:
        advance(wave.id)
        snapshot = store.snapshot(wave.id)
        frozen = snapshot.wave.frozen_sha256
        if frozen and snapshot.answers.hash() != frozen:
            raise SurveyError(Code.STORE_DAMAGED, what=wave.id)
        yield snapshot


def restore_archive(
    store: Store, archive: Archive, codes: str | None, advance: Advance, *, goes_on: bool = False
) -> tuple[Restored, ...]:
    """Bring every wave of a backup into an empty store, or none.

    Where codes are unspent in it, raises ``restore_codes`` unless ``codes`` says what becomes of
    them; else see ``bring_in``.
    """
    waves = archive.waves
    require_room(store, [wave.id for wave in waves], goes_on=goes_on)
    open_ids = [wave.id for wave in waves if not wave.closed_on]
    undecided = [wave_id for wave_id in open_ids if archive.counts(wave_id).unspent]
    if undecided and codes is None:
        raise SurveyError(Code.RESTORE_CODES, waves="、".join(undecided))

    def load(wave_id: str) -> Snapshot:
        snapshot = archive.snapshot(wave_id)
        return void_codes(snapshot) if codes == VOID and wave_id in undecided else snapshot

    bring_in(store, waves, load, advance, goes_on=goes_on)
    counts = [archive.counts(wave.id) for wave in waves]
    return tuple(
        Restored(wave, n.answers, n.unspent) for wave, n in zip(waves, counts, strict=True)
    )


def void_codes(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot in which no unspent code is valid; that counts as one more issue."""
    spent = {code: stratum for code, stratum in snapshot.codes.items() if code in snapshot.spent}
    return replace(snapshot, wave=snapshot.wave.count_issue(), codes=spent)
