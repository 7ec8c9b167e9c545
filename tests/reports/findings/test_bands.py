from collections.abc import Callable
from typing import Any

import pytest

from reports.findings.bands import say_anchor, say_band, scale_words
from reports.material import Material


@pytest.mark.parametrize(
    ("interval", "words_zh"),
    [
        ([76.0, 80.0], "在“比较符合”以上"),
        ([75.0, 80.0], "在“比较符合”以上"),
        ([58.0, 60.0], "在“部分符合”与“比较符合”之间"),
        ([30.0, 40.0], "不到“部分符合”"),
        ([48.0, 51.0], "在“部分符合”上下"),
        ([73.0, 76.0], "在“比较符合”上下"),
    ],
)
def test_a_score_lies_between_words_only_if_its_whole_interval_does(
    interval: list[float],
    words_zh: str,
    mine: dict[str, Any],
    make_material: Callable[..., Material],
) -> None:
    score = {"n": 565, "mean": sum(interval) / 2, "ci95": interval}
    assert say_band(make_material(mine), score) == words_zh


def test_the_words_are_those_of_the_questionnaire(
    mine: dict[str, Any], make_material: Callable[..., Material]
) -> None:
    material = make_material(mine)
    assert scale_words(material)[0] == (0, "完全不符合")
    assert say_anchor(material, 75) == "比较符合"
    assert say_anchor(material, 33) == "33"
