"""What every command needs: the language, its words, the store, the day."""

from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - the name of a type
from datetime import datetime
from typing import TYPE_CHECKING

from survey_service.i18n import Words, words

if TYPE_CHECKING:
    from survey_service.store import Store


@dataclass
class Session:
    """One run of the command line."""

    lang: str
    store_url: str = ""

    @property
    def words(self) -> Words:
        """Return the words of the chosen language."""
        return words(self.lang)

    def open_store(self) -> "Store":
        """Return the store of ``--store``."""
        from survey_service.storage import DEFAULT_URL, open_store  # noqa: PLC0415 - start-up time

        return open_store(self.store_url or DEFAULT_URL)

    def today(self) -> Date:
        """Return the day: the only clock of the command line."""
        return datetime.now().astimezone().date()  # noqa: TID251 - see the docstring
