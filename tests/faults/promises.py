"""What a store has promised, and whether a folder keeps it.

The ``number``-th submission answers with its number in digits and says it again as a comment, so
that everything stored can be told apart.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tinydb import TinyDB

from survey_service.errors import Code, SurveyError
from survey_service.response import Submission
from survey_service.storage import open_store
from survey_service.storage.files import UNFINISHED
from survey_service.storage.segments import read_tables
from survey_service.store import Store
from survey_service.wave import Wave
from tests.factories import CLOSED, OPENED, make_submission

ABSENT, DRAFT, OPEN, SHUT = "absent", "draft", "open", "closed"
LATER = 90000
"""Submissions of this number and above are handed in by the examination itself."""


@dataclass(frozen=True)
class Promise:
    """What must be found and what may be found of one wave.

    ``kept``: number -> receipt ("" where none was given). ``offered``: perhaps kept, each for
    itself. ``batch``: perhaps kept, all or none. ``books``: code -> stratum, as any of these.
    ``used``: number -> code. ``themes``: of a reviewed comment.
    """

    states: frozenset[str] = frozenset({ABSENT})
    kept: Mapping[int, str] = field(default_factory=dict)
    offered: frozenset[int] = frozenset()
    batch: frozenset[int] = frozenset()
    books: tuple[Mapping[str, str], ...] = ({},)
    used: Mapping[int, str] = field(default_factory=dict)
    themes: frozenset[str] = frozenset({""})

    def may_be(self, *states: str) -> "Promise":
        """Return the promise while a state is being changed."""
        return replace(self, states=self.states | set(states))

    def keep(self, numbers: Mapping[int, str]) -> "Promise":
        """Return the promise once these were acknowledged."""
        return replace(
            self,
            kept={**self.kept, **numbers},
            offered=self.offered - set(numbers),
            batch=self.batch - set(numbers),
        )


def make_numbered(number: int, code: str = "", stratum: str = "all") -> Submission:
    """Make a submission that can be recognised by its answers and by its comment."""
    made = make_submission(number, stratum, f"{number:05d}", [str(number)])
    return replace(made, code=code)


def examine(root: Path, wave: Wave, promise: Promise) -> None:
    """Open the store below ``root`` as a new process would and try everything that was promised.

    ``wave`` is the wave as it was made. The store is used up by this.
    """
    for path in root.rglob("*.json"):
        if not path.name.startswith(UNFINISHED):
            _require_readable(path)
    store = open_store(f"tinydb:{root}")
    state = _find_state(store, wave.id)
    assert state in promise.states, f"{state}, not {sorted(promise.states)}"
    if state == ABSENT:
        _examine_absent(store, wave)
        return
    found = _read_numbers(store, wave.id)
    _require_kept(found, promise)
    if state == DRAFT:
        assert not found
        store.change_wave(wave.id, lambda each: each.open(OPENED))
    if state != SHUT:
        _examine_open(store, wave, promise, found)
        store.close_wave(wave.id, CLOSED, now=True)
    _examine_closed(root, wave, promise if state == SHUT else None)


def _examine_absent(store: Store, wave: Wave) -> None:
    store.create_wave(replace(wave, opened_on=OPENED))
    assert store.answers(wave.id).codes.shape[0] == 0
    assert store.comments(wave.id) == ()


def _examine_open(store: Store, wave: Wave, promise: Promise, found: Counter[int]) -> None:
    book = _examine_codes(store, wave, promise, found)
    for number, receipt in promise.kept.items():
        again = store.submit(wave.id, _repeat(promise, number), OPENED)
        assert not again.is_new, f"{number} was forgotten"
        assert receipt in {"", again.number}, f"{number} has another receipt"
    for number in sorted(promise.offered | promise.batch):
        code = promise.used.get(number, "")
        if code and code not in book:
            continue
        is_new = store.submit(wave.id, _repeat(promise, number), OPENED).is_new
        assert is_new == (number not in found), f"{number} and its receipt are not in step"
    free = [code for code in book if code not in promise.used.values()]
    for number in range(LATER, LATER + 3):
        if wave.access == "codes" and not free:
            break
        code = free.pop() if wave.access == "codes" else ""
        assert store.submit(wave.id, make_numbered(number, code), OPENED).is_new
        assert not store.submit(wave.id, make_numbered(number, code), OPENED).is_new
        found[number] += 1
    asked = [n for n in promise.offered | promise.batch if promise.used.get(n, "") in {"", *book}]
    expected = Counter(set(found) | set(asked))
    assert _read_numbers(store, wave.id) == expected
    assert sorted(c.text for c in store.comments(wave.id)) == sorted(map(str, expected))


def _examine_codes(
    store: Store, wave: Wave, promise: Promise, found: Counter[int]
) -> Mapping[str, str]:
    known = {code for book in promise.books for code in book}
    book = {c: s for c in known if (s := store.find_code(wave.id, c)) is not None}
    assert book in promise.books, "the codes are neither the old nor the new ones"
    used = {promise.used[number] for number in found if number in promise.used}
    spent = sum(each.spent for each in store.count_codes(wave.id).values())
    assert spent == len(used), f"{spent} codes spent by {len(used)} answers"
    for code in used:
        assert _refusal(lambda c=code: store.submit(wave.id, make_numbered(99999, c), OPENED)) is (  # type: ignore[misc]
            Code.CODE_USED
        )
    return book


def _examine_closed(root: Path, wave: Wave, promise: Promise | None) -> None:
    store = open_store(f"tinydb:{root}")
    before = _read_numbers(store, wave.id)
    said = {comment.text: comment.theme for comment in store.comments(wave.id)}
    assert sorted(said) == sorted(map(str, before))
    if promise is not None:
        assert set(said.values()) <= promise.themes | {""}
        assert len(said) == 0 or max(said.values()) in promise.themes
    assert _refusal(lambda: store.submit(wave.id, make_numbered(99998), OPENED)) is Code.WAVE_CLOSED
    assert _refusal(lambda: store.close_wave(wave.id, CLOSED, now=True)) is Code.WAVE_CLOSED
    assert _read_numbers(open_store(f"tinydb:{root}"), wave.id) == before
    left = sorted(path.name for path in (root / "waves" / wave.id).iterdir())
    assert left == ["closed", "control.lock", "request.lock", "wave.json"], left
    kept = store.wave(wave.id)
    assert (kept.closed_on, kept.salt) == (CLOSED, "")


def _require_kept(found: Counter[int], promise: Promise) -> None:
    lost = set(promise.kept) - set(found)
    assert not lost, f"lost: {sorted(lost)}"
    twice = {number for number, times in found.items() if times > 1}
    assert not twice, f"doubled: {sorted(twice)}"
    more = set(found) - set(promise.kept) - promise.offered
    assert more in (set(), set(promise.batch)), f"half of a batch, or never offered: {sorted(more)}"


def _read_numbers(store: Store, wave_id: str) -> Counter[int]:
    found = Counter(int(each.answers) for each in store.responses(wave_id))
    said = Counter(int(each.text) for each in store.comments(wave_id))
    assert found == said, "answers and comments are not in step"
    return found


def _find_state(store: Store, wave_id: str) -> str:
    found = {wave.id: wave for wave in store.waves()}.get(wave_id)
    if found is None:
        return ABSENT
    if found.closed_on:
        return SHUT
    return OPEN if found.opened_on else DRAFT


def _repeat(promise: Promise, number: int) -> Submission:
    return make_numbered(number, promise.used.get(number, ""))


def _refusal(call: Callable[[], object]) -> Code | None:
    try:
        call()
    except SurveyError as error:
        return error.code
    return None


def _require_readable(path: Path) -> None:
    read_tables(path)
    with TinyDB(path) as database:
        assert database.tables(), f"{path.name} is empty"
