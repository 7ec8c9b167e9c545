"""Sealed answers: opened by the wave they were sealed for, and by nothing else."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_service.errors import Code, SurveyError
from survey_service.sealing import SIZES, Sealed, make_key, public_key, seal, unseal

KEY = make_key()
BOUND = "w|1|" + "0" * 32


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=6000))
def test_what_is_sealed_is_opened_and_its_length_tells_little(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    if len(text.encode()) > SIZES[-1]:
        return
    sealed = seal(public_key(KEY), text, BOUND)
    assert unseal(KEY, Sealed.read(sealed.write()), BOUND) == text.encode().ljust(
        len(sealed.body) - 16
    )
    assert len(sealed.body) - 16 in SIZES


def test_every_seal_is_another() -> None:
    one, other = (seal(public_key(KEY), "same", BOUND) for _ in range(2))
    assert len({one.epk, other.epk}) == len({one.iv, other.iv}) == len({one.body, other.body}) == 2


def spoil(raw: bytes) -> bytes:
    return bytes([raw[0] ^ 1]) + raw[1:]


SEALED = seal(public_key(KEY), "看法", BOUND)
BROKEN = {
    "another key": (make_key(), SEALED, BOUND),
    "no key": ("", SEALED, BOUND),
    "another wave": (KEY, SEALED, BOUND.replace("w|", "v|")),
    "another version": (KEY, SEALED, BOUND.replace("|1|", "|2|")),
    "another submission": (KEY, SEALED, BOUND[:-1] + "1"),
    "changed body": (KEY, Sealed(SEALED.epk, SEALED.iv, spoil(SEALED.body)), BOUND),
    "cut body": (KEY, Sealed(SEALED.epk, SEALED.iv, SEALED.body[:8]), BOUND),
    "changed start": (KEY, Sealed(SEALED.epk, spoil(SEALED.iv), SEALED.body), BOUND),
    "short start": (KEY, Sealed(SEALED.epk, b"1", SEALED.body), BOUND),
    "no point": (KEY, Sealed(spoil(SEALED.epk), SEALED.iv, SEALED.body), BOUND),
    "not on the curve": (KEY, Sealed(SEALED.epk[:-1] + b"\0", SEALED.iv, SEALED.body), BOUND),
}


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN)
def test_nothing_else_opens_it(case: tuple[str, Sealed, str]) -> None:
    with pytest.raises(SurveyError) as caught:
        unseal(*case)
    assert caught.value.code is Code.SEALED_UNREADABLE


@pytest.mark.parametrize(
    "table",
    [{}, {"epk": "x"}, {"epk": "é", "iv": "", "body": ""}, {"epk": 1, "iv": [], "body": {}}],
)
def test_odd_shapes_are_refused(table: dict[str, object]) -> None:
    with pytest.raises(SurveyError) as caught:
        Sealed.read(table)
    assert caught.value.code is Code.SEALED_UNREADABLE


def test_a_public_key_is_a_point() -> None:
    point = base64.b64decode(public_key(KEY))
    assert (len(point), point[0]) == (65, 4)


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        seal(public_key(KEY), "x" * (SIZES[-1] + 1), BOUND)
