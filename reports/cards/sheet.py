"""What is printed: a wave, where it is answered, and for each group its stack of codes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stack:
    """The cards of one stratum; ``codes`` as ``XXXX-XXXX-XXXX-XXXX``, already shuffled.

    ``units`` are names to be read, ``roles`` the ids ``manager``, ``key_staff``, ``frontline``.
    """

    units: tuple[str, ...]
    roles: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class CardSheet:
    """All stacks of a wave; ``base_url`` as ``http://host:port``, ``closes`` a date to be read.

    ``closes``, ``organisation`` and ``contact`` may be empty; then nothing stands in their place.
    """

    wave_id: str
    title: str
    organisation: str
    closes: str
    base_url: str
    contact: str
    stacks: tuple[Stack, ...]

    @property
    def address(self) -> str:
        """Return what somebody types who cannot scan."""
        return f"{self.base_url.rstrip('/')}/q/{self.wave_id}"

    def link(self, code: str) -> str:
        """Return what a card's QR says: the code stands where no server and no log sees it."""
        return f"{self.address}#c={code}"
