"""PDF with a text layer: the Song face that every reader brings itself, ruled tables over page ends, page numbers."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from gongwen.sampling.paper import Block, Paper, Roster, Table
from gongwen.sampling.writers.plain import roster_lines

FONT = "STSong-Light"
LEADING = 26
# kind: (size, alignment as reportlab counts it, first line indent, space before, space after)
SHAPES: dict[str, tuple[float, int, int, int, int]] = {
    "mast": (24, 1, 0, 0, 6), "mast_suffix": (24, 1, 0, 0, 12), "mast_joint": (17, 1, 0, 0, 0),
    "number": (14, 1, 0, 6, 18), "title": (20, 1, 0, 4, 4),
    "subtitle": (18, 1, 0, 12, 14), "to": (14, 0, 0, 14, 0), "sign": (14, 2, 0, 4, 0), "date": (14, 2, 0, 4, 14),
    "label": (14, 0, 0, 0, 4), "colophon": (12, 0, 0, 2, 2), "flush": (14, 0, 0, 0, 0),
}  # fmt: skip
BODY = (14.0, 4, 28, 0, 0)


def write(paper: Paper) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.platypus import SimpleDocTemplate

    registerFont(UnicodeCIDFont(FONT))
    target = BytesIO()
    sheet = SimpleDocTemplate(
        target, pagesize=A4, leftMargin=79, rightMargin=74, topMargin=90, bottomMargin=90, invariant=1,
        title=str(paper.documents[0].get("title") or ""), author="Gongwen",
    )  # fmt: skip
    flow: list[Any] = []
    before: Block | None = None
    joint = any(getattr(block, "kind", "") == "mast_suffix" for block in paper.blocks)
    for block in paper.blocks:
        flow += _flowables(block, before, joint=joint)
        before = block
    sheet.build(flow, onFirstPage=_page_number, onLaterPages=_page_number)
    return target.getvalue()


def _page_number(canvas: Any, sheet: Any) -> None:
    canvas.setFont(FONT, 12)
    text = f"— {canvas.getPageNumber()} —"
    if canvas.getPageNumber() % 2:
        canvas.drawRightString(595 - 88, 62, text)
        return
    canvas.drawString(93, 62, text)


def _flowables(block: Block, before: Block | None, *, joint: bool) -> list[Any]:
    from reportlab.platypus import HRFlowable, PageBreak, Paragraph

    if isinstance(block, Table):
        return [_table(block)]
    if isinstance(block, Roster):
        return [Paragraph(escape(line).replace("　", "&#12288;"), _shape("flush")) for line in roster_lines(block)]
    if block.kind == "break":
        return [PageBreak()]
    text = escape(block.printed)
    if block.kind == "annexes":
        text = f"附件：{text}" if getattr(before, "kind", "") != "annexes" else f"&#12288;&#12288;&#12288;{text}"
    if block.kind == "note":
        text = f"（{text}）"
    if block.kind.startswith("mast"):
        return [Paragraph(f'<font color="#D00000">{text}</font>', _shape("mast_joint" if joint else block.kind))]
    drawn: list[Any] = [Paragraph(text, _shape(block.kind))]
    if block.kind == "number" and getattr(before, "kind", "").startswith("mast"):
        drawn.append(HRFlowable(width="100%", thickness=1.5, color="#D00000", spaceAfter=20))
    return drawn


def _shape(kind: str) -> Any:
    from reportlab.lib.styles import ParagraphStyle

    size, alignment, indent, above, below = SHAPES.get(kind, BODY)
    return ParagraphStyle(
        kind, fontName=FONT, fontSize=size, leading=max(LEADING, size * 1.4), alignment=alignment,
        firstLineIndent=indent, spaceBefore=above, spaceAfter=below, wordWrap="CJK",
    )  # fmt: skip


def _table(table: Table) -> Any:
    """Ruled, the head again on each page. A merged first column has no rule inside it, so it may cross a page end."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph
    from reportlab.platypus import Table as Grid

    cell = ParagraphStyle("cell", fontName=FONT, fontSize=10.5, leading=15, wordWrap="CJK")
    rows = [[Paragraph(escape(text), cell) for text in row] for row in (table.header, *table.rows)]
    rules: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("BOX", (0, 0), (-1, -1), 0.6, "black"),
        ("INNERGRID", (1, 0), (-1, -1), 0.6, "black"), ("LINEAFTER", (0, 0), (0, -1), 0.6, "black"),
        ("LINEBELOW", (0, 0), (0, 0), 0.6, "black"),
    ]  # fmt: skip
    for place, row in enumerate(table.rows, 1):
        if row[0] or not table.merged:
            rules.append(("LINEABOVE", (0, place), (0, place), 0.6, "black"))
    return Grid(rows, colWidths=[442 * share for share in table.shares()], style=rules, repeatRows=1)
