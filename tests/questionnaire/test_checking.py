"""Every fault of a questionnaire file is found in one run, with its line."""

from pathlib import Path

import pytest

from survey_service.errors import Code, Fault, SurveyError
from survey_service.questionnaire import check, load
from tests.factories import SMALL

LINES = SMALL.splitlines()


def faults_of(folder: Path, text: str) -> list[Fault]:
    path = folder / "small.toml"
    path.write_text(text, encoding="utf-8")
    return list(check(str(path)))


def test_a_sound_file_has_no_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, SMALL) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("format = 1", "format = 2", Code.QUESTIONNAIRE_FORMAT),
        ("minutes = 1", "minutes = 1\ncolour = 3", Code.QUESTIONNAIRE_FIELD_UNKNOWN),
        ("version = 1\n", "", Code.QUESTIONNAIRE_FIELD_MISSING),
        ("minutes = 1\n", "", Code.QUESTIONNAIRE_FIELD_MISSING),
        ("minutes = 1", 'minutes = "1"', Code.QUESTIONNAIRE_FIELD_TYPE),
        ("minutes = 1", "minutes = 900", Code.QUESTIONNAIRE_FIELD_TYPE),
        ('sections = "dimension"', 'sections = "pages"', Code.QUESTIONNAIRE_FIELD_TYPE),
        (', en = "Tasks are clear."', "", Code.QUESTIONNAIRE_TRANSLATION_MISSING),
        (', en = "I help colleagues."', "", Code.QUESTIONNAIRE_TRANSLATION_MISSING),
        (', en = "Mostly true"', "", Code.QUESTIONNAIRE_TRANSLATION_MISSING),
        ('id = "B1_1b"', 'id = "B1_1a"', Code.QUESTIONNAIRE_ID_DUPLICATE),
        ('"WORDS"]', '"WORDS", "A1_1a"]', Code.QUESTIONNAIRE_ID_DUPLICATE),
        ('id = "CHECK"', 'id = "unit"', Code.QUESTIONNAIRE_ID_INVALID),
        ('id = "CHECK"', 'id = "__proto__"', Code.QUESTIONNAIRE_ID_INVALID),
        ('"WORDS"]', '"WORDS", "X9"]', Code.QUESTIONNAIRE_REFERENCE),
        ('facet = "B1_1"', 'facet = "Z9_1"', Code.QUESTIONNAIRE_REFERENCE),
        ('dimension = "B1"', 'dimension = "Z9"', Code.QUESTIONNAIRE_REFERENCE),
        ('block = "B"', 'block = "Z"', Code.QUESTIONNAIRE_REFERENCE),
        ('scale = "fit"', 'scale = "none"', Code.QUESTIONNAIRE_REFERENCE),
        ('id = "small"', 'id = "small"\nbank = "other"', Code.QUESTIONNAIRE_REFERENCE),
        ("{ code = 2,", "{ code = 1,", Code.QUESTIONNAIRE_SCALE),
        ("code = 9", "code = 3", Code.QUESTIONNAIRE_SCALE),
        ("neutral = [3]", "neutral = [3, 4]", Code.QUESTIONNAIRE_SCALE),
        ("favourable = [4, 5]", "favourable = [5]", Code.QUESTIONNAIRE_SCALE),
        ("code = 9", "code = 36", Code.QUESTIONNAIRE_SCALE),
        ("code = 9", "code = -1", Code.QUESTIONNAIRE_SCALE),
        ("weight = 0.6", "weight = 0.5", Code.QUESTIONNAIRE_WEIGHTS),
        ('"CHECK", "B1_1a", "B1_1b", ', '"CHECK", ', Code.QUESTIONNAIRE_WEIGHTS),
        ('text = { zh = "有事', 'scale = "other"\ntext = { zh = "有事', Code.QUESTIONNAIRE_SCALES),
        ("weight = 0.6", "weight = -0.6", Code.QUESTIONNAIRE_WEIGHTS),
        ("weight = 0.6", "weight = nan", Code.QUESTIONNAIRE_WEIGHTS),
        ("expected = 2", "expected = 7", Code.QUESTIONNAIRE_EXTRA),
        ('kind = "attention"', 'kind = "riddle"', Code.QUESTIONNAIRE_EXTRA),
        ("limit = 20", "limit = 0", Code.QUESTIONNAIRE_EXTRA),
        ("同事会帮忙。", "请填写您的姓名。", Code.QUESTIONNAIRE_IDENTIFYING),
        ("同事会帮忙。", "您的工号是多少？", Code.QUESTIONNAIRE_IDENTIFYING),
        ("Colleagues help.", "What is your staff number?", Code.QUESTIONNAIRE_IDENTIFYING),
        ("我会帮同事。", "我的手机号常换。", Code.QUESTIONNAIRE_IDENTIFYING),
        ("同事会帮忙。", "长" * 121, Code.QUESTIONNAIRE_TOO_LONG),
        ("reverse = true", "scored = false", Code.QUESTIONNAIRE_NOT_SCORED),
    ],
)
def test_a_fault_is_found_on_its_line(tmp_path: Path, old: str, new: str, code: Code) -> None:
    assert old in SMALL
    text = SMALL.replace(old, new, 1)
    found = faults_of(tmp_path, text)
    assert code in {fault.code for fault in found}
    assert all(fault.place.file == "small.toml" and fault.place.line for fault in found)


@pytest.mark.parametrize(
    ("old", "new", "holds"),
    [
        ("reverse = true", "reverse = 1", "reverse"),
        ("weight = 0.4", 'weight = "0.4"', "weight"),
        ("同事会帮忙。", "您的姓名？", "姓名"),
        ('"WORDS"]', '"WORDS", "X9"]', "X9"),
        ("code = 9", 'code = "9"', "not_applicable"),
    ],
)
def test_the_line_is_the_one_to_mend(tmp_path: Path, old: str, new: str, holds: str) -> None:
    text = SMALL.replace(old, new, 1)
    lines = text.splitlines()
    assert any(holds in lines[(f.place.line or 0) - 1] for f in faults_of(tmp_path, text))


def test_weights_of_blocks_that_are_not_asked_do_not_count(tmp_path: Path) -> None:
    text = SMALL.replace('"CHECK", "B1_1a", "B1_1b", ', '"CHECK", ')
    assert not faults_of(tmp_path, text.replace("weight = 0.6", "weight = 1.0"))


def test_all_faults_are_found_in_one_run(tmp_path: Path) -> None:
    text = SMALL
    for old, new in (
        ("weight = 0.6", "weight = 0.1"),
        ("expected = 2", "expected = 7"),
        ("同事会帮忙。", "您的工号是多少？"),
        (', en = "Things are put off."', ""),
        ('"WORDS"]', '"WORDS", "X9"]'),
        ("reverse = true", 'reverse = "yes"'),
    ):
        text = text.replace(old, new, 1)
    assert {fault.code for fault in faults_of(tmp_path, text)} >= {
        Code.QUESTIONNAIRE_WEIGHTS,
        Code.QUESTIONNAIRE_EXTRA,
        Code.QUESTIONNAIRE_IDENTIFYING,
        Code.QUESTIONNAIRE_TRANSLATION_MISSING,
        Code.QUESTIONNAIRE_REFERENCE,
        Code.QUESTIONNAIRE_FIELD_TYPE,
    }
    with pytest.raises(SurveyError) as caught:
        load(str(tmp_path / "small.toml"))
    assert len(caught.value.faults) >= 6


@pytest.mark.parametrize("text", ["a = ", "= 3", "[[items]\n", 'a = "x', "\x00"])
def test_a_file_that_does_not_parse_is_one_fault_with_its_line(tmp_path: Path, text: str) -> None:
    (fault,) = faults_of(tmp_path, f"format = 1\n{text}\n")
    assert fault.code is Code.QUESTIONNAIRE_SYNTAX
    assert fault.place.line in {2, 3}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "format = 1",
        "items = 3",
        "[items]\na = 1",
        "order = [1, 2]",
        "scales = [1]",
        "format = true",
    ],
)
def test_strange_files_have_faults_and_never_break(tmp_path: Path, text: str) -> None:
    assert faults_of(tmp_path, text)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gbk.toml"
    path.write_bytes(SMALL.encode("gb18030"))
    assert [fault.code for fault in check(str(path))] == [Code.FILE_ENCODING]


def test_a_missing_file_and_an_unknown_id_are_told_apart(tmp_path: Path) -> None:
    assert [f.code for f in check(str(tmp_path / "none.toml"))] == [Code.FILE_MISSING]
    with pytest.raises(SurveyError) as caught:
        load("nosuch")
    assert caught.value.code is Code.QUESTIONNAIRE_UNKNOWN


def test_a_questionnaire_may_add_items_to_the_bank(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        """
format = 1
id = "own"
version = 3
bank = "bank"
title = { zh = "自编", en = "Own" }
minutes = 2
sections = "dimension"
order = ["O1_1a", "OWN_1"]
[[items]]
id = "OWN_1"
facet = "O2_1"
text = { zh = "下井前会查装备。", en = "We check our gear before going down." }
""",
        encoding="utf-8",
    )
    assert check(str(path)) == ()
    assert [item.dimension for item in load(str(path)).scored] == ["O1", "O2"]


def test_a_clash_with_the_bank_is_a_duplicate(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'format = 1\nid = "own"\nversion = 1\nbank = "bank"\ntitle = { zh = "甲", en = "A" }\n'
        'minutes = 2\nsections = "dimension"\norder = ["O1_1a"]\n'
        '[[items]]\nid = "O1_1a"\nfacet = "O2_1"\ntext = { zh = "乙。", en = "B." }\n',
        encoding="utf-8",
    )
    assert [fault.code for fault in check(str(path))] == [Code.QUESTIONNAIRE_ID_DUPLICATE]
