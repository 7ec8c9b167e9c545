"""The roster: how many people of which role each unit has. No person appears in it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from survey_service.errors import Code, Fault, SurveyError
from survey_service.questionnaire import ROLES
from survey_service.table import Row, Table

SMALLEST_ROSTER = 10

_COLUMNS = {
    "unit": "unit",
    "单位": "unit",
    "role": "role",
    "岗位角色": "role",
    "headcount": "headcount",
    "人数": "headcount",
    "n": "headcount",
    "parent": "parent",
    "上级单位": "parent",
}
_ROLE_NAMES = {"管理者": "manager", "基层骨干": "key_staff", "一线员工": "frontline"} | {
    role: role for role in ROLES
}
_UNUSABLE = re.compile(r"[*-]|.*\+.*")  # such names mean blocks and merged units in a release
_PERSONAL_COLUMN = re.compile(
    r"姓名|名字|员工|工号|编号|身份证|证件|手机|电话|邮箱|微信|性别|出生|年龄|住址|"
    r"^name$|employee|person|staff|phone|mobile|e-?mail|gender|birth|^age$|^id$|id_?card",
    re.IGNORECASE,
)
_PERSONAL_VALUE = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)|\S+@\S+\.\w+")


@dataclass(frozen=True)
class Unit:
    """A node of the organisation tree; ``path`` is its NFC path, ``headcounts`` its own staff by role."""

    path: str
    parent: str | None
    headcounts: Mapping[str, int]

    @property
    def name(self) -> str:
        """Return the last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def headcount(self) -> int:
        """Return the number of its own staff, units below not counted."""
        return sum(self.headcounts.values())


@dataclass(frozen=True)
class Roster:
    """Every unit in the order of the file, parents that have no staff of their own included."""

    units: tuple[Unit, ...]

    @cached_property
    def headcount(self) -> int:
        """Return the number of all people invited."""
        return sum(unit.headcount for unit in self.units)

    @cached_property
    def staffed(self) -> tuple[Unit, ...]:
        """Return the units that have staff of their own: those that people choose from."""
        return tuple(unit for unit in self.units if unit.headcount)

    def find(self, name: str) -> Unit | None:
        """Return the unit of a path, or of a last part that only one staffed unit has."""
        by_path = next((unit for unit in self.staffed if unit.path == name), None)
        by_name = [unit for unit in self.staffed if unit.name == name]
        return by_path or (by_name[0] if len(by_name) == 1 else None)

    def to_record(self) -> list[dict[str, Any]]:
        """Return plain data that ``from_record`` reads back."""
        return [
            {"path": u.path, "parent": u.parent, "headcounts": dict(u.headcounts)}
            for u in self.units
        ]

    @classmethod
    def from_record(cls, record: list[dict[str, Any]]) -> "Roster":
        """Read what ``to_record`` wrote."""
        return cls(tuple(Unit(u["path"], u["parent"], u["headcounts"]) for u in record))


def parse_role(name: str) -> str | None:
    """Return the role id of a Chinese name or an id, None if it is neither."""
    return _ROLE_NAMES.get(name)


def parse_roster(table: Table) -> Roster:
    """Make a roster of a table with columns unit, role, headcount and, optionally, parent.

    Raises ``SurveyError`` with every fault of the file; ``roster_person`` if it looks like a list
    of people, ``roster_small`` if it has fewer than ``SMALLEST_ROSTER`` people.
    """
    columns = _recognise_columns(table)
    faults: list[Fault] = []
    cells = [_Cell.parse(table, row, columns, faults) for row in table.rows]
    paths = _Paths(cells)
    faults += _find_duplicates(table, cells, paths)
    for cell in cells:
        if cell.unit and paths.of(cell) is None:
            place = table.place(cell.line, columns.get("parent", ""))
            faults.append(Fault(Code.ROSTER_PARENT, {"unit": cell.unit}, place))
    if faults:
        raise SurveyError.of(faults)
    roster = _build(cells, paths)
    if roster.headcount < SMALLEST_ROSTER:
        raise SurveyError(Code.ROSTER_SMALL, table.place(1), least=SMALLEST_ROSTER)
    return roster


@dataclass(frozen=True)
class _Cell:
    """One row: a unit, a role and how many."""

    line: int
    unit: str
    parent: str
    role: str
    headcount: int

    @classmethod
    def parse(
        cls, table: Table, row: Row, columns: Mapping[str, str], faults: list[Fault]
    ) -> "_Cell":
        values = {key: row.values[column] for key, column in columns.items()}
        for column, value in row.values.items():
            if _PERSONAL_VALUE.search(value):
                faults.append(Fault(Code.ROSTER_PERSON, {}, table.place(row.line, column)))
        unit = values["unit"].strip("/")
        if any(not part.strip() or _UNUSABLE.fullmatch(part) for part in unit.split("/")):
            faults.append(Fault(Code.ROSTER_UNIT, {}, table.place(row.line, columns["unit"])))
        role = parse_role(values["role"])
        if role is None:
            faults.append(Fault(Code.ROSTER_ROLE, {}, table.place(row.line, columns["role"])))
        digits = unicodedata.normalize("NFKC", values["headcount"])
        if not re.fullmatch(r"[0-9]{1,7}", digits):
            place = table.place(row.line, columns["headcount"])
            faults.append(Fault(Code.ROSTER_HEADCOUNT, {}, place))
            digits = "0"
        return cls(row.line, unit, values.get("parent", "").strip("/"), role or "", int(digits))


def _recognise_columns(table: Table) -> dict[str, str]:
    """Return key -> column of the file; refuse columns that describe people or that we do not know."""
    faults = []
    found: dict[str, str] = {}
    for column in table.columns:
        key = _COLUMNS.get(column.lower())
        if key is not None and key not in found:
            found[key] = column
        elif _PERSONAL_COLUMN.search(column):
            faults.append(Fault(Code.ROSTER_PERSON, {}, table.place(1, column)))
        else:
            faults.append(Fault(Code.FILE_COLUMN_UNKNOWN, {"column": column}, table.place(1)))
    for key, column in (("unit", "unit"), ("role", "role"), ("headcount", "headcount")):
        if key not in found:
            faults.append(Fault(Code.FILE_COLUMN_MISSING, {"column": column}, table.place(1)))
    if faults:
        raise SurveyError.of(faults)
    return found


def _find_duplicates(table: Table, cells: list[_Cell], paths: "_Paths") -> Iterator[Fault]:
    seen: dict[tuple[str, str], int] = {}
    for cell in cells:
        key = (paths.of(cell) or f"{cell.parent}/{cell.unit}", cell.role)
        if cell.unit and cell.role and key in seen:
            yield Fault(Code.ROSTER_DUPLICATE, {"first": seen[key]}, table.place(cell.line))
        seen.setdefault(key, cell.line)


class _Paths:
    """Full paths of units: a parent is named by its path, or by its name where that is unique."""

    def __init__(self, cells: list[_Cell]) -> None:
        self._parents: dict[str, set[str]] = {}
        for cell in cells:
            self._parents.setdefault(cell.unit, set()).add(cell.parent)

    def of(self, cell: _Cell) -> str | None:
        """Return the path of a row's unit; None if its parents run in a circle or are ambiguous."""
        return self._extend(cell.unit, cell.parent, frozenset())

    def _extend(self, unit: str, parent: str, below: frozenset[str]) -> str | None:
        if unit in below:
            return None
        if not parent:
            return unit
        grandparents = self._parents.get(parent, {""})
        if len(grandparents) > 1:
            return None
        above = self._extend(parent, next(iter(grandparents)), below | {unit})
        return None if above is None else f"{above}/{unit}"


def _build(cells: list[_Cell], paths: _Paths) -> Roster:
    headcounts: dict[str, dict[str, int]] = {}
    for cell in cells:
        path = paths.of(cell) or cell.unit
        parts = path.split("/")
        for depth in range(1, len(parts)):
            headcounts.setdefault("/".join(parts[:depth]), {})
        headcounts.setdefault(path, {})[cell.role] = cell.headcount
    units = (
        Unit(path, path.rpartition("/")[0] or None, counts) for path, counts in headcounts.items()
    )
    return Roster(tuple(units))
