"""PDF files drawn line by line, so that a test says exactly what stands where (points from the top left)."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from gongwen.document import Document
from ingest.source import Source

WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT, SIZE, LEADING = 80.0, 512.0, 16.0, 28.0
FULL = int((RIGHT - LEFT) / SIZE)
"""Characters on a full line."""

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


class Paper:
    def __init__(self, width: float = WIDTH, height: float = HEIGHT) -> None:
        self._out = io.BytesIO()
        self._canvas = Canvas(self._out, pagesize=(width, height), invariant=True)
        self._height = height
        self.top = 100.0

    def line(self, text: str, x: float = LEFT, top: float | None = None, size: float = SIZE) -> Paper:
        """Text whose upper edge is at `top`; without it the next line of the page."""
        if top is None:
            top, self.top = self.top, self.top + LEADING
        self._canvas.setFont("STSong-Light", size)
        self._canvas.drawString(x, self._height - top - size, text)
        return self

    def paragraph(self, text: str, *, indent: int = 2) -> Paper:
        """Broken into full lines, the first one so many characters in."""
        first, rest = text[: FULL - indent], text[FULL - indent :]
        self.line(first, LEFT + indent * SIZE)
        for at in range(0, len(rest), FULL):
            self.line(rest[at : at + FULL])
        return self

    def rule(self, x0: float, top: float, x1: float, bottom: float) -> Paper:
        self._canvas.line(x0, self._height - top, x1, self._height - bottom)
        return self

    def grid(self, xs: list[float], ys: list[float]) -> Paper:
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        return self

    def picture(self) -> Paper:
        self._canvas.circle(200, 200, 50, fill=1)
        return self

    def red(self, text: str, x: float, top: float, size: float) -> Paper:
        self._canvas.setFillColorRGB(0.82, 0, 0)
        self.line(text, x, top, size)
        self._canvas.setFillColorRGB(0, 0, 0)
        return self

    def hidden(self, text: str) -> Paper:
        """As the text layers of scanners are drawn."""
        out = self._canvas.beginText(LEFT, self._height - 200)
        out.setFont("STSong-Light", SIZE)
        out.setTextRenderMode(3)
        out.textLine(text)
        self._canvas.drawText(out)
        return self

    def sheet(self, picture: NDArray[np.uint8]) -> Paper:
        """A picture (RGB) over the whole page."""
        self._canvas.drawImage(ImageReader(Image.fromarray(picture)), 0, 0, WIDTH, self._height)
        return self

    def slanted(self, text: str) -> Paper:
        self._canvas.saveState()
        self._canvas.translate(200, 400)
        self._canvas.rotate(45)
        self._canvas.setFont("STSong-Light", 40)
        self._canvas.drawString(0, 0, text)
        self._canvas.restoreState()
        return self

    def turned(self, angle: int) -> Paper:
        self._canvas.setPageRotation(angle)
        return self

    def page(self) -> Paper:
        self._canvas.showPage()
        self.top = 100.0
        return self

    def data(self) -> bytes:
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()


def source(paper: Paper | bytes) -> Source:
    return Source.of("a.pdf", paper if isinstance(paper, bytes) else paper.data(), "application/pdf")


def told(document: Document, *kinds: str) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if block.kind in kinds]
