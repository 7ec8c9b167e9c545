"""The one stylesheet and the one script, read once and written into every page.

Inline, so that a page is one request; the policy of the headers admits them by their hash.
"""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

from markupsafe import Markup


@cache
def stylesheet() -> Markup:
    """Return the stylesheet without comments and needless blanks."""
    text = re.sub(r"/\*.*?\*/", "", _read("page.css"), flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,>]) ?", r"\1", text)
    return Markup(text.replace(": ", ":").replace(";}", "}").strip())  # noqa: S704 - our own file


@cache
def script() -> Markup:
    """Return the script without comments and indentation."""
    lines = (line.strip() for line in _read("page.js").splitlines())
    return Markup("\n".join(s for s in lines if s and not s.startswith("//")))  # noqa: S704 - as above


def hash_source(text: str) -> str:
    """Return the source expression that admits exactly this inline text."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _read(name: str) -> str:
    return files("survey_service.page").joinpath("static", name).read_text("utf-8")
