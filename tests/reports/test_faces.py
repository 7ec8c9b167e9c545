import logging

import pytest
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfmetrics

from reports.faces import FALLBACK, FOLDER, MISSING, choose_face, measure_advance
from reports.theme import BOLD, REGULAR, SERIF


@pytest.mark.parametrize("face", [REGULAR, BOLD, SERIF])
@pytest.mark.parametrize("char", "镕喆堃昇赟玥𬭎")
def test_characters_of_peoples_names_are_drawn(char: str, face: str) -> None:
    chosen, drawn = choose_face(char, face)
    assert drawn == char
    assert measure_advance(drawn, chosen) == 1.0


@pytest.mark.parametrize("face", [REGULAR, BOLD, SERIF])
@pytest.mark.parametrize("char", "中A7%，。“”—…≤※〓")
def test_common_characters_come_from_the_face_that_was_asked_for(char: str, face: str) -> None:
    assert choose_face(char, face) == (face, char)


def test_a_character_without_a_face_looks_like_missing_type_and_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    choose_face.cache_clear()
    with caplog.at_level(logging.INFO):
        assert choose_face("🛠", SERIF) == (REGULAR, "🛠")
    assert "U+1F6E0" in caplog.text
    glyphs = pdfmetrics.getFont(REGULAR).face.charToGlyph
    assert glyphs[ord("🛠")] == glyphs[ord(MISSING)]


def test_every_face_has_a_name_of_its_own_and_its_licence() -> None:
    names = set()
    for face in FALLBACK:
        with TTFont(FOLDER / f"{face}.ttf") as font:
            names.add(font["name"].getDebugName(6))
            assert "SIL Open Font License" in font["name"].getDebugName(13)
            assert font.sfntVersion == "\x00\x01\x00\x00"
    assert names == set(FALLBACK)


def test_the_licence_stands_beside_the_fonts() -> None:
    licence = (FOLDER / "OFL.txt").read_text("utf-8")
    assert "Reserved Font Name 'Source'" in licence
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_every_character_of_gbk_can_be_drawn() -> None:
    with TTFont(FOLDER / f"{REGULAR}.ttf") as font:
        characters = font.getBestCmap()
    gbk = bytes([0xB0, 0xA1]).decode("gbk")
    assert ord(gbk) in characters
    missing = [
        char
        for lead in range(0x81, 0xFE)
        for trail in range(0x40, 0xFF)
        if (char := bytes([lead, trail]).decode("gbk", "ignore")) and len(char) == 1
        if 0x4E00 <= ord(char) <= 0x9FA5 and ord(char) not in characters
    ]
    assert len(missing) <= 1
