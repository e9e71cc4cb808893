"""OCR of scans through the sandbox, as few pages as show it (3 to 6 s each). Rates: tests.bench.bench_ocr."""

from __future__ import annotations

import difflib
import os
import struct
import zlib
from dataclasses import replace
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from pdf_kit import Paper

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest import client, sandbox
from ingest.budget import Limits
from ingest.client import LoadError
from ingest.readers.pdf_model import Char, RawLine, RawPage, Sheet
from ingest.readers.pdf_scan import MAX_SCANS
from ingest.readers.pdf_write import write
from ingest.sandbox import read_bytes
from ingest.source import OcrWanted, Source
from tests import scan_kit as kit

PROSE = (
    "为深入贯彻落实关于科学普及与科技创新同等重要的要求，持续营造讲科学、爱科学、学科学、用科学的社会氛围，"
    "市科协定于九月在全市组织开展科普活动，请各单位结合实际认真抓好组织实施。"
)

CELLS = ["序号", "工作任务", "责任单位", "1", "制定方案", "科普部", "2", "开展宣传", "办公室"]

needs_font = pytest.mark.skipif(
    not kit.HAS_FONT and not os.environ.get("CI"), reason="no font with Han characters (fonts-noto-cjk)"
)


def likeness(one: str, two: str) -> float:
    texts = ["".join(text.split()).translate(str.maketrans("（），：；", "(),:;")) for text in (one, two)]
    return difflib.SequenceMatcher(None, *texts, autojunk=False).ratio()


def flow(document: Document) -> list[str]:
    return [block.span.of(document.text) for block in document.flow()]


def letter() -> bytes:
    """A page with what scans make hard: a red letterhead, a table, a signature under a seal."""
    paper = Paper()
    paper.red("云州市科学技术协会文件", 130, 90, 28)
    paper.line("云科协字〔2024〕36号", 220, 170)
    paper.line("关于举办科学素质大赛的通知", 180, 230, 20)
    paper.line("各县（区）科协：", top=280)
    paper.top = 308
    paper.paragraph(PROSE)
    top = paper.top + 20
    paper.grid([80, 140, 330, 512], [top, top + 30, top + 60, top + 90])
    for at, text in enumerate(CELLS):
        paper.line(text, (86, 146, 336)[at % 3], top + 30 * (at // 3) + 6, 14)
    paper.line("云州市科学技术协会", 340, 640)
    paper.line("2024年9月2日", 360, 668)
    return paper.data()


SEAL = (410 / 595, 665 / 842)


@cache
def printed() -> kit.Picture:
    return kit.sealed(kit.render(letter())[0], *SEAL)


@cache
def scanned() -> Document:
    """Tilted, noisy, pressed."""
    return read_bytes(kit.as_png(kit.pressed(kit.noisy(kit.tilted(printed(), 2.0)))), "扫描.png")


@needs_font
def test_letterhead_table_and_signature_of_a_tilted_scan():
    document = scanned()
    texts = flow(document)
    assert texts[:2] == ["云州市科学技术协会文件", "云科协字〔2024〕36号"]
    assert texts[2:4] == ["关于举办科学素质大赛的通知", "各县（区）科协："]
    assert likeness(texts[4], PROSE) > 0.98
    table = next(block for block in document.blocks if block.kind == "table")
    assert [cell.span.of(document.text) for cell in table.cells] == CELLS
    # What goes round the seal is no text of the paper.
    assert texts[-2:] == ["云州市科学技术协会", "2024年9月2日"]
    assert (document.complete, document.reader, "ocr_text" in document.warnings) == (True, "image/2", True)


@needs_font
def test_a_value_of_a_scan_shows_its_place_on_the_picture():
    document = scanned()
    at = document.text.index("36号")
    (box,) = document.boxes(type(document.runs[0].span)(at, at + 3))
    # Printed from x = 220 at 16 points, then turned by 2° about the middle of the sheet.
    x, y = 220 + 16 * 8.2, 170
    dx, dy = x - 297.5, y - 421
    turned = (297.5 + dx * np.cos(np.radians(2)) + dy * np.sin(np.radians(2)),
              421 - dx * np.sin(np.radians(2)) + dy * np.cos(np.radians(2)))  # fmt: skip
    assert abs(box.x0 - turned[0]) < 16 and abs(box.top - turned[1]) < 16
    assert all(run.score is not None for run in document.runs)
    assert Document.from_json(document.to_json()).runs[0].edges == pytest.approx(document.runs[0].edges, abs=0.06)


@needs_font
def test_only_the_scanned_pages_of_a_pdf_are_read_by_ocr():
    """A page with text, and a sheet fed in upside down whose text layer (another program's) lies under the picture."""
    upside_down = kit.turned(printed(), 2)
    data = Paper().paragraph(PROSE).page().hidden("关于举办科学素质人赛的通知").sheet(upside_down).data()
    document = read_bytes(data, "混合.pdf")
    assert document.text.startswith(PROSE[:20]) and "人赛" not in document.text
    assert [run.score is None for run in document.runs if run.box.page == 1] == [True] * len(
        [run for run in document.runs if run.box.page == 1]
    )
    assert "云州市科学技术协会文件" in flow(document) and document.complete
    first = next(run for run in document.runs if run.box.page == 2)
    assert first.box.top > 421  # where it stands on the sheet as it is shown


@needs_font
def test_frames_of_a_tiff_are_pages():
    texts = ["第一页是正文部分", "第二页是附件部分"]
    small = [kit.render(Paper().line(text, size=22).data(), 100)[0] for text in texts]
    document = read_bytes(kit.as_tiff(small, 100), "两页.tif")
    assert flow(document) == texts
    assert [page.number for page in document.pages] == [1, 2]
    assert document.pages[0].height == pytest.approx(842, abs=2)


@needs_font
def test_a_long_strip_is_read_piece_by_piece():
    """Half of a line is never taken for a line, and none is read twice."""
    page = kit.render(Paper().line("云州市科学技术协会通知", size=22).data(), 60)[0]
    strip = np.concatenate([page[70:120]] * 40)
    texts = flow(read_bytes(kit.as_png(strip, 60), "长图.png"))
    assert "".join(texts).count("云州市科学技术协会通知") == 40


def test_when_ocr_dies_the_pages_with_text_stand(monkeypatch):
    monkeypatch.setattr(Limits, "for_ocr", lambda self: replace(self, memory_bytes=200 << 20))
    data = Paper().paragraph(PROSE).page().picture().data()
    document = read_bytes(data, "混合.pdf")
    assert flow(document) == [PROSE]
    assert (document.complete, document.reasons) == (False, ("empty_page",))
    with pytest.raises(SourceError) as caught:
        read_bytes(kit.as_png(np.full((2300, 1600, 3), 255, np.uint8)), "白.png")
    assert caught.value.code in {"memory", "crash"}


def raw_page(number: int, text: str = "", *, covered: bool = False) -> RawPage:
    chars = [Char(char, 80 + 16 * at, 100, 96 + 16 * at, 116) for at, char in enumerate(text)]
    lines = [RawLine(chars, 16.0)] if chars else []
    return RawPage(number, 595, 842, lines, pictured=not chars or covered, covered=covered)


def test_too_many_scans_are_told_and_those_with_a_text_layer_wait():
    source = replace(Source.of("a.pdf", b"%PDF-1.4 %%EOF", "application/pdf"), ocr="now")
    asked = []

    def look(numbers):
        asked.extend(numbers)
        for number in numbers:
            yield replace(raw_page(number, f"第{number}页读出"), sheet=Sheet((1, 0, 0, 0, 1, 0), 595, 842)), 1

    raw = [raw_page(1, "有文字的一页"), *(raw_page(at, "旁的程序", covered=True) for at in range(2, 40))]
    raw += [raw_page(at) for at in range(40, 40 + MAX_SCANS - 10)]
    document = write(raw, source, "pdf/x", look, is_whole=True)
    assert (len(asked), asked[0], asked[10]) == (MAX_SCANS, 2, 40)
    assert (document.complete, document.reasons) == (False, ("ocr_pages",))
    assert document.warnings == ("ocr_text", "ocr_unread")
    assert "有文字的一页" in document.text and "第40页读出" in document.text and "旁的程序" in document.text
    with pytest.raises(OcrWanted):
        write(raw, replace(source, ocr="later"), "pdf/x", look, is_whole=True)
    assert write(raw, replace(source, ocr="none"), "pdf/x", look, is_whole=True).reasons == ("empty_page",)


def test_ocr_that_does_not_load_stops_nothing(monkeypatch):
    ask = client.ask

    def without_ocr(request, data, spool=None, *, kind_of="plain"):
        if kind_of == "ocr":
            raise LoadError("illegal instruction")
        return ask(request, data, spool)

    monkeypatch.setattr(client, "ask", without_ocr)
    assert flow(read_bytes(Paper().paragraph(PROSE).page().picture().data(), "混合.pdf")) == [PROSE]
    with pytest.raises(SourceError) as caught:
        read_bytes(kit.as_png(np.full((80, 60, 3), 255, np.uint8)), "白.png")
    assert caught.value.code == "no_text_needs_ocr"


def test_without_ocr_a_scan_waits(monkeypatch):
    monkeypatch.setattr(sandbox, "is_installed", lambda: False)
    with pytest.raises(SourceError) as caught:
        read_bytes(kit.as_png(np.full((80, 60, 3), 255, np.uint8)), "白.png")
    assert caught.value.code == "no_text_needs_ocr"


def test_a_white_sheet_has_no_text():
    with pytest.raises(SourceError) as caught:
        read_bytes(kit.as_png(np.full((800, 600, 3), 255, np.uint8)), "白.png")
    assert caught.value.code == "no_text"


def png_of(wide: int, high: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(999), 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (png_of(30_000, 30_000), "image_pixels"),
        (png_of(600, 800), "parse_error"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "parse_error"),
        (b"II*\0" + bytes(50), "parse_error"),
    ],
    ids=["bomb", "cut off", "no JPEG", "no TIFF"],
)
def test_bad_pictures_have_a_reason(data, code):
    with pytest.raises(SourceError) as caught:
        read_bytes(data, "图.png")
    assert caught.value.code == code


def test_a_bomb_within_a_pdf_is_not_decoded():
    from PIL import Image

    out = BytesIO()
    Image.new("1", (20_000, 20_000), 1).save(out, "PDF", resolution=2000.0)
    with pytest.raises(SourceError) as caught:
        read_bytes(out.getvalue(), "大图.pdf")
    assert caught.value.code == "image_pixels"
