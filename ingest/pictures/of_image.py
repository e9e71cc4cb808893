"""A frame of a picture file: upright as its camera says, as the boxes of its OCR count."""

from __future__ import annotations

from PIL import Image

from gongwen.errors import SourceError
from ingest.pictures.sizes import fitting
from ingest.readers.image_file import ImageFile

HEAVY = ("PIL.Image", "PIL.ImageDraw", "PIL.ImageOps", "PIL.WebPImagePlugin")


def draw(data: bytes, number: int, width: int) -> Image.Image:
    """No larger than it is. SourceError `parse_error`, `too_many_pages`, `image_pixels`, `page_size`."""
    file = ImageFile(data)
    if not 0 < number <= file.count:
        raise SourceError("parse_error", f"no frame {number} of {file.count}")
    dots = file.dots(number - 1)
    size = fitting(file.size(number - 1), min(width, dots[0]), number)
    frame = file.frame(number - 1, min(size))
    return frame.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0) if frame.size != size else frame
