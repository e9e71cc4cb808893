"""What is asked of the child that draws a page, and what comes of it. Light: the site imports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Corners = tuple[tuple[float, float], ...]
"""Of a quadrangle, in points from the top left corner of the page."""

SMALL, LARGE = 860, 1720
"""Dots across a page: the pane beside the fields is 700 wide on an office screen, and a screen may have two for one."""

DRAWN: Mapping[str, str] = {
    "application/pdf": "ingest.pictures.of_pdf",
    "application/ofd": "ingest.pictures.of_ofd",
    **dict.fromkeys(
        ("image/png", "image/jpeg", "image/tiff", "image/bmp", "image/webp", "image/gif"), "ingest.pictures.of_image"
    ),
}
"""Media types whose pages can be drawn, and the module that does it in the child."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Page `number` (from 1) so many dots wide. `page` is its width and height in points as the reader told them,
    `bars` what must not be seen: both in the page as it lies in the file. `turn`: quarter turns, clockwise, of its
    lines there; the picture comes upright."""

    media_type: str
    number: int
    page: tuple[float, float]
    width: int = SMALL
    bars: tuple[Corners, ...] = ()
    turn: int = 0

    def to_json(self) -> dict[str, Any]:
        return {"media_type": self.media_type, "number": self.number, "page": list(self.page), "width": self.width,
                "turn": self.turn, "bars": [[list(corner) for corner in bar] for bar in self.bars]}  # fmt: skip

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Wish:
        bars = tuple(tuple((float(x), float(y)) for x, y in bar) for bar in told["bars"])
        return cls(told["media_type"], int(told["number"]), (float(told["page"][0]), float(told["page"][1])),
                   int(told["width"]), bars, int(told["turn"]))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture (WebP), and a tag that changes with it."""

    data: bytes
    tag: str


class Busy(Exception):  # noqa: N818  (ask again later)
    """Too many pages are being drawn."""
