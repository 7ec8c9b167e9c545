"""The real server in a process group of its own, and hands that kill it."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

_ROOT = Path(__file__).parents[2]
_PATIENCE_S = 60.0
_GRACE_S = 10.0
_REPLY_S = 3.0


@dataclass
class Service:
    """``serve`` over a store; ``prefix`` is a program that starts it, as ``faketime`` does."""

    url: str
    workers: int
    port: int = 0
    prefix: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it and wait until it can keep answers."""
        if not self.port:
            with closing(socket.socket()) as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
        command = [
            *self.prefix,
            sys.executable,
            "-m",
            "survey_service.cli",
            "--store",
            self.url,
            "serve",
        ]
        command += ["--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--workers", str(self.workers)]
        self._process = subprocess.Popen(
            command,
            cwd=_ROOT,
            env=os.environ | dict(self.environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.wait()

    def wait(self) -> None:
        """Wait until it can keep answers; start it again if it is no more."""
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            if self._has_ended():
                self.kill_master()
                self.start()
                return
            connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
            with suppress(OSError, HTTPException), closing(connection):
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.02)
        raise TimeoutError("the server does not come back")

    def ask(self, path: str) -> int:
        """Return the status of a page, 0 if there is no reply."""
        with (
            suppress(OSError, HTTPException),
            closing(HTTPConnection("127.0.0.1", self.port, timeout=_REPLY_S)) as connection,
        ):
            connection.request("GET", path)
            return connection.getresponse().status
        return 0

    @property
    def worker(self) -> psutil.Process:
        """Return the first of the processes that answer."""
        found: psutil.Process = psutil.Process(self._group).children()[0]
        return found

    def kill_worker(self) -> None:
        """Kill one of the processes that answer."""
        with suppress(psutil.NoSuchProcess):
            workers = psutil.Process(self._group).children()
            if workers:
                random.choice(workers).kill()

    def kill_master(self) -> None:
        """Kill the first process, then what is left of its group; ``wait`` starts it anew.

        Until the first process is waited for, its number is nobody else's: only then is it safe to
        send a signal to it, or to a group of that number.
        """
        if self._process is None or self._process.returncode is not None:
            return
        os.kill(self._group, signal.SIGKILL)
        time.sleep(random.uniform(0, 0.05))
        os.killpg(self._group, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end; where it does not, as when a worker is just being replaced, kill it."""
        if self._process is None or self._process.returncode is not None:
            return
        os.kill(self._group, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_S
        while not self._has_ended() and time.monotonic() < deadline:
            time.sleep(0.02)
        self.kill_master()

    def _has_ended(self) -> bool:
        """Return whether the first process is no more, without waiting for it: see ``kill_master``."""
        if self._process is None or self._process.returncode is not None:
            return True
        how = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._group, how) is not None

    @property
    def _group(self) -> int:
        assert self._process is not None
        return self._process.pid
