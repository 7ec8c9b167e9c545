"""``verify-report``: the same bytes, or in what a file differs; and the mistakes on the way."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from reports import load_house, render_brief, render_report
from survey_service.disclosure.release import Release
from survey_service.i18n import LANGUAGES
from survey_service.questionnaire import add_background, load
from tests.cli.conftest import Run

DATA = Path(__file__).parents[1] / "reports" / "data"
FIRST = (DATA / "mine_release.json").read_text("utf-8")
SECOND = (DATA / "mine_second_release.json").read_text("utf-8")
RENDERERS = {"report": render_report, "brief": render_brief}

Verify = Callable[..., tuple[int, str]]


@pytest.fixture
def verify(run: Run, tmp_path: Path) -> Verify:
    """Return a function that puts a PDF and a release into files and verifies."""

    def call(pdf: bytes, release: str = SECOND, *options: str) -> tuple[int, str]:
        (tmp_path / "r.pdf").write_bytes(pdf)
        (tmp_path / "release.json").write_text(release, "utf-8")
        outcome = run("verify-report", "r.pdf", "--release", "release.json", *options)
        return outcome.code, outcome.out + outcome.err

    return call


@cache
def render(kind: str = "report", lang: str = "zh", text: str = SECOND) -> bytes:
    return RENDERERS[kind](Release.from_json(text), load("full"), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", RENDERERS)
def test_what_the_release_gives_is_the_same(kind: str, lang: str, verify: Verify) -> None:
    code, text = verify(render(kind, lang), SECOND, "--json")
    assert code == 0
    assert json.loads(text) == {"same": True, "kind": kind, "lang": lang, "differences": []}


def test_the_answer_is_said_in_words(verify: Verify) -> None:
    code, text = verify(render())
    assert code == 0
    assert "r.pdf 就是由 release.json 生成的整体报告（中文），逐字节相同" in text


@pytest.mark.parametrize(
    ("before", "after", "difference", "sentence"),
    [
        (b"release=", b"release=0", "release", "由另一份 release.json 生成"),
        (b"program=", b"program=9", "program", "由程序版本 90.1.0 生成"),
        (b"style=none", b"style=ab12", "style", "版式（--style）与现在的不同"),
        (b"/Producer", b"/Producex", "content", "内容在生成以后改过"),
        (b"/Keywords", b"/Keyworks", "foreign", "没有本程序的印记"),
        (b"kind=report", b"kind=letter", "foreign", "没有本程序的印记"),
    ],
)
def test_what_differs_is_named(
    before: bytes, after: bytes, difference: str, sentence: str, verify: Verify
) -> None:
    changed = render().replace(before, after)
    code, text = verify(changed)
    assert code == 3
    assert "report_differs" in text
    assert sentence in text
    found = verify(changed, SECOND, "--json")[1]
    assert f'"{difference}"' in found
    assert '"same": false' in found


def test_a_report_of_another_wave_differs(verify: Verify) -> None:
    code, text = verify(render(text=FIRST))
    assert code == 3
    assert "由另一份 release.json 生成" in text


def test_one_figure_edited_in_the_release_differs(verify: Verify) -> None:
    code, text = verify(render(), SECOND.replace("58.9", "68.9"))
    assert code == 3
    assert "由另一份 release.json 生成" in text


def test_a_house_style_is_needed_to_verify_what_was_made_in_it(
    verify: Verify, tmp_path: Path
) -> None:
    style = tmp_path / "style"
    style.mkdir()
    font = Path(__file__).parents[2] / "reports" / "fonts" / "SurveySansBold.ttf"
    (style / "title.ttf").write_bytes(font.read_bytes())
    pdf = render_report(Release.from_json(SECOND), load("full"), "zh", load_house(style))
    assert verify(pdf)[0] == 3
    assert verify(pdf, SECOND, "--style", "style")[0] == 0


def test_the_wave_that_asked_the_background_is_found_too(verify: Verify) -> None:
    asked = add_background(load("full"))
    content = json.loads(SECOND)
    content["questionnaire"]["sha256"] = asked.sha256
    text = Release(content).to_json()
    pdf = render_report(Release(content), asked)
    assert verify(pdf, text)[0] == 0


def test_an_own_questionnaire_must_be_given_and_must_be_the_same(
    verify: Verify, tmp_path: Path
) -> None:
    source = Path(__file__).parents[2] / "questionnaires"
    bank = (source / "bank.toml").read_text("utf-8")
    (tmp_path / "bank.toml").write_text(bank, "utf-8")
    own = (source / "full.toml").read_text("utf-8").replace("minutes = 8", "minutes = 9")
    (tmp_path / "own.toml").write_text(own, "utf-8")
    asked = load(str(tmp_path / "own.toml"))
    content = json.loads(SECOND)
    content["questionnaire"]["sha256"] = asked.sha256
    text = Release(content).to_json()
    pdf = render_report(Release(content), asked)
    assert verify(pdf, text)[0] == 2
    assert "release_questionnaire" in verify(pdf, text)[1]
    assert verify(pdf, text, "--questionnaire", "own.toml")[0] == 0
    (tmp_path / "own.toml").write_text(own.replace("minutes = 9", "minutes = 7"), "utf-8")
    code, said = verify(pdf, text, "--questionnaire", "own.toml")
    assert (code, "release_questionnaire_other" in said) == (2, True)
    assert "questionnaire_unknown" in verify(pdf, text, "--questionnaire", "nothing")[1]


@pytest.mark.parametrize(
    ("release", "error"),
    [
        ("", "release_format"),
        ("[1, 2]", "release_format"),
        ('{"schema": 0}', "release_schema"),
        ('{"schema": 99}', "release_schema"),
        ('{"schema": 1}', "release_format"),
        ('{"schema": 1, "questionnaire": []}', "release_format"),
        ("[" * 100_000, "release_format"),
        ('{"schema": "<script>"}', "release_schema"),
    ],
)
def test_a_bad_or_old_release_is_refused(release: str, error: str, verify: Verify) -> None:
    code, text = verify(render(), release)
    assert code == 2
    assert error in text
    assert "<script>" not in text


@pytest.mark.parametrize("key", ["participation", "dimensions", "wave", "unit_order"])
def test_a_release_with_a_part_missing_is_refused(key: str, verify: Verify) -> None:
    content = json.loads(SECOND)
    del content[key]
    code, text = verify(render(), json.dumps(content))
    assert code == 2
    assert "release_format" in text


def test_a_file_that_is_no_pdf_is_refused(verify: Verify) -> None:
    for raw in (b"", b"PK\x03\x04", b"report"):
        code, text = verify(raw)
        assert (code, "report_format" in text) == (2, True)


def test_missing_files_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "r.pdf").write_bytes(b"%PDF-")
    for arguments in (("r.pdf", "--release", "no.json"), ("no.pdf", "--release", "r.pdf")):
        outcome = run("verify-report", *arguments)
        assert outcome.code == 2
        assert "file_missing" in outcome.err
    assert "argument_missing" in run("verify-report", "r.pdf").err
