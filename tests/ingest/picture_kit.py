"""Pages drawn for tests, and how much of a known ink lies inside a place."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from gongwen.boxes import Quad
from gongwen.document import Document
from gongwen.text import Span
from ingest.pictures.drawing import draw
from ingest.pictures.wish import LARGE, Corners, Wish

Ink = NDArray[np.bool_]
PHONE = "13900000123"
BAR = (58, 63, 70)
W, H = 595.0, 842.0

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

_TURNED = {0: (1, 0, 0, 1, 0, 0), 90: (0, 1, -1, 0, W, 0), 180: (-1, 0, 0, -1, W, H), 270: (0, -1, 1, 0, 0, H)}
"""From the page as it is shown to the page as it is written, when it is shown turned clockwise."""


def sheet_pdf(write: Callable[[Canvas, float], None], *, turn: int = 0, pages: int = 1) -> bytes:
    """A PDF whose pages are turned and shown upright; `write` gets the canvas and the height of the page as shown."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(W, H), invariant=True)
    for _ in range(pages):
        canvas.transform(*_TURNED[turn])
        write(canvas, W if turn % 180 else H)
        canvas.showPage()
    canvas.save()
    return saved(out.getvalue(), lambda page: page.set_rotation(turn)) if turn else out.getvalue()


def contacts(canvas: Canvas, height: float, *, only: Sequence[str] = ()) -> None:
    """A page with a phone number in the middle of a line; `only` leaves all but these pieces out."""
    x, top, size = 70.0, 300.0, 16.0
    line = [("联系人：李明远，联系电话：", x), (PHONE, x + 13 * size), ("（工作时间）", x + 18.5 * size)]
    shown = [("关于报送联络员名单的通知", x + 60, top - 120, 20), ("各县（区）科协：", x, top - 40, size)]
    shown += [(text, left, top, size) for text, left in line]
    shown += [("请于九月十日前报送名单，逾期不候。", x, top + 28, size)]
    for text, left, upper, points in shown:
        if not only or text in only:
            canvas.setFont("STSong-Light", points)
            canvas.drawString(left, height - upper - points, text)


def saved(data: bytes, change: Callable[[Any], None]) -> bytes:
    """With its pages changed."""
    document = pypdfium2.PdfDocument(data)
    for page in document:
        change(page)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def shown(
    data: bytes, document: Document, number: int = 1, *, bars: Sequence[Corners] = (), turn: int = 0, width: int = LARGE
) -> NDArray[np.uint8]:
    """A page as people get it, without a sandbox: RGB."""
    page = document.pages[number - 1]
    wish = Wish(document.media_type, number, (page.width, page.height), width, tuple(bars), turn)
    return pixels(draw(wish, data, lambda module: None))


def pixels(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def ink(picture: NDArray[np.uint8]) -> Ink:
    return np.asarray(picture.min(axis=2) < 128)


def places(document: Document, words: str) -> tuple[Quad, ...]:
    at = document.text.index(words)
    return document.quads(Span(at, at + len(words)))


def covered(quads: Sequence[Quad], document: Document, like: Ink) -> Ink:
    """The dots of a picture of a page that lie in the quads."""
    page = document.pages[quads[0].page - 1]
    high, wide = like.shape
    image = Image.new("1", (wide, high))
    for quad in quads:
        ImageDraw.Draw(image).polygon([(x * wide / page.width, y * high / page.height) for x, y in quad.points], fill=1)
    return np.asarray(image)


def share_inside(quads: Sequence[Quad], document: Document, known: Ink) -> float:
    """How much of the known ink lies in the quads."""
    return float((covered(quads, document, known) & known).sum() / known.sum())


def is_tight(quads: Sequence[Quad], document: Document, known: Ink, most: float) -> bool:
    """The quads are no larger than so many times the room that the ink takes, as far as lines run along an axis."""
    rows, columns = np.flatnonzero(known.any(axis=1)), np.flatnonzero(known.any(axis=0))
    room = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)
    return bool(covered(quads, document, known).sum() <= most * room)
