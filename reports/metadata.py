"""What a viewer shows about a report's file."""

from datetime import date

from reports.document import Metadata
from reports.faces import House
from reports.full.provenance import hash_release
from reports.material import Material
from survey_service import __version__
from survey_service.i18n import HTML_LANGUAGE


def describe_file(material: Material, kind: str = "brief", house: House | None = None) -> Metadata:
    """Return title, author, subject, language and origin; the unit's name where it is about one.

    ``kind`` is ``brief`` or ``report``.
    """
    say = material.say
    source = (material.whole or material).unit_words(material.unit) if material.unit else ""
    name = "unit" if material.unit else kind
    values = {"organisation": material.organisation, "wave": material.wave_title, "unit": source}
    title = say(f"{name}.metadata.title", **values).strip("\u3000, ")
    closed = date.fromisoformat(material.content["generated_on"]).isoformat()
    return Metadata(
        title,
        material.organisation,
        say("brief.metadata.subject", date=closed),
        HTML_LANGUAGE[material.lang],
        "" if material.unit else write_origin(material, kind, house),
    )


def write_origin(material: Material, kind: str, house: House | None) -> str:
    """Return what a file was made from, so that ``verify-report`` can say how another one differs."""
    parts = {
        "kind": kind,
        "lang": material.lang,
        "program": __version__,
        "release": hash_release(material),
        "style": "none" if house is None else house.key,
    }
    return " ".join(f"{name}={value}" for name, value in parts.items())
