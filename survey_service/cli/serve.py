"""``serve``: the production server, with the address for phones and its QR in the terminal."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click

from survey_service.cli.admin_log import STARTED, record
from survey_service.cli.localised import Command
from survey_service.cli.session import Session
from survey_service.errors import Code, Place, SurveyError
from survey_service.exposure import Exposure
from survey_service.hardening import forbid_core_dumps, refuse_debugging
from survey_service.journal import append_line

APPLICATION = "survey_service.web:from_environment"
WAITING_FOR_EACH = 7
"""So many may wait for each thread that works; whoever comes then is told to come again."""

_SPARE_THREADS = 4  # to say so
_MOST_CONNECTIONS = 16_384  # phones keep theirs open; a thousand idle ones must lock nobody out
_HEADER_PATIENCE_MS = 10_000
_LONGEST_HEAD = 32 * 1024  # of a request; the longest that a browser sends us has 4 KB
_DRAIN_S = 30
_ANYWHERE = "0.0.0.0"  # noqa: S104 - phones must reach it; the message says so
_NOWHERE = "192.0.2.1"  # a documentation address: asking for the route to it sends nothing


def build(session: Session) -> click.Command:
    """Return ``serve``."""
    w = session.words

    @click.command("serve", cls=Command, help=w("cli.serve.help"))
    @click.option("--host", default=_ANYWHERE, show_default=True, help=w("cli.host"))
    @click.option(
        "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help=w("cli.port")
    )
    @click.option(
        "--threads",
        default=32,
        show_default=True,
        type=click.IntRange(1, 256),
        help=w("cli.threads"),
    )
    @click.option(
        "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help=w("cli.workers")
    )
    @click.option("--host-name", metavar="NAME", multiple=True, help=w("cli.host_name"))
    @click.option("--https", is_flag=True, help=w("cli.https"))
    @click.option("--access-log", metavar="FILE", type=click.Path(), help=w("cli.access_log"))
    @click.pass_context
    def command(
        ctx: click.Context,
        host: str,
        port: int,
        threads: int,
        workers: int,
        host_name: tuple[str, ...],
        https: bool,  # noqa: FBT001
        access_log: str | None,
    ) -> None:
        refuse_debugging()
        if https and not host_name:
            raise SurveyError(Code.HTTPS_NAME)
        log = None if access_log is None else Path(access_log).absolute()
        exposure = Exposure(host_name, https, log)
        if log is not None:
            _require_writable(log)
        forbid_core_dumps()
        url = session.url
        if workers > 1 and url.startswith("tinydb:"):
            raise SurveyError(Code.STORE_WORKERS)
        store = session.open_store()
        with store.serving():
            store.check_writable()
            store.close()  # the workers open their own
            _require_free(host, port)
            _announce(session, _choose_address(exposure, host, port))
            waiting = threads * WAITING_FOR_EACH
            os.environ |= {"SURVEY_STORE": url, "SURVEY_WORKING": str(threads)}
            os.environ |= {"SURVEY_WAITING": str(waiting), **exposure.leave()}
            record(session, ctx, STARTED)
            _run(host, port, threads + waiting, workers)

    return command


def _run(host: str, port: int, threads: int, workers: int) -> None:
    from granian import Granian  # noqa: PLC0415
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415
    from granian.http import HTTP1Settings  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    _allow_open_files()
    server = Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        factory=True,
        workers=workers,
        # whoever waits for a turn has a thread, so that all can be counted and more be refused
        blocking_threads=threads + _SPARE_THREADS,
        backpressure=_MOST_CONNECTIONS,
        http1_settings=HTTP1Settings(
            header_read_timeout=_HEADER_PATIENCE_MS, max_buffer_size=_LONGEST_HEAD
        ),
        respawn_failed_workers=True,
        workers_kill_timeout=_DRAIN_S,
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
    )
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_end_when_told)
    server.main_loop_interrupt = StandingInterrupt(lambda: bool(server.interrupt_signal))
    server.serve()


def _end_when_told() -> None:
    """Let a process that is only coming up end by the signals for it; granian's would be lost there."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_DFL)


class StandingInterrupt(threading.Event):
    """The event that wakes the first process of granian; once that is to end, it stays set.

    Granian clears it while it replaces a worker that died; asked to end at that very moment, it would
    wait for ever.
    """

    def __init__(self, is_over: Callable[[], bool]) -> None:
        super().__init__()
        self._is_over = is_over

    def clear(self) -> None:
        """Clear the event, unless all is over."""
        super().clear()
        if self._is_over():
            self.set()


def _allow_open_files() -> None:
    """Let the process hold as many connections as the system lets it."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - POSIX only

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _choose_address(exposure: Exposure, host: str, port: int) -> str:
    """Return the address that people open: the site's where HTTPS is in front, else this machine's."""
    if exposure.is_https:
        return f"https://{exposure.host_names[0]}/"
    name = exposure.host_names[0] if exposure.host_names else _reachable_name(host)
    return f"http://{name}:{port}/"


def _announce(session: Session, address: str) -> None:
    """Print the address that a phone opens, and its QR on a terminal."""
    from reports.qr import write_for_terminal  # noqa: PLC0415

    click.echo(session.words("cli.serve.running", address=address))
    if sys.stdout.isatty():
        click.echo(write_for_terminal(address))
    click.echo(session.words("cli.serve.stop"))


def _reachable_name(host: str) -> str:
    if host != _ANYWHERE:
        return host
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect((_NOWHERE, 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def _require_writable(log: Path) -> None:
    try:
        append_line(log, "")
    except OSError:
        raise SurveyError(Code.OUTPUT_UNWRITABLE, Place(str(log))) from None


def _require_free(host: str, port: int) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise SurveyError(Code.PORT_TAKEN, port=port) from None
