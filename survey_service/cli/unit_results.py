"""The folder ``units``: one brief for every unit that may be shown, all of them or none."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from survey_service.cli.progress import long_work
from survey_service.cli.session import Session
from survey_service.errors import Code, Place, SurveyError

if TYPE_CHECKING:
    from reports.faces import House
    from survey_service.disclosure.release import Release
    from survey_service.questionnaire import Questionnaire

FOLDER = "units"


@contextmanager
def prepared_units(
    session: Session,
    folder: Path,
    release: "Release",
    questionnaire: "Questionnaire",
    house: "House | None",
) -> Iterator[list[Path]]:
    """Render all unit briefs beside where they belong; yield where they will stand.

    They are put into place at the end of the block; on any error, also of the block, nothing of
    them is left. Raises ``output_unwritable`` where the disk refuses.
    """
    from reports import render_unit_briefs  # noqa: PLC0415 - start-up time

    waiting = folder / f".{FOLDER}.{secrets.token_hex(4)}"
    final = folder / FOLDER
    try:
        waiting.mkdir(mode=0o700)
        steps = len(release.content["unit_order"])
        with long_work(session, session.words("cli.aggregate.units"), steps) as begin:
            names = render_unit_briefs(
                release, questionnaire, waiting, session.words.lang, house, begin
            )
        if names and final.exists() and not final.is_dir():
            raise SurveyError(Code.OUTPUT_UNWRITABLE, Place(str(final)))
        yield [final / name for name in names]
        if names:
            final.mkdir(exist_ok=True)
        for name in names:
            (waiting / name).replace(final / name)
    except OSError:
        raise SurveyError(Code.OUTPUT_UNWRITABLE, Place(str(folder))) from None
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
