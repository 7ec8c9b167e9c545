"""The record of a wave: read again every time, parsed again only when its bytes have changed."""

from pathlib import Path

from survey_service.errors import Code, SurveyError
from survey_service.storage.files import guard_disk, sync_folder
from survey_service.storage.segments import parse_tables, write_tables
from survey_service.wave import Wave, is_wave_id

_NAME = "wave.json"


class WaveFiles:
    """The records of all waves below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parsed: dict[str, tuple[bytes, Wave]] = {}

    def read(self, wave_id: str) -> Wave:
        """Return a wave; ``wave_unknown`` if there is none with that id."""
        if not is_wave_id(wave_id):
            raise SurveyError(Code.WAVE_UNKNOWN)
        try:
            raw = (self._folder / wave_id / _NAME).read_bytes()
        except FileNotFoundError:
            raise SurveyError(Code.WAVE_UNKNOWN) from None
        except OSError:
            raise SurveyError(Code.STORE_UNREADABLE) from None
        known, wave = self._parsed.get(wave_id, (b"", None))
        if wave is None or known != raw:
            wave = _parse(raw, f"{wave_id}/{_NAME}")
            self._parsed[wave_id] = raw, wave
        return wave

    def write(self, wave: Wave) -> None:
        """Replace the record of a wave durably."""
        write_wave(self._folder / wave.id, wave)

    def remove(self, wave_id: str) -> None:
        """Remove the record: from then on there is no such wave."""
        with guard_disk():
            (self._folder / wave_id / _NAME).unlink()
        sync_folder(self._folder / wave_id)


def write_wave(folder: Path, wave: Wave) -> None:
    """Write the record of a wave into its folder durably."""
    write_tables(folder / _NAME, {"wave": {1: wave.to_record()}})


def _parse(raw: bytes, name: str) -> Wave:
    try:
        return Wave.from_record(parse_tables(raw, name)["wave"][1])
    except (KeyError, TypeError, ValueError):
        raise SurveyError(Code.STORE_DAMAGED, what=name) from None
