import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from reports import load_house, render_brief
from reports.faces import FOLDER, use_house
from reports.theme import MONO, SERIF
from survey_service.disclosure.release import Release
from survey_service.errors import Code, SurveyError
from survey_service.questionnaire import load
from tests.reports.mine import FIRST
from tests.reports.test_brief import fonts_of, read


@pytest.fixture(autouse=True)
def _our_own_again() -> Iterator[None]:
    yield
    use_house(None)


def render(folder: Path | None) -> bytes:
    release = Release.from_json(FIRST.read_text("utf-8"))
    return render_brief(release, load("full"), "zh", None if folder is None else load_house(folder))


def refused(folder: Path) -> Code:
    with pytest.raises(SurveyError) as caught:
        load_house(folder)
    return caught.value.code


def test_a_company_font_sets_its_text_and_ours_what_it_lacks(tmp_path: Path) -> None:
    shutil.copy(FOLDER / f"{SERIF}.ttf", tmp_path / "text.ttf")
    own = render(tmp_path)
    assert sum(1 for _ in fonts_of(own)) > 0
    assert own != render(None)
    assert read(own) == read(render(None))


def test_without_a_folder_nothing_of_it_is_left(tmp_path: Path) -> None:
    before = render(None)
    shutil.copy(FOLDER / f"{SERIF}.ttf", tmp_path / "title.ttf")
    render(tmp_path)
    assert render(None) == before


def test_a_logo_is_drawn_small(tmp_path: Path) -> None:
    Image.new("RGB", (4000, 1000), "#1F4E79").save(tmp_path / "logo.png")
    pdf = render(tmp_path)
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert [len(page.images) for page in pages] == [1, 0]
    assert len(pdf) < 400_000
    assert pdf == render(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) is Code.HOUSE_EMPTY
    assert refused(tmp_path / "none") is Code.HOUSE_EMPTY


def test_fonts_that_cannot_set_text_are_refused(tmp_path: Path) -> None:
    font = tmp_path / "bold.ttf"
    for content in (b"", b"no font", (FOLDER / f"{SERIF}.ttf").read_bytes()[:5000]):
        font.write_bytes(content)
        assert refused(tmp_path) is Code.FONT_UNFIT
    shutil.copy(FOLDER / f"{MONO}.ttf", font)  # no Chinese in it
    assert refused(tmp_path) is Code.FONT_UNFIT


def test_a_font_that_may_not_be_embedded_is_refused(tmp_path: Path) -> None:
    content = bytearray((FOLDER / f"{SERIF}.ttf").read_bytes())
    place = content.index(b"OS/2")
    start = int.from_bytes(content[place + 8 : place + 12], "big")
    content[start + 8 : start + 10] = b"\x00\x02"
    (tmp_path / "title.ttf").write_bytes(content)
    assert refused(tmp_path) is Code.FONT_UNFIT


def test_pictures_that_are_none_or_too_large_are_refused(tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"<svg/>")
    assert refused(tmp_path) is Code.LOGO_UNFIT
    logo.write_bytes(b"x" * 2_000_001)
    assert refused(tmp_path) is Code.LOGO_UNFIT
    Image.new("1", (5000, 4000)).save(logo)
    assert refused(tmp_path) is Code.LOGO_UNFIT
