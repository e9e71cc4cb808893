"""Folds keep the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongwen.text import Span, close_gaps, cover, fold_tight, fold_width

TEXTS = st.text(alphabet=st.sampled_from("云州市科协 　\t\n（(【[〔２02４ABab，,：:—－-~～•·⼀⽅①㈠…"), max_size=60)


@given(TEXTS)
def test_width_fold_keeps_every_offset(text):
    assert len(fold_width(text)) == len(text)


@given(TEXTS)
def test_width_fold_is_stable(text):
    assert fold_width(fold_width(text)) == fold_width(text)


@given(TEXTS)
def test_tight_fold_maps_back_to_the_same_characters(text):
    folded = fold_tight(text)
    for at, char in enumerate(folded.text):
        source = folded.span(at, at + 1).of(text)
        assert fold_width(source) == char or (char == " " and source.isspace())


@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
def test_tight_fold_of_a_part_points_into_the_whole(text, start, length):
    end = min(len(text), start + length)
    start = min(start, end)
    folded = fold_tight(text, start, end)
    assert all(start <= at < end for at in folded.origin)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("２０２１年３月", "2021年3月"),
        ("云府办函【2021】117號", "云府办函〔2021〕117号"),
        ("⼀⽅⼯", "一方工"),
        ("①…㈠", "①…㈠"),
        ("(一)", "（一）"),
        ("2020年4－9月", "2020年4-9月"),
        ("行动•云州", "行动·云州"),
    ],
)
def test_width_fold(text, folded):
    assert fold_width(text) == folded


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("云 州 市 科 学 技 术 协 会", "云州市科学技术协会"),
        ("2024 年云州 活动", "2024年云州活动"),
        ("千万 IP 创科普", "千万IP创科普"),
        ("IP Core", "IP Core"),
        ("等精\n神", "等精神"),
    ],
)
def test_gaps_are_closed(text, closed):
    assert close_gaps(text) == closed


def test_a_couplet_keeps_its_space_on_one_line_only():
    assert close_gaps("欢欢喜喜过大年 科普祝福迎新春", couplet=True) == "欢欢喜喜过大年 科普祝福迎新春"
    assert close_gaps("欢欢喜喜过大年\n科普祝福迎新春", couplet=True) == "欢欢喜喜过大年科普祝福迎新春"
    assert close_gaps("侯  刚", couplet=True) == "侯刚"


def test_a_span_ends_after_it_begins():
    with pytest.raises(ValueError, match="not a span"):
        Span(3, 2)


def test_cover():
    assert cover([Span(5, 7), Span(1, 2)]) == Span(1, 7)
    assert cover([]) is None
