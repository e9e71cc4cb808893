"""`python -m tests.sampling.make_kept [NAME…]`: the files of the standard set that a plain installation cannot make.

Scans are the papers printed by LibreOffice (Noto Serif CJK stands in for 仿宋) and made into pictures; DOC, WPS, RTF
and ODT are written by LibreOffice, XLS and ET by xlwt, PPTX by python-pptx, MSG by tests/ingest/box_kit. They go to
corpus/sample, where `gongwen sample` takes them from. NAME: only those whose names begin so.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import cv2
import numpy as np
from PIL import Image

from gongwen.addresses import address, parse_address
from gongwen.sampling.paper import Line, Paper, Table
from gongwen.sampling.standard import Entry, content, entries, paper
from gongwen.sampling.writers import plain, sheet, word
from tests import scan_kit
from tests.forms_kit import as_one_list, as_word_writes, run_office
from tests.ingest.box_kit import compound, outlook

SAMPLE = scan_kit.SAMPLE
DPI = 200
_OFFICE = {"doc": "doc", "wps": "doc", "rtf": "rtf", "odt": "odt"}


def make(entry: Entry) -> bytes:
    made = paper(entry)
    if entry.form in _OFFICE:
        return _by_office(as_one_list(word.write(made)), _OFFICE[entry.form])
    if entry.form in {"xls", "et"}:
        return _workbook(made)
    if entry.form == "pptx":
        return _slides(made)
    if entry.form == "msg":
        return _message(entry, made)
    return _SCANS[entry.style](_by_office(_in_noto(word.write(made)), "pdf"), made)


def _in_noto(docx: bytes) -> bytes:
    """In faces that are free: LibreOffice would set what it has not in one without serifs."""
    out = BytesIO()
    with ZipFile(BytesIO(docx)) as before, ZipFile(out, "w") as after:
        for name in before.namelist():
            found = before.read(name)
            for face in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "宋体", "Times New Roman"):
                found = found.replace(face.encode(), b"Noto Serif CJK SC")
            after.writestr(name, found.replace("黑体".encode(), b"Noto Sans CJK SC"))
    return out.getvalue()


def _by_office(docx: bytes, form: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "a.docx"
        source.write_bytes(docx)
        run_office(Path(folder), form, [source])
        found = source.with_suffix(f".{form}").read_bytes()
    return as_word_writes(found) if form == "rtf" else found


def _scan(printed: bytes, made: Paper) -> bytes:
    """From the office's scanner: black and white, or in few colours where a red seal is on the paper."""
    pages = scan_kit.render(printed, DPI)
    if made.documents[0].get("document_number", "").startswith("云科协字"):
        return _as_pdf([_black(scan_kit.tilted(page, 0.4)) for page in pages])
    for at, x, y in scan_kit.signatures(printed, made):
        pages[at] = scan_kit.sealed(pages[at], x, y, dpi=DPI)
    return _as_pdf([_few_colours(scan_kit.tilted(page, -0.5), 6) for page in pages])


def _fax(printed: bytes, made: Paper) -> bytes:
    """Two pages in one TIFF, with the dirt of a line."""
    first, *rest = [_black(_dirty(page)) for page in scan_kit.render(printed, DPI)]
    out = BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=rest, dpi=(DPI, DPI), compression="group4")
    return out.getvalue()


def _photo(printed: bytes, made: Paper) -> bytes:
    """Taken with a telephone: a little askew, the light from one side, on a dark board."""
    page = cv2.cvtColor(scan_kit.render(printed, 150)[0], cv2.COLOR_RGB2GRAY)
    high, wide = page.shape
    board = np.full((high + 120, wide + 120), 70, np.uint8)
    corners = np.float32([(0, 0), (wide, 0), (wide, high), (0, high)])
    seen = np.float32([(66, 58), (wide + 52, 70), (wide + 64, high + 56), (54, high + 66)])
    matrix = cv2.getPerspectiveTransform(corners, seen)
    cv2.warpPerspective(page, matrix, (wide + 120, high + 120), board, borderMode=cv2.BORDER_TRANSPARENT)
    rng = np.random.default_rng(3)
    light = np.linspace(1.0, 0.82, board.shape[1])[None, :]
    taken = np.clip(cv2.GaussianBlur(board, (0, 0), 0.6) * light + rng.normal(0, 3, board.shape), 0, 255)
    out = BytesIO()
    Image.fromarray(taken.astype(np.uint8)).save(out, "JPEG", quality=38, dpi=(150, 150))
    return out.getvalue()


def _screen(printed: bytes, made: Paper) -> bytes:
    """A picture of the screen: clean, the white around the text cut off."""
    page = cv2.cvtColor(scan_kit.render(printed, 130)[0], cv2.COLOR_RGB2GRAY)
    page = page[: round(0.93 * len(page))]  # without the page number
    rows, columns = (np.flatnonzero((page < 200).any(axis=axis)) for axis in (1, 0))
    shown = page[max(0, rows[0] - 30) : rows[-1] + 30, max(0, columns[0] - 40) : columns[-1] + 40]
    out = BytesIO()
    Image.fromarray(shown).quantize(16).save(out, "PNG", optimize=True, dpi=(130, 130))
    return out.getvalue()


_SCANS: dict[str, Callable[[bytes, Paper], bytes]] = {
    "scan": _scan, "fax": _fax, "photo": _photo, "screen": _screen,
}  # fmt: skip


def _dirty(picture: scan_kit.Picture) -> scan_kit.Picture:
    rng = np.random.default_rng(11)
    out = picture.copy()
    count = out.shape[0] * out.shape[1] // 9_000
    out[rng.integers(0, out.shape[0], count), rng.integers(0, out.shape[1], count)] = 0
    return out


def _black(picture: scan_kit.Picture) -> Image.Image:
    return Image.fromarray(picture).convert("L").point(lambda value: 255 * (value > 150)).convert("1")


def _few_colours(picture: scan_kit.Picture, count: int) -> Image.Image:
    return Image.fromarray(picture).quantize(count, dither=Image.Dither.NONE)


def _as_pdf(pages: list[Image.Image]) -> bytes:
    """Nothing but the pictures, packed without loss, the same bytes on every run."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    if pages[0].mode == "1":
        out = BytesIO()
        stamp = time.struct_time((2025, 1, 1, 0, 0, 0, 2, 1, 0))
        pages[0].save(
            out, "PDF", save_all=True, append_images=pages[1:], resolution=float(DPI), creationDate=stamp, modDate=stamp
        )
        return out.getvalue()
    out = BytesIO()
    canvas = Canvas(out, invariant=True, pageCompression=1)
    for page in pages:
        size = (page.width * 72 / DPI, page.height * 72 / DPI)
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(page), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _workbook(made: Paper) -> bytes:
    """XLS as Excel 97 and WPS (.et) write it: numbers that are typed as numbers are numbers."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("Sheet1")
    rows, merged = sheet.laid_out(made)
    taken = {one.split(":")[0]: one for one in merged}
    for at, (row, _) in enumerate(rows):
        for column, text in enumerate(row):
            typed = int(text) if text.isascii() and text.isdecimal() and not text.startswith("0") else text
            last = parse_address(taken.get(address(at, column), "").rpartition(":")[2])
            if last is not None:
                page.write_merge(at, last[0], column, last[1], typed)
            elif text:
                page.write(at, column, typed)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _slides(made: Paper) -> bytes:
    """A slide with the title, then one a heading."""
    from pptx import Presentation
    from pptx.util import Cm, Pt

    show = Presentation()
    page = show.slides.add_slide(show.slide_layouts[0])
    for block in made.blocks:
        if isinstance(block, Line) and block.kind == "title":
            page.shapes.title.text = block.printed
        elif isinstance(block, Line) and block.kind == "subtitle":
            page = show.slides.add_slide(show.slide_layouts[5])
            page.shapes.title.text = block.printed
            top = 5.0
        elif isinstance(block, Line) and len(show.slides) == 1:
            page.placeholders[1].text = block.printed
        elif isinstance(block, Line):
            frame = page.shapes.add_textbox(Cm(1.5), Cm(top), Cm(22), Cm(1.5)).text_frame
            frame.text = block.printed
            frame.paragraphs[0].font.size = Pt(24)
            top += 2.0
        elif isinstance(block, Table):
            shape = page.shapes.add_table(len(block.rows) + 1, len(block.header), Cm(1.5), Cm(top), Cm(22), Cm(8))
            for at, row in enumerate((block.header, *block.rows)):
                for column, text in enumerate(row):
                    shape.table.cell(at, column).text = text
    show.core_properties.author = show.core_properties.last_modified_by = "Gongwen"
    out = BytesIO()
    show.save(out)
    return _resealed(out.getvalue())


def _resealed(data: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(out, "w") as after:
        for name in before.namelist():
            entry = ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return out.getvalue()


def _message(entry: Entry, made: Paper) -> bytes:
    files = [(one.name, content(one)) for one in entry.members]
    name, _, address = made.meta["from"].rstrip(">").partition(" <")
    text = plain.write(made, plain.Style(gaps=False)).replace("\n", "\r\n")
    return compound(outlook(made.meta["subject"], text, files, sender=(name, address), to=made.meta["to"]))


def main() -> None:
    wanted = tuple(sys.argv[1:])
    for entry in entries():
        if entry.is_kept and (not wanted or entry.stem.startswith(wanted)):
            found = make(entry)
            (SAMPLE / entry.name).write_bytes(found)
            print(f"{entry.name}: {len(found) // 1024} kB", flush=True)


if __name__ == "__main__":
    main()
