"""A wave to hand in to, and what is found in it afterwards."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tinydb import TinyDB

from survey_service.questionnaire import load
from survey_service.service.cards import CodeStack, issue_codes
from survey_service.service.waves import create_wave, open_wave
from survey_service.storage import open_store
from survey_service.storage.files import UNFINISHED
from tests.factories import NOTICE, OPENED, make_roster
from tests.faults.ledger import Balance, Ledger, read_marks

WAVE = "w1"
PATH = f"/api/v1/waves/{WAVE}/responses"
ITEMS = [item.id for item in load("pulse").closed]


def prepare_open(url: str) -> None:
    """Open a wave that asks for no code."""
    with closing(open_store(url)) as store:
        create_wave(store, WAVE, load("pulse"), notice=NOTICE)
        open_wave(store, WAVE, OPENED)


def prepare_codes(url: str, people: int) -> tuple[str, ...]:
    """Open a wave with cards and return the codes of its largest stratum."""

    def keep(_: tuple[CodeStack, ...]) -> Callable[[], None]:
        return lambda: None

    roster = make_roster({"甲": {"manager": 12, "key_staff": 30, "frontline": people}})
    with closing(open_store(url)) as store:
        wave = create_wave(store, WAVE, load("pulse"), roster, access="codes", notice=NOTICE)
        stacks = issue_codes(store, wave, keep)
        open_wave(store, WAVE, OPENED)
    return stacks[-1].codes


def count(url: str, ledger: Ledger) -> Balance:
    """Read everything back and compare; where there are codes, as many are spent as answers kept."""
    with closing(open_store(url)) as store:
        store.check_writable()
        kept = read_marks(store.answers(WAVE))
        counts = store.count_codes(WAVE).values()
    if counts and sum(each.spent for each in counts) != kept.total():
        ledger.strange.append(f"not as many codes spent as answers kept: {kept.total()}")
    if url.startswith("tinydb:"):
        ledger.strange += find_unreadable(Path(url.partition(":")[2]))
    return ledger.balance(kept)


def find_unreadable(folder: Path) -> list[str]:
    """Return the names of the files that plain TinyDB does not open."""
    found = []
    for path in folder.rglob("*.json"):
        if path.name.startswith(UNFINISHED):
            continue
        try:
            with TinyDB(path) as database:
                database.tables()
        except ValueError:
            found.append(f"{path.name} cannot be read")
    return found
