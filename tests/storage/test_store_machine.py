"""Whatever is done to a store in whatever order, it says and keeps what a dictionary would."""

import itertools
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.response import Submission
from survey_service.snapshot import Snapshot
from survey_service.store import Store
from survey_service.wave import Wave
from tests.factories import CLOSED, OPENED, make_roster, make_submission, make_wave

ROSTER = make_roster({"甲": {"manager": 10, "frontline": 12}})
HEADCOUNTS = {"s001": 10, "s002": 12}
STRATA = st.sampled_from(sorted(HEADCOUNTS))
WAVES = st.sampled_from(["w1", "w2"])
CHOICE = st.randoms(use_true_random=False)
EXAMPLES, STEPS = 10, 30


@dataclass
class Model:
    """What a store should know of one wave."""

    sent: dict[str, Submission] = field(default_factory=dict)
    imported: list[Submission] = field(default_factory=list)
    receipts: dict[str, str | None] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)
    is_closed: bool = False

    @property
    def kept(self) -> list[Submission]:
        return [*self.sent.values(), *self.imported]

    def close(self) -> None:
        self.is_closed = True
        self.receipts, self.codes, self.spent = {}, {}, set()


class StoreMachine(RuleBasedStateMachine):
    """Two waves with cards, beside their models."""

    def __init__(self, reopen: Callable[[], Store], questionnaire: Questionnaire) -> None:
        super().__init__()
        self.reopen = reopen
        self.store = reopen()
        self.questionnaire = questionnaire
        self.models: dict[str, Model] = {}
        self.numbers = itertools.count()

    def teardown(self) -> None:
        for wave in self.store.waves():
            self.store.delete_wave(wave.id, lambda _: None)
        self.store.close()

    @initialize()
    def begin(self) -> None:
        self.create("w1")

    def make(self, wave_id: str) -> Wave:
        return make_wave(self.questionnaire, ROSTER, id=wave_id, access="codes")

    def refused(self, code: Code, call: Callable[[], object]) -> None:
        with pytest.raises(SurveyError) as caught:
            call()
        assert caught.value.code is code

    def draw(self, wave_id: str, stratum: str) -> Submission:
        number = next(self.numbers)
        said = [f"{wave_id}-{number}"] if number % 3 == 0 else []
        return make_submission(number, stratum, f"{number % 100000:05d}", said)

    @rule(wave_id=WAVES)
    def create(self, wave_id: str) -> None:
        if wave_id in self.models:
            self.refused(Code.WAVE_EXISTS, lambda: self.store.create_wave(self.make(wave_id)))
            return
        self.store.create_wave(self.make(wave_id))
        self.models[wave_id] = Model()

    def model(self, wave_id: str) -> Model | None:
        """Return the model of a wave; None where there is no such wave, which the store must say."""
        model = self.models.get(wave_id)
        if model is None:
            self.refused(Code.WAVE_UNKNOWN, lambda: self.store.wave(wave_id))
        return model

    @rule(wave_id=WAVES, stratum=STRATA, count=st.integers(1, 12), replaces=st.booleans())
    def issue(self, wave_id: str, stratum: str, count: int, *, replaces: bool) -> None:
        model = self.model(wave_id)
        if model is None:
            return
        new = [f"{next(self.numbers):064x}" for _ in range(count)]

        def call() -> None:
            self.store.issue_codes(wave_id, {stratum: new}, replace=replaces)

        present = [code for code, of in model.codes.items() if of == stratum]
        stays = [code for code in present if code in model.spent]
        if model.is_closed:
            self.refused(Code.WAVE_CLOSED, call)
        elif present and not replaces:
            self.refused(Code.CODES_ISSUED, call)
        elif len(stays) + count > HEADCOUNTS[stratum]:
            self.refused(Code.CODES_MANY, call)
        else:
            call()
            for code in set(present) - set(stays):
                del model.codes[code]
            model.codes |= dict.fromkeys(new, stratum)

    @rule(wave_id=WAVES, stratum=STRATA, choice=CHOICE, has_code=st.booleans())
    def submit(self, wave_id: str, stratum: str, choice: Random, *, has_code: bool) -> None:
        model = self.model(wave_id)
        if model is None:
            return
        one = self.draw(wave_id, stratum)
        if has_code and model.codes:
            one = replace(one, code=choice.choice(sorted(model.codes)))
        call = self.sending(wave_id, one)
        if model.is_closed:
            self.refused(Code.WAVE_CLOSED, call)
        elif one.code in model.spent:
            self.refused(Code.CODE_USED, call)
        else:
            assert call()
            self.enter(model, one)

    def sending(self, wave_id: str, one: Submission) -> Callable[[], bool]:
        """Return a function that hands in and holds the receipt against those of before."""

        def call() -> bool:
            receipt = self.store.submit(wave_id, one, OPENED)
            model = self.models[wave_id]
            before = model.receipts.get(one.digest)
            assert before in {None, receipt.number}
            model.receipts[one.digest] = receipt.number
            return receipt.is_new

        return call

    def enter(self, model: Model, one: Submission) -> None:
        model.sent[one.digest] = one
        if one.code:
            model.spent.add(one.code)

    @rule(wave_id=WAVES, choice=CHOICE)
    def submit_the_same_again(self, wave_id: str, choice: Random) -> None:
        model = self.model(wave_id)
        if model is None or not model.receipts:
            return
        digest = choice.choice(sorted(model.receipts))
        other = replace(self.draw(wave_id, "s001"), digest=digest, code="f" * 64)
        assert not self.sending(wave_id, other)()

    @rule(wave_id=WAVES)
    def submit_with_an_unknown_code(self, wave_id: str) -> None:
        model = self.model(wave_id)
        if model is None or model.is_closed:
            return
        one = replace(self.draw(wave_id, "s001"), code="e" * 64)
        self.refused(Code.CODE_UNKNOWN, lambda: self.store.submit(wave_id, one, OPENED))
        assert self.store.find_code(wave_id, "e" * 64) is None

    @rule(wave_id=WAVES, count=st.integers(2, 6), choice=CHOICE)
    def submit_many_at_once(self, wave_id: str, count: int, choice: Random) -> None:
        """Hand in some, each from three phones at once; two of them fight for one code."""
        model = self.model(wave_id)
        if model is None or model.is_closed:
            return
        some = [self.draw(wave_id, "s002") for _ in range(count)]
        free = sorted(model.codes.keys() - model.spent)
        if free:
            some[:2] = [replace(each, code=free[0]) for each in some[:2]]
        waiting = [one for one in some for _ in range(3)]
        choice.shuffle(waiting)

        def send(one: Submission) -> tuple[str, str] | None:
            try:
                return one.digest, self.store.submit(wave_id, one, OPENED).number
            except SurveyError as error:
                if error.code is not Code.CODE_USED:
                    raise
                return None

        with ThreadPoolExecutor(6) as pool:
            receipts = {each for each in pool.map(send, waiting) if each is not None}
        assert len(receipts) == count - bool(free)
        model.receipts |= dict(receipts)
        for one in some:
            if one.digest in model.receipts:
                self.enter(model, one)

    @rule(wave_id=WAVES, count=st.integers(1, 5), repeats=st.booleans())
    def import_batch(self, wave_id: str, count: int, *, repeats: bool) -> None:
        model = self.model(wave_id)
        if model is None:
            return
        batch = [self.draw(wave_id, "s001") for _ in range(count)]
        digest = batch[0].digest
        if repeats and model.receipts:
            digest = min(model.receipts)
        batch = [replace(each, digest=digest) for each in batch]

        def call() -> None:
            self.store.import_batch(wave_id, batch, OPENED)

        if model.is_closed:
            self.refused(Code.WAVE_CLOSED, call)
        elif digest in model.receipts:
            self.refused(Code.IMPORT_REPEATED, call)
        else:
            call()
            model.imported += batch
            model.receipts[digest] = None

    @rule()
    def open_anew(self) -> None:
        self.store.close()
        self.store = self.reopen()

    @rule(wave_id=WAVES)
    def close(self, wave_id: str) -> None:
        model = self.model(wave_id)
        if model is None:
            return
        if model.is_closed:
            again = self.store
            self.refused(Code.WAVE_CLOSED, lambda: again.close_wave(wave_id, CLOSED, now=True))
            return
        closed = self.store.close_wave(wave_id, CLOSED, now=True)
        model.close()
        assert closed.frozen_sha256 == self.store.answers(wave_id).hash()

    @precondition(lambda self: len(self.models) > 1)
    @rule(wave_id=WAVES)
    def delete(self, wave_id: str) -> None:
        self.store.delete_wave(wave_id, lambda _: None)
        del self.models[wave_id]

    @rule(wave_id=WAVES)
    def restore_what_was_saved(self, wave_id: str) -> None:
        model = self.model(wave_id)
        if model is None:
            return
        saved = self.store.snapshot(wave_id)
        self.hold_against(model, saved)
        self.refused(Code.WAVE_EXISTS, lambda: self.store.restore(saved))
        self.store.delete_wave(wave_id, lambda _: None)
        self.store.restore(saved)
        again = self.store.snapshot(wave_id)
        assert (again.wave, again.comments) == (saved.wave, saved.comments)
        assert again.answers.hash() == saved.answers.hash()
        self.hold_against(model, again)

    def hold_against(self, model: Model, saved: Snapshot) -> None:
        assert saved.codes == model.codes
        assert saved.spent == model.spent
        assert saved.receipts.keys() == model.receipts.keys()
        known = {digest: number for digest, number in model.receipts.items() if number}
        assert known.items() <= saved.receipts.items()

    @invariant()
    def every_wave_is_as_it_should_be(self) -> None:
        assert [wave.id for wave in self.store.waves()] == sorted(self.models)
        for wave_id, model in self.models.items():
            kept = Counter(self.store.responses(wave_id))
            assert kept == Counter(each.response for each in model.kept)
            said = Counter(comment.text for comment in self.store.comments(wave_id))
            assert said == Counter(c.text for each in model.kept for c in each.comments)
            counts = self.store.count_codes(wave_id)
            assert {name: count.issued for name, count in counts.items()} == Counter(
                model.codes.values()
            )
            assert sum(count.spent for count in counts.values()) == len(model.spent)
            for code, stratum in itertools.islice(model.codes.items(), 2):
                assert self.store.find_code(wave_id, code) == stratum


def test_a_store_does_what_a_dictionary_does(
    reopen: Callable[[], Store], small: Questionnaire
) -> None:
    patient = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, print_blob=False
    )

    class Machine(StoreMachine):
        def __init__(self) -> None:
            super().__init__(reopen, small)

    run_state_machine_as_test(Machine, settings=patient)
