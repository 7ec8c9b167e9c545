"""What somebody who may ask the database learns of an open wave, and that mixing loses nothing."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from survey_service.questionnaire import Questionnaire
from survey_service.storage.postgresql import mixing
from survey_service.store import Store
from tests.factories import OPENED, make_roster, make_submission, make_wave
from tests.storage.postgresql.conftest import Ask

PEOPLE = 3000
"""So many that chance stays below a correlation of 0.1."""
ROSTER = make_roster({"甲": {"manager": 10, "frontline": PEOPLE}})
CODES = [f"{random.Random(n).getrandbits(256):064x}" for n in range(PEOPLE)]


@pytest.fixture
def coded(store: Store, small: Questionnaire) -> str:
    """Return the id of a wave with cards to which all have answered, one after the other."""
    store.create_wave(make_wave(small, ROSTER, access="codes"))
    store.issue_codes("w1", {"s002": CODES}, replace=False)
    for number, code in enumerate(CODES):
        said = [f"{number}"] if number % 2 == 0 else []
        sent = make_submission(number, "s002", f"{number:05d}", said)
        store.submit("w1", replace(sent, code=code), OPENED)
    return "w1"


def test_a_code_leads_to_no_fewer_than_two_hundred_answers(coded: str, ask: Ask) -> None:
    answers: dict[str, str] = dict(
        ask("SELECT convert_from(answers, 'UTF8'), xmin::text FROM response")
    )
    for table, column in (("spent", "hash"), ("submission", "digest"), ("comment", "id")):
        groups = Counter(number for _, number in ask(f"SELECT {column}, xmin::text FROM {table}"))
        assert set(groups) == set(answers.values())
    sizes = Counter(answers.values())
    assert len(sizes) == len(answers) // mixing.LEAST == PEOPLE // mixing.LEAST - 1
    assert min(sizes.values()) >= mixing.LEAST


def test_inside_what_was_mixed_together_no_order_tells_when_or_who(coded: str, ask: Ask) -> None:
    query = "SELECT xmin::text, convert_from(answers, 'UTF8')::int FROM response ORDER BY ctid"
    mixed: dict[str, list[int]] = {}
    for number, arrival in ask(query):
        mixed.setdefault(number, []).append(arrival)
    spent: dict[str, list[int]] = {}
    place = {bytes.fromhex(code): number for number, code in enumerate(CODES)}
    for number, code in ask("SELECT xmin::text, hash FROM spent ORDER BY ctid"):
        spent.setdefault(number, []).append(place[code])
    arrivals = [rank(batch) for batch in mixed.values()]
    others = [rank(spent[number]) for number in mixed]
    positions = [np.arange(len(batch)) / len(batch) for batch in arrivals]
    for one, other in ((arrivals, positions), (others, positions), (arrivals, others)):
        assert abs(spearmanr(np.concatenate(one), np.concatenate(other)).statistic) < 0.1


def rank(batch: list[int]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return ranks as shares of the batch: a longer batch would correlate by its length alone."""
    return np.argsort(np.argsort(batch)) / len(batch)


def test_what_was_mixed_leaves_no_dead_rows(coded: str, ask: Ask) -> None:
    ask("CREATE EXTENSION pgstattuple")
    for table in ("fresh_response", "fresh_spent", "fresh_submission", "fresh_comment"):
        ((dead, alive),) = ask(
            "SELECT dead_tuple_count, tuple_count FROM pgstattuple(%s::regclass)", table
        )
        assert dead == 0
        assert alive < mixing.LEAST + mixing._STRIDE


def test_the_same_again_while_others_are_mixed_is_kept_once(
    store: Store, small: Questionnaire, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    monkeypatch.setattr(mixing, "LEAST", 1)
    monkeypatch.setattr(mixing, "_STRIDE", 2)
    store.create_wave(make_wave(small, ROSTER, access="codes"))
    store.issue_codes("w1", {"s002": CODES}, replace=False)
    numbers = [number for number in range(300) for _ in range(4)]

    def send(number: int) -> tuple[int, str]:
        sent = make_submission(number, "s002", f"{number:05d}")
        return number, store.submit("w1", replace(sent, code=CODES[number]), OPENED).number

    with ThreadPoolExecutor(8) as pool:
        receipts = set(pool.map(send, numbers))
    assert len(receipts) == 300
    assert sorted(int(each.answers) for each in store.responses("w1")) == list(range(300))
    assert sum(count.spent for count in store.count_codes("w1").values()) == 300
    assert ask("SELECT count(*) FROM response")[0][0] > 0


def test_a_large_import_is_mixed_at_once_and_a_small_one_waits_for_others(
    store: Store, wave_id: str, ask: Ask
) -> None:
    store.import_batch(wave_id, [make_submission(n) for n in range(3)], OPENED)
    assert ask("SELECT count(*) FROM response") == [(0,)]
    store.import_batch(wave_id, [make_submission(n) for n in range(3, 300)], OPENED)
    assert ask("SELECT count(*), count(DISTINCT xmin::text) FROM response") == [(300, 1)]
