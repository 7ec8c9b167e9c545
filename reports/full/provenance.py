"""Where a report comes from: hashes of the questionnaire, the answers and the rules, and the program."""

import hashlib
from datetime import date

from reports.material import Material
from survey_service import __version__
from survey_service.disclosure.release import Release
from survey_service.i18n import write_date


def write_provenance(material: Material) -> tuple[tuple[str, str], ...]:
    """Return names and values."""
    say, content = material.say, material.content
    asked = content["questionnaire"]
    closed = write_date(date.fromisoformat(content["generated_on"]), material.lang)
    title = material.name(material.questionnaire.title)
    version = say("report.source.version", title=title, id=asked["id"], version=asked["version"])
    pairs = {
        "wave": content["wave"]["id"],
        "closed": closed,
        "questionnaire": version,
        "questionnaire_sha256": asked["sha256"],
        "data_sha256": content["data_sha256"],
        "rules_sha256": content["rules_sha256"],
        "release_sha256": hash_release(material),
        "program": f"survey-service {__version__}",
        "schema": str(content["schema"]),
    }
    return tuple((say(f"report.source.{name}"), value) for name, value in pairs.items())


def hash_release(material: Material) -> str:
    """Return the SHA-256 of ``release.json`` as the program writes it."""
    return hashlib.sha256(Release(material.content).to_json().encode()).hexdigest()
