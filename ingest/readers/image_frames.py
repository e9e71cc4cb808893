"""The frames of a picture file at the size that OCR reads best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

from ingest.budget import announce_ocr, page_done
from ingest.readers.image_file import ImageFile
from ingest.readers.ocr_engine import Picture, engine
from ingest.readers.ocr_page import read_page
from ingest.readers.pdf_model import RawPage

_LONG, _SHORT = 2400, 1700
"""Dots of its sides from which a picture is made smaller: A4 at 200 dpi has 2339 x 1654. Strips keep their width."""
_MOST_DOTS = 12_000_000


class Frames:
    def __init__(self, data: bytes) -> None:
        """SourceError `parse_error`, `too_many_pages`, `image_pixels`."""
        self._file = ImageFile(data)
        self._sizes = [self._file.size(at) for at in range(self._file.count)]

    def pages(self) -> Iterator[RawPage]:
        """A page of nothing but a picture for each frame."""
        for number, (width, height) in enumerate(self._sizes, 1):
            yield RawPage(number, width, height, pictured=True)

    def look(self, numbers: Sequence[int]) -> Iterator[tuple[RawPage, int]]:
        announce_ocr(len(numbers))
        for number in numbers:
            width, height = self._sizes[number - 1]
            yield read_page(engine(), self._picture(number - 1), number, width, height)
            page_done()

    def _picture(self, at: int) -> Picture:
        frame = self._file.frame(at, _SHORT)
        short, long = sorted(frame.size)
        scale = min(1.0, max(_LONG / long, _SHORT / short), (_MOST_DOTS / (short * long)) ** 0.5)
        if scale < 1:
            frame = frame.resize([max(2, round(side * scale)) for side in frame.size], Image.Resampling.LANCZOS)
        return np.ascontiguousarray(np.asarray(frame, np.uint8))
