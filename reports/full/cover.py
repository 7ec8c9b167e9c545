"""What stands on the cover and in the running head."""

from datetime import date

from reports.blocks import Front
from reports.material import Material
from survey_service.i18n import write_date


def write_front(material: Material) -> Front:
    """Return the cover."""
    say, wave = material.say, material.content["wave"]
    opened, closed = wave["opened_on"], wave["closed_on"]
    days = [write_date(date.fromisoformat(day), material.lang) for day in (opened, closed) if day]
    return Front(
        say("brief.title"),
        say("report.kind"),
        material.organisation,
        "\u3000".join((material.wave_title, say("report.dash").join(days))),
        list_marks(material),
    )


def list_marks(material: Material) -> tuple[str, ...]:
    """Say how far the numbers may be trusted and who may read them."""
    say = material.say
    marks = [say("brief.internal")]
    if material.noted("trial"):
        marks.insert(0, material.name(material.questionnaire.status))
    if material.content["wave"]["rehearsal"]:
        marks.insert(0, say("brief.rehearsal"))
    return tuple(marks)


def write_running(material: Material) -> str:
    """Return the running head: what this is, of whom and of what time."""
    parts = (material.say("report.kind"), material.organisation, material.wave_title)
    return "\u3000".join(part for part in parts if part)
