"""Shapes that real papers take beside the standard one: who signs, who is addressed, rosters, tables, contacts."""

from __future__ import annotations

import pytest
from edge_kit import notice, read_body
from extract_kit import read_record

from gongwen.values.units import split_addressees, split_units

HEAD = "各县（区）科协：\n\n现将有关事项通知如下。\n\n"
END = "\n云州市科学技术协会\n2024年3月5日\n"


def test_a_name_set_apart_above_the_title_is_the_head_and_one_close_above_is_title():
    body = "云科协〔2024〕3号\n\n各县（区）科协：\n\n请于3月20日前报送总结。\n\n云州市科学技术协会\n2024年3月5日\n"
    apart = read_record(f"云州市科学技术协会\n\n关于报送2023年总结的通知\n\n{body}")
    assert apart["title"] == "关于报送2023年总结的通知"
    assert apart["letterhead"] == ["云州市科学技术协会"]


def test_a_title_broken_before_the_enclosed_paper():
    record = read_record(
        f"云州市科学技术协会关于印发\n《云州市科普专家库管理办法（试行）》的通知\n云科协〔2024〕3号\n{HEAD}{END}"
    )
    assert record["title"] == "云州市科学技术协会关于印发《云州市科普专家库管理办法（试行）》的通知"
    assert record["enclosures"] == ["云州市科普专家库管理办法（试行）"]


def test_issuers_named_in_the_title_alone():
    text = "中共云山县委\n云山县人民政府\n关于加快科普工作的意见\n（2024年5月8日）\n\n为加快科普工作，提出如下意见。\n"
    assert read_record(text)["issuers"] == ["中共云山县委", "云山县人民政府"]


def test_a_red_head_that_only_puts_the_province_before_the_signature():
    record = read_record(f"海西省云州市科学技术协会文件\n\n云科协〔2024〕3号\n\n关于开展科普活动的通知\n\n{HEAD}{END}")
    assert record["issuers"] == ["云州市科学技术协会"]


def test_contacts_above_the_signature_are_no_names_of_it():
    block = "联系人及电话：\n云州市科协　林若溪　0999-5550101\n云州科技馆　何　立　0999-5550102\n"
    record = read_record(f"关于开展科普活动的通知\n\n{HEAD}{block}{END}")
    assert record["issuers"] == ["云州市科学技术协会"]
    assert [one["name"] for one in record["contacts"]] == ["林若溪", "何立"]


def test_number_with_the_signatory_on_its_line():
    head = "云 州 市 科 协 文 件\n\n云 科 协 〔 2 0 2 4 〕 1 8 号          签发人：林若溪\n\n"
    assert read_record(f"{head}关于开展科普活动的通知\n\n{HEAD}{END}")["document_number"] == "云科协〔2024〕18号"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("各县（市）科协、教育（教体）局，有关单位", ["各县（市）科协、教育（教体）局", "有关单位"]),
        ("各省科协、教育厅（教委），有关单位", ["各省科协、教育厅（教委）", "有关单位"]),
        ("部属各单位、部属各高校，有关企业", ["部属各单位、部属各高校", "有关企业"]),
        ("市科协各部室、所属事业单位，各学会", ["市科协各部室、所属事业单位", "各学会"]),
        ("云山科创局、各镇科技主管部门，有关企业", ["云山科创局", "各镇科技主管部门", "有关企业"]),
        ("市委宣传部，市教育局、市科技局", ["市委宣传部", "市教育局", "市科技局"]),
        ("各地、市计委、科委，省直有关厅局", ["各地、市计委、科委", "省直有关厅局"]),
    ],
)  # fmt: skip
def test_addressees_of_one_kind_stay_together(line, names):
    assert [one.text for one in split_addressees(line)] == names


def test_names_parted_by_a_blank_and_names_that_end_like_verbs():
    assert [one.text for one in split_units("县科技馆 各乡镇（街道）")] == ["县科技馆", "各乡镇（街道）"]
    assert [one.text for one in split_units("县委办，县政协办")] == ["县委办", "县政协办"]


def test_addressee_that_begins_like_a_sentence():
    record = read_record(notice("特邀请贵厅参加。", addressees="自治区教育厅："))
    assert record["addressees"] == ["自治区教育厅"]


def members(text: str) -> list[tuple[str, str, str | None]]:
    record = read_record(f"关于成立科普工作领导小组的通知\n\n{HEAD}{text}\n{END}")
    return [(one["role"], one["name"], one["post"]) for one in record["leading_group"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("组　长：林若溪（校长）\n副组长：何　立（教务主任）、周明远（总务主任）",
         [("组长", "林若溪", "校长"), ("副组长", "何立", "教务主任"), ("副组长", "周明远", "总务主任")]),
        ("成员：（排名不分先后）\n　　林若溪　县教育局局长\n　　何　立　县财政局局长",
         [("成员", "林若溪", "县教育局局长"), ("成员", "何立", "县财政局局长")]),
        ("组　长：林若溪（副市长）\n成　员：阿日斯兰图（市教育局副局长）\n　　　　何　立（市财政局局长）",
         [("组长", "林若溪", "副市长"), ("成员", "阿日斯兰图", "市教育局副局长"), ("成员", "何立", "市财政局局长")]),
        ("组　长：县政府副县长　林若溪\n成　员：县农科院院长　何　立立",
         [("组长", "林若溪", "县政府副县长"), ("成员", "何立立", "县农科院院长")]),
        ("副组长：林若溪  周明远\n成员：  何 立  赵小满",
         [("副组长", "林若溪", None), ("副组长", "周明远", None), ("成员", "何立", None), ("成员", "赵小满", None)]),
        ("成　员：林若溪，县教育局副局长\n  何 立，县财政局副局长、国资局局长\n\n领导小组办公室设在县科协。",
         [("成员", "林若溪", "县教育局副局长"), ("成员", "何立", "县财政局副局长、国资局局长")]),
        ("组　长：何　立　国务院副秘书长　林若溪　某部部长\n成　员：周明远　财政部副部长　　赵小满（女）　某会书记",
         [("组长", "何立", "国务院副秘书长"), ("组长", "林若溪", "某部部长"), ("成员", "周明远", "财政部副部长"),
          ("成员", "赵小满", "某会书记")]),
        ("组　长：何若溪市科协书记、主席\n成　员：林立 市民 宗委副主任",
         [("组长", "何若溪", "市科协书记、主席"), ("成员", "林立", "市民宗委副主任")]),
        ("组　长：何立（女，白族，副市长）", [("组长", "何立", "副市长")]),
        ("成立工作专班，组长：何立（局党组副书记、副局长），副组长：林若溪（处长）、周明远（科长），成员：各局负责人。",
         [("组长", "何立", "局党组副书记、副局长"), ("副组长", "林若溪", "处长"), ("副组长", "周明远", "科长")]),
        ("成立督查组，组长由市科协书记、主席何立担任，副组长由副主席林若溪、副主席周明远担任，成员：科普部部长赵小满。",
         [("组长", "何立", "市科协书记、主席"), ("副组长", "林若溪", "副主席"), ("副组长", "周明远", "副主席"),
          ("成员", "赵小满", "科普部部长")]),
        ("组　长\t林若溪\t副市长\n成　员\t何　立\t市教育局局长\n\t周明远（女）\t市财政局局长",
         [("组长", "林若溪", "副市长"), ("成员", "何立", "市教育局局长"), ("成员", "周明远", "市财政局局长")]),
    ],
)  # fmt: skip
def test_rosters(text, found):
    assert members(text) == found


def test_an_office_head_known_from_the_roster():
    text = (
        "组　长：阿日斯兰（副市长）\n成　员：乌兰图雅（市科协主席）\n办公室设在市科协，办公室主任由乌兰图雅同志兼任。"
    )
    assert members(text)[-1] == ("办公室主任", "乌兰图雅", None)


def tasks(text: str) -> list[tuple[str, list[str], list[str]]]:
    record = read_record(f"关于印发重点任务的通知\n\n{HEAD}{END}\n重点任务\n\n{text}")
    return [(one["title"], one["lead"], one["responsible"]) for one in record["tasks"]]


def test_leads_and_helpers_told_in_one_cell():
    table = "序号\t任务\t具体举措\t责任单位\n1\t科普进校园\t讲座10场\t市科协牵头，市教育局、团市委配合\n"
    assert tasks(table) == [("科普进校园", ["市科协"], ["市教育局", "团市委"])]


def test_heads_over_two_rows_repeated_on_the_next_page():
    head = "行动名称\t序号\t工作内容\t责任分工\t\n\t\t\t牵头单位\t责任单位\n"
    rows = "青少年行动\t1\t科普进校园\t市教育局\t市科协\n", "\t2\t科技节\t市科协\t团市委\n"
    found = tasks(head + rows[0] + head + rows[1])
    assert found == [("科普进校园", ["市教育局"], ["市科协"]), ("科技节", ["市科协"], ["团市委"])]


def test_numbered_tasks_with_lines_of_labels():
    first = "任务一　健全科普网络\n牵头单位：市科协\n责任单位：各乡镇\n"
    second = "任务二　建设科普阵地\n牵头单位：市教育局\n"
    assert tasks(f"一、重点任务\n{first}{second}") == [
        ("健全科普网络", ["市科协"], ["各乡镇"]),
        ("建设科普阵地", ["市教育局"], []),
    ]


def test_a_bracket_of_names_with_a_comma():
    items = (
        "1.科普进校园。讲座10场。（市科协、市教育局）\n",
        "2.科技节。比赛3项。（市科协，相关县区政府）\n",
        "3.科普日。展览2场。（市科技馆）\n",
    )
    assert [one[2] for one in tasks(f"一、重点任务\n{''.join(items)}")] == [
        ["市科协", "市教育局"],
        ["市科协", "相关县区政府"],
        ["市科技馆"],
    ]


def test_winners_of_a_prize_are_no_leading_group():
    rows = "姓名\t性别\t工作单位及职务\n林若溪\t女\t云州医院主任\n何立\t男\t云州学校校长\n"
    assert read_record(f"关于拟表彰人选的公示\n\n{rows}\n云州市科协\n2024年3月5日\n")["leading_group"] == []


def due(text: str) -> list[str | None]:
    return [one["date"] for one in read_body(text)["deadlines"]]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("县科技馆新馆2024年6月底前建成开放。", ["2024-06-30"]),
        ("2023年6月底前建成的场馆不再申报。", []),
        ("6月18日、12月10日前分别将半年、全年总结报市科协。", ["2024-06-18", "2024-12-10"]),
        ("请于9月25日17∶30前报市科协。", ["2024-09-25"]),
        ("5月15日前，可将闲置图书捐至社区。", ["2024-05-15"]),
    ],
)
def test_days_to_come(text, dates):
    assert due(text) == dates


def contacts(text: str) -> list[tuple[str | None, list[str], str | None]]:
    return [(one["name"], one["phones"], one["email"]) for one in read_body(text)["contacts"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("咨询电话\n（一）政策咨询\n农村科　　林　立　　0999-5550101\n（二）监督\n社会科　　何若溪　　0999-5550102",
         [("林立", ["0999-5550101"], None), ("何若溪", ["0999-5550102"], None)]),
        ("联系电话：\n竞赛组：林若溪（13900000001）\n裁判组：何　立，0999-5550102",
         [("林若溪", ["13900000001"], None), ("何立", ["0999-5550102"], None)]),
        ("报名表发送至 sign@example.org；", [(None, [], "sign@example.org")]),
        ("需要收据的请回复邮件至ask@example.org。", []),
        ("咨询电话：5550101（林若溪）", [("林若溪", ["5550101"], None)]),
        ("联系方式：\n组委会办公室　林 立、何 溪　010—55550188",
         [("林立", ["010—55550188"], None), ("何溪", ["010—55550188"], None)]),
        ("业务咨询电话：\n科普处  何 立  55550188", [("何立", ["55550188"], None)]),
        ("姓名\t职务\t办公电话\t手机\n林若溪\t部长\t5550101\t13900000001\n",
         [("林若溪", ["5550101", "13900000001"], None)]),
    ],
)  # fmt: skip
def test_contact_shapes(text, found):
    assert contacts(text) == found


def test_by_when_behind_those_who_do_it():
    items = (
        "一、重点任务\n1.建立台账。逐县核查。（水利部牵头，卫生健康委、财政部按职责分工负责；2019年12月底前）\n",
        "2.公布信息。（卫生健康委牵头，水利部配合，每年3月底前）\n",
    )
    record = read_record(f"关于印发重点任务的通知\n\n{HEAD}{END}\n重点任务\n\n{''.join(items)}")
    assert [(one["lead"], one["time"]["text"]) for one in record["tasks"]] == [
        (["水利部"], "2019年12月底前"),
        (["卫生健康委"], "每年3月底前"),
    ]


def test_two_columns_of_helpers_and_cells_left_out_at_the_end_of_a_row():
    table = (
        "月份\t活动名称\t牵头单位\t配合单位\t协助单位\t备注\n"
        "3月\t启动仪式\t市科技局\t市科协\t红塔区科技局\t\n"
        "\t书目推荐\t市教育局\t市图书馆\n"
    )
    record = read_record(f"关于举办活动的通知\n\n{HEAD}{END}\n附件\n\n活动安排表\n\n{table}")
    found = [(one["title"], one["lead"], one["cooperate"], one["time"]["text"]) for one in record["tasks"]]
    assert found == [
        ("启动仪式", ["市科技局"], ["市科协", "红塔区科技局"], "3月"),
        ("书目推荐", ["市教育局"], ["市图书馆"], "3月"),
    ]


def test_labels_that_share_a_line():
    text = (
        "1．图片展\n时　间：9月14日—20日　　地　点：市科技馆一楼\n"
        "主办单位：市科协、市教育局；承办单位：市科技馆；协办单位：/\n"
    )
    row = read_record(f"关于举办科普日活动的通知\n\n{HEAD}一、主要活动\n{text}{END}")["activities"][0]
    assert (row["time"]["text"], row["location"]) == ("9月14日—20日", "市科技馆一楼")
    assert (row["hosts"], row["organizers"], row["co_organizers"]) == (["市科协", "市教育局"], ["市科技馆"], [])


def test_a_serial_in_brackets_at_the_end_of_a_title_is_the_number():
    record = read_record("云州市应急指挥部通告（第12号）\n\n现将有关事项通告如下。\n\n云州市应急指挥部\n2024年3月5日\n")
    assert (record["title"], record["document_number"]) == ("云州市应急指挥部通告（第12号）", "第12号")


def test_offices_with_their_numbers():
    block = "一、预约咨询电话：\n市直管理部：5550101、5550102\n云山管理部 5550103\n"
    found = [(one["unit"], one["phones"]) for one in read_body(block)["contacts"]]
    assert found == [("市直管理部", ["5550101", "5550102"]), ("云山管理部", ["5550103"])]


@pytest.mark.parametrize(
    ("text", "recurrence", "printed"),
    [
        ("请于每日17时前报送平安信息。", "day:", "每日17时前"),
        ("请于每周五17:00前报送进展。", "week:5", "每周五17:00前"),
    ],
)
def test_recurring_moments(text, recurrence, printed):
    row = read_body(text)["deadlines"][0]
    assert (row["recurrence"], row["text"]) == (recurrence, printed)


def test_heads_that_name_who_does_it_in_other_words():
    table = "序号\t工作事项\t牵头司局\t协同处室\t时间节点\n1\t发布办法\t科技司\t综合处\t2024年11月\n"
    record = read_record(f"关于印发重点任务的通知\n\n{HEAD}{END}\n附件\n\n时间表\n\n{table}")
    (task,) = record["tasks"]
    assert (task["lead"], task["cooperate"], task["time"]["text"]) == (["科技司"], ["综合处"], "2024年11月")


def test_labels_in_the_cell_of_those_who_do_it():
    table = "序号\t活动项目\t时间\t组织分工\n1\t健康讲堂\t5月23日\t牵头：县卫生健康局；配合：县科协、县妇联\n"
    assert tasks(table) == [("健康讲堂", ["县卫生健康局"], ["县科协", "县妇联"])]


def test_a_closing_above_the_signature_is_no_part_of_the_name():
    body = "你市请示收悉。现批复如下：\n\n同意。\n\n此复\n\n国  务  院\n\n一九九八年六月十二日\n"
    assert read_record(f"关于同意设区的批复\n\n{body}")["issuers"] == ["国务院"]


def test_two_names_beside_the_date():
    text = f"关于开展活动的通知\n\n{HEAD}\n云州市科学技术协会  云州市教育局  2024年3月8日\n"
    assert read_record(text)["issuers"] == ["云州市科学技术协会", "云州市教育局"]


def test_the_metadata_of_a_web_page_printed_along_is_no_title():
    head = "索引号: 11990700MB/2024-00123 分类: 科技\n名称: 云州市政府办公室关于印发方案的通知\n\n"
    record = read_record(f"{head}云州市政府办公室关于印发方案的通知\n\n{HEAD}{END}")
    assert record["title"] == "云州市政府办公室关于印发方案的通知"


def test_minutes_whose_red_head_stands_above_the_name_of_the_meeting():
    head = "云州市科普工作联席会议纪要\n\n〔2024〕2号\n\n云州市科学技术局　　2024年6月20日\n\n"
    record = read_record(f"{head}2024年第一次科普工作联席会议纪要\n\n6月14日召开联席会议，纪要如下。\n")
    assert record["title"] == "2024年第一次科普工作联席会议纪要"


def test_a_one_line_paper_signed_behind_a_telephone_number():
    body = "请认真执行，抓好落实。" * 25
    text = f"关于做好工作的通知 各县区： {body} 联系人：林若溪 0999-5550101 云州市教育局 2024年3月5日"
    record = read_record(text)
    assert (record["issuers"], record["issue_date"]) == (["云州市教育局"], "2024-03-05")


def test_rules_in_an_annex_have_their_deadlines_and_contacts():
    annex = "附件\n\n工作室管理办法\n\n第三条 每年12月15日前提交年度报告。\n\n联系电话：5550101（林若溪）\n"
    record = read_record(notice("请认真执行。", after=annex))
    assert [one["recurrence"] for one in record["deadlines"]] == ["year:12-15"]
    assert [one["phones"] for one in record["contacts"]] == [["5550101"]]


@pytest.mark.parametrize("text", ["请于5月13日下午下班前报送。", "作品提交截止：5月13日。"])
def test_days_with_a_moment_and_behind_their_label(text):
    assert due(text) == ["2024-05-13"]
