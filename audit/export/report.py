"""Answers as a report to print: DOCX, each row with its footnote of evidence below it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from audit.answers import Answer, Row
from audit.export.cells import printable
from gongwen.phrases import chinese_date

MOST = 2000
"""Rows of one question in a report; the rest is told and stands in the sheets."""

_SONG, _HEI = "宋体", "黑体"


def docx(answers: Sequence[Answer], *, office: str, made: datetime, title: str = "公文审计查询报告") -> bytes:
    """A4 across, a table a question, below it the evidence by number: 发文机关《标题》（文号，成文日期）, part, page,
    quote, hash."""
    book = Document()
    _set_up(book)
    _line(book, title, size=18, bold=True, middle=True)
    _line(book, f"{office}　{chinese_date(made.date().isoformat())}制", middle=True)
    for at, answer in enumerate(answers, 1):
        _answer(book, at, answer)
    _line(book, "说明：抽取结果仅供查阅，以原件为准。没有记录不等于没有发生。校验值为原件的 SHA-256。", size=9)
    out = io.BytesIO()
    book.core_properties.title = title
    book.core_properties.author = office
    book.save(out)
    return out.getvalue()


def _set_up(book: Any) -> None:
    section = book.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(16)
    style = book.styles["Normal"]
    style.font.name, style.font.size = _SONG, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _SONG)
    style.paragraph_format.space_after = Pt(3)


def _answer(book: Any, number: int, answer: Answer) -> None:
    _line(book, f"{number}．{answer.title}", size=13, bold=True)
    asked = "，".join(f"{name}：{value}" for name, value in answer.asked)
    _line(book, "；".join(one for one in (asked, answer.searched, f"共 {answer.count} 项") if one))
    if not answer.rows:
        _line(book, answer.empty, bold=True)
    else:
        _table(book, answer)
        _sources(book, answer.rows[:MOST])
    if answer.count > min(MOST, len(answer.rows)):
        _line(book, f"此处列出前 {min(MOST, len(answer.rows))} 项，其余见电子表格。")
    for note in answer.notes:
        _line(book, f"注：{note}", size=9)


def _table(book: Any, answer: Answer) -> None:
    names = ["序号", *(column.name for column in answer.columns)]
    rows = answer.rows[:MOST]
    table = book.add_table(rows=1 + len(rows), cols=len(names))
    table.style = "Table Grid"
    cells = table._cells  # one read: `table.cell` reads the whole table each time
    widths = [4, *(column.width for column in answer.columns)]
    share = 261 / sum(widths)
    for at, name in enumerate(names):
        _fill(cells[at], name, bold=True)
    for line, row in enumerate(rows, 1):
        marked = (*row.cells[:-1], "；".join(one for one in (row.cells[-1], *row.marks) if one))
        for at, text in enumerate((str(line), *marked)):
            _fill(cells[line * len(names) + at], text)
    for at, width in enumerate(widths):
        table.columns[at].width = Mm(width * share)
    _repeat_head(table)


def _sources(book: Any, rows: Sequence[Row]) -> None:
    _line(book, "依据", bold=True)
    for line, row in enumerate(rows, 1):
        for one in row.evidence:
            _line(book, f"[{line}] {one.line}　SHA-256 {one.sha256}", size=8.5)


def _fill(cell: Any, text: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    _run(paragraph, text, size=9, bold=bold)


def _line(book: Any, text: str, *, size: float = 10.5, bold: bool = False, middle: bool = False) -> None:
    paragraph = book.add_paragraph()
    if middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size=size, bold=bold)


def _run(paragraph: Any, text: str, *, size: float, bold: bool) -> None:
    run = paragraph.add_run(printable(text))
    run.font.size, run.bold = Pt(size), bold
    font = _HEI if bold else _SONG
    run.font.name = font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _repeat_head(table: Any) -> None:
    """The head stands on every page of a long table."""
    row = table.rows[0]._tr
    properties = row.get_or_add_trPr()
    mark = properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})
    properties.append(mark)
