"""``serve``: the production server, with the address for phones and its QR in the terminal."""

import os
import socket
import sys
from contextlib import closing

import click

from survey_service.cli.localised import Command
from survey_service.cli.session import Session
from survey_service.errors import Code, SurveyError

APPLICATION = "survey_service.web:from_environment"
WAITING_FOR_EACH = 7
"""So many may wait for each thread that works; whoever comes then is told to come again."""

_SPARE_THREADS = 4  # to say so
_MOST_CONNECTIONS = 16_384  # phones keep theirs open; a thousand idle ones must lock nobody out
_HEADER_PATIENCE_MS = 10_000
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
    def command(host: str, port: int, threads: int, workers: int) -> None:
        from survey_service.storage import DEFAULT_URL  # noqa: PLC0415 - start-up time

        url = session.store_url or DEFAULT_URL
        if workers > 1 and url.startswith("tinydb:"):
            raise SurveyError(Code.STORE_WORKERS)
        store = session.open_store()
        with store.serving():
            store.check_writable()
            store.close()  # the workers open their own
            _require_free(host, port)
            _announce(session, host, port)
            waiting = threads * WAITING_FOR_EACH
            os.environ |= {"SURVEY_STORE": url, "SURVEY_WORKING": str(threads)}
            os.environ |= {"SURVEY_WAITING": str(waiting)}
            _run(host, port, threads + waiting, workers)

    return command


def _run(host: str, port: int, threads: int, workers: int) -> None:
    from granian import Granian  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.http import HTTP1Settings  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    _allow_open_files()
    server = Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        # whoever waits for a turn has a thread, so that all can be counted and more be refused
        blocking_threads=threads + _SPARE_THREADS,
        backpressure=_MOST_CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_PATIENCE_MS),
        respawn_failed_workers=True,
        workers_kill_timeout=_DRAIN_S,
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
    )
    server.serve()


def _allow_open_files() -> None:
    """Let the process hold as many connections as the system lets it."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - POSIX only

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _announce(session: Session, host: str, port: int) -> None:
    """Print the address that a phone in the same network opens, and its QR on a terminal."""
    from reports.qr import write_for_terminal  # noqa: PLC0415

    address = f"http://{_reachable_name(host)}:{port}/"
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


def _require_free(host: str, port: int) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise SurveyError(Code.PORT_TAKEN, port=port) from None
