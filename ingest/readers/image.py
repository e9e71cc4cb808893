"""Scans and photos: PNG, JPEG, TIFF with its pages, BMP, WebP, GIF, each frame a page read by OCR."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.readers.pdf_model import RawPage
from ingest.source import OcrWanted, Reader, Source

_TYPES = frozenset({"image/png", "image/jpeg", "image/tiff", "image/bmp", "image/webp", "image/gif"})


class ImageReader:
    name: ClassVar[str] = "image"
    revision: ClassVar[int] = 2

    def claim(self, source: Source) -> int:
        return 50 if source.media_type in _TYPES else 0

    def read(self, source: Source) -> Document:
        if source.ocr == "none":
            raise SourceError("no_text_needs_ocr", "OCR is not installed")
        if source.ocr == "later":
            raise OcrWanted(source.media_type)
        from ingest.readers.image_frames import Frames
        from ingest.readers.pdf_write import write

        frames = Frames(source.data)

        def read_frames(numbers: Sequence[int]) -> Iterator[tuple[RawPage, int]]:
            return frames.look(numbers)

        return write(frames.pages(), source, f"{self.name}/{self.revision}", read_frames, is_whole=True)


READER: Reader = ImageReader()
