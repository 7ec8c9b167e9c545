"""What every command needs: the language, its words, the store, the day."""

import os
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - the name of a type
from datetime import datetime
from pathlib import Path
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

    @property
    def url(self) -> str:
        """Return the URL of the store, the one of ``--store`` or the default."""
        from survey_service.storage import DEFAULT_URL  # noqa: PLC0415 - start-up time

        return self.store_url or DEFAULT_URL

    @property
    def admin_log(self) -> Path | None:
        """Return where commands are recorded: in the folder of the store, unless said otherwise."""
        from survey_service.storage.condition import folder_of  # noqa: PLC0415 - start-up time

        said = os.environ.get("SURVEY_ADMIN_LOG")
        folder = folder_of(self.url)
        if said:
            return Path(said)
        return None if folder is None else folder / "admin.jsonl"

    def open_store(self) -> "Store":
        """Return the store of ``--store``."""
        from survey_service.storage import open_store  # noqa: PLC0415 - start-up time

        return open_store(self.url)

    def today(self) -> Date:
        """Return the day: the only clock of the command line."""
        return datetime.now().astimezone().date()  # noqa: TID251 - see the docstring
