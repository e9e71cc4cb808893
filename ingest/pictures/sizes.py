"""How large a page is drawn: checked before it is."""

from __future__ import annotations

from gongwen.errors import SourceError
from ingest.budget import MAX_PAGE_POINTS

MAX_DOTS = 40_000_000
"""Of one drawn page (reliability.md §2 row 9)."""
MAX_SIDE = 16_000
"""Of a WebP: 16,383."""


def fitting(page: tuple[float, float], width: int, number: int) -> tuple[int, int]:
    """Dots across and down for a page of so many points; long strips come narrower. SourceError `page_size`."""
    wide, high = page
    if not (0 < wide <= MAX_PAGE_POINTS and 0 < high <= MAX_PAGE_POINTS):
        raise SourceError("page_size", f"page {number}: {wide:.0f} x {high:.0f}")
    scale = min(width / wide, MAX_SIDE / high, (MAX_DOTS / (wide * high)) ** 0.5)
    return max(1, round(wide * scale)), max(1, round(high * scale))
