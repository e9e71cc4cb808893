"""A picture file by Pillow: its frames, how large they are on paper, and a frame decoded no larger than is wanted.
Sizes are checked before anything is decoded."""

from __future__ import annotations

import struct
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from gongwen.errors import SourceError
from ingest.budget import MAX_PAGES, MAX_PIXELS

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
_A4_LONG = 841.9
_POINTS = (300.0, 1300.0)
"""Longer side of a sheet from A6 to A3; a picture that says otherwise (72 dpi of a camera) is taken for A4."""
BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, KeyError, TypeError, ZeroDivisionError)
"""What Pillow raises for damaged files, beside its own errors, which are of these."""

Image.MAX_IMAGE_PIXELS = None  # ours is lower, and has a reason the user can read


class ImageFile:
    def __init__(self, data: bytes) -> None:
        """SourceError `parse_error`, `too_many_pages`."""
        try:
            self._image = Image.open(BytesIO(data), formats=_FORMATS)
            self.count = getattr(self._image, "n_frames", 1) if self._image.format == "TIFF" else 1
        except (UnidentifiedImageError, *BROKEN) as error:
            raise SourceError("parse_error", f"pillow: {error}"[:300]) from error
        if self.count > MAX_PAGES:
            raise SourceError("too_many_pages", str(self.count))

    def size(self, at: int) -> tuple[float, float]:
        """Points of a frame, upright as its camera says. SourceError `image_pixels`."""
        wide, high = self.dots(at)
        points = 72 / _dpi(self._image) * max(wide, high)
        scale = (points if _POINTS[0] <= points <= _POINTS[1] else _A4_LONG) / max(wide, high)
        return wide * scale, high * scale

    def dots(self, at: int) -> tuple[int, int]:
        """Of a frame, upright as its camera says. SourceError `image_pixels`."""
        self._seek(at)
        wide, high = self._image.size
        if wide * high > MAX_PIXELS or min(wide, high) < 1:
            raise SourceError("image_pixels", f"frame {at + 1}: {wide} x {high}")
        return (high, wide) if _orientation(self._image) >= 5 else (wide, high)

    def frame(self, at: int, short: int) -> Image.Image:
        """A frame upright on white paper, RGB; a JPEG whose sides are twice `short` and more comes at half its size, a
        quarter or an eighth."""
        self._seek(at)
        try:
            self._image.draft("RGB", (short, short))
            frame = self._image.convert("RGBA" if _is_see_through(self._image) else "RGB")
            frame = ImageOps.exif_transpose(frame)
        except BROKEN as error:
            raise SourceError("parse_error", f"pillow: frame {at + 1}: {error}"[:300]) from error
        if frame.mode == "RGBA":
            paper = Image.new("RGBA", frame.size, "white")
            frame = Image.alpha_composite(paper, frame).convert("RGB")
        return frame

    def _seek(self, at: int) -> None:
        try:
            self._image.seek(at)
        except BROKEN as error:
            raise SourceError("parse_error", f"pillow: frame {at + 1}: {error}"[:300]) from error


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except BROKEN:
        return 1  # metadata that cannot be read says nothing


def _dpi(image: Image.Image) -> float:
    try:
        found = float(image.info.get("dpi", (0, 0))[0])
    except BROKEN:
        return 1.0
    return found if 50 <= found <= 1300 else 1.0


def _is_see_through(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
