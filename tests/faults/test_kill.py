"""The kill harness in short; its long form is a command of its own (see ``kill``)."""

import pytest

from tests.conftest import skip_or_fail
from tests.faults.kill import make_place, run
from tests.postgresql import NoServerError


@pytest.mark.parametrize("store", ["tinydb", "postgresql"])
def test_kills_at_random_moments_lose_and_double_nothing(store: str) -> None:
    try:
        with make_place(store) as place:
            balance = run(place, kills=5, acknowledgements=400, seed=7, report=lambda _: None)
    except NoServerError:
        skip_or_fail()
    assert balance.is_even, balance
    assert balance.acknowledged >= 400
