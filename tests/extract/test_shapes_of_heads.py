"""Heads and ends that differ from the standard one: remarks under titles, seals lent, papers without a number of their
own, dates in brackets, two bodies that sign, names that stay together."""

from __future__ import annotations

import pytest
from extract_kit import read_record, read_records

from gongwen.values.units import split_addressees, split_units

BODY = "各县（区）科协：\n\n现将有关事项通知如下，请认真组织实施。\n"
END = "\n云州市科学技术协会\n2024年3月5日\n"


@pytest.mark.parametrize("note", ["第二轮", "第一号", "2号通知", "试行", "征求意见稿", "第三次", "送审稿"])
def test_a_remark_in_brackets_under_the_title_belongs_to_it(note):
    record = read_record(f"云科协〔2024〕3号\n\n关于召开云州市学术年会的通知\n（{note}）\n\n{BODY}{END}")
    assert record["title"] == f"关于召开云州市学术年会的通知（{note}）"
    assert record["doc_type"] == "通知"


@pytest.mark.parametrize("note", ["2024年3月5日", "云州市科学技术协会办公室", "共12名，按姓氏笔画排列"])
def test_other_brackets_under_the_title_do_not(note):
    record = read_record(f"云科协〔2024〕3号\n\n关于召开云州市学术年会的通知\n（{note}）\n\n{BODY}{END}")
    assert record["title"] == "关于召开云州市学术年会的通知"


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("代表登记表（请于4月12日前反馈）", "代表登记表"),
        ("代表登记表（另发）", "代表登记表"),
        ("代表登记表（可从云州科协网下载）", "代表登记表"),
        ("代表登记表（加盖公章）", "代表登记表"),
        ("云州市科普基地管理办法（试行）", "云州市科普基地管理办法（试行）"),
        ("云州市科普基地管理办法（2024年修订）", "云州市科普基地管理办法（2024年修订）"),
    ],
)
def test_a_remark_to_the_reader_is_no_part_of_an_annexs_title(printed, title):
    text = f"云科协〔2024〕3号\n\n关于召开年会的通知\n\n{BODY}\n附件：{printed}\n{END}"
    assert read_record(text)["annexes"] == [title]


def test_the_first_paper_of_a_file_may_have_no_number():
    first = f"云州市教育局\n更正通知\n\n{BODY.replace('通知如下', '更正如下')}\n云州市教育局\n2024年4月2日\n"
    second = f"云州市教育局\n\n云教函〔2024〕8号\n\n关于公布获奖名单的通知\n\n{BODY}\n云州市教育局\n2024年3月9日\n"
    records = read_records(f"{first}\n\n\n{second}")
    assert [one["title"] for one in records] == ["云州市教育局更正通知", "关于公布获奖名单的通知"]
    assert [one["issue_date"] for one in records] == ["2024-04-02", "2024-03-09"]
    assert records[1]["document_number"] == "云教函〔2024〕8号"


def test_a_number_below_the_page_line_of_its_own_paper_begins_no_other():
    head = "关于开展科普活动的通知\n来源：云州市科学技术协会\n发布日期：2024-03-06\n云科协〔2024〕3号\n\n"
    assert len(read_records(f"{head}{BODY}{END}")) == 1


def test_days_in_brackets_under_a_timetable_are_its_time_and_one_day_is_the_day_of_signing():
    table = "时间\t内容\t地点\t主办单位\n5月8日上午\t开幕式\t云州科技馆\t市科协\n5月9日\t报告会\t云州剧院\t市科协\n"
    record = read_record(f"云州市科技周活动日程\n\n（2024年5月8日—10日）\n\n{table}")
    assert record["issue_date"] is None
    assert (record["activity_time"]["start"], record["activity_time"]["end"]) == ("2024-05-08", "2024-05-10")
    decided = read_record("中共云山县委\n关于表彰先进的决定\n\n（二〇二四年五月八日）\n\n各乡镇党委：\n\n现予表彰。\n")
    assert decided["issue_date"] == "2024-05-08"
    assert decided["activity_time"] is None


def test_who_lends_the_seal_does_not_issue():
    head = "云州市科普专家委员会\n\n云专委〔2024〕1号\n\n关于公布名单的通知\n\n"
    record = read_record(f"{head}{BODY}\n云州市应急管理局（代章）\n2024年3月5日\n")
    assert record["issuers"] == ["云州市科普专家委员会"]
    alone = read_record(f"关于公布名单的通知\n\n{BODY}\n云州市应急管理局（代章）\n2024年3月5日\n")
    assert alone["issuers"] == ["云州市应急管理局"]


@pytest.mark.parametrize(
    "names",
    [
        ["云山县第三中学团委", "云山县第三中学学生会"],
        ["云州大学研究生会", "云州大学校友会"],
        ["第三届云州市科技论坛组委会"],
        ["云州市学会筹备组"],
    ],
)
def test_bodies_of_schools_and_of_events_sign(names):
    record = read_record("节约用水倡议书\n\n同学们：\n\n让我们行动起来。\n\n" + "\n".join(names) + "\n2024年3月22日\n")
    assert record["issuers"] == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("各镇党委、政府，县直各部门", ["各镇党委、政府", "县直各部门"]),
        ("各会员代表、各理事单位", ["各会员代表", "各理事单位"]),
        ("各位专家、各有关单位", ["各位专家", "各有关单位"]),
        ("各学院学生会、研究生会，各社团", ["各学院学生会、研究生会", "各社团"]),
        ("各县教育局、科技局", ["各县教育局、科技局"]),
    ],
)
def test_which_names_stay_together(line, names):
    assert [one.text for one in split_addressees(line)] == names


@pytest.mark.parametrize("tail", ["工作打算", "工作计划"])
def test_a_report_of_one_year_and_a_plan_for_the_next_is_a_report(tail):
    record = read_record(f"云州市农技协联合会\n2023年工作总结和2024年{tail}\n\n2023年，我会认真履职，成效明显。\n")
    assert record["title"] == f"云州市农技协联合会2023年工作总结和2024年{tail}"
    assert record["doc_type"] == "总结"
    notice = read_record(f"关于报送2023年工作总结和2024年{tail}的通知\n\n{BODY}{END}")
    assert notice["doc_type"] == "通知"


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("市科协、各学会、协会、研究会", ["市科协", "各学会、协会、研究会"]),
        ("各镇政府、街道办事处，市教育局", ["各镇政府、街道办事处", "市教育局"]),
        ("有关学会、协会", ["有关学会、协会"]),
        ("市化学会、物理学会", ["市化学会", "物理学会"]),
        ("各县科协、教育局", ["各县科协", "教育局"]),
        ("市教育局、街道办事处", ["市教育局", "街道办事处"]),
    ],
)
def test_bare_kinds_behind_a_group_belong_to_it(printed, names):
    assert [one.text for one in split_units(printed)] == names


def test_the_way_to_a_page_and_its_table_are_no_head():
    page = "海西省科学技术厅\n海西科技网 > 政务公开 > 通知公告\n文号\t云科办〔2024〕41号\n成文日期\t2024-04-12\n"
    text = f"{page}[字体：大 中 小]\n\n云州市科协办公室\n云科办〔2024〕41号\n\n关于开展评选工作的通知\n\n{BODY}{END}"
    record = read_record(text)
    assert record["title"] == "关于开展评选工作的通知"
    assert record["document_number"] == "云科办〔2024〕41号"
    assert record["letterhead"] == ["云州市科协办公室"]


def test_lines_of_minutes_that_name_nobody():
    head = "云州市人民政府\n专题会议纪要\n〔2024〕8号\n\n云州市人民政府办公室        2024年6月9日\n\n"
    text = f"{head}研究科技馆建设有关问题\n会议纪要\n\n会议强调，要抓好落实。\n"
    assert read_record(text)["issuers"] == ["云州市人民政府", "云州市人民政府办公室"]


def test_annexes_noted_without_a_colon():
    text = f"云科协〔2024〕3号\n\n关于召开年会的通知\n\n{BODY}\n附件1.活动方案\n附件2.报名表（见市科协网站）\n{END}"
    assert read_record(text)["annexes"] == ["活动方案", "报名表"]


def test_names_below_a_heading_that_asks_for_them_do_not_sign():
    text = f"云科协〔2024〕3号\n\n关于召开年会的通知\n\n{BODY}一、主办单位\n云州市科协\n云州市教育局\n{END}"
    record = read_record(text)
    assert record["hosts"] == ["云州市科协", "云州市教育局"]
    assert record["issuers"] == ["云州市科学技术协会"]
