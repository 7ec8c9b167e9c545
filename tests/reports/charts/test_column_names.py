import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts.column_names import break_name


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("经营效益", "经营 效益"),
        ("核心竞争力", "核心 竞争力"),
        ("生产管理共促", "生产 管理 共促"),
        ("和谐环境共治", "和谐 环境 共治"),
        ("管理者与基层骨干合作", "管理者 与基层 骨干 合作"),
        ("与", "与"),
        ("安全", "安全"),
        ("人", "人"),
    ],
)
def test_names_break_where_a_reader_pauses(name: str, lines: str) -> None:
    assert break_name(name) == lines.split(" ")


@pytest.mark.parametrize("name", ["", "Safety", "生产 安全", "安全2"])
def test_other_names_are_left_to_the_ordinary_rules(name: str) -> None:
    assert break_name(name) is None


@given(st.text(alphabet="生产安全与及管理共促", min_size=1, max_size=16))
def test_no_character_is_lost(name: str) -> None:
    lines = break_name(name)
    assert lines is not None
    assert "".join(lines) == name
