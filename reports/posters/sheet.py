"""What is printed: a wave in words, where it is answered, and a poster for each unit."""

from dataclasses import dataclass
from urllib.parse import urlencode

PAPERS = {"A4": 1.0, "A3": 2**0.5}
"""Sizes of paper, and how much larger everything is on them."""


@dataclass(frozen=True)
class Poster:
    """One poster. ``unit`` and ``parent`` are names to be read, ``key`` what the phone is told."""

    unit: str = ""
    parent: str = ""
    key: str = ""


@dataclass(frozen=True)
class PosterSheet:
    """All posters of a wave; ``base_url`` as ``http://host:port``, ``closes`` a date to be read.

    ``recorded`` and ``unrecorded`` are the sentences of the first page that the phone shows, and so
    are ``smallest`` (who is too few to be shown) and ``voluntary``. With ``has_cards`` people scan a
    card of their own, and the poster only leads there.
    """

    wave_id: str
    title: str
    organisation: str
    closes: str
    base_url: str
    contact: str
    length: str
    recorded: tuple[str, ...]
    unrecorded: tuple[str, ...]
    smallest: str
    voluntary: str
    posters: tuple[Poster, ...]
    has_cards: bool = False
    is_rehearsal: bool = False
    lang: str = ""

    @property
    def address(self) -> str:
        """Return what somebody types who cannot scan."""
        return f"{self.base_url.rstrip('/')}/q/{self.wave_id}"

    def link(self, poster: Poster) -> str:
        """Return what a QR code says: the unit stands where no server and no log sees it."""
        query = "?" + urlencode({"lang": self.lang}) if self.lang else ""
        return self.address + query + (f"#u={poster.key}" if poster.key else "")
