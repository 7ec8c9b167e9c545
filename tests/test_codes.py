"""One-time codes: what people do to them, and what the check symbol finds."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.codes import LENGTH, SYMBOLS, draw_code, format_code, hash_code, read_code

CODE = draw_code()
PLAIN = CODE.replace("-", "")
positions = st.integers(0, LENGTH - 1)


def test_a_code_reads_back_as_it_is() -> None:
    for _ in range(200):
        code = draw_code()
        assert read_code(code) == code
        assert len(code) == 19


def test_codes_do_not_repeat_and_use_every_symbol() -> None:
    codes = [draw_code() for _ in range(2000)]
    assert len(set(codes)) == 2000
    assert set("".join(codes)) == set(SYMBOLS) | {"-"}


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", "—"),
        lambda code: code.replace("-", "−"),
        lambda code: f"\ufeff{code.replace('-', chr(0x200B))}\u2060",
        lambda code: f"  {code}\n",
        lambda code: f"{code}&appinstall=0",
        lambda code: f"{code}?from=timeline&x=1",
        lambda code: code.replace("0", "O").replace("1", "I"),
        lambda code: code.replace("0", "o").replace("1", "l"),
        lambda code: code.translate({ord(c): ord(c) + 0xFEE0 for c in SYMBOLS}),
        lambda code: code.lower().translate({ord(c): ord(c) + 0xFEE0 for c in SYMBOLS.lower()}),
    ],
)
def test_what_people_and_messengers_do_is_put_right(change: Callable[[str], str]) -> None:
    for code in ("0101-0101-0101-0101", *(draw_code() for _ in range(50))):
        assert read_code(change(code)) == read_code(code)


@pytest.mark.parametrize(
    "text", ["", "0", PLAIN[:-1], PLAIN + "0", "U" * 16, "中" * 16, "-" * 16, "\0" * 16]
)
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert read_code(text) is None


@given(positions, st.sampled_from(SYMBOLS))
def test_every_single_wrong_symbol_is_found(position: int, symbol: str) -> None:
    changed = PLAIN[:position] + symbol + PLAIN[position + 1 :]
    assert (read_code(changed) is None) == (changed != PLAIN)


@given(positions, positions)
def test_every_two_symbols_changed_over_are_found(one: int, other: int) -> None:
    symbols = list(PLAIN)
    symbols[one], symbols[other] = symbols[other], symbols[one]
    changed = "".join(symbols)
    assert (read_code(changed) is None) == (changed != PLAIN)


@given(st.text(max_size=40))
def test_any_text_is_read_or_not_and_nothing_breaks(text: str) -> None:
    found = read_code(text)
    assert found is None or found == format_code(found.replace("-", ""))


def test_the_hash_depends_on_the_key() -> None:
    assert hash_code(CODE, b"one") != hash_code(CODE, b"other")
    assert CODE not in hash_code(CODE, b"one")
