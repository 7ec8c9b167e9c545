"""What is asked: definitions as data, loaded to frozen dataclasses, checked before they are used."""

from survey_service.questionnaire.definition import (
    ROLES,
    SYMBOLS,
    Block,
    Dimension,
    Facet,
    Item,
    Option,
    Questionnaire,
    ResponseScale,
)
from survey_service.questionnaire.loading import add_background, check, load, shipped
from survey_service.questionnaire.sections import Section, divide

__all__ = [
    "ROLES",
    "SYMBOLS",
    "Block",
    "Dimension",
    "Facet",
    "Item",
    "Option",
    "Questionnaire",
    "ResponseScale",
    "Section",
    "add_background",
    "check",
    "divide",
    "load",
    "shipped",
]
