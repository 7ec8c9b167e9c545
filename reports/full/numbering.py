"""Numbers for headings, figures and tables, in order; references learn them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from reports.blocks import Block, Figure, Heading, Listing, Paragraph, Run, Table
from reports.full.draft import LABEL
from reports.material import Material
from survey_service.i18n import DEFAULT_LANGUAGE

#: Main headings without a number; what stands below the last is numbered on its own.
PLAIN = frozenset({"reading", "appendix"})
DIGITS = "〇一二三四五六七八九十"


def number_blocks(material: Material, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with numbers; a reference to what is not there is dropped."""
    numbered = list(_number(material, blocks))
    labels = dict(_list_labels(numbered))
    return tuple(_refer(block, labels) for block in numbered)


def say_chinese(number: int) -> str:
    """Write 1 to 99 in Chinese: 一, 十, 十二, 二十."""
    tens, ones = divmod(number, 10)
    head = ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "")
    return head + (DIGITS[ones] if ones or not tens else "")


def _number(material: Material, blocks: Sequence[Block]) -> Iterator[Block]:
    figures, tables = count(1), count(1)
    places = [0, 0, 0]
    main = ""
    for block in blocks:
        match block:
            case Heading():
                if block.level == 1:
                    main = block.anchor
                is_plain = block.level == 1 and main in PLAIN
                if not is_plain:
                    places[block.level - 1] += 1
                places[block.level :] = [0] * (3 - block.level)
                text = block.text if is_plain else _write(material, block, places, main)
                yield replace(block, text=text)
            case Figure():
                yield replace(block, label=material.say("brief.figure", number=next(figures)))
            case Table():
                yield replace(block, label=material.say("brief.table", number=next(tables)))
            case _:
                yield block


def _write(material: Material, heading: Heading, places: list[int], main: str) -> str:
    """Return the heading with its number: 一、 （一） 1. in Chinese, 1 1.1 1.1.1 in English."""
    place = places[heading.level - 1]
    if material.lang == DEFAULT_LANGUAGE:
        number = str(place) if heading.level == len(places) else say_chinese(place)
    else:
        first = 1 if main in PLAIN else 0
        number = ".".join(str(one) for one in places[first : heading.level])
    return material.say(f"report.heading.{heading.level}", number=number, text=heading.text)


def _list_labels(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        match block:
            case Heading():
                yield block.anchor, block.text
            case Figure() | Table():
                yield block.anchor, block.label


def _refer(block: Block, labels: Mapping[str, str]) -> Block:
    match block:
        case Paragraph():
            return replace(block, runs=_refer_runs(block.runs, labels))
        case Listing():
            return replace(block, points=tuple(_refer_runs(p, labels) for p in block.points))
        case _:
            return block


def _refer_runs(runs: Sequence[Run], labels: Mapping[str, str]) -> tuple[Run, ...]:
    return tuple(
        replace(run, text=run.text.replace(LABEL, labels.get(run.target, "")))
        for run in runs
        if not run.target or run.target in labels
    )
