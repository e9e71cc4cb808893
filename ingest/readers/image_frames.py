"""The frames of a picture file by Pillow, at the size that OCR reads best. Sizes are checked before decoding."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from gongwen.errors import SourceError
from ingest.budget import MAX_PAGES, announce_ocr, page_done
from ingest.readers.ocr_engine import Picture, engine
from ingest.readers.ocr_page import read_page
from ingest.readers.ocr_scan import MAX_PIXELS
from ingest.readers.pdf_model import RawPage

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
_LONG, _SHORT = 2400, 1700
"""Dots of its sides from which a picture is made smaller: A4 at 200 dpi has 2339 x 1654. Strips keep their width."""
_MOST_DOTS = 12_000_000
_A4_LONG = 841.9
_POINTS = (300.0, 1300.0)
"""Longer side of a sheet from A6 to A3; a picture that says otherwise (72 dpi of a camera) is taken for A4."""
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, KeyError, TypeError, ZeroDivisionError)
"""What Pillow raises for damaged files, beside its own errors, which are of these."""

Image.MAX_IMAGE_PIXELS = None  # ours is lower, and has a reason the user can read


class Frames:
    def __init__(self, data: bytes) -> None:
        """SourceError `parse_error`, `too_many_pages`, `image_pixels`."""
        try:
            self._image = Image.open(BytesIO(data), formats=_FORMATS)
            self._count = getattr(self._image, "n_frames", 1) if self._image.format == "TIFF" else 1
        except (UnidentifiedImageError, *_BROKEN) as error:
            raise SourceError("parse_error", f"pillow: {error}"[:300]) from error
        if self._count > MAX_PAGES:
            raise SourceError("too_many_pages", str(self._count))
        self._sizes = [self._size(at) for at in range(self._count)]

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

    def _seek(self, at: int) -> None:
        try:
            self._image.seek(at)
        except _BROKEN as error:
            raise SourceError("parse_error", f"pillow: frame {at + 1}: {error}"[:300]) from error

    def _size(self, at: int) -> tuple[float, float]:
        """Points of a frame, upright as its camera says."""
        self._seek(at)
        wide, high = self._image.size
        if wide * high > MAX_PIXELS or min(wide, high) < 1:
            raise SourceError("image_pixels", f"frame {at + 1}: {wide} x {high}")
        if _orientation(self._image) >= 5:
            wide, high = high, wide
        points = 72 / _dpi(self._image) * max(wide, high)
        scale = (points if _POINTS[0] <= points <= _POINTS[1] else _A4_LONG) / max(wide, high)
        return wide * scale, high * scale

    def _picture(self, at: int) -> Picture:
        self._seek(at)
        try:
            self._image.draft("RGB", (_SHORT, _SHORT))  # JPEG is decoded no larger than is wanted
            frame = self._image.convert("RGBA" if _is_see_through(self._image) else "RGB")
            frame = ImageOps.exif_transpose(frame)
        except _BROKEN as error:
            raise SourceError("parse_error", f"pillow: frame {at + 1}: {error}"[:300]) from error
        if frame.mode == "RGBA":
            paper = Image.new("RGBA", frame.size, "white")
            frame = Image.alpha_composite(paper, frame).convert("RGB")
        short, long = sorted(frame.size)
        scale = min(1.0, max(_LONG / long, _SHORT / short), (_MOST_DOTS / (short * long)) ** 0.5)
        if scale < 1:
            frame = frame.resize([max(2, round(side * scale)) for side in frame.size], Image.Resampling.LANCZOS)
        return np.ascontiguousarray(np.asarray(frame, np.uint8))


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except _BROKEN:
        return 1  # metadata that cannot be read says nothing


def _dpi(image: Image.Image) -> float:
    try:
        found = float(image.info.get("dpi", (0, 0))[0])
    except _BROKEN:
        return 1.0
    return found if 50 <= found <= 1300 else 1.0


def _is_see_through(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
