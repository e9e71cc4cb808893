"""Page numbers of every kind in running text (domain.md §12 A6-A8)."""

from __future__ import annotations

import pytest
from layout_kit import check_way_back, paragraphs, read

HEAD = "云州市科学技术协会\n关于开展活动的通知\n各县（区）科协：\n"
FIRST = ("为深入贯彻落实有关会议精神，进一步提升全市公民科学素", "质，现就开展活动的有关事项通知如下。")
SECOND = ("要结合本地实际制定方案，明确责任分工，落实工作经费，做好活", "动的组织实施。")
MIDDLE = "一、活动时间\n2024年9月。\n二、活动地点\n云州科技馆。\n"


def test_bare_numbers_that_rise_go():
    source = f"{HEAD}{FIRST[0]}\n12\n{FIRST[1]}\n{MIDDLE}{SECOND[0]}\n\n13\n\n{SECOND[1]}\n"
    document = read(source)
    found = paragraphs(source)
    assert "".join(FIRST) in found and "".join(SECOND) in found
    assert not {"12", "13"} & set(found)
    check_way_back(document, source)


def test_the_number_of_the_last_page_goes_with_the_others():
    assert paragraphs(f"{FIRST[0]}\n1\n{FIRST[1]}\n{MIDDLE}2\n")[-1] == "云州科技馆。"


def test_pages_of_one_long_line_each():
    long = "各单位要高度重视，精心组织，认真落实，" * 6
    text = f"{FIRST[0]}\n12\n{FIRST[1]}{long}{SECOND[0]}\n13\n{SECOND[1]}\n"
    assert paragraphs(text) == [f"{''.join(FIRST)}{long}{''.join(SECOND)}"]


@pytest.mark.parametrize("text", ["{}\n7\n\f{}\n", "{}\n\f7\n{}\n"])
def test_number_at_a_form_feed_goes(text):
    assert paragraphs(text.format(*FIRST)) == ["".join(FIRST)]


@pytest.mark.parametrize(
    "text",
    [
        "序号\n1\n市科协\n2\n市教育局\n3\n市文旅局\n",
        "参加单位数如下。\n12\n结束。\n",
        "甲组得分如下。\n12\n第一轮结束。\n第二轮结束。\n第三轮结束。\n13\n全部结束。\n",
        f"{FIRST[0]}\n12\n{FIRST[1]}\n",
    ],
)
def test_other_numbers_stay(text):
    assert set(_numbers(text)) <= set(paragraphs(text))


def _numbers(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.isdigit()]
