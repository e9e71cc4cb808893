"""Page metadata and furniture in text copies of web pages (domain.md §12 B21-B24)."""

from __future__ import annotations

import pytest
from layout_kit import check_way_back, meta, paragraphs, read

LABELS = """索 引 号：
        000099999/2024-00075
        主题分类：
        科技、教育\\其他

        发文机关：
        云州市人民政府办公室
        成文日期：
        2024年02月09日

        标　　题：
        云州市人民政府办公室关于科普工作有关问题的复函

        发文字号：
        云政办函〔2024〕16号

        主 题 词：

云州市人民政府办公室关于科普

工作有关问题的复函
"""


def test_label_lines_with_values_below():
    document = read(LABELS)
    assert meta(document) == [
        ("索引号", "000099999/2024-00075"),
        ("主题分类", "科技、教育\\其他"),
        ("发文机关", "云州市人民政府办公室"),
        ("成文日期", "2024年02月09日"),
        ("标题", "云州市人民政府办公室关于科普工作有关问题的复函"),
        ("发文字号", "云政办函〔2024〕16号"),
        ("主题词", ""),
    ]
    assert paragraphs(LABELS) == ["云州市人民政府办公室关于科普", "工作有关问题的复函"]
    check_way_back(document, LABELS)


PAIRS = """ 无障碍    长者助手\ue705 我的收藏   收藏
政府信息公开 规章库

云州市人民政府信息公开

索引号: 11990700007062431G/2024-00748 分类: 科技、教育
发布机构: 云州市人民政府办公室 成文日期: 2024-09-13
名称: 云州市人民政府办公室关于印发《2024年云州市科普日活动方案》的通知
文号: 云府办函〔2024〕117号 发布日期: 2024-09-16
主题词:
【打印】 【字体:

云州市人民政府办公室关于印发《2024年云州市科普日活动方案》的通知

发布日期:2024-09-16  浏览次数:-

云府办函〔2024〕117号

各市(区)人民政府,市有关单位:

  图解:2024年云州市科普日活动方案

  解读文本:2024年云州市科普日活动方案
"""


def test_several_pairs_on_a_line_and_furniture():
    document = read(PAIRS)
    assert meta(document) == [
        ("索引号", "11990700007062431G/2024-00748"),
        ("分类", "科技、教育"),
        ("发布机构", "云州市人民政府办公室"),
        ("成文日期", "2024-09-13"),
        ("名称", "云州市人民政府办公室关于印发《2024年云州市科普日活动方案》的通知"),
        ("文号", "云府办函〔2024〕117号"),
        ("发布日期", "2024-09-16"),
        ("主题词", ""),
        ("发布日期", "2024-09-16"),
    ]
    assert paragraphs(PAIRS) == [
        "云州市人民政府办公室关于印发《2024年云州市科普日活动方案》的通知",
        "云府办函〔2024〕117号",
        "各市(区)人民政府,市有关单位:",
    ]
    check_way_back(document, PAIRS)


def test_publication_time_under_the_title():
    document = read("关于组织申报项目的通知\n\n发布时间：2024-09-25 02:50:30\n\n各县（区）科协：\n")
    assert meta(document) == [("发布时间", "2024-09-25 02:50:30")]
    assert "发布时间：2024-09-25 02:50:30" in document.text


@pytest.mark.parametrize(
    "line",
    [
        "公开方式：主动公开",
        "标题：科技改变生活",
        "分类：第一类",
        "为做好来源：本地的统计工作，制定方案。",
        "文号要写明。",
        "收藏科普图书一百册，分享读书心得。",
        "相关链接机制另行制定。",
        "中小学",
    ],
)
def test_lines_of_the_document_are_not_taken_for_the_page(line):
    assert paragraphs(f"关于开展活动的通知\n{line}\n正文如下。\n") == ["关于开展活动的通知", line, "正文如下。"]


@pytest.mark.parametrize(
    "line",
    [
        "扫一扫在手机打开当前页",
        "【打印】 【关闭】",
        "当前位置：首页 > 政务公开 > 文件",
        "首页 > 政务公开 > 通知公告",
        "上一篇：关于某事的通知",
        "浏览次数：123",
        "版权所有：云州市科学技术协会",
        "海ICP备12345678号-1",
        "分享到：微信 微博",
        "打印本页 关闭窗口",
        "云州市科学技术局 政府信息公开　无障碍　长者模式",
    ],
)
def test_furniture_goes(line):
    assert paragraphs(f"关于开展活动的通知\n正文如下。\n{line}\n") == ["关于开展活动的通知", "正文如下。"]


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("来源：市教育局　发布时间：2024-05-16　访问次数：677", [("来源", "市教育局"), ("发布时间", "2024-05-16")]),
        (
            "2024-05-16 10:20　来源：云州日报　【字体：大 中 小】 【打印】",
            [("发布时间", "2024-05-16 10:20"), ("来源", "云州日报")],
        ),
        ("时间：2024-05-16 | 作者：林若溪 | 浏览：96次", [("时间", "2024-05-16")]),
        ("2024年5月16日 阅读 1024", [("发布时间", "2024年5月16日")]),
        ("2024-05-16 10:20:33", [("发布时间", "2024-05-16 10:20:33")]),
        ("来源：本网\n2024/05/16\n点击数：12", [("来源", "本网"), ("发布时间", "2024/05/16")]),
    ],
)
def test_attribute_line_under_the_title(line, pairs):
    text = f"关于组织申报项目的通知\n{line}\n各县（区）科协：\n"
    document = read(text)
    assert meta(document) == pairs
    assert paragraphs(text) == ["关于组织申报项目的通知", "各县（区）科协："]
    check_way_back(document, text)


@pytest.mark.parametrize(
    "line",
    [
        "日期：2024年5月16日",
        "时间：2024年5月16日 地点：云州科技馆",
        "2024年5月16日",
        "2024-05-16",
        "云科协字〔2024〕12号",
        "阅读书目：科学技术简史",
        "来源：各单位自筹。",
        "打印材料 一式三份",
    ],
)
def test_lines_that_only_look_like_attributes_stay(line):
    assert paragraphs(f"关于开展活动的通知\n{line}\n正文如下。\n") == ["关于开展活动的通知", line, "正文如下。"]


@pytest.mark.parametrize(
    "labels",
    [
        "索引号\n000/2024-75\n发布机构\n云州市科协\n文号\n无\n",
        "索引号\t000/2024-75\t发布机构\t云州市科协\n文号\t无\n",
        "索引号　000/2024-75\n发布机构　云州市科协\n文号　　　无\n",
        "索引号：000/2024-75\n发布机构：云州市科协\n文号：无\n",
        "索 引 号\n\n000/2024-75\n\n发布机构\n\n云州市科协\n\n文　　号\n\n无\n",
    ],
)
def test_labels_in_many_shapes(labels):
    text = f"{labels}关于组织申报项目的通知\n各县（区）科协：\n"
    document = read(text)
    assert meta(document) == [("索引号", "000/2024-75"), ("发布机构", "云州市科协"), ("文号", "")]
    assert paragraphs(text) == ["关于组织申报项目的通知", "各县（区）科协："]
    check_way_back(document, text)


def test_columns_of_a_list_are_no_metadata():
    text = "标题\t发布日期\n关于开展活动的通知\t2024-09-01\n关于申报项目的通知\t2024-09-02\n"
    assert meta(read(text)) == []
