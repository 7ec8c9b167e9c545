from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reports.document import Document
from reports.pages.paging import fill_sheets
from reports.pages.pieces import Piece, Placed

TOP, BOTTOM = 10.0, 110.0


def draw_nothing(_document: Document, _top: float) -> None: ...


def piece(height: float, **values: object) -> Piece:
    return Piece(height, draw_nothing, **values)  # type: ignore[arg-type]


def place(*pieces: Piece) -> list[list[Placed]]:
    return fill_sheets(pieces, TOP, BOTTOM)


heights, spaces = st.floats(1, 95), st.floats(0, 5)
texts = st.builds(
    piece,
    heights,
    space=spaces,
    keeps=st.booleans(),
    room=st.sampled_from([0.0, 0.0, 60.0]),
    level=st.sampled_from([0, 0, 0, 1]),
)
figures = st.builds(piece, heights, space=spaces, floats=st.just(True))
pieces = st.lists(texts | figures, max_size=40)


@given(pieces)
def test_everything_stands_once_inside_its_sheet_and_touches_nothing(found: list[Piece]) -> None:
    sheets = place(*found)
    placed = [one for sheet in sheets for one in sheet]
    assert sorted(id(one.piece) for one in placed) == sorted(map(id, found))
    for sheet in sheets:
        assert all(one.top >= TOP for one in sheet)
        assert all(one.top + one.piece.height <= BOTTOM + 1e-5 for one in sheet)
        for before, after in pairwise(sheet):
            assert before.top + before.piece.height <= after.top + 1e-6
    assert all(sheets) or not found


@given(pieces)
def test_figures_wait_but_never_past_a_heading_and_in_their_order(found: list[Piece]) -> None:
    order = [one.piece for sheet in place(*found) for one in sheet]
    heads = [number for number, one in enumerate(found) if one.level]
    for start, end in pairwise([0, *heads, len(found)]):
        section = found[start:end]
        assert {id(one) for one in section} == {id(one) for one in order[start:end]}
    for floats in (False, True):
        kept = [id(one) for one in found if one.floats == floats]
        assert [id(one) for one in order if one.floats == floats] == kept


def test_a_heading_is_not_left_alone() -> None:
    heading = piece(8, keeps=True, level=2)
    first, second = place(piece(90), heading, piece(10))
    assert second[0].piece is heading
    assert len(first) == 1


def test_a_figure_waits_while_the_text_goes_on() -> None:
    figure, text, more = piece(60, floats=True), piece(20), piece(90)
    first, second, third = place(piece(50), figure, text, more)
    assert first[1].piece is text
    assert [one.piece for one in second] == [figure]
    assert [one.piece for one in third] == [more]


def test_a_figure_does_not_wait_beyond_the_next_heading() -> None:
    figure, heading = piece(60, floats=True), piece(5, keeps=True, level=1)
    sheets = place(piece(50), figure, heading, piece(10))
    assert [one.piece for one in sheets[1]][:2] == [figure, heading]


def test_the_head_of_a_table_is_repeated_where_it_goes_on() -> None:
    head = piece(5, table="t", keeps=True)
    rows = [piece(20, table="t", again=head) for _ in range(7)]
    first, second = place(head, *rows)
    assert first[0].piece is head
    assert second[0].piece is head
    assert _count(first, head) == _count(second, head) == 1


def test_the_head_stands_below_a_figure_that_interrupts_a_table() -> None:
    head = piece(5, table="t", keeps=True)
    rows = [piece(20, table="t", again=head) for _ in range(4)]
    figure = piece(50, floats=True)
    sheets = place(piece(40), piece(20), figure, head, *rows)
    second = [one.piece for one in sheets[1]]
    assert second[0] is figure
    assert second[1] is head


def _count(sheet: Sequence[Placed], wanted: Piece) -> int:
    return sum(one.piece is wanted for one in sheet)
