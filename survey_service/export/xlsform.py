"""XLSForm: how the fields of a questionnaire are spread over the sheets of a workbook.

``survey``, ``choices`` and ``settings`` are those of XLSForm, with columns of ours beside the known
ones; ``blocks``, ``dimensions``, ``facets`` and ``scales`` are ours alone. Programs that read XLSForm pass
over what is ours.
"""

from typing import Final

SURVEY, CHOICES, SETTINGS, SCALES = "survey", "choices", "settings", "scales"
PLAIN_TABLES: Final = ("blocks", "dimensions", "facets")
LANGUAGE_NAMES: Final = {"zh": "中文 (zh)", "en": "English (en)"}

SHEET_FIELDS: Final = {
    SURVEY: {
        "id": "name",
        "text": "label",
        "hint": "hint",
        "scale": "type",
        "kind": "kind",
        "facet": "facet",
        "reverse": "reverse",
        "expected": "expected",
        "limit": "limit",
        "variants": "label_manager",
    },
    "blocks": {"id": "id", "name": "name", "weight": "weight", "outcome": "outcome"},
    "dimensions": {"id": "id", "name": "name", "block": "block"},
    "facets": {"id": "id", "name": "name", "dimension": "dimension", "phrases": "phrases"},
    SCALES: {"id": "id", "stem": "stem"},
    SETTINGS: {
        "id": "form_id",
        "version": "version",
        "title": "full_title",  # "title" is one of XLSForm that has no languages
        "minutes": "minutes",
        "sections": "sections",
        "bank": "bank",
        "index": "index",
        "source": "source",
        "status": "status",
        "opening": "opening",
        "languages": "languages",
    },
}
"""Field of a questionnaire file -> column, sheet by sheet."""

WORDED: Final = frozenset(
    {"text", "hint", "name", "stem", "title", "index", "source", "status", "opening", "languages"}
)
"""Fields with one column for every language."""

VARIANTS: Final = {
    "manager": "label_manager",
    "key_staff": "label_key_staff",
    "party": "label_party",
}
SHARES: Final = ("favourable", "neutral", "unfavourable")
NOT_APPLICABLE: Final = "not_applicable"


def name_column(column: str, lang: str) -> str:
    """Return the heading of a column in one language.

    >>> name_column("label", "zh")
    'label::中文 (zh)'
    """
    return f"{column}::{LANGUAGE_NAMES.get(lang, f'{lang} ({lang})')}"
