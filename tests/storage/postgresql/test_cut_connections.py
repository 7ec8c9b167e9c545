"""The connection is cut after every byte of every exchange: nothing is lost and nothing happens twice."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import Questionnaire
from survey_service.storage import open_store
from survey_service.store import Store
from survey_service.wave import Wave
from tests.factories import CLOSED, OPENED, make_roster, make_submission, make_wave
from tests.faults.wire import Way, Wire, lay_wire
from tests.postgresql import Server, make_database

CODES = [f"{n:064x}" for n in range(1000)]
ROSTER = make_roster({"甲": {"frontline": 1000}})


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    with lay_wire(f"{server.folder}/.s.PGSQL.5432") as laid:
        yield laid


@pytest.fixture
def store_url(server: Server, wire: Wire) -> Iterator[str]:
    with make_database(server.url()) as url:
        yield url.partition("?")[0].replace("@", f"@127.0.0.1:{wire.port}") + "?sslmode=disable"


@pytest.fixture
def coded(store: Store, small: Questionnaire) -> str:
    store.create_wave(make_wave(small, ROSTER, access="codes"))
    store.issue_codes("w1", {"s001": CODES}, replace=False)
    return "w1"


def submit(store: Store, number: int) -> bool:
    sent = make_submission(number, "s001", f"{number:05d}", ["好"])
    return store.submit("w1", replace(sent, code=CODES[number]), OPENED).is_new


@pytest.mark.parametrize("way", Way)
def test_a_submission_is_kept_once_wherever_the_connection_is_cut(
    store: Store, coded: str, wire: Wire, way: Way
) -> None:
    submit(store, 0)
    before = wire.passed[way]
    submit(store, 1)
    length = wire.passed[way] - before
    assert length > 20
    places = range(1, length + 1, 1 if way is Way.REPLY else 7)
    for number, place in enumerate(places, 2):
        wire.cut_after(place, way)
        assert submit(store, number)
        assert wire.mend()
    kept = sorted(int(each.answers) for each in store.responses("w1"))
    assert kept == list(range(len(places) + 2))
    assert sum(count.spent for count in store.count_codes("w1").values()) == len(kept)
    assert len(store.comments("w1")) == len(kept)


Act = Callable[[Store, Wave], object]

ACTS: dict[str, Act] = {
    "create": lambda store, wave: store.create_wave(wave),
    "change": lambda store, wave: store.change_wave(
        wave.id, lambda present: replace(present, codes_issued=present.codes_issued + 1)
    ),
    "issue": lambda store, wave: store.issue_codes(wave.id, {"s001": CODES[:5]}, replace=False),
    "import": lambda store, wave: store.import_batch(
        wave.id, [make_submission(n, "s001") for n in range(3)], OPENED
    ),
    "close": lambda store, wave: store.close_wave(wave.id, CLOSED, now=True),
    "delete": lambda store, wave: store.delete_wave(wave.id, lambda _: None),
}
STEPS = 10


def live(
    store: Store,
    wave: Wave,
    name: str,
    wire: Wire,
    arm: Callable[[], None],
    lengths: list[int],
) -> object:
    """Let one command act on a new wave, with the wire prepared by ``arm``; return what is left."""
    if name != "create":
        store.create_wave(wave)
    before = wire.passed[Way.REPLY]
    arm()
    ACTS[name](store, wave)
    lengths.append(wire.passed[Way.REPLY] - before)
    wire.mend()
    if name == "delete":
        return [each.id for each in store.waves()]
    seen = store.snapshot(wave.id)
    record = seen.wave.to_record() | {"id": ""}
    return [record, len(seen.answers), len(seen.codes), len(seen.receipts)]


@pytest.fixture
def waves(small: Questionnaire) -> Iterator[Wave]:
    """Yield waves that differ by their ids."""
    return (
        make_wave(small, ROSTER, id=f"w{n}", access="codes", salt="00", unit_keys={})
        for n in itertools.count()
    )


@pytest.mark.parametrize("name", ACTS)
def test_a_command_takes_effect_once_wherever_the_connection_is_cut(
    store: Store, wire: Wire, waves: Iterator[Wave], name: str
) -> None:
    lengths: list[int] = []

    def act(arm: Callable[[], None]) -> object:
        return live(store, next(waves), name, wire, arm, lengths)

    expected = act(lambda: None)
    assert act(lambda: wire.cut_before(b"COMMIT\0")) == expected  # committed, never confirmed
    for step in range(STEPS):
        place = 1 + step * lengths[0] // STEPS
        assert act(lambda count=place: wire.cut_after(count, Way.REPLY)) == expected  # type: ignore[misc]


def test_what_is_refused_is_refused_wherever_the_connection_is_cut(
    store: Store, coded: str, small: Questionnaire, wire: Wire
) -> None:
    assert submit(store, 0)
    for count in range(1, 60, 3):
        wire.cut_after(count, Way.REPLY)
        other = replace(make_submission(count), code=CODES[0])
        for call, code in (
            (lambda one=other: store.submit("w1", one, OPENED), Code.CODE_USED),
            (lambda: store.create_wave(make_wave(small)), Code.WAVE_EXISTS),
        ):
            with pytest.raises(SurveyError) as caught:
                call()
            assert caught.value.code is code
    wire.mend()
    assert len(store.responses("w1")) == 1


@pytest.mark.usefixtures("quick")
def test_a_wire_that_stays_cut_is_said_and_forgotten_when_it_is_mended(
    server: Server, small: Questionnaire, wire: Wire, store_url: str
) -> None:
    with closing(open_store(store_url)) as store:
        store.create_wave(make_wave(small))
        assert store.wave("w1").is_accepting(OPENED)
        path, wire.path = wire.path, "/nowhere"
        wire.cut_after(1, Way.REPLY)
        with pytest.raises(SurveyError) as caught:
            store.submit("w1", make_submission(1), OPENED)
        assert caught.value.code is Code.STORE_UNWRITABLE
        with pytest.raises(SurveyError) as caught:
            store.wave("w1")
        assert caught.value.code is Code.STORE_UNREADABLE
        wire.path = path
        store.submit("w1", make_submission(1), OPENED)
        assert len(store.responses("w1")) == 1
