"""Signature and date, annex notes and annexes, imprint (GB/T 9704 7.3.5 to 7.4). Room is left for seals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from draft.gb9704.marks import write_piece
from draft.gb9704.measures import CHARS, FANGSONG, HEITI, SIZES, TYPE_AREA_MM, XIAOBIAOSONG
from draft.gb9704.titles import even_lines
from draft.gb9704.word import element, frame_below, rule, set_widths, shape
from draft.model import Item, Piece

_ACROSS = 3
"""Seals of joint issuers side by side (7.3.5.1)."""
_FITTING, _FEW = 9, 4
"""Han characters that fit a third of the line; up to so many longer names stand two in a row."""


def write_signature(word: WordFile, issuers: Sequence[Item], dates: Sequence[Item]) -> None:
    """Date four characters from the right, the name centred above it; several issuers three in a row."""
    for before in word.paragraphs[-2:]:  # a signature does not stand on a page without text
        before.paragraph_format.keep_with_next = True
    shape(word.add_paragraph()).paragraph_format.keep_with_next = True
    date = dates[0].text.strip() if dates else ""
    width = _width(date) or 9.0
    if len(issuers) > 1:
        _joint(word, issuers)
    for item in issuers if len(issuers) == 1 else ():
        inset = max(0.0, 4 + (width - _width(item.text.strip())) / 2)
        line = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.RIGHT, right_chars=inset)
        _pieces(word, line, item.pieces)
    for item in dates[:1]:
        line = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.RIGHT, right_chars=4.0)
        _pieces(word, line, item.pieces)


def _joint(word: WordFile, issuers: Sequence[Item]) -> None:
    longest = max(_width(one.text.strip()) for one in issuers)
    across = min(len(issuers), _ACROSS if longest <= _FITTING or len(issuers) > _FEW else 2)
    rows = [issuers[at : at + across] for at in range(0, len(issuers), across)]
    table = word.add_table(rows=len(rows), cols=across)
    table.autofit = False
    set_widths(table, [TYPE_AREA_MM[0] / across] * across)
    table._tbl.tblPr.append(_no_margins())
    for row, items in zip(table.rows, rows, strict=True):
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        for cell, item in zip(row.cells, items, strict=False):
            line = shape(cell.paragraphs[0], align=WD_ALIGN_PARAGRAPH.CENTER)
            _pieces(word, line, item.pieces)
            for _ in range(2):
                shape(cell.add_paragraph())


def _no_margins() -> Any:
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=0, type="dxa"))
    return margins


def _pieces(word: WordFile, line: Paragraph, pieces: Sequence[Piece]) -> None:
    for piece in pieces:
        write_piece(word, line, piece, FANGSONG, SIZES["三号"])


def write_annex_note(word: WordFile, item: Item) -> None:
    """附件：1. … two characters in, turn lines under the name (7.3.4)."""
    hanging = 4.0 if item.text.strip().startswith("附件") else 1.0
    line = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.LEFT, left_chars=6.0, hanging_chars=hanging)
    _pieces(word, line, item.pieces)


def begin_annex(word: WordFile, label: Item | None, *, on_new_page: bool = False) -> None:
    """A new page; 附件1 in 黑体, flush left (7.3.7). `on_new_page`: a section has begun it already."""
    last = word.paragraphs[-1] if word.paragraphs else word.add_paragraph()
    if not on_new_page:
        last.add_run().add_break(WD_BREAK.PAGE)
    if label is not None:
        line = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.LEFT)
        for piece in label.pieces:
            write_piece(word, line, piece, HEITI, SIZES["三号"])
    shape(word.add_paragraph())


def write_centred(word: WordFile, item: Item, *, landscape: bool = False) -> None:
    """The title of the paper or of an annex: 二号 小标宋."""
    line = shape(word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.CENTER, line_twips=680)
    for piece in item.pieces:
        write_piece(word, line, piece, XIAOBIAOSONG, SIZES["二号"])
    even_lines(line, item.text, across=TYPE_AREA_MM[1 if landscape else 0])


def write_imprint(word: WordFile, copied: Sequence[Item], printed: Sequence[Item]) -> None:
    """抄送 and 印发 between rules of the type area's width, at its foot (7.4)."""
    items = [*copied, *_one_line(printed)]
    if not items:
        return
    shape(word.add_paragraph())
    for at, item in enumerate(items):
        line = shape(
            word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.LEFT, left_chars=1, right_chars=1, size=SIZES["四号"]
        )
        if item.kind == "print":
            width = TYPE_AREA_MM[0] - 2 * SIZES["四号"] * 25.4 / 72
            line.paragraph_format.tab_stops.add_tab_stop(Mm(width), WD_TAB_ALIGNMENT.RIGHT)
        for piece in item.pieces:
            write_piece(word, line, piece, FANGSONG, SIZES["四号"])
        frame_below(line)
        rule(line, "top", colour="000000", eighths=8 if at == 0 else 6, space=1)
        if at == len(items) - 1:
            rule(line, "bottom", colour="000000", eighths=8, space=1)


def _one_line(printed: Sequence[Item]) -> list[Item]:
    """Who has printed stands left and the day right, also where the old paper had them on two lines (7.4.3)."""
    if len(printed) != 2 or not printed[1].pieces:
        return list(printed)
    gap = Piece("", "\t", (), printed[1].pieces[0].source, "", (("\t", None),))
    return [Item("print", [*printed[0].pieces, gap, *printed[1].pieces])]


def write_copied(word: WordFile, copied: Sequence[Item]) -> None:
    """Of a letter: 抄送 alone, without rules (10.1)."""
    for at, item in enumerate(copied):
        if at == 0:
            shape(word.add_paragraph())
        line = shape(
            word.add_paragraph(), align=WD_ALIGN_PARAGRAPH.LEFT, left_chars=1, right_chars=1, size=SIZES["四号"]
        )
        for piece in item.pieces:
            write_piece(word, line, piece, FANGSONG, SIZES["四号"])


def _width(text: str) -> float:
    """Han widths: figures and Latin letters count half."""
    return min(float(CHARS), sum(0.5 if char.isascii() else 1.0 for char in text))
