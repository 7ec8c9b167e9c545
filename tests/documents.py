"""Pages of ``docs/`` that follow from the program; ``python -m tests.documents`` writes them anew."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from survey_service.cli.root import build_root
from survey_service.cli.session import Session
from survey_service.errors import Code
from survey_service.i18n import words

DOCS = Path(__file__).parents[1] / "docs"
ENDINGS = {"zh": "md", "en": "en.md"}
_WIDTH = 100
_HEADS = {
    "zh": {
        "commands": "# 每条命令\n\n由 `--help` 生成，测试保证两者一致。写作 `survey-service`，在本文件夹里用 `python cli.py`。[English](commands.en.md)\n",
        "errors": "# 每个错误\n\n命令行和接口报错时给出的代码，永不改变。退出码：2 输入有误，3 规则不许，5 正忙，6 存储故障。由程序生成，测试保证一致；“…”处是当时的内容。[English](errors.en.md)\n\n| 代码 | 退出码 | HTTP | 意思 | 怎么办 |\n|---|---|---|---|---|\n",
    },
    "en": {
        "commands": "# Every command\n\nMade from `--help`, and a test keeps it so. Written `survey-service`; in this folder it is `python cli.py`. [中文](commands.md)\n",
        "errors": "# Every error\n\nThe codes that the command line and the API report; they never change. Exit codes: 2 input, 3 refused by a rule, 5 busy, 6 storage. Made from the program, and a test keeps it so; “…” stands for what it was about. [中文](errors.md)\n\n| code | exit | HTTP | meaning | what to do |\n|---|---|---|---|---|\n",
    },
}


def list_commands(lang: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, by its full name."""
    root = build_root(Session(lang))

    def walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
        if not isinstance(command, click.Group):
            yield path, command
            return
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from walk(child, f"{path} {name}")

    yield from walk(root, "survey-service")


def write_commands(lang: str) -> str:
    """Return the page of all commands."""
    session = Session(lang)
    parts = [_HEADS[lang]["commands"]]
    for path, command in list_commands(lang):
        context = click.Context(
            command,
            obj=session,
            info_name=path,
            max_content_width=_WIDTH,
            terminal_width=_WIDTH,
            help_option_names=["-h", "--help"],
        )
        name = path.partition(" ")[2]
        parts.append(f"\n## {name}\n\n```\n{command.get_help(context)}\n```\n")
    return "".join(parts)


def write_errors(lang: str) -> str:
    """Return the page of all errors."""
    w = words(lang)

    def say(key: str) -> str:
        sentence = re.sub(r"\{\w+\}", "…", w._entries[key])
        return sentence.replace("{{", "{").replace("}}", "}").replace("|", "\\|").replace("\n", " ")

    rows = (
        f"| `{code}` | {code.exit_code} | {code.status} | {say(f'error.{code}')} | {say(f'error.{code}.remedy')} |\n"
        for code in Code
    )
    return _HEADS[lang]["errors"] + "".join(rows)


PAGES = {
    f"{name}.{ending}": (write, lang)
    for name, write in (("commands", write_commands), ("errors", write_errors))
    for lang, ending in ENDINGS.items()
}


if __name__ == "__main__":
    for page, (write, lang) in PAGES.items():
        (DOCS / page).write_text(write(lang), encoding="utf-8")
