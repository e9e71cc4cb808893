"""A page of a PDF as a picture, by PDFium: turned as it is shown, cut to its crop box."""

from __future__ import annotations

import ctypes
from functools import cache
from itertools import islice
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from gongwen.errors import SourceError
from ingest.budget import MAX_PAGES
from ingest.pictures.pdf_book import Book, Face
from ingest.pictures.sizes import fitting

_LATIN = (b"helvetica", b"times", b"courier", b"arial", b"symbol", b"zapf")
_MOST = 20_000
"""Objects of a page that are looked at."""

HEAVY = ("pypdfium2", "PIL.Image", "PIL.ImageDraw", "PIL.WebPImagePlugin", "ingest.readers.pdf_pdfium")
"""What the nursery may load once for all children that follow."""


def warm() -> None:
    """For the first page of a file that does not bring its own fonts PDFium looks through all of the system's."""
    has_han_font()


@cache
def has_han_font() -> bool:
    """Whether the system has a font with Han characters, tried: without one PDFium leaves them out without a word."""
    book = Book(20, 20)
    book.add("BT", f"{book.font(Face('Song'))} 1 Tf", f"16 0 0 -16 2 16 Tm <{'国'.encode('utf-16-be').hex()}> Tj", "ET")
    page = pypdfium2.PdfDocument(book.data())[0]
    return bool(page.render(scale=2, grayscale=True).to_pil().getextrema()[0] < 128)


def draw(data: bytes, number: int, width: int) -> Image.Image:
    """SourceError `password`, `parse_error`, `too_many_pages`, `page_size`, `image_pixels`, `no_font`."""
    from ingest.readers.pdf_pdfium import check_pictures

    page = _opened(data, number)
    size = fitting(page.get_size(), width, number)
    check_pictures(page, number)
    if not has_han_font() and _lacks_font(page):
        raise SourceError("no_font", f"page {number}")
    found: Image.Image = page.render(scale=size[0] / page.get_width(), rev_byteorder=True, prefer_bgrx=False).to_pil()
    return found if found.mode == "RGB" else found.convert("RGB")


def _opened(data: bytes, number: int) -> Any:
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
        if count > MAX_PAGES:
            raise SourceError("too_many_pages", str(count))
        if not 0 < number <= count:
            raise SourceError("parse_error", f"no page {number} of {count}")
        return document[number - 1]
    except pypdfium2.PdfiumError as error:
        code = "password" if "password" in str(error).lower() else "parse_error"
        raise SourceError(code, f"pdfium: {error}") from error


def _lacks_font(page: Any) -> bool:
    """Whether there is text in a font that is not in the file and not one of the Latin ones that every system has.
    What the text says does not tell: PDFium leaves out there too what it has no glyphs for."""
    items = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3)
    return any(_is_foreign(pdfium.FPDFTextObj_GetFont(item)) for item in islice(items, _MOST))


def _is_foreign(font: Any) -> bool:
    if pdfium.FPDFFont_GetIsEmbedded(font) == 1:
        return False
    buffer = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, 128)
    return not buffer.value.lower().startswith(_LATIN)
