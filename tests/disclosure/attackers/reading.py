"""What an attacker reads out of published files: sums over groups of people, and how exact they are.

Written against the documents alone: nothing of the program is imported. An insider's knowledge
comes as plain data: the labels of the staff (units, roles) and how many answered under each.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET


@dataclass(frozen=True)
class Label:
    """People whom the staff list cannot tell apart: an unknown of the attacker."""

    id: str
    units: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """A published figure: the labels of the group, the mean of 0-100 and half of its rounding step.

    ``n`` is the number of people if it is printed exactly.
    """

    group: frozenset[str]
    mean: float
    half: float
    n: int | None


def read_json(text: str, measure: str, labels: Iterable[Label]) -> list[Claim]:
    """Read what a release says about one dimension: of the whole, of units, of roles of both."""
    content = json.loads(text)
    staff = list(labels)
    claims = list(_read_section(content, measure, frozenset(s.id for s in staff), staff))
    for unit in content["unit_order"]:
        section = content["units"][unit]
        if "suppressed" not in section:
            group = _find_people(section["members"], staff)
            claims += _read_section(section, measure, group, staff)
    return claims


def count_people(text: str, labels: Iterable[Label]) -> list[tuple[frozenset[str], int]]:
    """Read every group whose number of answers is printed exactly."""
    content = json.loads(text)
    staff = list(labels)
    taking_part = content["participation"]
    found = [(frozenset(s.id for s in staff), taking_part["valid"])]
    for unit, rate in taking_part["units"].items():
        if "suppressed" not in rate:
            people = _find_people(content["units"][unit]["members"], staff)
            found.append((people, rate["valid"]))
    return [(group, n) for group, n in found if isinstance(n, int)]


def read_cells(name: str, raw: bytes) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a CSV or XLSX file as text, without the library that wrote it."""
    if name.endswith(".csv"):
        yield from map(tuple, csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
        return
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        shared = [
            "".join(part.text or "" for part in entry.iter(f"{space}t"))
            for entry in _parse(archive, "xl/sharedStrings.xml", f"{space}si")
        ]
        for sheet in sorted(n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")):
            for row in _parse(archive, sheet, f"{space}row"):
                yield tuple(_read_cell(cell, shared, space) for cell in row)


def list_numbers(text: str) -> list[str]:
    """Return every number in a text, as printed."""
    return re.findall(r"(?<![\w.])\d+(?:\.\d+)?", text)


def _find_people(members: Iterable[str], staff: list[Label]) -> frozenset[str]:
    units = set(members)
    return frozenset(s.id for s in staff if units.issuperset(s.units))


def _parse(archive: zipfile.ZipFile, name: str, tag: str) -> list[ET.Element]:
    if name not in archive.namelist():
        return []
    return list(ET.fromstring(archive.read(name)).iter(tag))  # noqa: S314 - our own file


def _read_cell(cell: ET.Element, shared: list[str], space: str) -> str:
    value = cell.find(f"{space}v")
    text = "" if value is None or value.text is None else value.text
    return shared[int(text)] if cell.get("t") == "s" else text


def _read_section(
    section: Mapping[str, Any], measure: str, group: frozenset[str], staff: list[Label]
) -> Iterator[Claim]:
    yield from _read_score(section["dimensions"].get(measure, {}), group)
    for key, inner in section.get("roles", {}).items():
        if "suppressed" not in inner:
            roles = set(key.split("+"))
            part = frozenset(s.id for s in staff if s.id in group and set(s.roles) <= roles)
            yield from _read_score(inner["dimensions"].get(measure, {}), part)


def _read_score(score: Mapping[str, Any], group: frozenset[str]) -> Iterator[Claim]:
    mean = score.get("mean")
    if mean is not None:
        n = score["n"]
        half = 0.5 if isinstance(mean, int) else 0.05
        yield Claim(group, float(mean), half, n if isinstance(n, int) else None)
