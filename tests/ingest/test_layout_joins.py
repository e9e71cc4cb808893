"""Lines that belong together, and lines that do not (domain.md §12 A1-A8)."""

from __future__ import annotations

import pytest
from layout_kit import paragraphs

BROKEN = [
    ("宣讲国民经济和社会发展规划，深入学习远景目标的建议等精", "神，宣传重大方针政策。"),
    ("巩固脱贫攻坚成果，坚持分类施策，大力发展科技小院模", "式，以点带面，打造新模式。"),
    ("结合本地实际开展富有特色的科普宣传服务，联合当地新", "闻媒体宣传部门，做好宣传报道。"),
    ("各县（区）科协，县（区）教育局、科技局、林业和园林局，", "县（区）总工会，各级科普教育基地："),
    ("主办单位：云州市科学技术协会、中共云州市委宣传部、", "中共云州市委老干部局、云州市教育局"),
    ("1.广泛开展农村科普活动。组织开展科技下乡活", "动。坚持公平普惠。"),
    ("现将《云州市全民科学素质行动方案》", "的有关要求通知如下，请认真执行。"),
    ("各县（区）科协、市级各学会、各科普教育基地、高校科", "协，有关单位："),
    ("各县（区）科协、市级各学会、各科普教育基地、各有关", "单位："),
    ("要按照工作方针，围绕“节约能源资源、保护生态环境”", "主题，广泛动员全社会力量，开展宣传活动。"),
]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n— 2 —\n\n", "\n- 3 -\n", "\n第 1 页 共 5 页\n", "\n第2页\n"])
@pytest.mark.parametrize(("first", "second"), BROKEN)
def test_broken_sentence_is_one_paragraph(first, second, gap):
    assert paragraphs(f"关于开展活动的通知\n\n{first}{gap}{second}\n") == ["关于开展活动的通知", first + second]


APART = [
    ("各单位要讲好故事，大力弘扬“两弹一星精神。”", "各县区要统筹推进，狠抓落实。"),
    ("2024年云州市科学技术协会“科普云州”系列活动实施方案", "为深入学习贯彻有关精神，制定本方案。"),
    ("一、活动主题", "科普云州行"),
    ("附件：1. 2024年活动安排表", "2. 2024年活动统计表"),
    ("（牵头部门：学会部，责任单位：各县区科协）", "（二）学术科普进农村"),
    ("普及创新成果，讲好企业家创业创新故事，普及创新成果", "6. 农技协联合行动。发动农技协组织，面向农民。"),
    ("联系电话：0999-5550123（兼传真），13900000001", "云州市科学技术协会"),
    ("电子邮箱：kepu@example.cn", "中共云州市委老干部局"),
    ("联 系 人：林若溪", "联系电话：5550123"),
    ("云科协字〔2024〕12号", "各县（区）科协："),
    ("云州市科学技术协会", "2024年9月10日"),
    ("柳 河 市 教 育 局", "柳 河 市 科 学 技 术 局"),
    ("关于上报2024年全民科学素质工作总结和", "2025年工作计划的通知"),
    ("现将有关事项通知如下，请认真贯彻执行。", "云州市科学技术协会"),
    ("报名咨询：何立，邮箱：kepu@example.cn", "作品报送：林若溪，电话：0999-5550123"),
    ("2024年云州市“科普云州行”系列活动统计表", "填报单位："),
    ("特此通知", "云州市科学技术协会"),
    ("组 长：周明远  市科协主席", "副组长：林若溪  市科协副主席"),
    ("为做好有关工作，现就开展活动有关事项", "公开方式：主动公开"),
    ("组织开展以下各项工作，提升全民科学素质，确保目标", "第二条 各县区负责本辖区的工作。"),
]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(("first", "second"), APART)
def test_what_stands_alone_stays_alone(first, second, gap):
    assert paragraphs(f"{first}{gap}{second}\n") == [first, second]


def test_spaced_names_stay_as_printed():
    assert paragraphs("云 州 市 科 学 技 术 协 会  \n中 共 云 州 市 委 宣 传 部\n\n文件\n") == [
        "云 州 市 科 学 技 术 协 会",
        "中 共 云 州 市 委 宣 传 部",
        "文件",
    ]


def test_roster_lines_stay_lines():
    text = (
        "组  长：周明远  市委常委、副市长\n副组长：林若溪  市政府副秘书长\n        何  立  市科协主席\n"
        "        欧阳安国  市科协副主席\n领导小组下设办公室，负责日常工作。\n"
    )
    assert paragraphs(text) == [
        "组  长：周明远  市委常委、副市长",
        "副组长：林若溪  市政府副秘书长",
        "何  立  市科协主席",
        "欧阳安国  市科协副主席",
        "领导小组下设办公室，负责日常工作。",
    ]


def test_tabbed_roster_is_no_table():
    text = "组 长：\t周明远\t市科协主席\n副组长：\t林若溪\t市科协副主席\n\t何 立\t市科协副主席\n\n办公室设在市科协。\n"
    assert paragraphs(text) == [
        "组 长：\t周明远\t市科协主席",
        "副组长：\t林若溪\t市科协副主席",
        "何 立\t市科协副主席",
        "办公室设在市科协。",
    ]


@pytest.mark.parametrize("head", ["组 长：周明远\t市科协主席", "\t组  长：\t周明远\t市科协主席"])
@pytest.mark.parametrize("lead", ["\t", "\t\t"])
def test_tabbed_lines_below_a_roster_are_of_it(head, lead):
    rest = ["阿依努尔·买买提\t县审计局副局长", "何  立\t县教育局副局长", "欧阳安国\t县财政局副局长"]
    text = "\n".join(["成立领导小组。", head, *(lead + one for one in rest), "", "办公室设在市科协。"])
    assert paragraphs(text) == ["成立领导小组。", head.strip(), *rest, "办公室设在市科协。"]


def test_page_number_between_sentences_goes():
    found = paragraphs("第一句话，讲清道理。\n— 12 —\n第二句话，讲清要求。\n")
    assert found == ["第一句话，讲清道理。", "第二句话，讲清要求。"]


@pytest.mark.parametrize("line", ["2024", "5-6月", "—是有的", "第3页说明", "3/5"])
def test_numbers_that_are_no_page_numbers_stay(line):
    assert paragraphs(f"说明如下。\n{line}\n") == ["说明如下。", line]


def test_wrapped_text_is_put_together():
    lines = [
        "    为认真贯彻落实省委省政府关于新时代科学普及工作的意见",
        "精神，进一步提升全市公民科学素质，按照年度工作安排，市科",
        "协决定在全市范围内组织开展科普进乡村活动，请各单位高度重",
        "视，精心组织，确保活动取得实效。现将有关事项通知如下，请",
        "遵照执行。",
        "    一、提高认识",
        "    各县（区）科协要充分认识科学普及工作的重要意义，把活动",
        "作为全年的重点工作来抓，切实加强领导，周密部署，扎实推进。",
        "要结合本地实际制定方案，明确责任分工，落实工作经费，做好活",
        "动的组织实施。",
        "    联系人：林若溪，电话：0999-5550123，电子邮箱：",
        "kepu@yunzhou.example。",
    ]
    assert paragraphs("\n".join(lines)) == [
        "".join(line.strip() for line in lines[:5]),
        "一、提高认识",
        "".join(line.strip() for line in lines[6:10]),
        "".join(line.strip() for line in lines[10:]),
    ]


def test_latin_words_keep_a_blank_where_lines_meet():
    text = "本次活动采用统一的平台，平台名称为 open science\nplatform，请各单位登录。\n"
    assert paragraphs(text) == ["本次活动采用统一的平台，平台名称为 open science platform，请各单位登录。"]
