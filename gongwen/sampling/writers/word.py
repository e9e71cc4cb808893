"""DOCX as an office makes it: red head, automatic numbers, merged cells, page numbers; fonts by GB/T 9704 name."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from itertools import takewhile
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from gongwen.sampling.paper import Block, Line, Paper, Roster, Table, spaced
from gongwen.sampling.writers.numbering import Numbering

SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
RED = "D00000"
_WIDE = "　"
# Margins and line of GB/T 9704 in twips: top, right, bottom, left; 28.95 points a line.
_MARGINS = (2098, 1474, 1984, 1587)
_LINE = 28.95
_STAMP = datetime(2024, 1, 1, tzinfo=UTC)
# kind: (font, size in points, alignment)
_FACES: dict[str, tuple[str, float, str]] = {
    "mast": (SONG, 30, "CENTER"), "mast_suffix": (SONG, 34, "CENTER"), "number": (FANG, 16, "CENTER"),
    "title": (SONG, 22, "CENTER"), "subtitle": (SONG, 20, "CENTER"), "to": (FANG, 16, "LEFT"),
    "label": (HEI, 16, "LEFT"), "sign": (FANG, 16, "RIGHT"), "date": (FANG, 16, "RIGHT"),
    "colophon": (FANG, 14, "LEFT"), "flush": (FANG, 16, "LEFT"),
}  # fmt: skip
# What the schema wants behind the borders of a paragraph.
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
_HEADS = {"h1": HEI, "h2": KAI, "h3": FANG}


def write(paper: Paper) -> bytes:
    from docx import Document

    sheet = Document()
    composer = _Sheet(sheet, paper.meta.get("header", ""))
    blocks = paper.blocks
    place = 0
    while place < len(blocks):
        place += composer.add(blocks, place)
    return _sealed(sheet, str(paper.documents[0].get("title") or ""))


class _Sheet:
    def __init__(self, sheet: Any, header: str) -> None:
        self.sheet = sheet
        self.numbers = Numbering(sheet)
        self.breaks = False
        _page(sheet, header)

    def add(self, blocks: list[Block], place: int) -> int:
        """Prints the block here and returns how many it took: a letterhead is taken whole."""
        block = blocks[place]
        if isinstance(block, Table):
            self.table(block)
            return 1
        if isinstance(block, Roster):
            self.roster(block)
            return 1
        if block.kind == "mast":
            return self.head(blocks, place)
        if block.kind == "sign":
            return self.signatures(blocks, place)
        self.line(block, blocks[place - 1] if place else None)
        return 1

    def line(self, line: Line, before: Block | None) -> None:
        from docx.shared import Pt

        if line.kind == "break":
            self.breaks = True
            self.numbers.restart()
            return
        if line.kind in _HEADS:
            self.heading(line)
            return
        text = f"（{line.text}）" if line.kind == "note" else line.printed
        if line.kind == "annexes":
            text = text if getattr(before, "kind", "") == "annexes" else f"附件：{text}"
        paragraph = self.paragraph(line.kind)
        if line.kind == "annexes" and not text.startswith("附件"):
            paragraph.paragraph_format.first_line_indent = Pt(80)
        _run(paragraph, text, *_FACES.get(line.kind, (FANG, 16, ""))[:2])
        if line.kind == "number":
            _rule(paragraph, "bottom", RED, 12)
        if line.kind == "colophon":
            _rule(paragraph, "bottom", "000000", 6)

    def paragraph(self, kind: str) -> Any:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        paragraph = self.sheet.add_paragraph()
        shape = paragraph.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing = Pt(_LINE if kind not in {"mast", "mast_suffix"} else 46)
        shape.page_break_before = self.breaks
        self.breaks = False
        if kind in _FACES:
            paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, _FACES[kind][2])
        else:
            shape.first_line_indent = Pt(32)
        if kind in {"sign", "date"}:
            shape.right_indent = Pt(64 if kind == "date" else 32)
        if kind in {"subtitle", "title", "to"}:
            shape.space_before = Pt(14 if kind != "title" else 4)
        if kind == "subtitle":
            shape.space_after = Pt(14)
        return paragraph

    def heading(self, line: Line) -> None:
        paragraph = self.paragraph(line.kind)
        self.numbers.set(paragraph, int(line.kind[1]) - 1)
        _run(paragraph, line.text + ("。" if line.tail else ""), _HEADS[line.kind], 16)
        if line.tail:
            _run(paragraph, line.tail, FANG, 16)

    def head(self, blocks: list[Block], place: int) -> int:
        """One or two names stand above 文件; more stand left of it, in a table without rules."""
        taken = list(takewhile(lambda block: getattr(block, "kind", "") in {"mast", "mast_suffix"}, blocks[place:]))
        names = [block.text for block in taken if isinstance(block, Line) and block.kind == "mast"]
        suffix = next((b.text for b in taken if isinstance(b, Line) and b.kind == "mast_suffix"), "")
        if not suffix:
            for name in names:
                _run(self.paragraph("mast"), name, SONG, min(36, 430 // len(name)), RED)
            self.gap()
            return len(taken)
        grid = self.sheet.add_table(rows=len(names), cols=2)
        beside = grid.cell(0, 1).merge(grid.cell(len(names) - 1, 1))
        for row, name in zip(grid.rows, names, strict=True):
            _fill_cell(row.cells[0], name, SONG, min(18, 340 // len(name)), RED)
        _fill_cell(beside, suffix, SONG, 32, RED)
        _widths(grid, (7100, 1745))
        self.gap()
        return len(taken)

    def gap(self) -> None:
        self.paragraph("flush")

    def signatures(self, blocks: list[Block], place: int) -> int:
        names: list[str] = []
        for block in blocks[place:]:
            if not isinstance(block, Line) or block.kind != "sign":
                break
            names.append(block.text)
        self.gap()
        if len(names) <= 3:
            for name in names:
                _run(self.paragraph("sign"), name, FANG, 16)
            return len(names)
        for first in range(0, len(names), 2):
            _run(self.paragraph("flush"), (_WIDE * 2).join(names[first : first + 2]), FANG, 14)
        return len(names)

    def roster(self, roster: Roster) -> None:
        from docx.shared import Pt

        for role, name, post in roster.rows:
            paragraph = self.paragraph("flush")
            stops = paragraph.paragraph_format.tab_stops
            for points in (72, 138):
                stops.add_tab_stop(Pt(points))
            label = f"{role[0]}{_WIDE}{role[1]}：" if len(role) == 2 else f"{role}：" if role else ""
            _run(paragraph, f"{label}\t{spaced(name)}\t{post}", FANG, 16)

    def table(self, table: Table) -> None:
        grid = self.sheet.add_table(rows=1 + len(table.rows), cols=len(table.header))
        grid.style = "Table Grid"
        for place, row in enumerate((table.header, *table.rows)):
            for cell, text in zip(grid.rows[place].cells, row, strict=True):
                _fill_cell(cell, text, HEI if place == 0 else FANG, 12)
        _widths(grid, tuple(int(8845 * share) for share in table.shares()))
        _repeat(grid.rows[0])
        if table.merged:
            _merge_groups(grid, table)


def _merge_groups(grid: Any, table: Table) -> None:
    start = 1
    for place in range(2, len(table.rows) + 2):
        if place <= len(table.rows) and not table.rows[place - 1][0]:
            continue
        if place - 1 > start:
            merged = grid.cell(start, 0).merge(grid.cell(place - 1, 0))
            for spare in merged.paragraphs[1:]:
                spare._element.getparent().remove(spare._element)
        start = place


def _page(sheet: Any, header: str) -> None:
    from docx.shared import Mm, Twips

    section = sheet.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    top, right, bottom, left = (Twips(value) for value in _MARGINS)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = top, right, bottom, left
    if header:
        _run(section.header.paragraphs[0], header, "宋体", 9)
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = 1
    _run(paragraph, "— ", "宋体", 14)
    _field(paragraph, "PAGE")
    _run(paragraph, " —", "宋体", 14)


def _run(paragraph: Any, text: str, font: str, size: float, colour: str = "") -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def _fill_cell(cell: Any, text: str, font: str, size: float, colour: str = "") -> None:
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    if colour:
        paragraph.alignment = 4 if len(text) > 2 else 1  # DISTRIBUTE: names of a joint head are equally wide
        paragraph.paragraph_format.line_spacing = Pt(round(size * 1.35))
        paragraph.paragraph_format.space_after = 0
    _run(paragraph, text, font, size, colour)
    cell.vertical_alignment = 1


def _widths(grid: Any, twips: tuple[int, ...]) -> None:
    from docx.shared import Twips

    grid.autofit = False
    for column, width in zip(grid.columns, twips, strict=True):
        column.width = Twips(width)
    for row in grid.rows:
        for cell, width in zip(row.cells, twips, strict=True):
            cell.width = Twips(width)


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _field(paragraph: Any, code: str) -> None:
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        if kind:
            run._element.append(_element("w:fldChar", fldCharType=kind))
            continue
        instruction = _element("w:instrText")
        instruction.text = code
        run._element.append(instruction)


def _rule(paragraph: Any, side: str, colour: str, eighths: int) -> None:
    borders = _element("w:pBdr")
    borders.append(_element(f"w:{side}", val="single", sz=str(eighths), space="6", color=colour))
    paragraph._element.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))


def _sealed(sheet: Any, title: str) -> bytes:
    """The bytes with one fixed time everywhere, so that two runs give the same file."""
    sheet.core_properties.title = title
    sheet.core_properties.author = sheet.core_properties.last_modified_by = "Gongwen"
    sheet.core_properties.created = sheet.core_properties.modified = _STAMP
    raw, packed = BytesIO(), BytesIO()
    sheet.save(raw)
    with ZipFile(raw) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return packed.getvalue()
