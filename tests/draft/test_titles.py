"""Titles of several lines turn between words; rosters stand in columns; who has printed and when share a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from draft.build import Paper, make
from draft.gb9704.titles import narrower
from gongwen.cli.compose import make_pipeline
from gongwen.settings import Settings
from ingest.readers.plain import READER
from ingest.source import Source


def lines(text: str, chars: float) -> list[str]:
    """As a word processor turns them."""
    out, width = [""], 0.0
    for char in text:
        wide = 0.55 if char.isascii() else 1.0
        if width + wide > chars:
            out.append("")
            width = 0.0
        out[-1] += char
        width += wide
    return out


@pytest.mark.parametrize(("text", "printed"), [
    ("关于举办2025年云州市科技工作者日系列主题活动的通知", ["关于举办2025年云州市科技工作者日", "系列主题活动的通知"]),
    ("关于公布云州市科普教育基地名单和“科普惠农”示范村名单的通知",
     ["关于公布云州市科普教育基地名单", "和“科普惠农”示范村名单的通知"]),
])  # fmt: skip
def test_a_line_turns_between_words(text: str, printed: list[str]) -> None:
    chars = narrower(text, 20)
    assert chars is not None
    assert lines(text, chars) == printed
    assert lines(text, chars - 0.2) == printed  # a typeface a little wider or narrower turns it there, too
    assert lines(text, chars + 0.2) == printed


def test_a_short_title_needs_nothing() -> None:
    assert narrower("关于放假的通知", 20) is None


@given(st.text(alphabet="关于印发年度科普活动方案的通知《》“”、2025", max_size=60))
def test_no_line_is_wider_than_the_page(text: str) -> None:
    chars = narrower(text, 20)
    assert chars is None or chars <= 21
    if chars is not None:
        assert "".join(lines(text, chars)) == text


PLAN = """云州市科学技术协会文件
云科协字〔2023〕12号
关于印发《2023年云州市“科普乡村行”活动实施方案》的通知
各县（区）科协：
现将《2023年云州市“科普乡村行”活动实施方案》印发给你们，请认真贯彻执行。
2023年云州市“科普乡村行”活动实施方案
一、领导小组
组　长：\t周明远\t市科协党组书记、主席
组　员：\t苏念慈\t市科协科普部部长
附件：1. 2023年“科普乡村行”活动安排表
2. “科普乡村行”活动统计表
云州市科学技术协会办公室
2023年3月1日印发
"""


def test_the_neighbours_tell_what_a_line_is() -> None:
    document = READER.read(Source.of("plan.txt", PLAN.encode("utf-8"), "text/plain"))
    draft = make([Paper(make_pipeline(Settings()).derive(document)[0], document)], 2024)
    kinds = [(one.kind, one.text) for one in draft.items]
    assert ("annex_title", "2024年云州市“科普乡村行”活动实施方案") in kinds
    assert [text for kind, text in kinds if kind == "annex_note"][1] == "2. “科普乡村行”活动统计表"
    assert [text for kind, text in kinds if kind == "print"] == ["云州市科学技术协会办公室", "【待核：日期】印发"]
