"""What is repaired in recognised text, and where its characters stand."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from gongwen.values.vocab import vocab
from ingest.readers.ocr_edges import widened
from ingest.readers.ocr_engine import Engine, Reading
from ingest.readers.ocr_page import _sizes, _Strip, read_page
from ingest.readers.ocr_repairs import repaired
from ingest.readers.pdf_model import Char, Edge
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
    assert repaired(read, frozenset()) == printed and len(read) == len(printed)


@pytest.mark.parametrize("rule", vocab("ocr_repairs")["signs"], ids=lambda rule: rule["regex"][:24])
def test_each_repair_of_a_sign_has_an_example_that_shows_it(rule):
    assert rule["examples"] and len(rule["printed"]) == 1
    for read, printed in rule["examples"].items():
        assert read != printed and repaired(read, frozenset()) == printed


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("各有关部内要认真", "各有关部门要认真"), ("责任部門", "责任部门"), ("请在家内口集合", "请在家门口集合"),
        ("关干开展活动", "关于开展活动"), ("责任單位", "责任单位"), ("开展活动内容", "开展活动内容"),
    ],
)  # fmt: skip
def test_only_a_character_that_was_not_sure_is_taken_for_another(read, printed):
    places = frozenset(at for at, char in enumerate(read) if char in "内門干單")
    assert repaired(read, places) == printed
    assert repaired(read, frozenset()) == read


def test_lists_of_look_alikes_are_sound():
    for one in vocab("ocr_repairs")["look_alikes"]:
        assert all(word.count(one["printed"]) == 1 for word in one["words"]), one
        assert one["printed"] not in one["read"]


def line_picture() -> np.ndarray:
    """A line of three large characters, then what the tests draw beside it."""
    picture = np.full((200, 600), 255, np.uint8)
    for x in (100, 145, 190):
        cv2.rectangle(picture, (x, 80), (x + 36, 116), 0, -1)
    return picture


LINE = (98.0, 78.0, 228.0, 118.0)


def test_a_sign_beside_a_line_belongs_to_it():
    picture = line_picture()
    for y in (90, 108):
        cv2.rectangle(picture, (238, y), (243, y + 5), 0, -1)
    ((x0, _, x1, _),) = widened(picture, [LINE], [])
    assert x0 == LINE[0] and 243 < x1 < 255
    ((left, _, right, _),) = widened(picture[:, ::-1], [(600 - 228.0, 78.0, 600 - 98.0, 118.0)], [])
    assert right == 600 - 98 and 600 - 255 < left < 600 - 243


BESIDE = {
    "nothing": (0, 0, 0, 0), "a speck": (240, 95, 241, 96), "a rule": (240, 60, 242, 140),
    "far away": (256, 95, 261, 100), "a blot": (240, 60, 300, 140), "a wall between": (243, 95, 249, 101),
    "another line": (243, 95, 249, 101),
}  # fmt: skip


@pytest.mark.parametrize("case", BESIDE)
def test_what_is_no_sign_stays_outside(case):
    picture, lines, rules = line_picture(), [LINE], []
    x0, top, x1, bottom = BESIDE[case]
    cv2.rectangle(picture, (x0, top), (x1, bottom), 0, -1)
    if case == "a wall between":
        rules = [Edge(True, 236.0, 40.0, 160.0)]
    if case == "another line":
        lines = [LINE, (240.0, 78.0, 300.0, 118.0)]
    assert widened(picture, lines, rules)[0] == LINE


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
