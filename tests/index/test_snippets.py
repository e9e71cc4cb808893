from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.highlight import snippets


def _texts(text: str, *needles: str) -> list[str]:
    return ["".join(piece for piece, _ in snippet) for snippet in snippets(text, needles)]


def test_nothing_matched_shows_nothing():
    assert snippets("云州市科协。" * 50, ["没有"]) == ()
    assert snippets("云州市科协。", []) == ()
    assert snippets("", ["没有"]) == ()


def test_windows_that_touch_are_one():
    text = "前" * 200 + "科普" + "中" * 70 + "活动" + "后" * 200
    (only,) = _texts(text, "科普", "活动")
    assert only == "前" * 40 + "科普" + "中" * 70 + "活动" + "后" * 40


def test_a_gap_of_a_few_characters_is_shown_too():
    assert len(_texts("前" * 90 + "科普" + "中" * 86 + "活动" + "后" * 90, "科普", "活动")) == 1
    assert len(_texts("前" * 90 + "科普" + "中" * 95 + "活动" + "后" * 90, "科普", "活动")) == 2


def test_a_window_does_not_grow_without_end():
    found = _texts("科普活动" * 500, "科普")
    assert found
    assert all(len(one) <= 210 for one in found)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("0999-5550123", "0999-5550124"),
        ("云州ScienceFestival2024", "International-Science"),
        ("云科协字〔2024〕12号", "云科协字〔2024〕13号"),
        ("2024年9月13日", "2024年10月30日"),
        ("共1,234,567元", "达到99.95％以上"),
        ("１３９００００００１", "ＡＢＣＤＥＦＧ"),
    ],
)
def test_no_number_and_no_latin_word_is_cut(before: str, after: str):
    for far in range(28, 46):
        text = "开头" * 30 + before + "甲" * far + "科普" + "乙" * far + after + "结尾" * 30
        (only,) = _texts(text, "科普")
        start = text.index(only)
        for edge in (start, start + len(only)):
            around = text[edge - 1 : edge + 1]
            assert any("\u4e00" <= char <= "\u9fff" for char in around), around
            assert not (around[0].isdigit() and around[1] in "年月日号元"), around


@pytest.mark.parametrize("number", ["139 0000 0001", "139-0000-0001", "139000\n00001", "he.li @ mail.example"])
def test_a_number_with_gaps_is_shown_whole_or_not(number: str):
    """Pages star a number that they see whole; one that a snippet cuts would be told in pieces."""
    for far in range(24, 46):
        text = "开头" * 30 + number + "甲" * far + "科普" + "乙" * far + number + "结尾" * 30
        (only,) = _texts(text, "科普")
        assert {one.strip("开头结尾") for one in (only.split("甲")[0], only.split("乙")[-1])} <= {number, ""}, only
    for piece in number.replace("\n", " ").split(" "):
        (only,) = _texts("甲" * 100 + number + "乙" * 100, piece)
        assert number in only


def test_a_number_that_is_searched_in_part_is_shown_whole():
    (only,) = _texts("甲" * 100 + "0999-5550123" + "乙" * 100, "5550123")
    assert "0999-5550123" in only


def test_windows_begin_and_end_at_marks():
    text = "甲" * 60 + "。现就科普日活动通知如下，" + "乙" * 20 + "。" + "丙" * 60
    assert _texts(text, "科普日") == ["现就科普日活动通知如下，" + "乙" * 20 + "。"]
    text = "甲" * 60 + "，现就科普日活动" + "乙" * 20 + "，" + "丙" * 60
    assert _texts(text, "科普日") == ["现就科普日活动" + "乙" * 20 + "，"]


@given(
    st.text(alphabet="科普日活动甲乙1a9\n。，", max_size=900),
    st.sampled_from([("科普",), ("科普", "活动"), ("日", "a")]),
)
@settings(max_examples=200, deadline=None)
def test_text_is_left_out_between_any_two_windows(text: str, needles: tuple[str, ...]):
    at = 0
    for one in _texts(text, *needles):
        found = text.find(one, at)
        assert found >= 0
        assert at == 0 or found > at
        at = found + len(one)
