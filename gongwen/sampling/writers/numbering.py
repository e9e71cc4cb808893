"""Automatic numbers of a DOCX: 一、（一）1. made by the word processor, so the runs hold no number."""

from __future__ import annotations

from typing import Any

# (how it counts, its shape, its font)
_LEVELS = (
    ("chineseCountingThousand", "%1、", "黑体"), ("chineseCountingThousand", "（%2）", "楷体_GB2312"),
    ("decimal", "%3.", "仿宋_GB2312"),
)  # fmt: skip
_ABSTRACT = "77"  # free in the template of python-docx


class Numbering:
    def __init__(self, sheet: Any) -> None:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        self._root = sheet.part.numbering_part.element
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:suff w:val="nothing"/>'
            f'<w:lvlText w:val="{shape}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="0" w:firstLine="640"/></w:pPr>'
            f'<w:rPr><w:rFonts w:hint="eastAsia" w:eastAsia="{font}"/><w:sz w:val="32"/></w:rPr></w:lvl>'
            for level, (kind, shape, font) in enumerate(_LEVELS)
        )
        abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{_ABSTRACT}">{levels}</w:abstractNum>')
        self._root.insert(0, abstract)
        self._current = 0

    def restart(self) -> None:
        """The next heading is number one again: an annex counts for itself."""
        self._current = 0

    def set(self, paragraph: Any, level: int) -> None:
        shape = paragraph._element.get_or_add_pPr().get_or_add_numPr()
        shape.get_or_add_ilvl().val = level
        shape.get_or_add_numId().val = self._current or self._open()

    def _open(self) -> int:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        used = [int(one.numId) for one in self._root.num_lst]
        self._current = max(used, default=0) + 1
        overrides = "".join(
            f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>'
            for level in range(len(_LEVELS))
        )
        self._root.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{self._current}"><w:abstractNumId w:val="{_ABSTRACT}"/>'
                f"{overrides}</w:num>"
            )
        )
        return self._current
