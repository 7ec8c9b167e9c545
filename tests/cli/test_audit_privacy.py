"""``audit-privacy``, and the artefacts of a release: every figure stands in release.json."""

import html
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pypdf
import pytest

from reports import render_brief
from survey_service.cli.results import render_results
from survey_service.disclosure.release import Release
from survey_service.i18n import LANGUAGES, words
from survey_service.questionnaire import Questionnaire, load
from survey_service.service.publication import publish
from survey_service.storage import open_store
from tests.cli.conftest import Run
from tests.disclosure.attackers.reading import Label, list_numbers, read_cells, read_json
from tests.disclosure.attackers.solving import Space
from tests.filling import ANSWERED, fill


@pytest.fixture
def filled(run: Run, small: Questionnaire, tmp_path: Path) -> Run:
    fill(open_store(f"tinydb:{tmp_path}/instance"), small, ANSWERED)
    return run


def test_it_says_what_was_tried_and_writes_a_page(filled: Run, tmp_path: Path) -> None:
    outcome = filled("audit-privacy", "--output", "privacy.pdf")
    assert outcome.code == 0
    assert "什么也没试出来" in outcome.out
    assert "试出" not in outcome.out.replace("什么也没试出来", "").replace("没有试出", "")
    text = read_text((tmp_path / "privacy.pdf").read_bytes())
    assert "我们试着破解自己的数据" in text
    assert "防不住" in text


def test_the_page_is_the_same_every_time_and_speaks_english(filled: Run, tmp_path: Path) -> None:
    pages = []
    for name in ("a.pdf", "b.pdf"):
        assert filled("--lang", "en", "audit-privacy", "w1", "--output", name).code == 0
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]
    assert "nothing was learnt" in read_text(pages[0])


def test_a_finding_ends_with_exit_code_3(filled: Run, tmp_path: Path) -> None:
    path = max((tmp_path / "instance" / "waves" / "w1" / "closed").glob("segment-*.json"))
    tables = json.loads(path.read_text())
    tables["spent"] = {"1": {"code": "00"}}
    path.write_text(json.dumps(tables))
    outcome = filled("audit-privacy", "w1", "--json")
    assert outcome.code == 3
    assert "privacy_hit" in outcome.err
    assert json.loads(outcome.out)["stored"]["leftovers"]["hits"] == 1


def test_answers_changed_by_hand_are_found_by_their_hash(filled: Run, tmp_path: Path) -> None:
    folder = tmp_path / "instance" / "waves" / "w1" / "closed"
    path = next(p for p in folder.glob("segment-*.json") if '"answers"' in p.read_text())
    tables = json.loads(path.read_text())
    next(iter(tables["responses"].values()))["answers"] = "55555"
    path.write_text(json.dumps(tables))
    assert filled("audit-privacy", "w1").code == 3  # the copy is as it was frozen, this is not
    (folder / "answers.bin").unlink()
    for command in (("audit-privacy", "w1"), ("aggregate", "w1", "--output", "out")):
        outcome = filled(*command)
        assert outcome.code == 6
        assert "store_damaged" in outcome.err
    assert not (tmp_path / "out").exists()


@pytest.fixture
def release(filled: Run, tmp_path: Path) -> Release:
    return publish(open_store(f"tinydb:{tmp_path}/instance"), "w1")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_figure_of_every_file_stands_in_the_release(
    release: Release, small: Questionnaire, lang: str
) -> None:
    """Or in the words around it, which are the same for every wave."""
    published = set(list_numbers(release.to_json()))
    published |= {number.removesuffix(".0") for number in published}  # a cell holds 48, not 48.0
    constant = set(list_numbers(" ".join(words(lang)._entries.values())))
    constant |= set(list_numbers(json.dumps(small.definition, ensure_ascii=False)))
    axis = {"0", "25", "50", "75", "100"}
    frame = {str(number) for number in range(1, 41)}  # pages, figures, tables, sections, ticks
    frame |= {f"{section}.{part}" for section in range(1, 14) for part in range(1, 10)}
    frame |= {f"{block.weight:.2f}" for block in small.blocks}
    for name, raw in render_results(release, small, words(lang)).items():
        if name.endswith(".json"):
            continue
        is_report = name.startswith("report.")
        if is_report:
            text = read_report(name, raw, words(lang)("report.provenance"))
        elif name.endswith(".pdf"):
            text = read_text(raw)
        else:
            text = " ".join(map(" ".join, read_cells(name, raw)))
        strange = set(list_numbers(text)) - published - constant - axis
        strange -= frame if is_report else set()
        assert strange <= list_derived(release.content), (name, strange)


def read_report(name: str, raw: bytes, source: str) -> str:
    """Return the words of a report without its last part, which holds hashes."""
    if name.endswith(".pdf"):
        text = read_text(raw)
    else:
        if name.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                raw = archive.read("word/document.xml")
        style = re.sub(r"<style>.*?</style>", "", raw.decode(), flags=re.DOTALL)
        text = html.unescape(re.sub(r"<[^>]*>", " ", style))
    words_before, found, _ = text.rpartition(source)
    assert found, name
    return words_before


def list_derived(content: dict[str, Any] | Any) -> set[str]:
    """Return the figures that a brief may work out: half the width of an interval, and dates."""
    text = json.dumps(content)
    pairs = re.findall(r'"ci95": \[(-?[\d.]+), (-?[\d.]+)\]', text)
    halves = {f"{(float(high) - float(low)) / 2:.1f}" for low, high in pairs}
    dates = {
        str(int(part)) for day in re.findall(r"\d{4}-\d{2}-\d{2}", text) for part in day.split("-")
    }
    return halves | {half.removesuffix(".0") for half in halves} | dates


def test_the_attacker_reads_the_files_of_a_real_wave_and_finds_nothing(
    release: Release, small: Questionnaire, tmp_path: Path
) -> None:
    """Of the CSV as of the JSON: the same means; and nothing of fewer than five follows from them."""
    wave = open_store(f"tinydb:{tmp_path}/instance").wave("w1")
    labels = [Label(s.id, s.units, s.roles) for s in wave.strata.strata]
    claims = read_json(release.to_json(), "A1", labels)
    answered = {s: n for s, n in ANSWERED.items() if n}
    assert Space([claim.group for claim in claims], answered).find_unions(answered, 5) == []
    raw = render_results(release, small, words("zh"))["scores.csv"]
    rows = [row for row in read_cells("scores.csv", raw) if len(row) > 2 and row[2] == "A1"]
    shown = sorted(float(row[5]) for row in rows if row[5])
    assert shown == sorted(claim.mean for claim in claims)


def test_a_hidden_cell_of_the_csv_holds_nothing(release: Release, small: Questionnaire) -> None:
    raw = render_results(release, small, words("zh"))["scores.csv"]
    hidden = [
        row for row in read_cells("scores.csv", raw) if row[-1] == words("zh")("scores.hidden")
    ]
    assert hidden
    for row in hidden:
        assert not any(row[4:-1])


def test_a_hidden_unit_changes_nothing_but_its_own_row() -> None:
    """Scale, order, ranks and the sizes of the figures know nothing of what is hidden."""
    path = Path(__file__).parents[1] / "reports" / "data" / "mine_release.json"
    content = json.loads(path.read_text("utf-8"))
    rates = content["participation"]["units"]
    unit = next(  # of low rates, and of what stands out, the brief says so in a sentence
        u
        for u, rate in rates.items()
        if rate.get("valid_rate", 0) >= 50
        and not any("mark" in score for score in content["units"][u]["dimensions"].values())
    )
    lines = []
    for is_hidden in (False, True):
        if is_hidden:
            content["units"][unit] = {"suppressed": "privacy"}
            content["participation"]["units"][unit] = {"suppressed": "privacy"}
        text = read_text(render_brief(Release(content), load("full")))
        lines.append([line for line in text.splitlines() if line.strip()])
    shown, hidden = lines
    start = next(
        n for n, (one, other) in enumerate(zip(shown, hidden, strict=False)) if one != other
    )
    end = next(n for n in range(1, len(hidden)) if shown[-n] != hidden[-n]) - 1
    assert hidden[start : len(hidden) - end] == [words("zh")("brief.hidden")]
    row = shown[start : len(shown) - end]
    assert len(row) >= len(load("full").dimensions)
    assert set("".join(row)) <= set("0123456789.%")


def read_text(raw: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(raw)).pages)
