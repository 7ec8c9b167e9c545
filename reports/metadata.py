"""What a viewer shows about a report's file."""

from datetime import date

from reports.document import Metadata
from reports.material import Material
from survey_service.i18n import HTML_LANGUAGE


def describe_file(material: Material) -> Metadata:
    """Return title, author, subject and language; the unit's name where it is about one."""
    say = material.say
    source = (material.whole or material).unit_words(material.unit) if material.unit else ""
    kind = "unit" if material.unit else "brief"
    values = {"organisation": material.organisation, "wave": material.wave_title, "unit": source}
    title = say(f"{kind}.metadata.title", **values).strip("\u3000, ")
    closed = date.fromisoformat(material.content["generated_on"]).isoformat()
    return Metadata(
        title,
        material.organisation,
        say("brief.metadata.subject", date=closed),
        HTML_LANGUAGE[material.lang],
    )
