"""Pages of a PDF as pictures, read by OCR."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pypdfium2

from ingest.budget import announce_ocr, page_done
from ingest.readers.ocr_engine import engine
from ingest.readers.ocr_page import read_page
from ingest.readers.pdf_model import RawPage
from ingest.readers.pdf_pdfium import check_pictures

_DPI = 200
_MOST_DOTS = 12_000_000


def look(data: bytes, numbers: Sequence[int]) -> Iterator[tuple[RawPage, int]]:
    """The pages of these numbers as OCR reads them, each with how many of its lines were found and not read."""
    document = pypdfium2.PdfDocument(data)
    announce_ocr(len(numbers))
    for number in numbers:
        page = document[number - 1]
        width, height = page.get_size()
        check_pictures(page, number)
        scale = min(_DPI / 72, (_MOST_DOTS / (width * height)) ** 0.5)
        picture = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False).to_numpy()
        picture = np.ascontiguousarray(picture[:, :, :3] if picture.ndim == 3 else picture)
        page.close()
        yield read_page(engine(), picture, number, width, height)
        page_done()
    document.close()
