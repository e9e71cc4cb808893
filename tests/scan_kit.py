"""Sample papers made into scans: rendered, tilted, noisy, pressed, sealed, turned. Needs a font with Han characters."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from gongwen.sampling.paper import Line, Paper

Picture = NDArray[np.uint8]
"""RGB."""

SAMPLE = Path(__file__).resolve().parent.parent / "corpus" / "sample"
FONTS = Path("/usr/share/fonts/opentype/noto")
HAS_FONT = any(FONTS.glob("Noto*CJK*"))


def render(pdf: bytes, dpi: int = 200, pages: Sequence[int] | None = None) -> list[Picture]:
    document = pypdfium2.PdfDocument(pdf)
    chosen = range(len(document)) if pages is None else pages
    out = [
        np.ascontiguousarray(
            document[at].render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=False).to_numpy()[:, :, :3]
        )
        for at in chosen
    ]
    document.close()
    return out


def tilted(picture: Picture, degrees: float = 2.0) -> Picture:
    high, wide = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    return cv2.warpAffine(picture, matrix, (wide, high), borderValue=(255, 255, 255))


def noisy(picture: Picture, seed: int = 7) -> Picture:
    """Grain, and a grey paper that grows darker to one side."""
    rng = np.random.default_rng(seed)
    grain = rng.normal(0, 14, picture.shape[:2])[:, :, None]
    shade = np.linspace(0, 35, picture.shape[1])[None, :, None]
    return np.clip(picture.astype(np.float64) - shade + grain, 0, 255).astype(np.uint8)


def pressed(picture: Picture, quality: int = 60) -> Picture:
    out = BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out).convert("RGB"))


def turned(picture: Picture, quarters: int) -> Picture:
    """Counterclockwise."""
    return np.ascontiguousarray(np.rot90(picture, quarters))


@cache
def _seal(name: str, dpi: int) -> Picture:
    """A round seal of 42 mm: a ring, a star, the name along the ring."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = BytesIO()
    size = 42 / 25.4 * 72
    canvas = Canvas(out, pagesize=(size, size), invariant=True)
    canvas.translate(size / 2, size / 2)
    canvas.setStrokeColorRGB(0.85, 0.1, 0.1)
    canvas.setFillColorRGB(0.85, 0.1, 0.1)
    canvas.setLineWidth(3.4)
    canvas.circle(0, 0, size / 2 - 3)
    star = canvas.beginPath()
    for at in range(5):
        angle = math.pi / 2 + at * 4 * math.pi / 5
        point = (16 * math.cos(angle), 16 * math.sin(angle))
        (star.moveTo if at == 0 else star.lineTo)(*point)
    star.close()
    canvas.drawPath(star, fill=1, stroke=0)
    canvas.setFont("STSong-Light", 13)
    for at, char in enumerate(name):
        canvas.saveState()
        canvas.rotate(115 - 230 * at / max(1, len(name) - 1))
        canvas.drawCentredString(0, size / 2 - 20, char)
        canvas.restoreState()
    canvas.save()
    return render(out.getvalue(), dpi)[0]


def sealed(picture: Picture, x: float, y: float, *, name: str = "云州市科学技术协会", dpi: int = 200) -> Picture:
    """With a red seal about a point given in shares of width and height."""
    seal = _seal(name, dpi)
    high, wide = seal.shape[:2]
    left = round(x * picture.shape[1] - wide / 2)
    top = round(y * picture.shape[0] - high / 2)
    out = picture.copy()
    part = out[top : top + high, left : left + wide]
    np.minimum(part, seal[: part.shape[0], : part.shape[1]], out=part)
    return out


def as_png(picture: Picture, dpi: int = 200) -> bytes:
    out = BytesIO()
    Image.fromarray(picture).save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


def as_tiff(pictures: Sequence[Picture], dpi: int = 200) -> bytes:
    out = BytesIO()
    first, *rest = [Image.fromarray(one) for one in pictures]
    first.save(out, "TIFF", save_all=True, append_images=rest, dpi=(dpi, dpi), compression="tiff_deflate")
    return out.getvalue()


def as_pdf(pictures: Sequence[Picture], dpi: int = 200, quality: int = 90) -> bytes:
    """A sheet a picture, nothing else on it."""
    out = BytesIO()
    first, *rest = [Image.fromarray(one) for one in pictures]
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=float(dpi), quality=quality)
    return out.getvalue()


KINDS: dict[str, tuple[int, Callable[[Picture], Picture]]] = {
    "200 dpi": (200, lambda one: one),
    "150 dpi": (150, lambda one: one),
    "tilted 2°": (200, tilted),
    "noise, JPEG 60": (200, lambda one: pressed(noisy(one))),
    "150 dpi, tilted -1.5°, noise, JPEG 60": (150, lambda one: pressed(noisy(tilted(one, -1.5)))),
    "seal": (200, lambda one: sealed(one, 0.72, 0.6)),
    "turned 180°": (200, lambda one: turned(one, 2)),
    "turned 90°": (200, lambda one: turned(one, 1)),
}


def signatures(printed: bytes, paper: Paper) -> list[tuple[int, float, float]]:
    """Page (from 0) and middle, in shares of it, of each signature with its date: where seals stand."""
    document = pypdfium2.PdfDocument(printed)
    found: list[tuple[int, float, float]] = []
    for lines in _signed(paper):
        for number, page in enumerate(document):
            boxes = [_last_place(page.get_textpage(), line) for line in lines]
            if all(boxes):
                width, height = page.get_size()
                x = min(box[0] for box in boxes) + max(box[2] for box in boxes)
                y = min(box[1] for box in boxes) + max(box[3] for box in boxes)
                found.append((number, x / 2 / width, 1 - y / 2 / height))
                break
    document.close()
    return found


def _signed(paper: Paper) -> list[list[str]]:
    """The lines of each signature, its date the last."""
    groups: list[list[str]] = [[]]
    for block in paper.blocks:
        if isinstance(block, Line) and block.kind in {"sign", "date"}:
            groups[-1].append(block.text)
            if block.kind == "date":
                groups.append([])
    return [group for group in groups if len(group) > 1]


def _last_place(text: Any, line: str) -> tuple[float, float, float, float] | None:
    """Where a line stands last on a page; blanks that the text layer has between letters and digits do not count."""
    chars = [(text.get_text_range(at, 1), at) for at in range(text.count_chars())]
    bare = [(char, at) for char, at in chars if char.strip()]
    start = "".join(char for char, _ in bare).rfind("".join(line.split()))
    if start < 0:
        return None
    rects = [text.get_charbox(at) for _, at in bare[start : start + len(line)]]
    return min(r[0] for r in rects), min(r[1] for r in rects), max(r[2] for r in rects), max(r[3] for r in rects)
