"""``questionnaire``: the catalogue, one questionnaire as a table, all faults of a file, a preview."""

from pathlib import Path

import click

from survey_service.cli.definitions import check_definition, load_definition, read_workbook
from survey_service.cli.failures import write_fault
from survey_service.cli.localised import Command, Group
from survey_service.cli.output import (
    json_option,
    print_json,
    print_table,
    require_ending,
    write_files,
    write_new_file,
)
from survey_service.cli.session import Session
from survey_service.i18n import pick

_MODULE = "survey_service.cli.questionnaire"

_COMMANDS = ("list", "show", "check", "preview", "print", "export", "import")
_PAPERS = (".pdf", ".docx")


def build(session: Session) -> click.Command:
    """Return the group."""
    table = {name: f"{_MODULE}:build_{name}" for name in _COMMANDS}
    return Group(session, table, name="questionnaire", help=session.words("cli.questionnaire.help"))


def build_list(session: Session) -> click.Command:
    """Return ``questionnaire list``."""
    w = session.words

    @click.command("list", cls=Command, help=w("cli.questionnaire.list.help"))
    @json_option(session)
    def command(as_json: bool) -> None:  # noqa: FBT001 - an option
        from survey_service.questionnaire import load, shipped  # noqa: PLC0415 - start-up time

        found = [load(name) for name in shipped()]
        if as_json:
            print_json(
                [
                    {"id": q.id, "version": q.version, "title": q.title, "items": len(q.items)}
                    for q in found
                ]
            )
            return
        rows = [
            (q.id, pick(q.title, w.lang), str(len(q.scored)), str(q.minutes), q.sha256[:12])
            for q in found
        ]
        print_table(w("cli.questionnaire.list.columns").split("|"), rows, right=(2, 3))

    return command


def build_show(session: Session) -> click.Command:
    """Return ``questionnaire show``."""
    w = session.words

    @click.command("show", cls=Command, help=w("cli.questionnaire.show.help"))
    @click.argument("reference", metavar="ID|FILE")
    @json_option(session)
    def command(reference: str, as_json: bool) -> None:  # noqa: FBT001

        questionnaire = load_definition(reference)
        if as_json:
            print_json({**questionnaire.definition, "sha256": questionnaire.sha256})
            return
        names = {d.id: pick(d.name, w.lang) for d in questionnaire.dimensions}
        rows = [
            (
                item.id,
                names.get(item.dimension or "", w(f"cli.kind.{item.kind}")),
                item.wording(w.lang),
                w("cli.reverse") if item.reverse else "",
            )
            for item in questionnaire.items
        ]
        click.echo(
            w(
                "cli.questionnaire.show.title",
                title=pick(questionnaire.title, w.lang),
                version=questionnaire.version,
                minutes=questionnaire.minutes,
                status=pick(questionnaire.status, w.lang),
            )
        )
        print_table(w("cli.questionnaire.show.columns").split("|"), rows)

    return command


def build_check(session: Session) -> click.Command:
    """Return ``questionnaire check``."""
    w = session.words

    @click.command("check", cls=Command, help=w("cli.questionnaire.check.help"))
    @click.argument("files", metavar="FILE...", nargs=-1, required=True)
    @json_option(session)
    def command(files: tuple[str, ...], as_json: bool) -> int:  # noqa: FBT001
        found = {file: check_definition(file) for file in files}
        if as_json:
            print_json(
                {
                    file: [
                        {
                            "code": str(f.code),
                            "line": f.place.line,
                            "column": f.place.column,
                            "what": f.sentence(w.lang),
                        }
                        for f in faults
                    ]
                    for file, faults in found.items()
                }
            )
        else:
            for file, faults in found.items():
                for fault in faults:
                    click.echo(write_fault(fault, session), err=True)
                key = "faulty" if faults else "sound"
                click.echo(w(f"cli.questionnaire.check.{key}", file=file, n=len(faults)))
        return max((f.code.exit_code for faults in found.values() for f in faults), default=0)

    return command


def build_preview(session: Session) -> click.Command:
    """Return ``questionnaire preview``."""
    w = session.words

    @click.command("preview", cls=Command, help=w("cli.questionnaire.preview.help"))
    @click.argument("reference", metavar="ID|FILE")
    @click.option("--output", metavar="FILE.html", required=True, type=click.Path())
    def command(reference: str, output: str) -> None:
        from survey_service.page.preview import render_preview  # noqa: PLC0415

        path = Path(output)
        write_files(path.parent, {path.name: render_preview(load_definition(reference), w.lang)})
        click.echo(w("cli.written", path=path))

    return command


def build_print(session: Session) -> click.Command:
    """Return ``questionnaire print``."""
    w = session.words

    @click.command("print", cls=Command, help=w("cli.questionnaire.print.help"))
    @click.argument("reference", metavar="ID|FILE")
    @click.option("--output", metavar="FILE.pdf|FILE.docx", required=True, type=click.Path())
    def command(reference: str, output: str) -> None:
        from survey_service.questionnaire.paper import make_paper  # noqa: PLC0415 - start-up time

        path = Path(output)
        ending = require_ending(path, _PAPERS)
        form = make_paper(load_definition(reference), w.lang)
        if ending == ".docx":
            from survey_service.export.paper_word import write_word  # noqa: PLC0415

            content = write_word(form, w)
        else:
            from reports import render_paper  # noqa: PLC0415

            content = render_paper(form, w.lang)
        write_files(path.parent, {path.name: content})
        click.echo(w("cli.written", path=path))

    return command


def build_export(session: Session) -> click.Command:
    """Return ``questionnaire export``."""
    w = session.words

    @click.command("export", cls=Command, help=w("cli.questionnaire.export.help"))
    @click.argument("reference", metavar="ID|FILE")
    @click.option("--output", metavar="FILE.xlsx", required=True, type=click.Path())
    def command(reference: str, output: str) -> None:
        from survey_service.export.xlsform_writing import write_xlsform  # noqa: PLC0415

        path = Path(output)
        require_ending(path, (".xlsx",))
        write_new_file(path, write_xlsform(load_definition(reference)))
        click.echo(w("cli.written", path=path))

    return command


def build_import(session: Session) -> click.Command:
    """Return ``questionnaire import``."""
    w = session.words

    @click.command("import", cls=Command, help=w("cli.questionnaire.import.help"))
    @click.argument("file", metavar="FILE.xlsx", type=click.Path())
    @click.option("--output", metavar="FILE.toml", required=True, type=click.Path())
    def command(file: str, output: str) -> None:
        from survey_service.questionnaire.writing import write_toml  # noqa: PLC0415 - start-up time

        path = Path(output)
        require_ending(path, (".toml",))
        source = read_workbook(file)
        write_new_file(path, write_toml(source.content).encode())
        click.echo(w("cli.written", path=path))

    return command
