"""The promises of a store; every backend passes the same tests."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.response import hash_answers
from survey_service.store import Store
from tests.factories import CLOSED, OPENED, make_roster, make_submission, make_wave


@pytest.fixture
def wave_id(store: Store, small: Questionnaire) -> str:
    store.create_wave(make_wave(small))
    return "w1"


def refusal(call: Callable[[], object]) -> Code:
    with pytest.raises(SurveyError) as caught:
        call()
    return caught.value.code


def test_a_wave_comes_back_as_it_was(
    store: Store, small: Questionnaire, reopen: Callable[[], Store]
) -> None:
    roster = make_roster(
        {"矿/综采一队": {"manager": 12, "frontline": 40}, "矿/昇堃队": {"frontline": 15}}
    )
    wave = make_wave(small, roster, title="第一期", closes=CLOSED)
    store.create_wave(wave)
    assert reopen().wave("w1") == wave
    assert reopen().waves() == (wave,)


def test_a_second_wave_of_the_same_id_is_refused_and_changes_nothing(
    store: Store, small: Questionnaire, wave_id: str
) -> None:
    before = store.wave(wave_id)
    again = make_wave(small, title="another")
    assert refusal(lambda: store.create_wave(again)) is Code.WAVE_EXISTS
    assert store.wave(wave_id) == before


@pytest.mark.parametrize("wave_id", ["none", "../waves/w1", "../w1", "", "W1", "a/b", "."])
def test_an_unknown_wave_is_unknown_everywhere(store: Store, wave_id: str) -> None:
    for call in (
        lambda: store.wave(wave_id),
        lambda: store.responses(wave_id),
        lambda: store.comments(wave_id),
        lambda: store.submit(wave_id, make_submission(1), OPENED),
        lambda: store.import_batch(wave_id, [make_submission(1)], OPENED),
        lambda: store.close_wave(wave_id, CLOSED, now=True),
        lambda: store.change_wave(wave_id, lambda wave: wave),
    ):
        assert refusal(call) is Code.WAVE_UNKNOWN


def test_an_answer_is_kept_with_its_comments(
    store: Store, wave_id: str, reopen: Callable[[], Store]
) -> None:
    submission = make_submission(1, comments=["多听一线的话", "<b>&"])
    receipt = store.submit(wave_id, submission, OPENED)
    assert receipt.is_new
    assert reopen().responses(wave_id) == (submission.response,)
    assert sorted(c.text for c in reopen().comments(wave_id)) == ["<b>&", "多听一线的话"]


def test_the_same_submission_is_kept_once_with_the_same_receipt(
    store: Store, wave_id: str, reopen: Callable[[], Store]
) -> None:
    first = store.submit(wave_id, make_submission(1, answers="11111"), OPENED)
    again = reopen().submit(wave_id, make_submission(1, answers="55555", comments=["x"]), OPENED)
    assert (again.number, again.is_new) == (first.number, False)
    assert [r.answers for r in store.responses(wave_id)] == ["11111"]
    assert store.comments(wave_id) == ()


def test_the_same_submission_is_recognised_after_many_others(
    store: Store, wave_id: str, reopen: Callable[[], Store]
) -> None:
    batch = [make_submission(n) for n in range(1000, 1300)]
    first = store.submit(wave_id, make_submission(1), OPENED)
    store.import_batch(wave_id, batch, OPENED)
    store.submit(wave_id, make_submission(2), OPENED)
    for each in (store, reopen()):
        again = each.submit(wave_id, make_submission(1), OPENED)
        assert (again.number, again.is_new) == (first.number, False)
    assert len(store.responses(wave_id)) == 302


def test_many_at_once_are_all_kept_once(store: Store, wave_id: str) -> None:
    numbers = [n % 40 for n in range(80)]
    random.Random(1).shuffle(numbers)
    with ThreadPoolExecutor(8) as pool:
        receipts = list(
            pool.map(lambda n: (n, store.submit(wave_id, make_submission(n), OPENED)), numbers)
        )
    assert len(store.responses(wave_id)) == 40
    assert len({(n, receipt.number) for n, receipt in receipts}) == 40
    assert sum(receipt.is_new for _, receipt in receipts) == 40


def test_a_batch_is_kept_whole_or_not_at_all(store: Store, wave_id: str) -> None:
    store.import_batch(wave_id, [make_submission(1), make_submission(2)], OPENED)
    repeated = [make_submission(3), make_submission(2)]
    assert refusal(lambda: store.import_batch(wave_id, repeated, OPENED)) is Code.IMPORT_REPEATED
    assert len(store.responses(wave_id)) == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"opened_on": None}, Code.WAVE_DRAFT),
        ({"opens": date(2026, 10, 9)}, Code.WAVE_DRAFT),
        ({"closed_on": CLOSED}, Code.WAVE_CLOSED),
    ],
)
def test_only_an_open_wave_takes_answers(
    store: Store, wave_id: str, changes: dict[str, date | None], code: Code
) -> None:
    store.change_wave(wave_id, lambda wave: replace(wave, **changes))  # type: ignore[arg-type]
    assert refusal(lambda: store.submit(wave_id, make_submission(1), OPENED)) is code
    assert refusal(lambda: store.import_batch(wave_id, [make_submission(1)], OPENED)) is code


def test_an_overdue_wave_still_takes_answers(store: Store, wave_id: str) -> None:
    store.change_wave(wave_id, lambda wave: replace(wave, closes=CLOSED))
    assert store.submit(wave_id, make_submission(1), date(2026, 12, 1)).is_new


def test_closing_keeps_every_answer_forgets_submissions_and_is_final(
    store: Store, wave_id: str, reopen: Callable[[], Store]
) -> None:
    answers = [f"{n % 5 + 1}{n % 3 + 1}2{n % 4 + 1}9" for n in range(450)]
    batch = [make_submission(n, answers=a, comments=[str(n)]) for n, a in enumerate(answers)]
    store.import_batch(wave_id, batch[:400], OPENED)
    for submission in batch[400:]:
        store.submit(wave_id, submission, OPENED)
    closed = store.close_wave(wave_id, CLOSED, now=True)
    kept = reopen().responses(wave_id)
    assert sorted(r.answers for r in kept) == sorted(answers)
    assert len(store.comments(wave_id)) == 450
    assert closed.frozen_sha256 == hash_answers(kept)
    assert reopen().wave(wave_id) == closed
    for call in (
        lambda: store.close_wave(wave_id, CLOSED, now=True),
        lambda: store.submit(wave_id, make_submission(1), CLOSED),
        lambda: store.submit(wave_id, make_submission(9999), CLOSED),
    ):
        assert refusal(call) is Code.WAVE_CLOSED


def test_an_empty_wave_can_be_closed(store: Store, wave_id: str) -> None:
    store.close_wave(wave_id, CLOSED, now=True)
    assert store.responses(wave_id) == ()


def test_a_change_that_is_refused_changes_nothing(store: Store, wave_id: str) -> None:
    before = store.wave(wave_id)
    assert refusal(lambda: store.change_wave(wave_id, lambda w: w.open(OPENED))) is Code.WAVE_OPENED
    assert store.wave(wave_id) == before


def test_nothing_in_the_order_of_reading_tells_the_order_of_answering(
    store: Store, wave_id: str
) -> None:
    for n in range(60):
        store.submit(wave_id, make_submission(n, answers=f"{n:05d}"), OPENED)
    read = [int(r.answers) for r in store.responses(wave_id)]
    assert sorted(read) == list(range(60))
    assert read != sorted(read)


def test_writable_means_writable(store: Store) -> None:
    store.check_writable()
