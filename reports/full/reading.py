"""Before reading: the scale as a picture, the signs, and what the results must not be used for."""

from collections.abc import Iterator

from reports.blocks import Block, Drawing, Run
from reports.charts.scale_picture import HEIGHT, ScalePicture
from reports.findings.bands import scale_words
from reports.full.draft import WIDTH, head, listing, make_data, make_figure
from reports.full.phrases import say_score
from reports.material import Material
from reports.scores import Score, has_mean, show_number

SIGNS = ("score", "range", "signs", "small", "use", "rounding")
ETHICS = ("people", "screenshots", "trace", "sight", "hazards")


def write_reading(material: Material) -> Iterator[Block]:
    """Yield the guide."""
    say = material.say
    yield head(material, "reading")
    name, score = _find_example(material)
    words = tuple(scale_words(material))
    example = None
    alt = say("report.scale.alt")
    if has_mean(score):
        interval = score.get("ci95")
        bounds = None if interval is None else (float(interval[0]), float(interval[1]))
        text = say("brief.score_of", name=name, mean=show_number(score["mean"]))
        example = (float(score["mean"]), bounds, text)
        alt += say_score(material, name, score)
    chart = ScalePicture(words, WIDTH, example)
    yield make_figure(
        "figure-scale",
        say("report.scale.title"),
        say("report.scale.caption"),
        Drawing(WIDTH, HEIGHT, chart.draw),
        alt,
        make_data("figure-scale", say("report.scale.heads"), [(w, str(n)) for n, w in words]),
    )
    points = [
        (_strong(material, f"brief.reading.{sign}"), _explain(material, sign)) for sign in SIGNS
    ]
    yield listing(points)
    yield head(material, "ethics", 2)
    yield listing([(say(f"report.ethics.{one}"),) for one in ETHICS])


def _find_example(material: Material) -> tuple[str, Score]:
    if material.index is not None:
        return material.index_name, material.index
    if not material.dimensions:
        return "", {}
    first = material.dimensions[0]
    return material.name(first.name), material.dimension_score(first.id)


def _strong(material: Material, key: str) -> Run:
    return Run(material.say("report.term", term=material.say(key)), strong=True)


def _explain(material: Material, sign: str) -> str:
    key = "report.reading.range" if sign == "range" else f"brief.reading.{sign}.text"
    return material.say("report.reading.use" if sign == "use" else key)
