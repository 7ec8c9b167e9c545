"""The service in a process of its own on this machine, and a client that fills it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Lock
from typing import Any

import click

from survey_service.errors import Code, SurveyError

_CLIENTS = 8
_ROOT = Path(__file__).parents[2]  # where the package lies, installed or in a checkout
_PATIENCE_S = 30.0


@contextmanager
def run_server(url: str) -> Iterator[int]:
    """Run ``serve`` in a process of its own on a free port of this machine."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "survey_service.cli", "--store", url]
    command += ["serve", "--host", "127.0.0.1", "--port", str(port)]
    environment = os.environ | {"PYTHONPATH": str(_ROOT)}
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)  # noqa: S603 - our own program
    try:
        _wait_until_ready(server, port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=_PATIENCE_S)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and server.poll() is None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            try:
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                time.sleep(0.05)
    raise SurveyError(Code.SERVER_FAILED)


def post_all(port: int, path: str, submissions: Sequence[Mapping[str, Any]], label: str) -> None:
    """Send every submission over a few connections; raise ``server_failed`` when one is refused."""
    shares = [submissions[n::_CLIENTS] for n in range(_CLIENTS)]
    turn = Lock()
    progress = click.progressbar(
        length=len(submissions), label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    )

    def post(share: Sequence[Mapping[str, Any]]) -> None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)) as connection:
            for submission in share:
                body = json.dumps(submission)
                connection.request("POST", path, body, {"Content-Type": "application/json"})
                reply = connection.getresponse()
                reply.read()
                if reply.status != 201:
                    raise SurveyError(Code.SERVER_FAILED)
                with turn:
                    progress.update(1)

    with progress, ThreadPoolExecutor(_CLIENTS) as pool:
        list(pool.map(post, shares))
