"""Pictures made ready for OCR, without reading them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from ingest.readers.ocr_engine import Engine
from ingest.readers.ocr_sheet import Sheet, find_rules, make_ready

DOTS = 200 / 25.4


class FakeEngine(Engine):
    """Finds the bars of a drawn page as its lines; bars that begin with a notch stand upright."""

    def __init__(self) -> None:
        pass

    def find_lines(self, grey):
        dark = (grey < 128).astype(np.uint8)
        contours, _ = cv2.findContours(dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        boxes = [cv2.boxPoints(cv2.minAreaRect(one)) for one in contours if cv2.contourArea(one) > 2000]
        return np.array([_clockwise(box) for box in boxes], np.float64).reshape(-1, 4, 2)

    def read_lines(self, cuts):
        from ingest.readers.ocr_engine import Reading

        # The left tenth of an upright bar is thicker than its right tenth.
        return [Reading("行", 0.99 if _is_upright(cut) else 0.4, (0.5,)) for cut in cuts]


def _is_upright(cut) -> bool:
    fifth = cut.shape[1] // 5
    return _ink(cut[:, :fifth]) >= _ink(cut[:, -fifth:])


def _ink(part) -> int:
    return int(np.count_nonzero(part < 128))


def _clockwise(box):
    """From the corner that comes first in reading."""
    by_x = sorted(box.tolist())
    (a, d), (b, c) = (sorted(two, key=lambda one: one[1]) for two in (by_x[:2], by_x[2:]))
    return [a, b, c, d]


def page(*, red: tuple[str, tuple[int, int, int, int]] | None = None) -> np.ndarray:
    """Eight black bars, thicker at their left end."""
    image = Image.new("RGB", (1654, 2339), "white")
    draw = ImageDraw.Draw(image)
    for top in range(300, 1900, 200):
        draw.rectangle((250, top, 1300, top + 24), fill="black")
        draw.rectangle((250, top - 6, 450, top + 30), fill="black")
    if red is not None:
        shape, place = red
        if shape == "seal":
            draw.ellipse(place, outline=(220, 40, 40), width=12)
        else:
            draw.rectangle(place, fill=(220, 40, 40))
    return np.array(image)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_turned_sheets_stand_upright_and_know_their_way_back(quarters):
    straight, turned = page(), np.ascontiguousarray(np.rot90(page(), quarters))
    sheet = make_ready(FakeEngine(), turned, DOTS)
    assert sheet.grey.shape == straight.shape[:2] and len(sheet.boxes) == 8
    assert np.mean(sheet.grey != straight[:, :, 0]) < 0.01
    # A dot of the sheet is found again on the picture.
    at = sheet.back @ np.array((300.0, 312.0, 1.0))
    assert turned[int(at[1]), int(at[0]), 0] == 0


@pytest.mark.parametrize("degrees", [-3.0, 2.0])
def test_tilted_sheets_are_levelled(degrees):
    matrix = cv2.getRotationMatrix2D((827, 1169), degrees, 1.0)
    picture = cv2.warpAffine(page(), matrix, (1654, 2339), borderValue=(255, 255, 255))
    sheet = make_ready(FakeEngine(), picture, DOTS)
    tops = sorted(float(box[:, 1].min()) for box in sheet.boxes)
    assert all(abs(top - wanted) < 6 for top, wanted in zip(tops, range(294, 1800, 200), strict=True))


def red_of(sheet: Sheet) -> int:
    return 0 if sheet.red is None else _ink(sheet.red)


def test_a_seal_is_lifted_off_and_no_text_of_its_own():
    sheet = make_ready(FakeEngine(), page(red=("seal", (900, 1600, 1230, 1930))), DOTS)
    assert red_of(sheet) == 0
    assert np.mean(sheet.grey != page()[:, :, 0]) < 0.002


def test_red_type_is_kept_by_itself():
    sheet = make_ready(FakeEngine(), page(red=("bar", (400, 120, 1200, 200))), DOTS)
    assert red_of(sheet) > 50_000 and sheet.grey[160, 800] == 255


def test_red_ground_is_no_ink():
    picture = page()
    picture[picture.min(axis=2) > 128] = (200, 30, 30)
    sheet = make_ready(FakeEngine(), picture, DOTS)
    assert sheet.red is None


def test_ruled_lines_and_not_the_strokes_of_type():
    image = Image.new("L", (1000, 800), 255)
    draw = ImageDraw.Draw(image)
    for x in (100, 400, 900):
        draw.line((x, 100, x, 700), fill=0, width=2)
    for y in (100, 400, 700):
        draw.line((100, y, 900, y), fill=0, width=2)
    for x in range(150, 380, 40):
        draw.line((x, 200, x + 28, 200), fill=0, width=4)
        draw.line((x + 14, 190, x + 14, 220), fill=0, width=4)
    rules = find_rules(np.array(image), DOTS)
    assert sorted(round(one.at / 100) for one in rules if one.upright) == [1, 4, 9]
    assert sorted(round(one.at / 100) for one in rules if not one.upright) == [1, 4, 7]
