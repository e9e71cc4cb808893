"""What one file may cost, and how a reader with pages asks for its share.

A reader calls `announce(pages)` once it knows how many pages there are and `page_done()` after each: the limits grow
with the pages, and a reader that stands still is stopped. Outside the child process both do nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

MAX_PAGES = 3_000
MAX_PAGE_POINTS = 14_400.0
MAX_TEXT = 20_000_000
MAX_PIXELS = 80_000_000
"""Of one picture in a file: an A3 sheet at 600 dpi has 70 million. Looked up before anything is decoded."""
OCR_WORTH = 25
"""Pages of text that cost what a page read by OCR may: 12 s of CPU where 3 to 6 are usual, 50 s by the clock."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one file (reliability.md §3 item 7): seconds, bytes, counts. Each shows as a reason, never as
    shorter text."""

    file_bytes: int = 100 << 20
    memory_bytes: int = 1 << 30
    cpu: float = 20.0
    cpu_per_page: float = 0.5
    wall: float = 60.0
    wall_per_page: float = 2.0
    stall: float = 60.0
    output_bytes: int = 16 << 20
    open_files: int = 64
    members: int = 2_000
    members_bytes: int = 300 << 20
    convert_memory_bytes: int = 1 << 30
    convert_cpu: float = 60.0
    convert_wall: float = 120.0
    convert_bytes: int = 64 << 20
    """A run of the converter has its own (reliability.md §3 item 7): 214 MB and 1.7 s were measured for 10 pages, 15 s
    of CPU for 6,000 paragraphs of prose on 1,000 pages (1.9 MB)."""
    convert_cpu_per_mb: float = 30.0
    convert_wall_per_mb: float = 90.0
    convert_cpu_most: float = 600.0
    convert_wall_most: float = 1_200.0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def for_converter(self, size: int = 0) -> Limits:
        """The limits of a converter's run on so many bytes, under the names of those of a reader's child. A large file
        may be a long one, which nobody knows before it is converted."""
        more = size / (1 << 20)
        cpu = max(self.convert_cpu, min(self.convert_cpu + self.convert_cpu_per_mb * more, self.convert_cpu_most))
        wall = max(self.convert_wall, min(self.convert_wall + self.convert_wall_per_mb * more, self.convert_wall_most))
        return replace(
            self, memory_bytes=self.convert_memory_bytes, cpu=cpu, cpu_per_page=0.0, wall=wall, stall=wall,
            output_bytes=self.convert_bytes, open_files=256,
        )  # fmt: skip

    def for_ocr(self) -> Limits:
        """What a file with pictures of text may cost beside its pages: the models and a page at work take 700 MB and
        1.1 GB of addresses, a picture of 80 million dots as much again."""
        return replace(
            self, memory_bytes=max(self.memory_bytes, 5 << 29), cpu=self.cpu + 30, wall=self.wall + 60,
            stall=max(self.stall, 120.0),
        )  # fmt: skip

    def for_unlocking(self) -> Limits:
        """The old cipher of zip archives takes two seconds a megabyte, and keys are made to cost time."""
        return replace(self, cpu=max(self.cpu, 300.0), wall=max(self.wall, 600.0), stall=max(self.stall, 600.0))


_report: Callable[[int], None] | None = None


def connect(report: Callable[[int], None]) -> None:
    """Called by the child process: `report(pages)` gets the number of pages, then 0 after each page."""
    global _report
    _report = report


def announce(pages: int) -> None:
    if _report is not None:
        _report(min(pages, MAX_PAGES))


def announce_ocr(pages: int) -> None:
    """Pages that cost as much as `OCR_WORTH` others."""
    announce(min(pages, MAX_PAGES) * OCR_WORTH)


def page_done() -> None:
    if _report is not None:
        _report(0)
