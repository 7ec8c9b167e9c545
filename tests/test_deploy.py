"""What is shipped for running the service: read by the programs it is for, or at least by a parser."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import pytest
import yaml

from survey_service.cli.local_server import run_server
from survey_service.cli.serve import build as build_serve
from survey_service.cli.session import Session
from survey_service.storage.postgresql.settings import _OURS, _WANTED

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
NAME = "survey.example.com"


def skip_or_fail(program: str) -> NoReturn:
    if os.environ.get("SURVEY_REQUIRE_FAULTS"):
        pytest.fail(f"{program} is required (SURVEY_REQUIRE_FAULTS) and not installed")
    pytest.skip(f"{program} IS NOT INSTALLED: its configuration was not tried")


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def test_nothing_shipped_holds_a_password_or_a_secret() -> None:
    for path in DEPLOY.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"(?i)(password|secret|key)[ \t]*[=:][ \t]*['\"]?[A-Za-z0-9]{4,}", text
        ), path
        assert not re.search(r"://[^/\s:]+:[^@\s]+@", text), path


def test_settings_in_the_environment_file_are_settings_of_the_program() -> None:
    known = {f"SURVEY_SERVE_{param.name}".upper() for param in build_serve(Session("zh")).params}
    known |= {"SURVEY_STORE", "SURVEY_LANG", "SURVEY_ADMIN_LOG"}
    for name in ("survey.env", "compose.yaml"):
        used = set(re.findall(r"^\s*(SURVEY_[A-Z_]+)[=:]", read(name), re.MULTILINE))
        assert used
        assert used <= known


def test_the_unit_is_in_a_box() -> None:
    unit = read("survey.service")
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "LimitCORE=0", "MemorySwapMax=0"):
        assert f"\n{line}\n" in unit
    if shutil.which("systemd-analyze") is None:
        skip_or_fail("systemd-analyze")
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=20"]
    done = subprocess.run(
        [*command, DEPLOY / "survey.service"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-200:] + done.stderr
    verified = subprocess.run(
        ["systemd-analyze", "verify", DEPLOY / "survey.service"],
        check=False,
        capture_output=True,
        text=True,
    )
    complaints = [line for line in verified.stderr.splitlines() if "survey.service" in line]
    assert all("/opt/survey/current" in line for line in complaints), complaints


def test_the_compose_file_is_what_it_says() -> None:
    text = yaml.safe_load(read("compose.yaml"))
    survey, database = text["services"]["survey"], text["services"]["database"]
    assert survey["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in database
    assert text["networks"]["inside"] == {"internal": True}
    assert ROOT / survey["build"]["dockerfile"] == (DEPLOY / "Containerfile")
    for service in (survey, database):
        assert set(service["secrets"]) <= text["secrets"].keys()
        assert service["cap_drop"] == ["ALL"]
        assert service["ulimits"]["core"] == 0
    set_at = dict(
        part.removeprefix("-c").split("=") for part in database["command"] if part.startswith("-c")
    )
    wanted = {**_OURS, **_WANTED}
    assert {name: wanted.get(name, "off") for name in set_at} == set_at
    defaults_refused = {"log_parameter_max_length"}
    assert defaults_refused <= set_at.keys()
    assert all(
        "secrets" not in str(value) or name.endswith("FILE")
        for name, value in {**survey["environment"], **database["environment"]}.items()
    )


def test_the_container_file_copies_what_there_is_and_runs_as_nobody() -> None:
    text = read("Containerfile")
    copied = re.findall(r"^COPY (?!--from)(\S+) ", text, re.MULTILINE)
    assert {"cli.py", "questionnaires", "reports", "survey_service"} <= set(copied)
    assert all((ROOT / each).exists() for each in copied if not each.startswith("$"))
    assert (ROOT / str(re.search(r"^ARG LOCK=(\S+)$", text, re.MULTILINE)[1])).exists()  # type: ignore[index]
    assert text.index("\nUSER survey\n") < text.index("\nENTRYPOINT ")
    assert "--require-hashes" in text
    assert not re.search(r"^(ARG|ENV) .*(PASSWORD|SECRET|TOKEN)", text, re.MULTILINE)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    if shutil.which("openssl") is None:
        skip_or_fail("openssl")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    files = ["-keyout", f"{tmp_path}/key.pem", "-out", f"{tmp_path}/fullchain.pem"]
    subprocess.run([*command, *files], check=True, capture_output=True)
    return tmp_path


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def run_nginx(folder: Path, port: int) -> Iterator[tuple[int, int]]:
    """Run nginx with what we ship, at ports of its own; yield those of HTTP and HTTPS."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        skip_or_fail("nginx")
    plain, secure = free_port(), free_port()
    text = read("nginx.conf")
    for old, new in (
        ("listen 80", f"listen 127.0.0.1:{plain}"),
        ("listen 443", f"listen 127.0.0.1:{secure}"),
        ("127.0.0.1:8000", f"127.0.0.1:{port}"),
        ("/etc/ssl/survey", str(folder)),
        ("/var/log/nginx", str(folder)),
    ):
        assert old in text
        text = text.replace(old, new)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "main.conf"
    main.write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log stderr emerg;\nevents {{}}\n"
        f"http {{\n{temporary}{text}\n}}\n"
    )
    tried = subprocess.run([program, "-t", "-c", main], check=False, capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr
    assert "[warn]" not in tried.stderr.replace('the "user" directive', "")
    server = subprocess.Popen([program, "-c", main], stderr=subprocess.DEVNULL)
    try:
        wait_for(plain)
        yield plain, secure
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), timeout=1)):
            return
        time.sleep(0.05)
    raise TimeoutError


def ask(
    port: int, folder: Path | None, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Ask nginx, over TLS if a folder with its certificate is given."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if folder is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    else:
        context = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
        connection = Named("127.0.0.1", port, timeout=20, context=context)
    with closing(connection):
        connection.request("GET" if body is None else "POST", path, body, {"Host": NAME, **named})
        reply = connection.getresponse()
        found = {name.lower(): value for name, value in reply.getheaders()}
        return reply.status, found, reply.read()


class Named(http.client.HTTPSConnection):
    """A connection to this machine that asks for the site by its name."""

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), timeout=20)
        context: Any = self.__dict__["_context"]
        self.sock = context.wrap_socket(plain, server_hostname=NAME)


def test_nginx_passes_on_what_it_should_and_keeps_the_rest(
    tmp_path: Path, certificate: Path
) -> None:
    store = f"tinydb:{tmp_path}/instance"
    canary = {"User_Agent": "CanaryPhone", "Referer": "https://canary/", "Cookie": "a=Canary"}
    with run_server(store) as port, run_nginx(tmp_path, port) as (plain, secure):
        status, headers, body = ask(secure, certificate, "/", None, Accept_Encoding="br", **canary)
        assert (status, headers["content-encoding"]) == (200, "br")
        status, headers, body = ask(secure, certificate, "/api/v1/docs", Accept_Encoding="gzip")
        assert (status, headers["content-encoding"], body[:2]) == (200, "gzip", b"\x1f\x8b")
        etag = headers["etag"]
        again = ask(secure, certificate, "/api/v1/docs", Accept_Encoding="gzip", If_None_Match=etag)
        assert again[0] == 304
        assert ask(secure, certificate, "/api/v1/waves", b"a" * 70_000)[0] == 413
        assert ask(secure, certificate, "/q/w?canary=Canary")[0] == 404
        assert ask(secure, certificate, "/metrics")[0] == 200  # from this machine
        assert ask(plain, None, "/q/w")[:1] == (301,)
        assert ask(plain, None, "/api/v1/waves")[0] == 403
        with pytest.raises(http.client.RemoteDisconnected):
            ask(plain, None, "/", Host="evil.example")
    assert "granian" not in str(headers).lower()
    log = (tmp_path / "survey.log").read_text()
    assert re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d (GET|POST) \d{3}\n)+", log)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(b"Canary" not in path.read_bytes() for path in written)


def test_the_drill_tells_a_good_backup_and_leaves_nothing_behind(tmp_path: Path) -> None:
    store = f"tinydb:{tmp_path}/instance"
    notice = ["--organisation", "o", "--handler", "h", "--contact", "c", "--retention", "12"]
    for line in (
        ["wave", "create", "w1", "--questionnaire", "pulse", *notice],
        ["wave", "create", "w2", "--questionnaire", "pulse", *notice],
        ["wave", "open", "w1"],
    ):
        subprocess.run(
            [sys.executable, str(ROOT / "cli.py"), "--store", store, *line],
            check=True,
            capture_output=True,
        )
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = os.environ | {"PYTHON": sys.executable, "TMPDIR": str(scratch)}
    environment["PYTHONPATH"] = str(ROOT)
    with run_server(store):
        command = [str(DEPLOY / "drill"), store]
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "done: the backup holds every wave" in done.stdout
    assert list(scratch.iterdir()) == []
    bad = subprocess.run(
        [DEPLOY / "drill", f"tinydb:{tmp_path}/nothing"],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert bad.returncode != 0
    assert list(scratch.iterdir()) == []
