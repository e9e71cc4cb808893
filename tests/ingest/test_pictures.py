"""Pages as pictures: the places of values lie over their print, and what is covered is not in the picture."""

from __future__ import annotations

import io
import os
from functools import partial

import numpy as np
import pytest
from picture_kit import (
    BAR,
    PHONE,
    H,
    W,
    contacts,
    covered,
    ink,
    is_tight,
    pixels,
    places,
    saved,
    share_inside,
    sheet_pdf,
    shown,
)
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from gongwen.boxes import quarters
from gongwen.document import Document
from gongwen.errors import SourceError
from gongwen.text import Span
from ingest.pictures.drawing import draw
from ingest.pictures.of_pdf import has_han_font
from ingest.pictures.webp import webp_size
from ingest.pictures.wish import LARGE, SMALL, Wish
from ingest.readers.pdf import READER
from ingest.sandbox import read_bytes
from ingest.source import Source
from tests import scan_kit as kit

needs_font = pytest.mark.skipif(
    not kit.HAS_FONT and not os.environ.get("CI"), reason="no font with Han characters (fonts-noto-cjk)"
)
PHONE_ONLY = partial(contacts, only=(PHONE,))
REST_OF_LINE = partial(contacts, only=("联系人：李明远，联系电话：", "（工作时间）"))


def read(data: bytes) -> Document:
    return READER.read(Source.of("a.pdf", data, "application/pdf"))


def is_bar(picture: np.ndarray) -> np.ndarray:
    return (np.abs(picture.astype(int) - BAR) < 12).all(axis=2)


CROPS = {
    "whole": (0.0, 0.0, W, H), "cropped": (40.0, 60.0, W - 30, H - 20),
    "larger than the page": (-90.0, -50.0, 700.0, 900.0),
}  # fmt: skip
"""Left, bottom, right, top of the page as it is written."""


@needs_font
@pytest.mark.parametrize("crop", CROPS)
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_place_lies_over_its_print_however_the_page_is_turned_and_cut(turn, crop):
    data, truth = (
        saved(sheet_pdf(write, turn=turn), lambda page: page.set_cropbox(*CROPS[crop]))
        for write in (contacts, PHONE_ONLY)
    )
    document = read(data)
    quads = places(document, PHONE)
    known = ink(shown(truth, document))
    assert known.sum() > 800
    assert share_inside(quads, document, known) > 0.99
    assert is_tight(quads, document, known, 1.9)
    # Everything else of the page lies outside.
    others = ink(shown(data, document)) & ~known
    assert (covered(quads, document, known) & others).sum() < 0.02 * known.sum()


@needs_font
def test_characters_of_a_font_with_widths_of_its_own_have_their_places():
    def write(canvas, height, *, only=""):
        canvas.setFont("Helvetica", 18)
        for word, x in (("Office MMWW: ", 70), ("illi lilt", 220), (" of Yunzhou", 300)):
            if only in ("", word):
                canvas.drawString(x, height - 300, word)

    document = read(sheet_pdf(write))
    known = ink(shown(sheet_pdf(partial(write, only="illi lilt")), document))
    quads = places(document, "illi lilt")
    assert share_inside(quads, document, known) > 0.98
    assert is_tight(quads, document, known, 2.2)


@needs_font
@pytest.mark.parametrize("turn", [0, 270])
def test_what_is_covered_is_not_in_the_picture(turn):
    data = sheet_pdf(contacts, turn=turn)
    document = read(data)
    known = ink(shown(sheet_pdf(PHONE_ONLY, turn=turn), document))
    bars = [quad.points for quad in places(document, PHONE)]
    for width in (SMALL, LARGE):
        plain, barred = (shown(data, document, bars=one, width=width) for one in ((), bars))
        here = known if width == LARGE else np.asarray(Image.fromarray(known).resize(plain.shape[1::-1], 0))
        assert ink(plain)[here].mean() > 0.6
        assert is_bar(barred)[here].all()
        # The picture without the number, barred the same, is the same picture: nothing of it is left anywhere.
        rest = shown(sheet_pdf(REST_OF_LINE, turn=turn), document, bars=bars, width=width)
        near = covered(places(document, PHONE), document, ink(barred))
        assert (barred[near] == rest[near]).all()


@needs_font
def test_a_line_up_the_side_is_covered_whole():
    """Where its parts stand nobody knows: better too much than too little."""
    data, truth = (
        saved(sheet_pdf(write), lambda page: page.set_rotation(90)) for write in (contacts, PHONE_ONLY)
    )
    document = read(data)
    known = ink(shown(truth, document))
    quads = places(document, PHONE)
    assert share_inside(quads, document, known) > 0.99
    assert quads == places(document, "工作时间")
    barred = shown(data, document, bars=[quad.points for quad in quads])
    assert is_bar(barred)[known].all()


# --- scans ------------------------------------------------------------------------------------------------


def frames(pdf: bytes) -> list[np.ndarray]:
    """A sheet on its head, one that hangs askew, one that lies."""
    picture = kit.render(pdf, 150)[0]
    return [kit.turned(picture, 2), kit.tilted(picture, 3.0), kit.turned(picture, 1)]


@needs_font
def test_places_on_the_frames_of_a_scan_on_its_head_askew_and_lying():
    """What OCR reads is the sheet set upright; the places are those of the frame as it was scanned."""
    data, truth = (kit.as_tiff(frames(sheet_pdf(write)), 150) for write in (contacts, PHONE_ONLY))
    document = read_bytes(data, "扫描.tif")
    assert [quarters(page.angle) for page in document.pages] == [2, 0, 3]
    assert document.pages[1].angle == pytest.approx(-3.0, abs=0.4)
    start = 0
    for number in (1, 2, 3):
        at = document.text.index(PHONE, start)
        start = at + len(PHONE)
        quads = document.quads(Span(at, start))
        assert {quad.page for quad in quads} == {number}
        known = ink(shown(truth, document, number))
        assert share_inside(quads, document, known) > 0.93, number
        assert is_tight(quads, document, known, 2.2 if number != 2 else 1.6), number
        barred = shown(data, document, number, bars=[quad.points for quad in quads])
        assert is_bar(barred)[known].all(), number
        turn = quarters(document.pages[number - 1].angle)
        upright = shown(data, document, number, turn=turn)
        assert upright.shape[0] > upright.shape[1]


@needs_font
def test_a_photo_that_its_camera_turns():
    exif = Image.Exif()
    exif[0x0112] = 6

    def photo(pdf: bytes) -> bytes:
        out = io.BytesIO()
        Image.fromarray(kit.turned(kit.render(pdf, 150)[0], 1)).save(out, "JPEG", quality=85, exif=exif)
        return out.getvalue()

    data = photo(sheet_pdf(contacts))
    document = read_bytes(data, "照片.jpg")
    page = document.pages[0]
    assert page.height > page.width and page.angle == pytest.approx(0, abs=0.3)
    known = ink(shown(photo(sheet_pdf(PHONE_ONLY)), document))
    assert share_inside(places(document, PHONE), document, known) > 0.95
    assert shown(data, document).shape[0] > shown(data, document).shape[1]


def test_frames_are_numbered_as_pages():
    colours = [(250, 10, 10), (10, 250, 10), (10, 10, 250)]
    data = kit.as_tiff([np.full((300, 200, 3), colour, np.uint8) for colour in colours], 50)
    for number, colour in enumerate(colours, 1):
        found = pixels(draw(Wish("image/tiff", number, (288.0, 432.0), 100), data, lambda module: None))
        assert np.abs(found[60, 50].astype(int) - colour).max() < 6
    with pytest.raises(SourceError, match="no frame 4"):
        draw(Wish("image/tiff", 4, (288.0, 432.0), 100), data, lambda module: None)


def test_a_small_picture_is_not_made_larger():
    data = kit.as_png(np.full((300, 200, 3), 255, np.uint8))
    assert webp_size(draw(Wish("image/png", 1, (200.0, 300.0), LARGE), data, lambda module: None)) == (200, 300)


# --- what comes out ---------------------------------------------------------------------------------------


def test_a_picture_of_another_shape_than_the_page_that_was_read_is_refused():
    """Boxes and bars would lie anywhere."""
    data = sheet_pdf(lambda canvas, height: canvas.line(10, 10, 500, 10))
    with pytest.raises(SourceError) as caught:
        draw(Wish("application/pdf", 1, (H, W)), data, lambda module: None)
    assert caught.value.code == "page_size"


def test_long_strips_come_narrower():
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(100, 10_000))
    canvas.showPage()
    canvas.save()
    size = webp_size(draw(Wish("application/pdf", 1, (100.0, 10_000.0), LARGE), out.getvalue(), lambda module: None))
    assert size is not None and size[1] <= 16_000 and size[0] == 160


@pytest.mark.parametrize("lossless", [True, False])
def test_the_head_of_a_webp(lossless):
    out = io.BytesIO()
    Image.new("RGB", (123, 77), "white").save(out, "WEBP", lossless=lossless)
    data = out.getvalue()
    assert webp_size(data) == (123, 77)
    for broken in (data[:-1], data + b"x", b"RIFX" + data[4:], data[:20], b"", b"\x89PNG" + bytes(40)):
        assert webp_size(broken) is None


def test_only_a_plain_picture_passes():
    """No animation and nothing beside the picture (VP8X)."""
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "WEBP", save_all=True, append_images=[Image.new("RGB", (9, 9), "white")])
    assert out.getvalue()[12:16] == b"VP8X"
    assert webp_size(out.getvalue()) is None


def test_without_a_chinese_font_a_page_that_needs_one_says_so(monkeypatch):
    """PDFium would leave the characters out, and a reader would take the page for complete."""
    monkeypatch.setattr("ingest.pictures.of_pdf.has_han_font", lambda: False)
    with pytest.raises(SourceError) as caught:
        draw(Wish("application/pdf", 1, (W, H)), sheet_pdf(contacts), lambda module: None)
    assert caught.value.code == "no_font"

    def latin(canvas: Canvas, height: float) -> None:
        canvas.setFont("Helvetica", 12)
        canvas.drawString(70, height - 300, "2024")

    assert draw(Wish("application/pdf", 1, (W, H)), sheet_pdf(latin), lambda module: None)
    assert draw(Wish("application/pdf", 1, (W, H)), sheet_pdf(lambda canvas, height: None), lambda module: None)


@needs_font
def test_the_chinese_font_of_the_system_is_found():
    assert has_han_font()
