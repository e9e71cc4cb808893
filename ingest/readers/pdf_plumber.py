"""Characters and ruled lines of a PDF by pdfplumber: slower, but in Python, so what stops PDFium need not stop it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect

from gongwen.errors import SourceError
from ingest.budget import MAX_PAGE_POINTS, MAX_PAGES, announce, page_done
from ingest.readers.pdf_model import Char, Edge, RawLine, RawPage
from ingest.safety import is_memory

_GAP = 0.25
"""A gap from so many ems between characters is a space."""


def pages(data: bytes) -> Iterator[RawPage]:
    """As pdf_pdfium.pages. pdfminer raises every kind of error on a broken file; all of them mean that."""
    try:
        with pdfplumber.open(BytesIO(data)) as document:
            count = len(document.pages)
            _check_count(count)
            announce(count)
            for page in document.pages:
                yield _page(page)
                page.close()
                page_done()
    except SourceError:
        raise
    except Exception as error:  # translated, not passed over: the caller gets a reason
        raise _reason(error) from error


def _check_count(count: int) -> None:
    if count == 0:
        raise SourceError("parse_error", "no pages")
    if count > MAX_PAGES:
        raise SourceError("too_many_pages", str(count))


def _reason(error: Exception) -> SourceError | MemoryError:
    """pdfplumber wraps what it met, sometimes with an empty message."""
    if is_memory(error):
        return MemoryError()
    inner = error.args[0] if error.args else None
    if isinstance(error, PDFPasswordIncorrect) or isinstance(inner, PDFPasswordIncorrect):
        return SourceError("password")
    return SourceError("parse_error", f"pdfplumber: {type(error).__name__} {error}"[:300])


def _page(page: Any) -> RawPage:
    width, height = float(page.width), float(page.height)
    if max(width, height) > MAX_PAGE_POINTS or not (width > 0 and height > 0):
        raise SourceError("page_size", f"page {page.page_number}: {width:.0f} x {height:.0f}")
    raw = RawPage(page.page_number, width, height)
    left, top = page.bbox[:2]
    # A title printed four times for boldness is one title.
    for chars in _grouped(page.dedupe_chars().chars):
        raw.lines.append(_line(chars, left, top))
    raw.unmapped = sum(char.text == "\ufffd" for line in raw.lines for char in line.chars)
    raw.edges = [
        Edge(
            edge["orientation"] == "v",
            round(float(edge["x0"] - left if edge["orientation"] == "v" else edge["top"] - top), 3),
            round(float(edge["top"] - top if edge["orientation"] == "v" else edge["x0"] - left), 3),
            round(float(edge["bottom"] - top if edge["orientation"] == "v" else edge["x1"] - left), 3),
        )
        for edge in page.edges
    ]
    raw.pictured = bool(page.images or page.edges or page.curves)
    return raw


def _grouped(chars: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Characters in file order, cut where they leave the line; pdfplumber's own lines come without their blanks."""
    held: list[dict[str, Any]] = []
    for char in chars:
        if held:
            last, size = held[-1], max(float(char["size"]), 1.0)
            off = abs((char["top"] + char["bottom"]) - (last["top"] + last["bottom"])) / 2
            if off > 0.5 * size or char["x0"] < last["x1"] - size or char["upright"] != last["upright"]:
                yield held
                held = []
        held.append(char)
    if held:
        yield held


def _line(chars: list[dict[str, Any]], left: float, top: float) -> RawLine:
    out: list[Char] = []
    size = round(float(chars[0]["size"]), 1)
    for char in chars:
        # "(cid:12)" is pdfminer's way to say that the font names no character.
        text = "\ufffd" if char["text"].startswith("(cid:") else char["text"]
        x0, x1 = float(char["x0"]) - left, float(char["x1"]) - left
        upper, lower = float(char["top"]) - top, float(char["bottom"]) - top
        if out and text.strip() and out[-1].text.strip() and x0 - out[-1].x1 > _GAP * size:
            out.append(Char(" ", out[-1].x1, upper, x0, lower, made=True))
        out.append(Char(text, x0, upper, x1, lower))
    return RawLine(out, size, "bold" in str(chars[0]["fontname"]).lower(), slanted=not chars[0]["upright"])
