"""What stands in every column of exported rows: the codebook that lies beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from survey_service.disclosure.rows import ROUNDED_TO, SMALLEST_BLOCK
from survey_service.i18n import Words, pick
from survey_service.questionnaire import Item, Questionnaire
from survey_service.scoring.matrix import Integers
from survey_service.service.rows import Rows

BLOCK = "block"


@dataclass(frozen=True)
class Variable:
    """One column: its name, what is asked, what each code means, and the code that is no opinion."""

    name: str
    label: str
    options: Mapping[int, str]
    missing: int | None = None
    dimension: str = ""
    reverse: bool = False


@dataclass(frozen=True, eq=False)
class DataSet:
    """Rows with their variables, ready to be written: the block (n,), counted from 1, and the codes (n, m)."""

    title: str
    block: Variable
    variables: tuple[Variable, ...]
    blocks: Integers
    codes: Integers
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.blocks)


def describe_rows(rows: Rows, w: Words) -> DataSet:
    """Return rows with the words of one language."""
    questionnaire = rows.wave.questionnaire
    names = {
        number: w("rows.rest", unit=_name(block, w)) if block in rows.rests else _name(block, w)
        for number, block in enumerate(rows.blocks, 1)
    }
    notes: tuple[str, ...] = (
        w("rows.note.block", least=SMALLEST_BLOCK),
        w("rows.note.left_out", n=rows.left_out, step=ROUNDED_TO),
        w("rows.note.columns"),
        w("rows.note.order"),
        w("rows.note.weights"),
        w("rows.note.keep"),
    )
    if rows.wave.rehearsal:
        notes = (w("rows.note.rehearsal"), *notes)
    return DataSet(
        title=rows.wave.title or rows.wave.id,
        block=Variable(BLOCK, w("rows.block"), names),
        variables=tuple(_describe(item, questionnaire, w) for item in rows.items),
        blocks=rows.block.astype(np.int64) + 1,
        codes=rows.codes,
        notes=notes,
    )


def list_codebook(data: DataSet, w: Words) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the codebook, the header first, and the notes at the end.

    Every block has a row of its own: a cell of a spreadsheet does not hold thousands of them.
    """
    yield tuple(w("rows.codebook.columns").split("|"))
    first, *others = _list_values(data.block, w)
    yield (data.block.name, data.block.label, "", "", first, "")
    for value in others:
        yield ("", "", "", "", value, "")
    for variable in data.variables:
        yield (
            variable.name,
            variable.label,
            variable.dimension,
            w("rows.codebook.reverse") if variable.reverse else "",
            w("rows.codebook.between").join(_list_values(variable, w)),
            "" if variable.missing is None else str(variable.missing),
        )
    for note in data.notes:
        yield ("", note, "", "", "", "")


def _list_values(variable: Variable, w: Words) -> list[str]:
    return [
        w("rows.codebook.value", code=code, label=label) for code, label in variable.options.items()
    ]


def _name(block: str, w: Words) -> str:
    return w("scores.whole") if block == "all" else block


def _describe(item: Item, questionnaire: Questionnaire, w: Words) -> Variable:
    scale = questionnaire.scale_of(item)
    apart = scale.not_applicable
    options = (*scale.options, *(() if apart is None else (apart,)))
    names = {d.id: pick(d.name, w.lang) for d in questionnaire.dimensions}
    return Variable(
        name=item.id,
        label=item.wording(w.lang),
        options={option.code: pick(option.label, w.lang) for option in options},
        missing=None if apart is None else apart.code,
        dimension=names.get(item.dimension or "", ""),
        reverse=item.reverse,
    )
