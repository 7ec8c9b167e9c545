import pytest

from reports.sections.participation_figure import _bounds


@pytest.mark.parametrize(
    ("rate", "bounds"),
    [
        (65, (65, 65)),
        ("40-60", (40, 60)),
        (">95", (95, 100)),
        (">80", (80, 100)),
        ("<=20", (0, 20)),
    ],
)
def test_a_band_reaches_from_its_least_to_its_most(
    rate: int | str, bounds: tuple[float, float]
) -> None:
    assert _bounds(rate) == bounds
