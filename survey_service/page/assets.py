"""The one stylesheet and the one script, made small once and written into every page.

Inline, so that a page is one request; the policy of the headers admits them by their hash. Both
files are divided by lines that say where the next part is needed: ``--- on every page``,
``--- only in the questionnaire``, ``--- only elsewhere``.
"""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from survey_service.page.minifying import minify_script, minify_style

EVERYWHERE, SHEET, SITE = "on every page", "only in the questionnaire", "only elsewhere"
_PART = re.compile(r"^(?:/\*|//) --- (.+?)(?: \*/|:.*)?$", re.MULTILINE)


@cache
def style_for(part: str) -> Markup:
    """Return the stylesheet as the questionnaire (``SHEET``) or every other page (``SITE``) needs it."""
    return Markup(minify_style(_select("page.css", part)))  # noqa: S704 - our own file


@cache
def script_for(part: str) -> Markup:
    """Return the script as the questionnaire or every other page needs it."""
    return Markup(minify_script(_select("page.js", part)))  # noqa: S704 - as above


def _select(name: str, part: str) -> str:
    """Return what a file holds for every page and for one kind of page."""
    source = files("survey_service.page").joinpath("static", name).read_text("utf-8")
    first, *divided = _PART.split(source)
    pairs = zip(divided[::2], divided[1::2], strict=True)
    return first + "".join(text for place, text in pairs if place in {EVERYWHERE, part})


def hash_source(text: str) -> str:
    """Return the source expression that admits exactly this inline text."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
