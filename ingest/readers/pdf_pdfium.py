"""Characters and ruled lines of a PDF by PDFium: about forty times the speed of a parser in Python.

PDFium aborts the process on some crafted files (reliability.md §1): only ever in the child.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from gongwen.errors import SourceError
from ingest.budget import MAX_PAGE_POINTS, MAX_PAGES, MAX_PIXELS, announce, page_done
from ingest.readers.pdf_model import Char, Edge, RawLine, RawPage
from ingest.readers.plane import IDENTITY, THIN, Matrix, ruled, sliver, times

_MAX_OBJECTS = 20_000
"""A page of vector drawing has more; ruled tables have hundreds."""
_MAX_DEPTH = 3
_MAX_CHARS = 200_000
"""On one page; a page of dense print has 3,000. 2 million glyphs fit into 3 kB of file."""
_REACH = 12
"""Characters by which a quote may stand off its place."""
_QUOTES = frozenset("“”‘’")
_COVER = 0.85
"""Share of the page that a picture of the whole sheet covers at the least."""

Place = Callable[[float, float], tuple[float, float]]


def pages(data: bytes) -> Iterator[RawPage]:
    """Pages in order. SourceError `password`, `parse_error`, `too_many_pages`, `page_size`, `too_much_text`."""
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        code = "password" if "password" in str(error).lower() else "parse_error"
        raise SourceError(code, f"pdfium: {error}") from error
    if count == 0:
        raise SourceError("parse_error", "no pages")
    if count > MAX_PAGES:
        raise SourceError("too_many_pages", str(count))
    announce(count)
    for index in range(count):
        try:
            page = document[index]
        except pypdfium2.PdfiumError as error:
            raise SourceError("parse_error", f"pdfium: page {index + 1}: {error}") from error
        yield _page(page, index + 1)
        page.close()
        page_done()
    document.close()


def _page(page: Any, number: int) -> RawPage:
    width, height = page.get_size()
    if max(width, height) > MAX_PAGE_POINTS or not (width > 0 and height > 0):
        raise SourceError("page_size", f"page {number}: {width:.0f} x {height:.0f}")
    place = _placer(page)
    raw = RawPage(number, width, height)
    text = page.get_textpage()
    try:
        raw.lines = list(_lines(text.raw, place, raw))
    finally:
        text.close()
    raw.edges, raw.pictured, has_image = _drawn(page.raw, place)
    raw.covered = has_image and _is_covered(page)
    return raw


def check_pictures(page: Any, number: int) -> None:
    """Before a page is rendered. SourceError `image_pixels`."""
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_MAX_DEPTH):
        wide, high = item.get_px_size()
        if wide * high > MAX_PIXELS:
            raise SourceError("image_pixels", f"page {number}: {wide} x {high}")


def _placer(page: Any) -> Place:
    """From the page's own coordinates to points from the top left of the page as it is shown."""
    left, bottom, right, top = page.get_bbox()  # a crop box that is larger than its page shows the page
    turn = page.get_rotation() % 360
    if turn == 90:
        return lambda x, y: (y - bottom, x - left)
    if turn == 180:
        return lambda x, y: (right - x, y - bottom)
    if turn == 270:
        return lambda x, y: (top - y, right - x)
    return lambda x, y: (x - left, top - y)


def _lines(text: Any, place: Place, raw: RawPage) -> Iterator[RawLine]:
    count = pdfium.FPDFText_CountChars(text)
    if count > _MAX_CHARS:
        raise SourceError("too_much_text", f"page {raw.number}: {count} characters")
    rect = pdfium.FS_RECTF()
    held: list[Char] = []
    first = 0
    for index in range(max(0, count)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code in (10, 13):
            if held:
                yield _line(text, first, held)
            held = []
            continue
        if not held:
            first = index
        if code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            raw.unmapped += 1
            code = 0xFFFD
        made = code == 32 and pdfium.FPDFText_IsGenerated(text, index) == 1
        pdfium.FPDFText_GetLooseCharBox(text, index, rect)
        x0, y0 = place(rect.left, rect.bottom)
        x1, y1 = place(rect.right, rect.top)
        # 2 is PDFium's sign for a hyphen at the end of a line.
        held.append(Char("-" if code == 2 else chr(code), min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), made))
    if held:
        yield _line(text, first, held)


def _line(text: Any, first: int, chars: list[Char]) -> RawLine:
    angle = math.degrees(pdfium.FPDFText_GetCharAngle(text, first)) % 90
    heights = sorted(char.bottom - char.top for char in chars if not char.made and char.text.strip())
    size = pdfium.FPDFText_GetFontSize(text, first) * _scale(text, first)
    if not 1 <= size <= 1000:
        size = heights[len(heights) // 2] if heights else 10.0
    slanted = 5 < angle < 85
    return RawLine(chars if slanted else _in_order(chars, size), round(size, 1), _is_bold(text, first), slanted=slanted)


def _in_order(chars: list[Char], size: float) -> list[Char]:
    """PDFium gives quotes that are drawn by themselves before or behind the characters they belong to: each goes to its
    place among its neighbours. What lies further off is another column or row."""
    printed = [char for char in chars if not char.made]
    out = list(printed)
    for place, quote in enumerate(printed):
        if quote.text in _QUOTES:
            for at in range(place, max(0, place - _REACH), -1):
                if not _is_right_of(out[at - 1], quote, size):
                    break
                out[at - 1], out[at] = out[at], out[at - 1]
    for place in range(len(out) - 1, -1, -1):
        quote = out[place]
        if quote.text in _QUOTES:
            for at in range(place, min(len(out) - 1, place + _REACH)):
                if not _is_right_of(quote, out[at + 1], size):
                    break
                out[at + 1], out[at] = out[at], out[at + 1]
    return chars if out == printed else _gaps_anew(out, size)


def _gaps_anew(chars: list[Char], size: float) -> list[Char]:
    """PDFium's blanks around a quote that was out of its place stand for no gap of the print."""
    out = chars[:1]
    for before, after in pairwise(chars):
        if not -0.5 * size < after.x0 - before.x1 < 0.15 * size:
            out.append(Char(" ", before.x1, before.top, after.x0, before.bottom, True))
        out.append(after)
    return out


def _is_right_of(one: Char, other: Char, size: float) -> bool:
    """Close by on the same line of print, and further right."""
    apart = one.x0 - other.x0
    return 0.1 * size < apart < 6 * size and abs(one.bottom - other.bottom) < 0.5 * size


def _scale(text: Any, index: int) -> float:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text, index, matrix):
        return 1.0
    return math.hypot(matrix.c, matrix.d)


def _is_bold(text: Any, index: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(text, index) >= 600:
        return True
    flags = ctypes.c_int()
    buffer = ctypes.create_string_buffer(128)
    length = pdfium.FPDFText_GetFontInfo(text, index, buffer, 128, flags)
    return 0 < length <= 128 and b"bold" in buffer.value.lower()


def _drawn(page: Any, place: Place) -> tuple[list[Edge], bool, bool]:
    """Ruled lines of the page, whether anything other than text is printed on it, and whether a picture is."""
    edges: list[Edge] = []
    others = 0
    has_image = False
    for item, matrix in _objects(page):
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            found = list(_edges(item, matrix, place))
            edges += found
            others += not found
        elif kind != pdfium.FPDF_PAGEOBJ_TEXT:
            others += 1
            has_image = has_image or kind == pdfium.FPDF_PAGEOBJ_IMAGE
    return edges, bool(edges) or others > 0, has_image


def _is_covered(page: Any) -> bool:
    """Whether a picture is drawn over nearly the whole page and over all of its text, or the text is drawn invisibly:
    what shows then is the picture, and the text is what a scanner's program made of it."""
    left, bottom, right, top = page.get_bbox()
    is_hidden, is_covered = True, False
    whole = _COVER * (right - left) * (top - bottom)
    covered = 0.0  # scanners cut a sheet into strips
    box = [ctypes.c_float() for _ in range(4)]
    for item, _ in _objects(page.raw):
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            is_hidden = is_hidden and pdfium.FPDFTextObj_GetTextRenderMode(item) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE and pdfium.FPDFPageObj_GetBounds(item, *box):
            x0, y0, x1, y1 = (part.value for part in box)
            wide = min(x1, right) - max(x0, left)
            high = min(y1, top) - max(y0, bottom)
            covered += wide * high if min(wide, high) > 0 else 0.0
            if covered > whole:
                is_hidden = is_covered = True
    return is_covered and is_hidden


def _objects(page: Any) -> Iterator[tuple[Any, Matrix]]:
    """Page objects with the matrix of the forms they stand in, breadth before depth, up to a limit."""
    waiting: list[tuple[Any, Matrix, int, bool]] = [(page, IDENTITY, 0, True)]
    seen = 0
    while waiting:
        holder, matrix, depth, is_page = waiting.pop(0)
        counter = pdfium.FPDFPage_CountObjects if is_page else pdfium.FPDFFormObj_CountObjects
        getter = pdfium.FPDFPage_GetObject if is_page else pdfium.FPDFFormObj_GetObject
        for index in range(max(0, counter(holder))):
            seen += 1
            if seen > _MAX_OBJECTS:
                return
            item = getter(holder, index)
            if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_FORM:
                yield item, matrix
            elif depth < _MAX_DEPTH:
                waiting.append((item, times(_matrix(item), matrix), depth + 1, False))


def _matrix(item: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _edges(path: Any, outer: Matrix, place: Place) -> Iterator[Edge]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, fill, stroke):
        return
    if not (stroke.value and _shows(path, stroke=True)) and not (fill.value and _shows(path, stroke=False)):
        return
    for points in _subpaths(path, times(_matrix(path), outer), place):
        if stroke.value:
            for start, end in pairwise(points):
                yield from ruled(*start, *end)
            continue
        xs, ys = [x for x, _ in points], [y for _, y in points]
        # A filled sliver is how word processors draw borders; a larger area is shading.
        if min(max(xs) - min(xs), max(ys) - min(ys)) <= THIN:
            yield from sliver(min(xs), min(ys), max(xs), max(ys))


def _shows(path: Any, *, stroke: bool) -> bool:
    """Not white on white and not transparent."""
    parts = [ctypes.c_uint() for _ in range(4)]
    getter = pdfium.FPDFPageObj_GetStrokeColor if stroke else pdfium.FPDFPageObj_GetFillColor
    if not getter(path, *parts):
        return True
    red, green, blue, alpha = (part.value for part in parts)
    return alpha > 0 and min(red, green, blue) < 250


def _subpaths(path: Any, matrix: Matrix, place: Place) -> Iterator[list[tuple[float, float]]]:
    points: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    a, b, c, d, e, f = matrix
    for index in range(min(_MAX_OBJECTS, pdfium.FPDFPath_CountSegments(path))):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        # Float matrices leave lines off axis by 1e-17.
        px, py = place(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        points.append((round(px, 3), round(py, 3)))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points
