"""How the service stands before the world: its names, and whether HTTPS is in front of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Exposure:
    """What whoever starts the server says about it.

    ``host_names`` are the names it answers to (any name if there is none), ``is_https`` says that
    people reach it over HTTPS only, ``access_log`` is a file for lines without persons.
    """

    host_names: tuple[str, ...] = ()
    is_https: bool = False
    access_log: Path | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Exposure":
        """Return what ``serve`` has left for the processes that it starts."""
        names = environment.get("SURVEY_HOST_NAMES", "").split()
        log = environment.get("SURVEY_ACCESS_LOG")
        is_https = environment.get("SURVEY_HTTPS") == "1"
        return cls(tuple(names), is_https, Path(log) if log else None)

    def leave(self) -> dict[str, str]:
        """Return the variables that ``read`` takes."""
        return {
            "SURVEY_HOST_NAMES": " ".join(self.host_names),
            "SURVEY_HTTPS": "1" if self.is_https else "0",
            "SURVEY_ACCESS_LOG": "" if self.access_log is None else str(self.access_log),
        }


UNEXPOSED = Exposure()
"""Every name is answered, there is no HTTPS, nothing is logged."""
