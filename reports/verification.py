"""Is a report what the release says? It is rendered again, and the bytes are compared."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from reports.brief import render_brief
from reports.faces import House
from reports.material import Material
from reports.metadata import write_origin
from reports.report import render_report
from survey_service.disclosure.release import Release
from survey_service.errors import Code, SurveyError
from survey_service.i18n import LANGUAGES, words
from survey_service.questionnaire import Questionnaire

Difference = Literal["foreign", "release", "program", "style", "content"]

_HEAD = b"%PDF-"
_ORIGIN = re.compile(rb"/Keywords \(((?:[a-z]+=[\w.+-]+ ?)+)\)")
_RENDERERS: Mapping[str, Callable[..., bytes]] = {"report": render_report, "brief": render_brief}


@dataclass(frozen=True)
class Verdict:
    """What was found: the same bytes as ``kind`` in ``lang``, or how the file differs.

    ``program`` is the version that the file says it was made by.
    """

    is_same: bool
    kind: str = ""
    lang: str = ""
    program: str = ""
    differences: tuple[Difference, ...] = field(default=())


def verify_report(
    pdf: bytes, release: Release, questionnaire: Questionnaire, house: House | None = None
) -> Verdict:
    """Compare a brief or a full report with what the release gives today.

    Raises ``report_format`` if the file is no PDF, ``release_format`` if the release was edited so that
    nothing can be made from it.
    """
    if not pdf.startswith(_HEAD):
        raise SurveyError(Code.REPORT_FORMAT)
    said = read_origin(pdf)
    for kind, render in _RENDERERS.items():
        for lang in LANGUAGES:
            if said and (said.get("kind"), said.get("lang")) != (kind, lang):
                continue
            if _render(render, release, questionnaire, lang, house) == pdf:
                return Verdict(True, kind, lang, said.get("program", ""))
    kind, lang = said.get("kind", ""), said.get("lang", "")
    if kind not in _RENDERERS or lang not in LANGUAGES:
        return Verdict(False, differences=("foreign",))
    differences = _compare(said, release, questionnaire, house)
    return Verdict(False, kind, lang, said.get("program", ""), differences)


def read_origin(pdf: bytes) -> dict[str, str]:
    """Return what a file says it was made from; empty if it does not say so as ours do."""
    found = _ORIGIN.search(pdf)
    if found is None:
        return {}
    pairs = (part.partition("=") for part in found[1].decode("ascii").split())
    return {name: value for name, _, value in pairs}


def _render(
    render: Callable[..., bytes],
    release: Release,
    questionnaire: Questionnaire,
    lang: str,
    house: House | None,
) -> bytes:
    try:
        return render(release, questionnaire, lang, house)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise SurveyError(Code.RELEASE_FORMAT) from None


def _compare(
    said: Mapping[str, str], release: Release, questionnaire: Questionnaire, house: House | None
) -> tuple[Difference, ...]:
    """Say in what the origins differ; where they do not, the content was changed afterwards."""
    material = Material(release.content, questionnaire, words(said["lang"]))
    wanted = dict(
        part.split("=", 1) for part in write_origin(material, said["kind"], house).split()
    )
    names: tuple[Difference, ...] = ("release", "program", "style")
    found = tuple(name for name in names if said.get(name) != wanted[name])
    return found or ("content",)
