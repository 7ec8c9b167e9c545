"""What somebody with the data folder can learn: read from its bytes, before, while and after."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from scipy.stats import spearmanr

from survey_service.codes import hash_code
from survey_service.service.cards import issue_codes
from survey_service.service.collection import accept
from survey_service.service.waves import close_wave, create_wave, open_wave
from survey_service.storage import open_store
from survey_service.storage.open_answers import KEPT
from tests.factories import CLOSED, NOTICE, OPENED, make_questionnaire, make_roster

CODES = (1, 2, 3, 4, 5, 9, None)
PEOPLE = len(CODES) ** 4 - 1
"""Every sheet once but the last, which is empty: so many that chance stays below a correlation of 0.1."""
ROSTER = make_roster({"甲": {"manager": 12, "key_staff": 100, "frontline": PEOPLE}})


Tables = dict[str, dict[str, dict[str, str]]]


def read_tables(folder: Path) -> list[Tables]:
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


class Sent(NamedTuple):
    """What one person sent, and what of it could be looked for."""

    code: str
    digest: str
    submission: str
    answers: str


@dataclass(frozen=True)
class Life:
    """What was sent, the tables while the wave was open, and the folder after closing."""

    sent: list[Sent]
    while_open: list[Tables]
    folder: Path
    salt: str

    @property
    def order(self) -> dict[str, int]:
        return {sent.answers: number for number, sent in enumerate(self.sent)}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """Live through a wave with cards: what was sent, and the bytes while open and after closing."""
    place = tmp_path_factory.mktemp("leaks")
    store = open_store(f"tinydb:{place}/instance")
    wave = create_wave(
        store, "w1", make_questionnaire(place), ROSTER, access="codes", notice=NOTICE
    )
    stacks = issue_codes(store, wave, lambda _: lambda: None)
    wave = open_wave(store, "w1", OPENED)
    sent = []
    for number, code in enumerate(stacks[2].codes):
        submission = secrets.token_hex(16)
        digits = [CODES[number // len(CODES) ** power % len(CODES)] for power in range(4)]
        items = zip(("A1_1a", "A1_1b", "B1_1a", "B1_1b"), digits, strict=True)
        answers = {item: digit for item, digit in items if digit is not None}
        said = {"WORDS": f"canary-{number}"} if number % 10 == 0 else {}
        data = {"submission": submission, "code": code, "answers": answers | said}
        accept(store, wave, data, OPENED)
        one, two, three, four = ("-" if digit is None else str(digit) for digit in digits)
        text = f"{one}{two}-{three}{four}"
        sent.append(Sent(code, hash_code(code, bytes.fromhex(wave.salt)), submission, text))
    folder = place / "instance" / "waves" / "w1"
    while_open = read_tables(folder / "open")
    close_wave(store, "w1", CLOSED)
    return Life(sent, while_open, folder, wave.salt)


def test_inside_a_segment_no_order_tells_when_an_answer_came(life: Life) -> None:
    order = life.order
    arrivals, positions = [], []
    for tables in life.while_open:
        kept = [d["answers"] for d in tables.get("responses", {}).values()]
        ranks = np.argsort(np.argsort([order[text] for text in kept]))
        # as shares of the segment, for a shorter last one would correlate by its length alone
        arrivals += list((ranks + 0.5) / max(1, len(kept)))
        positions += list((np.arange(len(kept)) + 0.5) / max(1, len(kept)))
    assert len(positions) == PEOPLE
    assert abs(spearmanr(arrivals, positions).statistic) < 0.1


def test_which_codes_are_spent_is_kept_for_the_wave_and_not_for_a_segment(life: Life) -> None:
    (live,) = [tables for tables in life.while_open if "control" in tables]
    bits = bytes.fromhex(live["spent"]["1"]["bits"])
    assert sum(byte.bit_count() for byte in bits) == PEOPLE
    assert not [t for t in life.while_open if t is not live and "spent" in t]
    digests = [sent.digest for sent in life.sent]
    # a code has the place of its hash among all hashes, whenever it was used
    places = np.argsort(np.argsort(digests))
    assert abs(spearmanr(places, range(PEOPLE)).statistic) < 0.1
    everything = json.dumps(life.while_open)
    assert not [digest for digest in digests if digest in everything]


def test_receipts_of_sealed_answers_stand_in_one_ledger(life: Life) -> None:
    tables = [t for t in life.while_open if set(t) == {"submissions", "checksum"}]
    assert len(tables) == 1
    (live,) = [tables for tables in life.while_open if "control" in tables]
    assert len(live["responses"]) >= KEPT
    assert len(live["submissions"]) + len(tables[0]["submissions"]) == PEOPLE


def test_while_open_no_table_shares_a_key_with_another(life: Life) -> None:
    for tables in life.while_open:
        seen: set[str] = set()
        for name in {"responses", "comments", "submissions"} & set(tables):
            assert not seen & set(tables[name])
            seen |= set(tables[name])


def test_after_closing_nothing_ties_a_code_or_a_submission_to_an_answer(life: Life) -> None:
    files = [path for path in life.folder.rglob("*") if path.is_file()]
    everything = b"".join(path.read_bytes() for path in files)
    for sent in life.sent:
        number = str(int(sent.digest[:15], 16))
        plain = sent.code.replace("-", "")
        for trace in (sent.code, plain, sent.digest, sent.digest[:15], number, sent.submission):
            assert trace.encode() not in everything
    assert life.salt.encode() not in everything
    assert not list(life.folder.glob("codes-*"))


def test_after_closing_the_order_of_responses_is_a_new_one(life: Life) -> None:
    order = life.order
    tables = read_tables(life.folder / "closed")
    kept = [d["answers"] for table in tables for d in table.get("responses", {}).values()]
    assert sorted(kept) == sorted(order)
    arrivals = [order[text] for text in kept]
    assert abs(spearmanr(arrivals, range(len(kept))).statistic) < 0.1


def test_comments_stand_apart_from_scores(life: Life) -> None:
    tables = read_tables(life.folder / "closed")
    comments = [d for table in tables for d in table.get("comments", {}).values()]
    assert len(comments) == -(-PEOPLE // 10)
    early = {key for t in life.while_open for key in t.get("comments", {})}
    assert len(early) == len(comments)
    assert not early & {key for t in tables for key in t.get("comments", {})}
    assert {frozenset(d) for d in comments} == {
        frozenset({"item", "group", "text", "theme", "paraphrase"})
    }
    for table in tables:
        assert not (table.get("comments") and table.get("responses"))
    order = [int(d["text"].rpartition("-")[2]) for d in comments]
    assert abs(spearmanr(order, range(len(order))).statistic) < 0.4
