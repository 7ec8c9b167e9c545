"""The table that lets a reader copy and search the text of an embedded font.

reportlab writes a character beyond U+FFFF as five hexadecimal digits, which every viewer reads as
another character: 𬭎 came back as Ⲵ. The PDF reference (9.10.3) wants UTF-16BE, and at most 100 pairs
in one group.
"""

from collections.abc import Sequence

GROUP = 100


def write_to_unicode_map(font_name: str, subset: Sequence[int]) -> str:
    """Return the CMap of one subset: ``subset[code]`` is the code point drawn by ``code``."""
    pairs = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>"
        for code, point in enumerate(subset)
    ]
    groups = [pairs[start : start + GROUP] for start in range(0, len(pairs), GROUP)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo",
            f"<< /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def",
            f"/CMapName /{font_name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<00> <FF>",
            "endcodespacerange",
            *(
                line
                for group in groups
                for line in (f"{len(group)} beginbfchar", *group, "endbfchar")
            ),
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )
