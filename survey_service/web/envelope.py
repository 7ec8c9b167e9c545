"""The envelope of a request: to whom it is addressed, before anybody looks inside."""

import re

from flask import Flask, request

from survey_service.errors import Code, SurveyError
from survey_service.web.paths import PROBES

_HOST = re.compile(r"([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?", re.IGNORECASE)


def install(app: Flask, host_names: tuple[str, ...]) -> None:
    """Refuse what is addressed to nobody, to several, or to a name that is not ours.

    Probes are asked by machines that know an address and no name; they answer to any.
    """
    ours = frozenset(name.lower() for name in host_names)

    def check() -> None:
        host = request.environ.get("HTTP_HOST", "")
        found = _HOST.fullmatch(host)
        if found is None and (host or request.environ.get("SERVER_PROTOCOL") == "HTTP/1.1"):
            raise SurveyError(Code.REQUEST_MALFORMED)
        name = "" if found is None else found[1].lower().rstrip(".")
        if ours and name not in ours and request.path not in PROBES:
            raise SurveyError(Code.HOST_UNKNOWN)

    app.before_request(check)
