from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reports.linebreaking import (
    STRETCH_MOST,
    TOLERANCE,
    Glyph,
    TooNarrowError,
    break_lines,
    set_single_line,
)
from reports.punctuation import NOT_AT_END, NOT_AT_START, may_break

ALPHABET = "的一是在不了有和人这分人份项题0123456789.%+−abcXYZ ，。；：！？、”’》）】“‘《（【—…"
TEXTS = st.text(alphabet=ALPHABET, min_size=1, max_size=80).filter(lambda text: text.strip())
MEASURES = st.floats(min_value=6, max_value=30)


def glyphs_of(text: str) -> list[Glyph]:
    return [Glyph(char, "any", "any", 1.0 if ord(char) > 0x2000 else 0.55) for char in text]


def pieces_of(text: str) -> list[str]:
    pieces = [text[0]]
    for before, after in pairwise(text):
        if may_break(before, after):
            pieces.append(after)
        else:
            pieces[-1] += after
    return pieces


def fits(text: str, measure: float) -> bool:
    """Say whether no piece of the text is too wide for a line, so that nothing must be forced."""
    return all(set_single_line(glyphs_of(piece)).width <= measure for piece in pieces_of(text))


@given(TEXTS, MEASURES, st.booleans())
def test_nothing_is_lost_but_spaces_at_line_ends(text: str, measure: float, justify: bool) -> None:
    lines = break_lines(glyphs_of(text), measure, justify=justify)
    rest = text
    for line in lines:
        assert rest.startswith(line.text)
        rest = rest[len(line.text) :].lstrip(" ")
    assert rest == ""


@given(TEXTS, MEASURES, st.booleans())
def test_no_line_is_wider_than_the_measure(text: str, measure: float, justify: bool) -> None:
    for line in break_lines(glyphs_of(text), measure, justify=justify):
        assert line.width <= measure + 2 * TOLERANCE


@given(TEXTS, MEASURES)
def test_lines_begin_and_end_as_the_rules_say(text: str, measure: float) -> None:
    assume(fits(text, measure))
    lines = [line.text for line in break_lines(glyphs_of(text), measure) if line.text]
    assert not any(line[0] in NOT_AT_START for line in lines[1:])
    assert not any(line[-1] in NOT_AT_END for line in lines[:-1])


@given(TEXTS, MEASURES)
def test_words_numbers_and_what_they_count_stay_whole(text: str, measure: float) -> None:
    assume(fits(text, measure))
    rest = text
    for line in break_lines(glyphs_of(text), measure):
        after = rest[len(line.text) :].lstrip(" ")
        cut = len(text) - len(after)
        assert not after or may_break(text[cut - 1], text[cut])
        rest = after


@settings(max_examples=50)
@given(TEXTS, MEASURES)
def test_no_text_takes_more_lines_than_filling_each_line(text: str, measure: float) -> None:
    assume(fits(text, measure))
    greedy, current = 1, ""
    for piece in pieces_of(text):
        if current and set_single_line(glyphs_of(current + piece)).width > measure:
            greedy, current = greedy + 1, piece
        else:
            current += piece
    assert len(break_lines(glyphs_of(text), measure)) <= greedy


def test_a_last_line_of_one_character_is_avoided() -> None:
    lines = break_lines(glyphs_of("一二三四五六七八九十一"), 10)
    assert [len(line.text) for line in lines][-1] > 1


def test_a_chinese_line_is_stretched_a_little_to_the_edge_and_the_last_is_not() -> None:
    text = "生产安全最受员工认可，得67.9分，机制"
    natural, _ = break_lines(glyphs_of(text), 14)
    measure = natural.width + 0.4
    first, last = break_lines(glyphs_of(text), measure, justify=True)
    assert first.width == pytest.approx(measure)
    assert 0 < first.stretch <= STRETCH_MOST
    assert last.stretch == 0


def test_a_chinese_line_is_never_spaced_out() -> None:
    text = "生产安全最受员工认可，得67.9分，机制"
    natural, _ = break_lines(glyphs_of(text), 14)
    room = natural.width + 3 * STRETCH_MOST * len(natural.glyphs)
    lines = break_lines(glyphs_of(text[: len(natural.glyphs)] + "（机制较低）"), room, justify=True)
    assert all(line.stretch <= STRETCH_MOST for line in lines)


def test_an_english_line_is_not_stretched() -> None:
    lines = break_lines(glyphs_of("many people say so and many more will"), 10, justify=True)
    assert len(lines) > 1
    assert all(line.stretch == 0 for line in lines)


def test_what_no_line_can_hold_is_cut_where_it_must_be() -> None:
    lines = break_lines(glyphs_of("a" * 60), 10)
    assert "".join(line.text for line in lines) == "a" * 60
    assert all(line.width <= 10 for line in lines)


def test_a_character_wider_than_the_line_is_an_error() -> None:
    with pytest.raises(TooNarrowError):
        break_lines(glyphs_of("宽"), 0.9)


def test_the_two_halves_of_a_dash_and_an_ellipsis_stay_together() -> None:
    for measure in range(4, 12):
        for text in ("甲乙丙丁——戊己庚辛……壬癸", "一二三——四五六……七八九"):
            for line in break_lines(glyphs_of(text), measure):
                assert line.text.count("—") in {0, 2}
                assert line.text.count("…") in {0, 2}
