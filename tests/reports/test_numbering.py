import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.blocks import Block, Heading, Paragraph, Run
from reports.full.draft import body, head, see
from reports.full.numbering import number_blocks, say_chinese
from reports.material import Material
from survey_service.i18n import words
from survey_service.questionnaire import load
from tests.reports.conftest import MINE


@pytest.fixture
def material() -> Material:
    return Material(MINE, load("full"), words("zh"))


@pytest.mark.parametrize(
    ("number", "chinese"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四"), (90, "九十")],
)
def test_numbers_are_written_in_chinese(number: int, chinese: str) -> None:
    assert say_chinese(number) == chinese


@given(st.integers(1, 99), st.integers(1, 99))
def test_no_two_numbers_are_written_alike(one: int, other: int) -> None:
    assert (say_chinese(one) == say_chinese(other)) == (one == other)


def test_parts_are_counted_inside_their_section(material: Material) -> None:
    names = (
        ("reading", 1),
        ("findings", 1),
        ("five", 2),
        ("first", 2),
        ("scores", 1),
        ("ledger", 2),
    )
    found = number_blocks(material, [head(material, name, level) for name, level in names])
    assert [block.text for block in found if isinstance(block, Heading)] == [
        "读前须知",
        "一、主要结论",
        "（一）看到什么",
        "（二）先做什么",
        "二、总体得分",
        "（一）整改台账",
    ]


def test_a_reference_learns_its_number_and_one_to_nothing_disappears(material: Material) -> None:
    blocks: list[Block] = [
        body("甲", see(material, "scores"), see(material, "nowhere")),
        head(material, "scores"),
    ]
    first, _ = number_blocks(material, blocks)
    assert isinstance(first, Paragraph)
    assert first.runs == (Run("甲"), Run("（见一、总体得分）", target="scores"))
