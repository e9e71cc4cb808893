"""XLSX and CSV as offices fill them: titles and notes merged over the width of the table, groups merged down, numbers
typed as numbers (so that telephone numbers are stored as 13900000011)."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from gongwen.addresses import address
from gongwen.sampling.paper import Block, Line, Paper, Roster, Table
from gongwen.sampling.writers.plain import roster_lines

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CENTRED = {"mast", "mast_suffix", "number", "title", "subtitle"}
_LEAST_WIDTH = 6
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="20"/><name val="宋体"/></font></fonts><fills count="2"><fill><patternFill/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border/><border><left style="thin"/><right style="thin"/><top style="thin"/>'
    '<bottom style="thin"/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
    '<xf fontId="1" applyAlignment="1"><alignment horizontal="center"/></xf>'
    '<xf borderId="1" applyAlignment="1"><alignment wrapText="1"/></xf></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)  # fmt: skip
_PLAIN, _TITLE, _RULED = range(3)


def write(paper: Paper) -> bytes:
    rows, merged = laid_out(paper)
    printed = "".join(
        f'<row r="{at + 1}">{"".join(_cell(at, column, text, style) for column, text in enumerate(row))}</row>'
        for at, (row, style) in enumerate(rows)
    )
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    sheet = (
        f'<worksheet xmlns="{_MAIN}"><sheetData>{printed}</sheetData>'
        f'<mergeCells count="{len(merged)}">{ranges}</mergeCells></worksheet>'
    )
    book = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>"
    )
    types = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{_TYPE}.{kind}+xml"/>'
        for part, kind in (
            ("workbook.xml", "sheet.main"), ("worksheets/sheet1.xml", "worksheet"), ("styles.xml", "styles"),
        )
    )  # fmt: skip
    return _packed({
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _relations(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/styles.xml": _STYLES,
    })  # fmt: skip


def write_csv(paper: Paper) -> str:
    out = StringIO()
    csv.writer(out).writerows(row for row, _ in laid_out(paper)[0])
    return out.getvalue()


def laid_out(paper: Paper) -> tuple[list[tuple[list[str], int]], list[str]]:
    """Rows with their style, and merged ranges."""
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    width = max((len(table.header) for table in tables), default=_LEAST_WIDTH)
    rows: list[tuple[list[str], int]] = []
    merged: list[str] = []
    before: Block | None = None
    for block in paper.blocks:
        if isinstance(block, Table):
            merged += _groups(block, len(rows))
            rows += [(list(row), _RULED) for row in (block.header, *block.rows)]
        else:
            style = _TITLE if getattr(block, "kind", "") in _CENTRED else _PLAIN
            for text in _texts(block, before):
                merged.append(f"{address(len(rows), 0)}:{address(len(rows), width - 1)}")
                rows.append(([text, *[""] * (width - 1)], style))
        before = block
    return rows, merged


def _groups(table: Table, first: int) -> list[str]:
    """Runs of empty cells in the first column belong to the cell above."""
    found: list[str] = []
    start = 0
    for at in range(1, len(table.rows) + 1) if table.merged else ():
        if at == len(table.rows) or table.rows[at][0]:
            if at - start > 1:
                found.append(f"{address(first + 1 + start, 0)}:{address(first + at, 0)}")
            start = at
    return found


def _texts(block: Line | Roster, before: Block | None) -> list[str]:
    if isinstance(block, Roster):
        return list(roster_lines(block))
    if block.kind == "break":
        return []
    if block.kind == "annexes":
        return [block.printed if getattr(before, "kind", "") == "annexes" else f"附件：{block.printed}"]
    return [f"（{block.printed}）" if block.kind == "note" else block.printed]


def _cell(row: int, column: int, text: str, style: int) -> str:
    place = f'<c r="{address(row, column)}" s="{style}"'
    if not text:
        return f"{place}/>"
    if text.isascii() and text.isdecimal() and not text.startswith("0"):
        return f"{place}><v>{text}</v></c>"
    return f'{place} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _relations(*kinds: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(kinds, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _packed(parts: dict[str, str]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            stamp = ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            stamp.compress_type = ZIP_DEFLATED
            archive.writestr(stamp, _HEAD + text)
    return out.getvalue()
