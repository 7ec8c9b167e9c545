"""Send a body small: compressed where the browser takes it, and only once where it keeps it."""

import gzip
import hashlib
from dataclasses import dataclass

from flask import Flask, make_response, request
from flask.wrappers import Response

_LEVEL = 9
_WORTHWHILE = 1000
_COMPRESSIBLE = frozenset({"text/html", "application/json", "application/problem+json"})


@dataclass(frozen=True)
class Packed:
    """One body, as it is and compressed, ready to be sent many times."""

    plain: bytes
    packed: bytes

    @classmethod
    def of(cls, text: str) -> "Packed":
        """Compress a text once."""
        plain = text.encode()
        return cls(plain, _compress(plain))


def install(app: Flask) -> None:
    """Compress the replies of an application that are not compressed yet."""
    app.after_request(_compress_reply)


def deliver(body: Packed, mimetype: str, caching: str) -> Response:
    """Return the reply with a strong ETag, or 304 to a browser that holds the very same bytes."""
    is_packed = _takes_gzip()
    content = body.packed if is_packed else body.plain
    response = make_response(content)
    response.mimetype = mimetype
    response.headers["Cache-Control"] = caching
    response.vary.add("Accept-Encoding")
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(hashlib.sha256(content).hexdigest())
    response.make_conditional(request)
    return response


def _compress_reply(response: Response) -> Response:
    if response.mimetype not in _COMPRESSIBLE or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    if len(content) >= _WORTHWHILE and _takes_gzip():
        response.set_data(_compress(content))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _compress(content: bytes) -> bytes:
    return gzip.compress(content, _LEVEL, mtime=0)
