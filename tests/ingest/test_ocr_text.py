"""What is repaired in recognised text, and where its characters stand."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ingest.readers.ocr_engine import Engine, Reading
from ingest.readers.ocr_page import _full_width, _sizes, _Strip, read_page
from ingest.readers.pdf_model import Char
from ingest.readers.pdf_page import lay_page


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("云科协字〔2024]36号", "云科协字〔2024〕36号"),
        ("云科协字[2024〕36号", "云科协字〔2024〕36号"),
        ("各县(区)科协,各学会:", "各县（区）科协，各学会："),
        ("2024年3月1日一12月31日", "2024年3月1日—12月31日"),
        ("一、活动时间", "一、活动时间"),
        ("第一3组", "第一3组"),
        ("《关于印发<2024年要点〉的通知》", "《关于印发〈2024年要点〉的通知》"),
        ("8:30至10:00, a@b.example", "8:30至10:00, a@b.example"),
        ("共1,200人", "共1,200人"),
        ("（责任单位：科普部)", "（责任单位：科普部）"),
    ],
)
def test_repairs_keep_the_length(read, printed):
    assert _full_width(read) == printed and len(read) == len(printed)


class OneLine(Engine):
    """Reads each dark block of a line as a digit: the network leaves blanks out."""

    def __init__(self, text: str, middles: tuple[float, ...]) -> None:
        self.reading = Reading(text, 0.9, middles, frozenset({1}))

    def find_lines(self, grey):
        return np.array([[[100, 100], [500, 100], [500, 140], [100, 140]]], np.float64)

    def read_lines(self, cuts):
        return [self.reading for _ in cuts]


def test_a_gap_in_the_ink_is_a_blank():
    picture = np.full((600, 800), 255, np.uint8)
    for x in (110, 132, 154, 220, 242):
        cv2.rectangle(picture, (x, 104), (x + 15, 136), 0, -1)
    middles = tuple((x + 8 - 100) / 400 for x in (110, 132, 154, 220, 242))
    raw, unread = read_page(OneLine("12345", middles), picture, 1, 400.0, 300.0)
    (line,) = lay_page(raw).pieces
    assert (line.text, line.weak, unread) == ("123 45", (1,), 0)
    # Half a point a dot; the blank lies between the blocks.
    assert line.edges[3] == pytest.approx(85, abs=1.5) and line.edges[4] == pytest.approx(110, abs=1.5)


def test_what_was_found_and_not_read_is_counted():
    raw, unread = read_page(OneLine("", ()), np.full((600, 800), 255, np.uint8), 1, 400.0, 300.0)
    assert (raw.lines, unread) == ([], 1)


def strip(text: str, size: float) -> _Strip:
    out = _Strip(0, 0, size * len(text), size)
    out.chars = [Char(char, size * at, 0, size * (at + 1), 0.92 * size) for at, char in enumerate(text)]
    return out


def test_lines_of_nearly_one_size_have_one():
    texts = (("关于举办科普活动的通知", 44.0), ("各县区科协各学会协会", 31.0), ("请按时报送材料", 30.2))
    sizes = _sizes([strip(text, size) for text, size in texts])
    assert sizes[0] == pytest.approx(44.0) and sizes[1] == sizes[2]
