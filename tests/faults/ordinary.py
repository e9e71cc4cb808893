"""One ordinary paper of an invented office in twelve formats, as common programs write them."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

from tests.ingest.box_kit import mail, zipped
from tests.ingest.docx_kit import cell, docx, p, table

LINES = (
    "云州市科学技术协会文件", "云科协字〔2024〕36号", "关于举办2024年云州市科普日活动的通知", "各县（区）科协：",
    "为深入贯彻落实有关精神，现将有关事项通知如下。", "一、活动时间", "2024年9月14日至20日。", "二、任务分工",
    "由云州市科学技术协会牵头，云州市教育局配合。", "联系人：何立，电话：0799-2860036。", "云州市科学技术协会",
    "2024年8月1日",
)  # fmt: skip
TABLE = (("序号", "工作任务", "牵头单位"), ("1", "科普日活动", "云州市科协"), ("2", "流动展品巡展", "云州市教育局"))


@cache
def original(form: str) -> bytes:
    return _MADE[form]()


def _pdf() -> bytes:
    """Two pages, their streams packed as Word and WPS pack them."""
    from reportlab import rl_config

    from tests.ingest.pdf_kit import Paper

    before, rl_config.useA85 = rl_config.useA85, 0
    try:
        made = Paper()
        for line in LINES:
            made.line(line)
        made.page().line("附件：任务分工表")
        made.grid([80, 140, 330, 512], [140, 170, 200, 230])
        for row, cells in enumerate(TABLE):
            for x, text in zip((90, 150, 340), cells, strict=True):
                made.line(text, x, 145 + 30 * row)
        return made.data()
    finally:
        rl_config.useA85 = before


def _docx() -> bytes:
    rows = ("<w:tr>" + "".join(cell(p(text)) for text in line) + "</w:tr>" for line in TABLE)
    return docx("".join(p(line) for line in LINES) + table(*rows))


def _xlsx() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append([LINES[2]])
    for line in TABLE:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xls() -> bytes:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("分工表")
    for row, line in enumerate(TABLE):
        for column, value in enumerate(line):
            page.write(row, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _pptx() -> bytes:
    from pptx import Presentation

    deck = Presentation()
    for title, text in (("2024年科普工作推进会\n汇报", "一、工作情况\n二、下一步打算"), ("任务分工", "由市科协牵头")):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = text
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _ofd() -> bytes:
    from tests.ingest.ofd_kit import Paper

    made = Paper()
    for line in LINES:
        made.line(line)
    return made.data()


def _html() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in line)}</tr>" for line in TABLE)
    told = "".join(f"<p>{line}</p>\n" for line in LINES)
    head = f"<head><meta charset='utf-8'><title>{LINES[2]}</title></head>"
    return f"<!DOCTYPE html><html>{head}<body><div>{told}</div><table>{rows}</table></body></html>".encode()


def _rtf() -> bytes:
    """Han as \\u signs, as Word writes them."""
    told = "".join("".join(f"\\u{_signed(char)}?" for char in line) + "\\par " for line in LINES)
    return ("{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0\\fnil SimSun;}}\\pard\\f0\\fs32 " + told + "}").encode()


def _signed(char: str) -> int:
    return ord(char) - 65_536 if ord(char) > 32_767 else ord(char)


def _scan(form: str) -> bytes:
    """A small sheet with a line of print and a rule."""
    from PIL import Image, ImageDraw

    sheet = Image.new("L", (420, 300), 255)
    pen = ImageDraw.Draw(sheet)
    pen.text((40, 60), "NOTICE No. 36", fill=0, font_size=32)
    pen.line((40, 120, 380, 120), fill=0, width=2)
    out = io.BytesIO()
    sheet.save(out, form, dpi=(100, 100))
    return out.getvalue()


def _eml() -> bytes:
    return mail(attached=[("通知.docx", original("docx")), ("名单.txt", "云州市科协名单\n何立\n".encode())])


def _zip() -> bytes:
    said = "各位好，请查收通知和任务分工表。".encode()
    return zipped([("通知.docx", original("docx")), ("表/任务.xlsx", original("xlsx")), ("说明.txt", said)])


_MADE: dict[str, Callable[[], bytes]] = {
    "pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "pptx": _pptx, "ofd": _ofd, "html": _html, "eml": _eml, "zip": _zip,
    "rtf": _rtf, "xls": _xls, "png": lambda: _scan("PNG"), "tiff": lambda: _scan("TIFF"),
    "txt": lambda: "\n".join(LINES).encode(),
}  # fmt: skip
