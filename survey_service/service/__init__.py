"""Use cases: what a door asks for, in one call each. A store and the day come in as arguments."""

from survey_service.service.collection import accept
from survey_service.service.imports import ImportResult, import_answers, write_template
from survey_service.service.waves import close_wave, create_wave, open_wave, single_wave

__all__ = [
    "ImportResult",
    "accept",
    "close_wave",
    "create_wave",
    "import_answers",
    "open_wave",
    "single_wave",
    "write_template",
]
