"""Print results: a table or a sentence for people, JSON for programs; and write result files."""

import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click

from survey_service.cli.session import Session
from survey_service.errors import Code, Place, SurveyError

F = TypeVar("F", bound=Callable[..., Any])


def json_option(session: Session) -> Callable[[F], F]:
    """Return the option ``--json`` that every command with a result takes."""
    return click.option("--json", "as_json", is_flag=True, help=session.words("cli.json"))


def print_json(data: object) -> None:
    """Print data for programs."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True))


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()
) -> None:
    """Print a table whose columns align with Chinese in them.

    ``right`` are the columns of numbers; a table whose column names are all empty has no header.
    """
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - start-up time
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_header=any(columns))
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number in right else "left")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console()
    if not console.is_terminal:
        console.width = 200
    console.print(table)


def require_ending(path: Path, endings: Sequence[str]) -> str:
    """Return the ending of a file, in small letters; ``file_format`` if it is none of these."""
    ending = path.suffix.lower()
    if ending not in endings:
        raise SurveyError(Code.FILE_FORMAT, Place(path.name), known="、".join(endings))
    return ending


def check_folder(folder: Path) -> None:
    """Make a folder for results before the work begins; ``output_unwritable`` if that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{secrets.token_hex(4)}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        raise SurveyError(Code.OUTPUT_UNWRITABLE, Place(str(folder))) from None


def write_files(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write all files of a result, each replaced as a whole; none is left half-written."""
    with prepared_files(folder, contents) as put_into_place:
        return put_into_place()


@contextmanager
def prepared_files(
    folder: Path, contents: Mapping[str, bytes]
) -> Iterator[Callable[[], list[Path]]]:
    """Write files beside where they belong; calling what is yielded puts them into place.

    What was not put into place by the end of the block is removed. Raises ``output_unwritable``.
    """
    check_folder(folder)
    if any((folder / name).is_dir() for name in contents):
        raise SurveyError(Code.OUTPUT_UNWRITABLE, Place(str(folder)))
    waiting = {folder / f".{name}.{secrets.token_hex(4)}": folder / name for name in contents}

    def put_into_place() -> list[Path]:
        for temporary, path in waiting.items():
            temporary.replace(path)
        return list(waiting.values())

    try:
        for temporary, content in zip(waiting, contents.values(), strict=True):
            with open(temporary, "xb", opener=_open_privately) as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        yield put_into_place
    except OSError:
        raise SurveyError(Code.OUTPUT_UNWRITABLE, Place(str(folder))) from None
    finally:
        for temporary in waiting:
            temporary.unlink(missing_ok=True)


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read; work in a file of that name is never lost."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SurveyError(Code.OUTPUT_EXISTS, Place(str(path))) from None
    except OSError:
        raise SurveyError(Code.OUTPUT_UNWRITABLE, Place(str(path))) from None
    try:
        with open(descriptor, "wb") as stream:  # noqa: PTH123 - a descriptor, not a path
            stream.write(content)
    except OSError:
        path.unlink()
        raise SurveyError(Code.OUTPUT_UNWRITABLE, Place(str(path))) from None


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a file; at the end of the block it stands at ``path``, durably, or on any error nowhere.

    Only its owner may read it, and its times keep the day only. Raises ``output_exists`` rather
    than replace what is there, ``output_unwritable`` where the disk refuses.
    """
    from survey_service.storage.files import blunt_times  # noqa: PLC0415 - start-up time

    if os.path.lexists(path):
        raise SurveyError(Code.OUTPUT_EXISTS, Place(str(path)))
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(temporary, "x+b", opener=_open_privately) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        blunt_times(temporary)
        _put_new(temporary, path)
    except FileExistsError:
        raise SurveyError(Code.OUTPUT_EXISTS, Place(str(path))) from None
    except OSError:
        raise SurveyError(Code.OUTPUT_UNWRITABLE, Place(str(path))) from None
    finally:
        temporary.unlink(missing_ok=True)


def _put_new(temporary: Path, path: Path) -> None:
    """Give a file its name; ``FileExistsError`` if something has that name by now."""
    from survey_service.storage.files import sync_folder  # noqa: PLC0415 - start-up time

    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a disk that knows no second name for a file, such as most USB sticks
        if os.path.lexists(path):
            raise FileExistsError from None
        temporary.rename(path)
    try:
        sync_folder(path.parent)
    except SurveyError:
        path.unlink()
        raise SurveyError(Code.OUTPUT_UNWRITABLE, Place(str(path))) from None


def _open_privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
