"""版头: the red mark of one or several issuers, the number left open, the red rule (GB/T 9704 7.2). Seals and marks
that are pictures are never made: room is left."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as WordFile
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH

from draft.gb9704.measures import FANGSONG, MARK_TOP_MM, RED, RULE_GAP_MM, SIZES, TYPE_AREA_MM, XIAOBIAOSONG
from draft.gb9704.word import dress, element, rule, set_widths, shape

MOST_NAMES = 6
"""More issuers than these and the mark shows the lead one alone, as the standard allows (7.2.4)."""
_LARGEST, _SMALLEST = 48.0, 16.0
POINTS_A_MM = 72 / 25.4


def write_letterhead(word: WordFile, names: Sequence[str], number: str) -> None:
    """`number` as it is to stand, its serial open."""
    shown = list(names[:1]) if len(names) > MOST_NAMES else list(names)
    if len(shown) <= 1:
        write_mark(word, f"{shown[0] if shown else ''}文件", MARK_TOP_MM)
    else:
        _room(word, MARK_TOP_MM)
        _joint(word, shown)
    for _ in range(2):
        shape(word.add_paragraph())
    line = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.CENTER)
    dress(line.add_run(number), FANGSONG, SIZES["三号"])
    rule(line, "bottom", colour=RED, eighths=8, space=round(RULE_GAP_MM * POINTS_A_MM))


def _room(word: WordFile, millimetres: float) -> None:
    """An empty line of exactly this height: space before the first paragraph is not kept by all programs."""
    shape(word.add_paragraph(), line_twips=round(millimetres * POINTS_A_MM * 20))


def write_mark(word: WordFile, mark: str, top: float) -> None:
    """In one line, its upper edge `top` millimetres down."""
    _room(word, top)
    size = mark_size(len(mark), TYPE_AREA_MM[0])
    line = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.CENTER, line_twips=round(size * 1.2 * 20))
    dress(line.add_run(mark), XIAOBIAOSONG, size, colour=RED, spacing=0)


def _joint(word: WordFile, names: Sequence[str]) -> None:
    """Names below each other, stretched to one width, 文件 to their right at half height."""
    longest = max(len(name) for name in names)
    size = min(mark_size(longest + 3, TYPE_AREA_MM[0]), 36.0)
    table = word.add_table(rows=len(names), cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    wide = longest * size / POINTS_A_MM + 4
    set_widths(table, (wide, 2.4 * size / POINTS_A_MM + 4))
    for row, name in zip(table.rows, names, strict=True):
        line = shape(row.cells[0].paragraphs[0], align=WD_ALIGN_PARAGRAPH.DISTRIBUTE, line_twips=round(size * 1.3 * 20))
        dress(line.add_run(name), XIAOBIAOSONG, size, colour=RED, spacing=0)
    kind = table.cell(0, 1).merge(table.cell(len(names) - 1, 1))
    kind.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    line = shape(kind.paragraphs[0], align=WD_ALIGN_PARAGRAPH.CENTER, line_twips=round(size * 1.3 * 20))
    dress(line.add_run("文件"), XIAOBIAOSONG, size, colour=RED, spacing=0)
    for extra in kind.paragraphs[1:]:
        extra._element.getparent().remove(extra._element)
    table._tbl.tblPr.append(element("w:tblLayout", type="fixed"))


def mark_size(chars: int, millimetres: float) -> float:
    """Points at which so many Han characters fit the width."""
    return max(_SMALLEST, min(_LARGEST, float(int(millimetres * POINTS_A_MM / max(1, chars)))))
