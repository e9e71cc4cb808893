"""Artefacts of converters go, the words and the way back stay (domain.md §12 A14, B17-B20, B31)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layout_kit import check_spans, check_way_back, paragraphs, read

from ingest.layout import lay_out


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[bookmark: _GoBack]请于2024年12月4日前报送。", "请于2024年12月4日前报送。"),
        ('邮箱：HYPERLINK "mailto:kepu@example.cn" kepu@example.cn', "邮箱：kepu@example.cn"),
        ("共 PAGE \\* MERGEFORMAT 页", "共  页"),
        ("目录 _Toc123456 一览", "目录  一览"),
        ("软\u00ad连\u200b字\ufeff符", "软连字符"),
        ("姓名：林\ue705溪", "姓名：林\ue705溪"),
        ("通知 \ue705 全文", "通知  全文"),
        ("#千万科普# 话题标签", "#千万科普# 话题标签"),
        ("路径 财政\\其他", "路径 财政\\其他"),
        ("三星*标记*不动", "三星*标记*不动"),
    ],
)
def test_artefacts_of_plain_text(source, expected):
    assert paragraphs(f"标题\n{source}\n")[1] == expected
    check_way_back(read(f"标题\n{source}\n"), f"标题\n{source}\n")


MARKED = """## 关于印发 2024 年科普日云州活动方案的通知

**各县（区）科协：**

### **2. 2024 年云州市青少年科学荟**

**（三）各单位特色活动。**各县区各单位组织开展活动，带 #科普# 标签。

请登录网站([www.kepu.example](http://www.kepu.example))发布，邮箱 ke\\_pu@example.cn。
"""


def test_markdown_in_plain_text():
    document = read(MARKED)
    assert paragraphs(MARKED) == [
        "关于印发 2024 年科普日云州活动方案的通知",
        "各县（区）科协：",
        "2. 2024 年云州市青少年科学荟",
        "（三）各单位特色活动。各县区各单位组织开展活动，带 #科普# 标签。",
        "请登录网站(www.kepu.example)发布，邮箱 ke_pu@example.cn。",
    ]
    assert [block.level for block in document.blocks] == [2, 0, 3, 0, 0]
    assert [block.bold for block in document.blocks] == [False, True, False, False, False]
    assert document.links == (("www.kepu.example", "http://www.kepu.example"),)
    check_way_back(document, MARKED)


def test_heading_and_paragraph_are_not_joined():
    assert paragraphs("## 一、关于深入学习，广泛宣传\n各单位要高度重视，加强领导。\n") == [
        "一、关于深入学习，广泛宣传",
        "各单位要高度重视，加强领导。",
    ]


SIGNS = "科普活动，。、；：（）《》一二1.2-—*#_[]()|\\<> \t\n\r\f\u3000\u00a0\u200b\ue705"
CHARS = st.sampled_from([*SIGNS, "\n\n", "## ", "**", "附件："])
FRAGMENTS = st.sampled_from(
    [
        "索引号：00/1",
        "组 长：\t何立\t主席",
        "— 2 —",
        "[x](http://a.b)",
        'HYPERLINK "a" b',
        "2024年5月6日",
        "云科协字〔2024〕12号",
        "发布日期：2024-05-06 浏览次数：3",
        "\t甲\n\t乙\n\n\t1\n\t2\n\n",
        "a\tb\nc\td\n",
        "【打印】",
        "联系人：何立",
        "1. 组织活动，加强宣",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(CHARS | FRAGMENTS, max_size=60).map("".join))
def test_way_back_is_exact_whatever_comes(source):
    for markdown in (None, True):
        layout = lay_out(source, markdown=markdown)
        at, covered = 0, set()
        for start, origin, length in layout.origin:
            assert start >= at and layout.text[start : start + length] == source[origin : origin + length]
            at = start + length
            covered.update(range(start, at))
        assert all(i in covered for i, char in enumerate(layout.text) if not char.isspace())


@settings(max_examples=100, deadline=None)
@given(st.lists(CHARS | FRAGMENTS, min_size=1, max_size=40).map("".join))
def test_spans_are_sound_whatever_comes(source):
    check_spans(read(f"通知\n{source}"))
