import re

from reports.tounicode import GROUP, write_to_unicode_map


def test_characters_beyond_the_first_plane_are_written_as_utf_16() -> None:
    table = write_to_unicode_map("Face", [0, ord("A"), 0x2CB4E])
    assert "<01> <0041>" in table
    assert "<02> <D872DF4E>" in table


def test_no_group_holds_more_pairs_than_the_reference_allows() -> None:
    table = write_to_unicode_map("Face", [0x4E00 + number for number in range(256)])
    counts = [int(count) for count in re.findall(r"(\d+) beginbfchar", table)]
    assert sum(counts) == 256
    assert max(counts) == GROUP
