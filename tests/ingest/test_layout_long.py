"""Whole notices on one line: blanks become paragraph breaks where a paragraph may begin."""

from __future__ import annotations

import pytest
from layout_kit import check_way_back, paragraphs, read

from ingest.layout import lay_out

FILL = "为深入贯彻落实有关会议精神，进一步提升全市公民科学素质，推动科普工作高质量发展，" * 5

PARTS = [
    "关于做好科普日活动期间志愿服务（登记）工作的通知",
    "云科协函〔2024〕24号",
    "各县（市、区）科协：",
    f"{FILL}现就有关事项通知如下：",
    "一、申请受理",
    "各单位需登录平台（https://example.cn/a/b.html）填写《登记表》，于 2024 年 9 月 5 日前报送。",
    "二、提高站位，服从大局。各单位要把活动当作重要工作来抓，在2024 年底前完成。",
    "（一）责任单位",
    "责任单位:市科协、教育局，各县（区）人民政府",
    "1.完善机制。各单位要指定专人负责。",
    "2.及时统计。做好资料收集。",
    "联系人及联系方式：",
    "科普部 何立，电话：0999-5550123，邮箱： kepu@example.cn。",
    "特此通知。",
    "云州市科学技术协会",
    "2024年8月12日",
    "（此件公开发布）",
]


@pytest.mark.parametrize("blank", [" ", "  ", " 　　", "\u00a0\u00a0\u00a0\u00a0"])
def test_notice_on_one_line(blank):
    text = blank.join(PARTS)
    assert paragraphs(text) == PARTS
    check_way_back(read(text), text)


def test_title_of_two_lines_stays_whole_when_parted_by_one_blank():
    name = "云州市应对高温天气 应急指挥部"
    text = f"{name}公告 （第6号） {FILL}现公告如下： 一、加强管理。 {name} 2024年7月9日"
    assert paragraphs(text) == [
        "云州市应对高温天气 应急指挥部公告",
        "（第6号）",
        f"{FILL}现公告如下：",
        "一、加强管理。",
        "云州市应对高温天气 应急指挥部",
        "2024年7月9日",
    ]


def test_label_value_and_the_paragraph_after_it():
    last = "本政策执行期暂定为自发布之日起三个月，由市科协负责解释，以后另行通知。"
    text = f"关于支持企业的通知 各县区： {FILL} 责任单位：各行政执法部门 {last}"
    assert paragraphs(text)[-2:] == ["责任单位：各行政执法部门", last]


def test_phone_before_the_signature():
    text = (
        f"关于报送材料的通知 各县区： {FILL}请报送。 联系人：林若溪，电话0999-5550123 云州市科学技术协会 2024年2月12日"
    )
    assert paragraphs(text)[-3:] == ["联系人：林若溪，电话0999-5550123", "云州市科学技术协会", "2024年2月12日"]


def test_blanks_of_a_text_with_lines_are_left_alone():
    text = "\n".join(["标题 一、不是标题。 说明", FILL, FILL, FILL, "欢欢喜喜过大年 科普祝福迎新春"])
    assert paragraphs(text)[0] == "标题 一、不是标题。 说明"


@pytest.mark.parametrize(
    "text",
    ["科" * 200_000, "（" * 100_000, "）" * 100_000, "（）" * 50_000, "*" * 100_000, "[" * 100_000, "PAGE \\* " * 5_000,
     "科技 " * 20_000, "\ta\n" * 10_000, "a\tb\n" * 10_000, "科技工作者，\n" * 10_000],
)  # fmt: skip
def test_hostile_texts_are_laid_out(text):
    assert "".join(lay_out(text).text.split()) != "" or text.strip("*") == ""


def test_five_megabytes():
    line = "为深入学习贯彻有关科学普及工作的精神，" * 10 + "\n"
    layout = lay_out(line * 9_000)
    assert len(layout.text) >= len(line) * 9_000 - 9_001
