"""Pages of a PDF as pictures, read by OCR."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from gongwen.errors import SourceError
from ingest.budget import announce_ocr, page_done
from ingest.readers.ocr_engine import engine
from ingest.readers.ocr_page import read_page
from ingest.readers.pdf_model import RawPage

MAX_PIXELS = 80_000_000
"""Of one picture: an A3 sheet at 600 dpi has 70 million. Looked up before anything is decoded."""
_DPI = 200
_MOST_DOTS = 12_000_000


def look(data: bytes, numbers: Sequence[int]) -> Iterator[tuple[RawPage, int]]:
    """The pages of these numbers as OCR reads them, each with how many of its lines were found and not read."""
    document = pypdfium2.PdfDocument(data)
    announce_ocr(len(numbers))
    for number in numbers:
        page = document[number - 1]
        width, height = page.get_size()
        _check_pictures(page, number)
        scale = min(_DPI / 72, (_MOST_DOTS / (width * height)) ** 0.5)
        picture = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False).to_numpy()
        picture = np.ascontiguousarray(picture[:, :, :3] if picture.ndim == 3 else picture)
        page.close()
        yield read_page(engine(), picture, number, width, height)
        page_done()
    document.close()


def _check_pictures(page: Any, number: int) -> None:
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        wide, high = item.get_px_size()
        if wide * high > MAX_PIXELS:
            raise SourceError("image_pixels", f"page {number}: {wide} x {high}")
