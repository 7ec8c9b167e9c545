"""Build the report's fonts from Noto Sans SC, Noto Serif SC and IBM Plex Mono.

Run by hand when the fonts change, never by the product::

    python build.py NotoSansSC_400Regular.ttf NotoSansSC_700Bold.ttf NotoSerifSC_700Bold.ttf IBMPlexMono_600SemiBold.ttf

The sources are the static TrueType instances that the npm packages ``@expo-google-fonts/noto-sans-sc``
and ``@expo-google-fonts/noto-serif-sc`` 0.4.3 and ``@expo-google-fonts/ibm-plex-mono`` 0.4.1 carry. Needs
fontTools. The text face keeps all of GBK and the rarer ideographs that stand in names; the two bold faces
keep GB 2312 and fall back to it; the face of codes and addresses keeps ASCII. Every subset gets a name of
its own: reportlab mixes up two fonts that share a PostScript name.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent

#: Symbols that the pages draw beside their text, and the general punctuation a reader may type.
SYMBOLS = "–—―‘’“”„†‡•…‰′″‹›※€№℃™←↑→↓−×÷±≈≠≤≥∞○●◎△▲▽▼□■◇◆★☆①②③④⑤⑥⑦⑧⑨⑩〇〓"

#: Ideographs of Unicode's Extension A that the state's list of standard characters (2013) contains.
STANDARD_EXTENSION_A = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠"
    "䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
)

#: reportlab draws one glyph per character and never reads these.
UNUSED_TABLES = ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "VORG", "gasp", "DSIG"]


def double_byte_characters(encoding: str) -> set[int]:
    """Return the code points of every two-byte character of a Chinese encoding."""
    characters: set[int] = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                text = bytes([lead, trail]).decode(encoding)
            except UnicodeDecodeError:
                continue
            if len(text) == 1:
                characters.add(ord(text))
    return characters


def latin_characters() -> set[int]:
    """Return the code points of Basic Latin, Latin-1 and Latin Extended-A."""
    return set(range(0x20, 0x7F)) | set(range(0xA0, 0x180))


def is_rare_ideograph(code_point: int) -> bool:
    """Say whether an ideograph outside GBK may stand in the name of a person or a place."""
    return (
        0x9FA6 <= code_point < 0xA000
        or code_point >= 0x20000
        or chr(code_point) in STANDARD_EXTENSION_A
    )


def text_characters(encoding: str) -> set[int]:
    """Return the code points of a face that sets Chinese text."""
    symbols = {ord(symbol) for symbol in SYMBOLS}
    return double_byte_characters(encoding) | latin_characters() | symbols


def build(source: Path, name: str, wanted: set[int], *, with_rare_ideographs: bool = False) -> Path:
    """Write the ``wanted`` code points of ``source`` beside this file as ``<name>.ttf``."""
    font = TTFont(source, recalcTimestamp=False)
    if with_rare_ideographs:
        rare = {code_point for code_point in font.getBestCmap() if is_rare_ideograph(code_point)}
        wanted = wanted | rare
    options = Options(
        hinting=False,
        layout_features=[],
        drop_tables=[*Options().drop_tables, *UNUSED_TABLES],
        name_IDs=[],
        notdef_outline=True,
        recalc_timestamp=False,
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    copyright_line = str(font["name"].getDebugName(0))
    licence_line = str(font["name"].getDebugName(13))
    subsetter.subset(font)
    rename(font, name, {0: copyright_line, 13: licence_line, 14: "https://openfontlicense.org"})
    target = FOLDER / f"{name}.ttf"
    font.save(target)
    return target


def rename(font: TTFont, name: str, others: dict[int, str]) -> None:
    """Give the font the family, full and PostScript name ``name`` and nothing of its old ones."""
    table = font["name"]
    table.names = []
    for name_id, text in {1: name, 2: "Regular", 3: name, 4: name, 6: name, **others}.items():
        table.setName(text, name_id, 3, 1, 0x409)


def main() -> None:
    """Build the four faces from the four source paths on the command line."""
    regular, bold, serif, mono = (Path(argument) for argument in sys.argv[1:5])
    build(regular, "SurveySansRegular", text_characters("gbk"), with_rare_ideographs=True)
    build(bold, "SurveySansBold", text_characters("gb2312"))
    build(serif, "SurveySerifBold", text_characters("gb2312"))
    build(mono, "SurveyMonoSemiBold", set(range(0x20, 0x7F)))


if __name__ == "__main__":
    main()
