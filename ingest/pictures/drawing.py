"""Inside the child: a page drawn, what must not be seen painted over, the picture as WebP.

WebP without loss is a third of a PNG at half the time (print, 1720 dots); photos are pressed with loss. The bars are
part of the picture before it is encoded, so nothing of what they cover leaves the child."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from io import BytesIO

from PIL import Image, ImageDraw

from gongwen.errors import SourceError
from ingest.pictures.sizes import MAX_SIDE
from ingest.pictures.wish import DRAWN, Corners, Wish

_BAR = (58, 63, 70)
_MARGIN = 0.2
"""Of a bar's height, added all round: the edges that OCR tells are a sixth of a character off."""
_BACK = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}
"""Counterclockwise."""
_PRINT_BYTES = 700_000
"""What a page of print stays below without loss."""
_OFF = 0.02
"""A picture whose shape differs by more from that of the page that was read is of another page: the reader and the
drawer do not agree, and boxes and bars would lie anywhere."""


def draw(wish: Wish, data: bytes, need: Callable[[str], None]) -> bytes:
    """SourceError with the codes of the readers."""
    module = DRAWN.get(wish.media_type)
    if module is None:
        raise SourceError("unsupported", wish.media_type)
    need(module)
    wide, high = wish.page
    width = round(wish.width * wide / high) if wish.turn % 2 and high > 0 else wish.width
    picture: Image.Image = import_module(module).draw(data, wish.number, max(1, min(width, MAX_SIDE)))
    _check_shape(picture, wish)
    scale = (picture.width / wish.page[0], picture.height / wish.page[1])
    for bar in wish.bars:
        _cover(picture, bar, scale)
    return _encoded(picture.transpose(_BACK[wish.turn % 4]) if wish.turn % 4 else picture)


def _check_shape(picture: Image.Image, wish: Wish) -> None:
    width, height = wish.page
    if not (width > 0 and height > 0):
        raise SourceError("page_size", f"page {wish.number}: {width} x {height}")
    off = abs(picture.width * height - picture.height * width)
    if off > _OFF * picture.width * height + 2 * max(width, height):
        raise SourceError(
            "page_size", f"page {wish.number}: {picture.width} x {picture.height} dots of {width:.0f} x {height:.0f}"
        )
    if max(picture.size) > MAX_SIDE:
        raise SourceError("image_pixels", f"page {wish.number}: {picture.width} x {picture.height}")


def _cover(picture: Image.Image, bar: Corners, scale: tuple[float, float]) -> None:
    grown = _grown([(x * scale[0], y * scale[1]) for x, y in bar])
    ImageDraw.Draw(picture).polygon(grown, fill=_BAR)


def _grown(corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A quadrangle with a margin on all its sides."""
    (ax, ay), (bx, by), _, (dx, dy) = corners
    along, down = (bx - ax, by - ay), (dx - ax, dy - ay)
    length, height = math.hypot(*along) or 1.0, math.hypot(*down) or 1.0
    room = _MARGIN * height + 1
    one = (along[0] / length * room, along[1] / length * room)
    two = (down[0] / height * room, down[1] / height * room)
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return [
        (x + h * one[0] + v * two[0], y + h * one[1] + v * two[1])
        for (x, y), (h, v) in zip(corners, signs, strict=True)
    ]


def _encoded(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", lossless=True, quality=20, method=1)
    if out.tell() > _PRINT_BYTES:
        out = BytesIO()
        picture.save(out, "WEBP", quality=82, method=2)
    return out.getvalue()
