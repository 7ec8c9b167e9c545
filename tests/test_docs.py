"""The documents say what the program does."""

import ast
import re
from pathlib import Path

import click
import pytest

from survey_service.cli.root import build_root
from survey_service.cli.serve import _LONGEST_HEAD, _SPARE_THREADS
from survey_service.cli.session import Session
from survey_service.disclosure.rules import RULES
from survey_service.page.sheet import DRAFT_HOURS
from survey_service.response import PACES
from survey_service.strata import SMALLEST_COMMENT_GROUP, SMALLEST_STRATUM
from survey_service.web.application import LARGEST_BODY, WAITING, WORKING
from survey_service.web.metrics import STEP
from tests.documents import PAGES, list_commands

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.en.md"]


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_every_command_stands_in_the_readme(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name in build_root(Session("zh"))._table:
        assert re.search(rf"(cli\.py( --lang en)? |`){name}\b", text), name


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_the_options_in_the_readme_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in re.findall(r"cli\.py (?:--(?:lang|store) \S+ )*([^\n`]*)", text):
        found: click.Command | None = build_root(Session("zh"))
        context = click.Context(build_root(Session("zh")))
        for word in line.split():
            if not isinstance(found, click.Group):
                break
            found = found.get_command(context, word)
            assert found is not None, line
        assert found is not None
        known = {option for param in found.params for option in param.opts}
        used = set(re.findall(r" (--[a-z-]+)", line))
        assert used <= known, line


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_pictures_and_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r'src="([^"]+)"|\]\(([^)#:]+)\)', text):
        assert (ROOT / "".join(target)).exists(), target


def test_ci_runs_the_test_command_of_the_readme() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for path in READMES:
        commands = re.findall(
            r"^python3 -m venv.*$", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        (tests,) = (command for command in commands if "tests/requirements.lock" in command)
        install, run = tests.rsplit(" && ", 1)
        assert install in ci
        assert run in ci


def test_every_module_says_what_it_holds() -> None:
    for folder in ("survey_service", "reports", "questionnaires"):
        for path in (ROOT / folder).rglob("*.py"):
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_no_module_is_too_long() -> None:
    for folder in ("survey_service", "reports"):
        for path in (ROOT / folder).rglob("*.py"):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path


def test_the_privacy_page_states_the_figures_of_the_program() -> None:
    chinese, english = (ROOT / "docs" / "recorded.md").read_text(encoding="utf-8").split("\n---\n")
    for sentence in (
        f"每组在册至少{SMALLEST_STRATUM}人",
        f"至少{SMALLEST_COMMENT_GROUP}人的大组名",
        f"不足{RULES.smallest_set}人的结果一律不显示",
        f"人数{RULES.count_from}以下只给区间，{RULES.decimal_from}以下不给小数",
        f"至少{RULES.smallest_set}次提到",
    ):
        assert sentence in chinese
    assert "四档之一" in chinese
    assert f"{DRAFT_HOURS}小时没有改动就删掉" in chinese
    assert f"{DRAFT_HOURS} hours after the last change" in english
    assert len(PACES) == 4
    for sentence in (
        f"at least {SMALLEST_STRATUM} people",
        f"at least {SMALLEST_COMMENT_GROUP} people",
        f"fewer than {RULES.smallest_set} people",
        f"under {RULES.count_from} people counts are bands, under {RULES.decimal_from}",
    ):
        assert sentence in english


PAPERS = [ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_what_a_paper_names_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (path.parent / target).exists(), target
    for name in re.findall(r"`((?:tests|deploy|docs)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name
    # in both languages: one below the other, or in a file beside
    stem = path.name.removesuffix(".md").removesuffix(".en")
    both = {path.with_name(f"{stem}.md"), path.with_name(f"{stem}.en.md")}
    assert "\n---\n" in text or all(each.exists() for each in both)


def test_the_papers_state_the_figures_of_the_program() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PAPERS)
    assert f"按{STEP}取整" in text
    assert f"{WORKING + WAITING + _SPARE_THREADS}条就占满" in text
    assert f"报头{_LONGEST_HEAD // 1024} KB为限" in text
    assert f"{LARGEST_BODY // 1024} KB 为限" in text
    assert "client_max_body_size 64k" in (ROOT / "deploy" / "nginx.conf").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_pages_made_from_the_program_are_those_of_the_program(page: str) -> None:
    write, lang = PAGES[page]
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert text == write(lang), "run: python -m tests.documents"


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_links_between_the_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_the_options_in_the_pages_exist(page: Path) -> None:
    """Whatever a page tells people to type is known to the program."""
    if page.name in PAGES:
        return
    known = dict(list_commands("zh"))
    for line in re.findall(r"(?:cli\.py|survey-service) ([a-z][^\n`]*)", page.read_text("utf-8")):
        names = [n for n in known if f"survey-service {line} ".startswith(f"{n} ")]
        assert names, line
        options = {option for param in known[names[0]].params for option in param.opts}
        assert set(re.findall(r" (--[a-z-]+)", line)) <= options, line
