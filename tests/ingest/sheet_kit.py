"""Workbooks written by programs of others (openpyxl, xlwt), and raw XML where the markup is what a test is about."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gongwen.document import Document, rows
from ingest.readers.sheets import READER
from ingest.sniff import sniff
from ingest.source import Source
from tests.ingest.docx_kit import relationship, zipped

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"

HEADER = ["序号", "工作任务", "主要内容", "牵头单位", "责任单位", "完成时限"]


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet(lines, *, title: str = "Sheet1") -> tuple[Workbook, Worksheet]:
    book = Workbook()
    page = book.active
    page.title = title
    for line in lines:
        page.append(line)
    return book, page


def read(data: bytes, name: str = "样例.xlsx") -> Document:
    media_type, warnings = sniff(data, name)
    return READER.read(Source.of(name, data, media_type, warnings))


def read_lines(lines) -> Document:
    return read(saved(sheet(lines)[0]))


def table_texts(document: Document, at: int = 0) -> list[list[str]]:
    tables = [block for block in document.blocks if block.kind == "table"]
    return [[cell.span.of(document.text) for cell in row] for row in rows(tables[at])]


def paragraphs(document: Document) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if block.kind == "paragraph"]


def raw_xlsx(
    data: str, *, strings: str = "", styles: str = "", sheets: str = "", links=(), add=(), kind: str = _TYPE
) -> bytes:
    """One sheet from its inner XML; `sheets` replaces the list of sheets in the workbook."""
    listed = sheets or '<sheet name="表1" sheetId="1" r:id="s1"/>'
    related = [("s1", "worksheet", "worksheets/sheet1.xml"), *links]
    parts = [("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}">{data}</worksheet>')]
    if strings:
        related.append(("s2", "sharedStrings", "sharedStrings.xml"))
        parts.append(("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>'))
    if styles:
        related.append(("s3", "styles", "styles.xml"))
        parts.append(("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'))
    wrap = f'<Relationships xmlns="{_RELATIONSHIPS}">%s</Relationships>'
    return zipped([
        ("[Content_Types].xml", f'<Types><Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>'),
        ("_rels/.rels", wrap % relationship("r1", "officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{_R}"><sheets>{listed}</sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", wrap % "".join(relationship(*one) for one in related)),
        *parts, *add,
    ])  # fmt: skip


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'
