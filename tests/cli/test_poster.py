"""``poster``: a poster for each unit, its code from the rendered sheet, the words of the first page."""

import io
import json
import re
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from survey_service.storage.tinydb import TinyDBStore
from survey_service.web import create_app
from tests.cli.conftest import NOTICE, Run

ROSTER = (
    "unit,parent,role,headcount\n甲矿,,管理者,12\n综采一队,甲矿,管理者,12\n"
    "综采一队,甲矿,一线员工,60\n机电队,甲矿,一线员工,15\n"
)
BASE = ("--base-url", "https://survey.example.com/")


@pytest.fixture
def wave(run: Run, tmp_path: Path) -> str:
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    asked = ("--questionnaire", "pulse", "--roster", "roster.csv")
    assert run("wave", "create", "w", *asked, *NOTICE).code == 0
    return "w"


def scan(path: Path) -> list[str]:
    found = []
    for page in pypdfium2.PdfDocument(path):
        (code,) = zxingcpp.read_barcodes(page.render(scale=1).to_pil().convert("L"))
        found.append(code.text)
    return found


def read(path: Path) -> str:
    pages = PdfReader(io.BytesIO(path.read_bytes())).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def test_there_is_a_poster_for_every_unit(run: Run, wave: str, tmp_path: Path) -> None:
    outcome = run("poster", *BASE, "--output", "posters.pdf")
    assert outcome.code == 0, outcome.err
    assert "已制作 3 张海报（A4）" in outcome.out
    assert "只有本机打得开" not in outcome.out
    keys = json.loads(run("wave", "show", "w", "--json").out)["unit_keys"]
    by_path = {path: key for key, path in keys.items()}
    units = ("甲矿", "甲矿/综采一队", "甲矿/机电队")
    links = [f"https://survey.example.com/q/w#u={by_path[unit]}" for unit in units]
    assert scan(tmp_path / "posters.pdf") == links


def test_a_poster_says_what_the_first_page_says(run: Run, wave: str, tmp_path: Path) -> None:
    run("poster", *BASE, "--output", "posters.pdf", "--paper", "a3")
    run("wave", "open", "w")
    day = date(2026, 11, 22)
    client = create_app(TinyDBStore(tmp_path / "instance"), lambda: day).test_client()
    page = client.get("/q/w").get_data(as_text=True)
    facts = re.findall(r"<li>([^<]+)</li>", page.partition("<table>")[2].partition("</table>")[0])
    assert len(facts) >= 8
    printed = read(tmp_path / "posters.pdf")
    for fact in facts:
        assert printed.count(fact.replace(" ", "")) == 3, fact


def test_with_cards_there_is_one_poster_without_a_code(run: Run, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    asked = ("--questionnaire", "pulse", "--roster", "roster.csv", "--access", "codes")
    run("wave", "create", "w", *asked, *NOTICE)
    outcome = run("--lang", "en", "poster", *BASE, "--output", "p.pdf", "--json")
    assert json.loads(outcome.out) == {"wave": "w", "posters": 1, "paper": "A4", "file": "p.pdf"}
    assert scan(tmp_path / "p.pdf") == ["https://survey.example.com/q/w?lang=en"]
    printed = read(tmp_path / "p.pdf")
    assert "Drawacard,scanitscode" in printed
    assert "Whodrewwhichcard" in printed
    assert "综采一队" not in printed


def test_without_a_roster_there_is_one_poster(run: Run, tmp_path: Path) -> None:
    run("wave", "create", "w", "--questionnaire", "pulse")
    address = ("--base-url", "http://127.0.0.1:8000")
    outcome = run("poster", *address, "--output", "p.pdf")
    assert "只有本机打得开" in outcome.out
    assert scan(tmp_path / "p.pdf") == ["http://127.0.0.1:8000/q/w"]


@pytest.mark.parametrize(
    "address",
    [
        *("survey.example.com", "ftp://x.cn", "https://", "https://x.cn/?a=1", "https://x.cn/#u"),
        *("https://x.cn/a b", "http://[::1", "https://x.cn:99999", "https://x.cn/" + "a" * 200),
    ],
)
def test_an_address_that_no_phone_opens_is_refused(
    run: Run, wave: str, tmp_path: Path, address: str
) -> None:
    outcome = run("poster", "--base-url", address, "--output", "p.pdf")
    assert (outcome.code, "base_url" in outcome.err) == (2, True)
    assert not (tmp_path / "p.pdf").exists()


def test_a_closed_wave_has_no_posters(run: Run, wave: str) -> None:
    run("wave", "open", "w")
    run("wave", "close", "w", "--now")
    outcome = run("poster", *BASE, "--output", "p.pdf")
    assert (outcome.code, "wave_closed" in outcome.err) == (3, True)


def test_the_address_is_asked_for(run: Run, wave: str) -> None:
    assert run("poster", "--output", "p.pdf").code == 2
