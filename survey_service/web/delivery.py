"""Send a body small: compressed where the browser takes it, and only once where it keeps it."""

import gzip
import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from threading import Lock

import brotli
import zopfli.gzip
from flask import Flask, make_response, request
from flask.wrappers import Response

from survey_service.web.evenness import EVEN

_PLAIN = "identity"
_THOROUGHLY: dict[str, Callable[[bytes], bytes]] = {  # made once and sent often
    _PLAIN: bytes,
    "gzip": zopfli.gzip.compress,
    "br": partial(brotli.compress, quality=11),
}
_QUICKLY: dict[str, Callable[[bytes], bytes]] = {  # made for one reply
    "gzip": partial(gzip.compress, compresslevel=9, mtime=0),
    "br": partial(brotli.compress, quality=5),
}
_WORTHWHILE = 1000
_COMPRESSIBLE = frozenset({"text/html", "application/json", "application/problem+json"})


class Packed:
    """One body to be sent many times: compressed as small as can be, once for each encoding."""

    def __init__(self, text: str) -> None:
        self._plain = text.encode()
        self._bodies: dict[str, bytes] = {_PLAIN: self._plain}
        self._makeshifts: dict[str, bytes] = {}
        self._work = Lock()

    def body(self, encoding: str) -> bytes:
        """Return the body in "identity", "gzip" or "br".

        To make it small takes a second: whoever comes meanwhile gets one that was made quickly, or
        a shift that opens the page at one moment would do the same work a thousand times.
        """
        if encoding not in self._bodies:
            if not self._work.acquire(blocking=False):
                return self._makeshift(encoding)
            with ExitStack() as stack:
                stack.callback(self._work.release)
                self._bodies[encoding] = _THOROUGHLY[encoding](self._plain)
        return self._bodies[encoding]

    def _makeshift(self, encoding: str) -> bytes:
        if encoding not in self._makeshifts:
            self._makeshifts[encoding] = _QUICKLY[encoding](self._plain)
        return self._makeshifts[encoding]


def install(app: Flask) -> None:
    """Compress the replies of an application that are not compressed yet."""
    app.after_request(_compress_reply)


def deliver(body: Packed, mimetype: str, caching: str) -> Response:
    """Return the reply with a strong ETag, or 304 to a browser that holds the very same bytes."""
    encoding = _choose_encoding()
    content = body.body(encoding)
    response = make_response(content)
    response.mimetype = mimetype
    response.headers["Cache-Control"] = caching
    response.vary.add("Accept-Encoding")
    if encoding != _PLAIN:
        response.headers["Content-Encoding"] = encoding
    response.set_etag(hashlib.sha256(content).hexdigest())
    response.make_conditional(request)
    return response


def _compress_reply(response: Response) -> Response:
    if response.mimetype not in _COMPRESSIBLE or "Content-Encoding" in response.headers:
        return response
    if request.endpoint in EVEN:
        return response
    response.vary.add("Accept-Encoding")
    content, encoding = response.get_data(), _choose_encoding()
    if len(content) < _WORTHWHILE or encoding == _PLAIN:
        return response
    response.set_data(_QUICKLY[encoding](content))
    response.headers["Content-Encoding"] = encoding
    return response


def _choose_encoding() -> str:
    """Return the smallest encoding that the browser likes best, brotli before gzip."""
    likes = {name: request.accept_encodings.quality(name) for name in ("br", "gzip")}
    best = max(likes, key=lambda name: likes[name])
    return best if likes[best] > 0 else _PLAIN
