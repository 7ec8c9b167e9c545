"""A backup taken while a real server accepts answers holds each one whole, and none is missing."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from http.client import HTTPConnection
from itertools import product
from pathlib import Path
from threading import Event, Lock

from survey_service.archive import open_archive
from survey_service.cli.local_server import run_server
from survey_service.questionnaire import Questionnaire
from survey_service.response import Response
from survey_service.service.cards import issue_codes
from survey_service.service.verification import find_flaws
from survey_service.service.waves import create_wave, open_wave
from survey_service.storage import open_store
from survey_service.wave import Notice
from tests.cli.conftest import Run
from tests.factories import make_roster

PEOPLE = 600
CLIENTS = 6
BACKUPS = 4
ITEMS = ("A1_1a", "A1_1b", "CHECK", "B1_1a", "B1_1b")
ANSWERS = ["".join(map(str, each)) for each in product(range(1, 6), repeat=5)][:PEOPLE]
"""No two people answer alike, so that each answer can be told apart."""


class Ledger:
    """What the clients know to be kept."""

    def __init__(self) -> None:
        self._acknowledged: list[str] = []
        self._lock = Lock()

    def enter(self, answers: str) -> None:
        with self._lock:
            self._acknowledged.append(answers)

    def copy(self) -> set[str]:
        with self._lock:
            return set(self._acknowledged)


def test_every_acknowledged_answer_is_in_the_backup_and_none_by_half(
    run: Run, small: Questionnaire, tmp_path: Path
) -> None:
    url = f"tinydb:{tmp_path}/instance"
    store = open_store(url)
    roster = make_roster({"矿/甲队": {"manager": 100, "frontline": PEOPLE - 100}})
    notice = Notice("示例煤矿", "工会", "内线", 12)
    wave = create_wave(store, "w1", small, roster, access="codes", notice=notice)
    stacks = issue_codes(store, wave, lambda _: lambda: None)
    open_wave(store, "w1", date(2026, 1, 1))
    codes = [code for stack in stacks for code in stack.codes]
    ledger, done = Ledger(), Event()

    def answer(client: int) -> None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            for n in range(client, PEOPLE, CLIENTS):
                given = dict(zip(ITEMS, map(int, ANSWERS[n]), strict=True))
                body = {
                    "submission": f"{n:032x}",
                    "code": codes[n],
                    "pace": "ok",
                    "answers": {**given, "WORDS": f"话{n}"},
                }
                sent = json.dumps(body).encode()
                path = "/api/v1/waves/w1/responses"
                connection.request("POST", path, sent, {"Content-Type": "application/json"})
                reply = connection.getresponse()
                reply.read()
                assert reply.status == 201
                ledger.enter(ANSWERS[n])

    known: list[set[str]] = []
    with run_server(url) as port, ThreadPoolExecutor(CLIENTS) as pool:
        sending = [pool.submit(answer, client) for client in range(CLIENTS)]
        for _ in range(BACKUPS):
            while len(ledger.copy()) < PEOPLE * (len(known) + 1) // (BACKUPS + 2):
                done.wait(0.01)
            known.append(ledger.copy())
            assert run("backup", f"{len(known)}.zip").code == 0
        for each in sending:
            each.result()
    sizes = []
    for number, acknowledged in enumerate(known, 1):
        with (tmp_path / f"{number}.zip").open("rb") as stream:
            snapshot = open_archive(stream, "b").snapshot("w1")
        raw = (tmp_path / f"{number}.zip").read_bytes()
        assert not any(code.encode() in raw for code in codes)
        assert not any(f"{n:032x}".encode() in raw for n in range(PEOPLE))
        kept: list[Response] = list(snapshot.answers.responses())
        assert acknowledged <= {each.answers for each in kept} <= set(ANSWERS)
        assert len({each.answers for each in kept}) == len(kept)
        assert len(kept) == len(snapshot.receipts) == len(snapshot.spent) == len(snapshot.comments)
        assert list(find_flaws(snapshot)) == []
        sizes.append(len(kept))
    assert sizes == sorted(sizes)
    assert sizes[0] < PEOPLE, "the first backup came after the last answer"
    restored = run("--store", "tinydb:drill", "restore", "1.zip", "--codes", "keep")
    assert restored.code == 0
    assert run("--store", "tinydb:drill", "verify").code == 0
    assert len(store.answers("w1")) == PEOPLE
