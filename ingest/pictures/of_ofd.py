"""A page of an OFD as a picture: put into a page of PDF and drawn by PDFium, which knows curves, clips, opacity and the
fonts that the file brings. Fonts it does not bring are the system's, each character at its own place."""

from __future__ import annotations

from PIL import Image

from ingest.pictures import of_pdf
from ingest.pictures.ofd_draw import Drawer
from ingest.pictures.ofd_seals import Stamp, stamps
from ingest.pictures.ofd_stock import Stock, opened
from ingest.pictures.pdf_book import Book, nums
from ingest.pictures.sizes import fitting
from ingest.readers.ofd_document import Laid, Reading
from ingest.readers.ofd_page import layers
from ingest.readers.ofd_units import MM, placed
from ingest.readers.plane import Matrix, times

HEAVY = (*of_pdf.HEAVY, "lxml.etree")
warm = of_pdf.warm


def draw(data: bytes, number: int, width: int) -> Image.Image:
    """SourceError with the codes of the OFD reader, `page_size`, `image_pixels`."""
    reading = Reading(data)
    laid = reading.laid(number)
    fitting(laid.size, width, number)
    book = Book(*laid.size)
    _draw(book, reading, laid, laid.frame, "")
    for at, stamp in enumerate(stamps(reading.package, laid.body, laid.entry)):
        _stamp(book, stamp, laid.frame, f"stamp {at} ")
    return of_pdf.draw(book.data(), 1, width)


def _draw(book: Book, reading: Reading, laid: Laid, frame: Matrix, key: str) -> None:
    drawer = Drawer(book, Stock(reading.package, laid.resources), key)
    for sheet in laid.sheets:
        for layer in layers(sheet.root):
            drawer.draw(layer, frame)
    for mark in laid.marks:
        drawer.draw(mark, placed(mark, frame))


def _stamp(book: Book, stamp: Stamp, frame: Matrix, key: str) -> None:
    """Ink over what is printed: white of the seal's picture is no ink."""
    x, y, wide, high = stamp.place
    place = times((1, 0, 0, 1, x, y), frame)
    book.add("q", f"{book.state('/BM/Multiply')} gs", f"{nums(place)} cm")
    if stamp.clip is not None:
        book.add(f"{nums(stamp.clip)} re W n")
    if stamp.kind == "ofd":
        _seal_page(book, stamp.picture, (wide, high), key)
    elif (image := opened(stamp.picture)) is not None:
        book.add(f"{nums((wide, 0, 0, -high, 0, high))} cm", f"{book.put_picture(key, image)} Do")
    book.add("Q")


def _seal_page(book: Book, data: bytes, size: tuple[float, float], key: str) -> None:
    """A seal that is an OFD of its own; seals on a seal are not looked for."""
    reading = Reading(data)
    laid = reading.laid(1)
    scale = (size[0] / laid.size[0], size[1] / laid.size[1])
    _draw(book, reading, laid, times((MM, 0, 0, MM, 0, 0), (scale[0], 0, 0, scale[1], 0, 0)), key)
