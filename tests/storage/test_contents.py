"""Which codes are spent: a set of places, one bit each."""

from hypothesis import given
from hypothesis import strategies as st

from survey_service.storage.contents import Spent


@given(st.lists(st.integers(0, 300)))
def test_spent_places_are_a_set(places: list[int]) -> None:
    spent = Spent()
    for place in places:
        spent.add(place)
    assert {place for place in range(310) if place in spent} == set(places)
    assert Spent(bytearray.fromhex(spent.bits.hex())) == spent
