"""Start a server for a measurement and read what it has used."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

_ROOT = Path(__file__).parents[1]
_PATIENCE_S = 60.0

_PROGRAMS = {
    "granian": (
        "from granian import Granian; from granian.constants import Interfaces;"
        "Granian({app!r}, address='127.0.0.1', port={port}, interface=Interfaces.WSGI, factory=True,"
        " workers={workers}, blocking_threads={threads}, websockets=False, log_access=False).serve()"
    ),
    "gunicorn": (
        "import sys; from gunicorn.app.wsgiapp import run;"
        "sys.argv=['gunicorn', '-b', '127.0.0.1:{port}', '-k', 'gthread', '-w', '{workers}',"
        " '--threads', '{threads}', '--log-level', 'error', '{app}()']; run()"
    ),
    "waitress": (
        "import importlib, waitress; module, name = {app!r}.split(':');"
        "waitress.serve(getattr(importlib.import_module(module), name)(), host='127.0.0.1',"
        " port={port}, threads={threads}, connection_limit=1000)"
    ),
}


@dataclass
class Usage:
    """What the processes of a server have used so far."""

    cpu_s: float
    written: int  #: bytes handed to the disk
    resident: int  #: bytes of memory, the largest process


class Running:
    """A server and the processes it has started."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port

    def usage(self) -> Usage:
        """Return what the server and its children have used."""
        parent = psutil.Process(self.process.pid)
        family = [parent, *parent.children(recursive=True)]
        times = [each.cpu_times() for each in family]
        return Usage(
            sum(t.user + t.system for t in times),
            sum(each.io_counters().write_chars for each in family),
            max(each.memory_info().rss for each in family),
        )


@contextmanager
def run(
    url: str,
    kind: str = "",
    program: str = "",
    workers: int = 1,
    threads: int = 16,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """Run our own ``serve``, or the application under another server program.

    ``kind`` replaces the store by one of ``benchmarks.stores``.
    """
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    if program or kind:
        app = "benchmarks.stores:from_environment"
        source = _PROGRAMS[program or "granian"].format(
            app=app, port=port, workers=workers, threads=threads
        )
        command = [sys.executable, "-c", source]
    else:
        command = [sys.executable, "-m", "survey_service.cli", "--store", url, "serve"]
        command += ["--host", "127.0.0.1", "--port", str(port)]
        command += ["--threads", str(threads), "--workers", str(workers)]
    variables = os.environ | {
        "PYTHONPATH": str(_ROOT),
        "SURVEY_STORE": url,
        "BENCHMARK_STORE": kind,
        **(environment or {}),
    }
    process = subprocess.Popen(
        command, env=variables, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait(process, port)
        yield Running(process, port)
    finally:
        process.terminate()
        try:
            process.wait(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            try:
                connection.request("GET", "/livez")
                if connection.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                time.sleep(0.05)
    raise SystemExit("the server did not start")
