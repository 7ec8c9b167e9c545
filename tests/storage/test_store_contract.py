"""The promises of a store; every backend passes the same tests."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.response import Submission
from survey_service.store import Store
from survey_service.wave import Wave
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
    assert closed.frozen_sha256 == store.answers(wave_id).hash()
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
    arrivals = random.Random(3).sample(range(60), 60)
    for n in arrivals:
        store.submit(wave_id, make_submission(n, answers=f"{n:05d}"), OPENED)
    read = [int(r.answers) for r in store.responses(wave_id)]
    assert read == sorted(arrivals)


def test_writable_means_writable(store: Store) -> None:
    store.check_writable()


CODES = {"s001": ["a" * 64, "b" * 64], "s002": [f"{n:064d}" for n in range(15)]}


@pytest.fixture
def coded(store: Store, small: Questionnaire) -> str:
    """Return the id of an open wave with cards: ten managers, fifteen others."""
    roster = make_roster({"甲": {"manager": 10, "frontline": 15}})
    store.create_wave(make_wave(small, roster, id="coded", access="codes"))
    store.issue_codes("coded", CODES, replace=False)
    return "coded"


def with_code(number: int, code: str) -> Submission:
    return replace(make_submission(number, "s001"), code=code)


def test_a_code_opens_once_whatever_else_is_sent_with_it(store: Store, coded: str) -> None:
    assert store.find_code(coded, "a" * 64) == "s001"
    first = store.submit(coded, with_code(1, "a" * 64), OPENED)
    again = store.submit(coded, with_code(1, "a" * 64), OPENED)
    assert (again.number, again.is_new) == (first.number, False)
    assert refusal(lambda: store.submit(coded, with_code(2, "a" * 64), OPENED)) is Code.CODE_USED
    assert refusal(lambda: store.submit(coded, with_code(3, "c" * 64), OPENED)) is Code.CODE_UNKNOWN
    assert len(store.responses(coded)) == 1
    assert store.find_code(coded, "c" * 64) is None


def test_one_code_from_many_phones_at_once_gives_one_answer(store: Store, coded: str) -> None:
    def try_it(number: int) -> bool:
        try:
            return store.submit(coded, with_code(number, "a" * 64), OPENED).is_new
        except SurveyError:
            return False

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(try_it, range(200))) == 1
    assert len(store.responses(coded)) == 1


def test_codes_are_counted_by_stratum(
    store: Store, coded: str, reopen: Callable[[], Store]
) -> None:
    store.submit(coded, with_code(1, "a" * 64), OPENED)
    counts = reopen().count_codes(coded)
    assert {name: (c.issued, c.spent, c.unspent) for name, c in counts.items()} == {
        "s001": (2, 1, 1),
        "s002": (15, 0, 15),
    }


def test_codes_are_not_issued_twice_by_mistake(store: Store, coded: str) -> None:
    again = {"s001": ["c" * 64]}
    assert refusal(lambda: store.issue_codes(coded, again, replace=False)) is Code.CODES_ISSUED
    assert store.find_code(coded, "a" * 64) == "s001"
    assert store.find_code(coded, "c" * 64) is None


def test_replacing_voids_unspent_codes_of_that_stratum_and_no_spent_one(
    store: Store, coded: str, reopen: Callable[[], Store]
) -> None:
    other = reopen()
    assert other.find_code(coded, "b" * 64) == "s001"
    store.submit(coded, with_code(1, "a" * 64), OPENED)
    store.issue_codes(coded, {"s001": ["c" * 64]}, replace=True)
    for each in (store, other):
        found = [each.find_code(coded, code * 64) for code in "abc"]
        assert found == ["s001", None, "s001"]
        assert refusal(lambda s=each: s.submit(coded, with_code(2, "b" * 64), OPENED)) is (  # type: ignore[misc]
            Code.CODE_UNKNOWN
        )
        assert refusal(lambda s=each: s.submit(coded, with_code(3, "a" * 64), OPENED)) is (  # type: ignore[misc]
            Code.CODE_USED
        )
    assert store.find_code(coded, CODES["s002"][0]) == "s002"


def test_a_spent_code_that_is_issued_again_stays_spent(store: Store, coded: str) -> None:
    store.submit(coded, with_code(1, "a" * 64), OPENED)
    store.issue_codes(coded, {"s001": ["a" * 64, "b" * 64]}, replace=True)
    assert refusal(lambda: store.submit(coded, with_code(2, "a" * 64), OPENED)) is Code.CODE_USED
    assert store.submit(coded, with_code(3, "b" * 64), OPENED).is_new
    assert store.count_codes(coded)["s001"].issued == 2


def test_no_stratum_gets_more_codes_than_people(store: Store, coded: str) -> None:
    many = {"s001": [f"f{n:063d}" for n in range(11)]}
    assert refusal(lambda: store.issue_codes(coded, many, replace=True)) is Code.CODES_MANY
    store.submit(coded, with_code(1, "a" * 64), OPENED)
    full = {"s001": [f"f{n:063d}" for n in range(10)]}
    assert refusal(lambda: store.issue_codes(coded, full, replace=True)) is Code.CODES_MANY
    assert store.find_code(coded, "b" * 64) == "s001"


def test_an_open_wave_has_no_codes(store: Store, wave_id: str) -> None:
    assert refusal(lambda: store.issue_codes(wave_id, CODES, replace=False)) is Code.CODES_MODE
    assert store.count_codes(wave_id) == {}


def test_closing_forgets_codes(store: Store, coded: str, reopen: Callable[[], Store]) -> None:
    store.submit(coded, with_code(1, "a" * 64), OPENED)
    assert store.close_wave(coded, CLOSED, now=True).salt == ""
    assert reopen().count_codes(coded) == {}
    assert reopen().find_code(coded, "a" * 64) is None
    assert refusal(lambda: store.issue_codes(coded, CODES, replace=True)) is Code.WAVE_CLOSED


def test_comments_are_reviewed_after_closing_and_found_by_id(
    store: Store, wave_id: str, reopen: Callable[[], Store]
) -> None:
    store.submit(wave_id, make_submission(1, comments=["一", "二"]), OPENED)
    early = store.comments(wave_id)
    assert refusal(lambda: store.review_comments(wave_id, early)) is Code.WAVE_STILL_OPEN
    store.close_wave(wave_id, CLOSED, now=True)
    one, other = store.comments(wave_id)
    store.review_comments(wave_id, [replace(one, theme="M1", paraphrase="希望有回音")])
    kept = {c.id: c for c in reopen().comments(wave_id)}
    assert kept[one.id] == replace(one, theme="M1", paraphrase="希望有回音")
    assert kept[other.id] == other
    strange = replace(other, id="1", theme="M1")
    changes = [replace(other, theme="M2"), strange]
    assert refusal(lambda: store.review_comments(wave_id, changes)) is Code.COMMENT_UNKNOWN
    assert {c.id: c for c in store.comments(wave_id)} == kept


def test_the_text_of_a_comment_cannot_be_changed_by_review(store: Store, wave_id: str) -> None:
    store.submit(wave_id, make_submission(1, comments=["原话"]), OPENED)
    store.close_wave(wave_id, CLOSED, now=True)
    (comment,) = store.comments(wave_id)
    store.review_comments(wave_id, [replace(comment, text="别的话", theme="M1")])
    assert [(c.text, c.theme) for c in store.comments(wave_id)] == [("原话", "M1")]


def test_deleting_removes_a_wave_unless_it_is_refused(
    store: Store, wave_id: str, reopen: Callable[[], Store]
) -> None:
    store.submit(wave_id, make_submission(1), OPENED)

    def refuse(wave: Wave) -> None:
        raise SurveyError(Code.WAVE_OPENED, wave=wave.id)

    assert refusal(lambda: store.delete_wave(wave_id, refuse)) is Code.WAVE_OPENED
    assert len(store.responses(wave_id)) == 1
    store.delete_wave(wave_id, accept_any)
    assert reopen().waves() == ()
    assert refusal(lambda: store.responses(wave_id)) is Code.WAVE_UNKNOWN


def test_a_new_wave_of_a_deleted_id_knows_nothing_of_it(
    store: Store, small: Questionnaire, wave_id: str, reopen: Callable[[], Store]
) -> None:
    others = [make_submission(n) for n in range(2, 300)]
    other = reopen()
    for _ in range(2):
        first = store.submit(wave_id, make_submission(1), OPENED)
        store.import_batch(wave_id, others, OPENED)
        assert first.is_new
        for each in (store, other):
            again = each.submit(wave_id, make_submission(1), OPENED)
            assert (again.number, again.is_new) == (first.number, False)
        store.delete_wave(wave_id, accept_any)
        store.create_wave(make_wave(small))
    assert store.responses(wave_id) == ()


def accept_any(wave: Wave) -> None:
    assert wave.id


MANY = {"s002": [f"{n:064x}" for n in range(800)]}


@pytest.fixture
def crowded(store: Store, small: Questionnaire) -> str:
    """Return the id of an open wave with eight hundred cards."""
    roster = make_roster({"甲": {"manager": 10, "frontline": 800}})
    store.create_wave(make_wave(small, roster, id="coded", access="codes"))
    store.issue_codes("coded", MANY, replace=False)
    return "coded"


def hand_in_until_refused(store: Store, wave_id: str, first: int) -> int:
    """Hand in every eighth; return how many were acknowledged before the wave was closed."""
    for count, number in enumerate(range(first, 800, 8)):
        one = make_submission(number, "s002", f"{number:05d}", ["x"])
        try:
            store.submit(wave_id, replace(one, code=MANY["s002"][number]), OPENED)
        except SurveyError as error:
            if error.code is Code.WAVE_CLOSED:
                return count
            raise
    return 100


def test_what_is_acknowledged_while_a_wave_is_closed_is_in_it(
    store: Store, crowded: str, reopen: Callable[[], Store]
) -> None:
    other = reopen()
    with ThreadPoolExecutor(8) as pool:
        working = [pool.submit(hand_in_until_refused, store, crowded, n) for n in range(8)]
        while len(other.answers(crowded)) < 100:
            pass
        closed = other.close_wave(crowded, CLOSED, now=True)
        acknowledged = sum(each.result() for each in working)
    kept = reopen().answers(crowded)
    assert len(kept) == acknowledged == len(store.comments(crowded))
    assert kept.hash() == closed.frozen_sha256


def test_a_snapshot_while_others_hand_in_holds_nothing_by_half(
    store: Store, crowded: str, reopen: Callable[[], Store]
) -> None:
    other = reopen()
    with ThreadPoolExecutor(8) as pool:
        working = [pool.submit(hand_in_until_refused, store, crowded, n) for n in range(8)]
        sizes: list[int] = []
        while len(sizes) < 5 or not all(each.done() for each in working):
            seen = other.snapshot(crowded)
            sizes.append(len(seen.answers))
            time.sleep(0.05)
            assert len(seen.receipts) == len(seen.spent) == len(seen.comments) == sizes[-1]
        assert sum(each.result() for each in working) == 800
    assert sizes == sorted(sizes)
    assert len(other.answers(crowded)) == 800
