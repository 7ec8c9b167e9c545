"""The tables of the appendix: weights, reliability, tests, exclusion, and every item."""

from collections.abc import Iterator

from reports.blocks import Block, Cell
from reports.findings.gaps import find_gaps
from reports.findings.headline import dimension_name
from reports.full.draft import body, cells, make_table
from reports.full.overall import SHARES
from reports.full.phrases import DASH, show_mean, show_people, show_range, show_share
from reports.material import Material
from reports.scores import Score, has_mean, show_signed


def list_weights(material: Material) -> Iterator[Block]:
    """Yield what the blocks weigh in the index, and every score with and without weights."""
    say = material.say
    if material.index is not None:
        rows = [
            cells(
                material.name(block.name),
                f"{block.weight:.2f}",
                say("brief.list_separator").join(
                    material.name(one.name) for one in material.dimensions if one.block == block.id
                ),
            )
            for block in material.blocks
        ]
        yield body(say("report.weights.why"))
        yield make_table(
            "table-blocks",
            say("report.weights.blocks"),
            say("report.weights.blocks.heads"),
            rows,
            (4, 2, 12),
            "lrl",
        )
        yield body(say("report.weights.other"))
    rows = [
        cells(
            name,
            show_mean(score),
            show_range(material, score),
            show_mean(score["unweighted"]),
            show_range(material, score["unweighted"]),
        )
        for name, score in _list_scores(material)
        if "unweighted" in score
    ]
    if not rows:
        yield body(say("report.weights.none"))
        return
    yield make_table(
        "table-weights",
        say("report.weights.table"),
        say("report.weights.heads"),
        rows,
        (8, 4, 6, 4, 6),
        "lrrrr",
    )


def _list_scores(material: Material) -> Iterator[tuple[str, Score]]:
    if material.index is not None:
        yield material.index_name, material.index
    for block in material.blocks:
        yield material.name(block.name), material.block_score(block.id)
    for one in material.dimensions:
        yield "\u3000" + material.name(one.name), material.dimension_score(one.id)


def list_reliability(material: Material) -> Iterator[Block]:
    """Yield alpha, omega and what people of one unit have in common, dimension by dimension."""
    say, quality = material.say, material.content["quality"]
    alphas, iccs = quality.get("reliability", {}), quality.get("resemblance", {})
    if not alphas:
        yield body(say("report.reliability.none"))
        return
    yield body(say("report.reliability"))
    rows = []
    for one in material.dimensions:
        alpha, icc = alphas.get(one.id, {}), iccs.get(one.id, {})
        reading = alpha.get("reading")
        use = icc.get("use")
        rows.append(
            cells(
                material.name(one.name),
                _two(alpha.get("alpha")),
                _show_ends(material, alpha.get("ci95")),
                _two(alpha.get("omega")),
                say(f"report.alpha.{reading}") if reading else DASH,
                _two(icc.get("icc1")),
                _two(icc.get("icc2")),
                say(f"report.use.{use}.short") if use else DASH,
            )
        )
    yield make_table(
        "table-reliability",
        say("report.reliability.table"),
        say("report.reliability.heads"),
        rows,
        (20, 8, 14, 8, 12, 9, 9, 14),
        "lrrrlrrl",
        [say("report.reliability.note")],
    )


def list_tests(material: Material) -> Iterator[Block]:
    """Yield the gaps as they were tested: size and q."""
    say = material.say
    rows = []
    for gap in find_gaps(material):
        g, q = gap.released.get("g"), gap.released.get("q")
        rows.append(
            cells(
                dimension_name(material, gap.dimension),
                show_signed(gap.difference),
                _two(g, signed=True),
                _show_q(q),
            )
        )
    if not rows:
        yield body(say("report.ranks.none"))
        return
    leading, front = (
        material.role_words(key) for key in (material.leading_role, material.front_line_role)
    )
    yield body(say("report.tests"))
    yield make_table(
        "table-tests",
        say("report.tests.table"),
        say("report.tests.heads"),
        rows,
        (8, 4, 4, 4),
        "lrrr",
        [say("report.tests.note", leading=leading, front=front)],
    )


def list_exclusion(material: Material) -> Iterator[Block]:
    """Yield every dimension with those counted in who were left out."""
    say = material.say
    everybody = material.content["quality"].get("with_excluded", {})
    rows = []
    for one in material.dimensions:
        found = everybody.get(one.id, {})
        score = material.dimension_score(one.id)
        plain: Score = score.get("unweighted", score)
        if has_mean(found) and has_mean(plain):
            rows.append(
                cells(
                    material.name(one.name),
                    show_people(material, plain),
                    show_mean(plain),
                    show_people(material, found),
                    show_mean(found),
                )
            )
    if not rows:
        yield body(say("report.excluded.none"))
        return
    matters = "matters" if material.noted("exclusion_matters") else "little"
    yield body(say(f"report.excluded.{matters}"))
    yield make_table(
        "table-exclusion",
        say("report.excluded.table"),
        say("report.excluded.heads"),
        rows,
        (8, 4, 4, 4, 4),
        "lrrrr",
        [say("report.excluded.note")],
    )


def list_items(material: Material) -> Iterator[Block]:
    """Yield every scored item with all that is released of it."""
    say = material.say
    if not any(has_mean(material.item_score(item.id)) for item in material.items):
        yield body(say("report.items.hidden"))
        return
    rows: list[tuple[Cell, ...]] = []
    for item in material.items:
        score = material.item_score(item.id)
        mark = say("brief.reverse_mark") if item.reverse else ""
        rows.append(
            cells(
                material.item_words(item) + mark,
                show_people(material, score),
                show_mean(score),
                show_range(material, score),
                *(show_share(material, score, share) for share in SHARES),
            )
        )
    yield make_table(
        "table-items",
        say("report.all.table"),
        say("report.all.heads"),
        rows,
        (48, 8, 8, 13, 8, 8, 9),
        "lrrrrrr",
        [say("report.all.note")],
    )


def _two(value: float | None, *, signed: bool = False) -> str:
    """Print a coefficient with two decimals and a true minus sign."""
    if value is None:
        return DASH
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    return f"{sign}{abs(value):.2f}"


def _show_ends(material: Material, ends: list[float] | None) -> str:
    if ends is None:
        return DASH
    return material.say("brief.range", low=_two(ends[0]), high=_two(ends[1]))


def _show_q(q: float | str | None) -> str:
    """Print q as released: three decimals, or that it is smaller."""
    if q is None:
        return DASH
    return q if isinstance(q, str) else f"{q:.3f}"
