"""Contradictions are told, never repaired (domain.md §12 D51-D58)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from edge_kit import codes, column, notice, read_body
from extract_kit import NOTICE, read_document, read_record, read_records

from extract.pipeline import extract
from gongwen.document import Box, Run
from gongwen.record import Issue, Record
from gongwen.rulebook import load_rulebook
from gongwen.text import Span

UNITS = [
    "云州市科学技术协会", "中共云州市委宣传部", "云州市教育局", "云州市水利局", "云州市农业农村局",
    "共青团云州市委员会",
]  # fmt: skip


def _joint(head: list[str], signed: list[str]) -> Record:
    text = notice("请认真执行。", head="\n\n".join([*head, "文件"]), signed="\n\n".join([*signed, "2024年9月10日"]))
    return read_record(text)


def _told(record: Record, code: str) -> Issue:
    (issue,) = [one for one in record.issues if one.code == code]
    return issue


@pytest.mark.parametrize("paper", [NOTICE, notice("请认真执行。")])
def test_a_paper_that_agrees_with_itself_has_no_issue(paper):
    assert read_record(paper).issues == []


def test_names_lost_under_seals_are_told_and_the_issuers_stay_all():
    """D51"""
    record = _joint(UNITS, UNITS[2:])
    assert record["issuers"] == UNITS
    assert "6个" in _told(record, "signatories_incomplete").message
    assert "4个" in _told(record, "signatories_incomplete").message


@pytest.mark.parametrize(
    ("printed", "signed"), [("云州区水利局", "云州市水利局"), ("云州市青年团云州市委员会", "共青团云州市委员会")]
)
@pytest.mark.parametrize("lost", [0, 2])
def test_a_misread_name_is_the_same_unit_and_told(printed, signed, lost):
    """D52; with and without names lost in the signature"""
    head = [printed if name == signed else name for name in UNITS]
    record = _joint(head, UNITS[lost:])
    assert record["letterhead"] == head
    assert record["issuers"] == UNITS
    assert printed in _told(record, "names_differ").message
    assert signed in _told(record, "names_differ").message
    assert _told(record, "names_differ").span is not None


def test_two_units_of_one_place_are_not_one_misread():
    """D52"""
    record = _joint(["云州市教育局", "云州市财政局"], ["云州市教育局", "云州市财政局"])
    assert "names_differ" not in codes(record)


PLAN = "2024年全国科普日云州活动暨海西科普大行动云州{}方案"


def _enclosing(cited: str, printed: str) -> Record:
    after = f"{printed}\n\n为深入学习贯彻有关精神，宣传科学知识，制定本方案。\n\n一、活动主题\n科普惠民"
    return read_record(
        notice(f"现将《{cited}》印发给你们，请认真执行。", title="关于开展科普日活动的通知", after=after)
    )


def test_a_plan_cited_under_another_title_is_told():
    """D53"""
    cited, printed = PLAN.format(""), PLAN.format("活动")
    record = _enclosing(cited, printed)
    issue = _told(record, "title_mismatch")
    assert cited in issue.message and printed in issue.message
    assert column(record, "citations", "title") == [cited]


@pytest.mark.parametrize(
    "cited",
    [
        PLAN.format("活动"),
        PLAN.format("活动").replace("2024", "2023"),
        PLAN.format("活动").replace("方案", "总结"),
        "云州市科普工作要点",
    ],
)
def test_another_paper_is_no_other_title_of_this_one(cited):
    """D53: the same words, another year, another kind, other words"""
    assert "title_mismatch" not in codes(_enclosing(cited, PLAN.format("活动")))


def test_an_annex_under_another_title_is_told():
    """D53"""
    body = "请认真执行。\n\n附件：2024年云州市科普品牌重点活动安排表"
    after = "附件\n\n2024年云州市科协科普品牌重点活动安排表\n\n安排如下。"
    record = read_record(notice(body, after=after))
    assert record["annexes"] == ["2024年云州市科普品牌重点活动安排表"]
    assert _told(record, "title_mismatch").field == "annexes"


TASKS = (
    "\t工作任务\n\t主要内容\n\t牵头单位\n\n"
    "\t（一）实施青少年素质工程\n\t1.上好科学课。\n\t市教育局\n\n"
    "\t\n\t2.办好科学营。\n\t团市委\n\n"
    "\t（二）实施农民素质工程\n\t1.办好农技班。\n\t市农业农村局\n\n"
    "\t（三）{}\n\t1.建好科普馆。\n\t市科协\n\n"
)
PROSE = (
    "一、主要任务\n（一）实施青少年素质工程\n上好科学课。\n（二）实施农民素质工程\n办好农技班。\n"
    "（三）实施科普信息化建设工程\n建好科普馆。"
)


def _with_table(third: str) -> Record:
    return read_record(notice(PROSE, after=f"附件\n\n重点任务分解表\n\n{TASKS.format(third)}"))


def test_a_heading_and_its_row_in_the_table_differ():
    """D54"""
    record = _with_table("实施科普基础设施建设工程")
    issue = _told(record, "heading_mismatch")
    assert "（三）实施科普基础设施建设工程" in issue.message
    assert "（三）实施科普信息化建设工程" in issue.message
    assert column(record, "tasks", "group")[3] == "（三）实施科普基础设施建设工程"
    assert "heading_mismatch" not in codes(_with_table("实施科普信息化建设工程"))


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        ("落实《科学素质行动计划纲要实施方（2016—2020年）的要求，认真执行。", "《"),
        ("落实《科学素质行动计划纲要实施方（》的要求，认真执行。", "（"),
        ("各县（区科协要认真执行。", "（"),
        ("各县区）科协要认真执行。", "）"),
    ],
)
def test_a_bracket_without_its_partner_is_told(body, sign):
    """D55"""
    assert any(f"“{sign}”" in one.message for one in read_body(body).issues if one.code == "unbalanced_bracket")


def test_a_bracket_of_two_widths_in_a_title_is_told_and_stays_as_printed():
    """D55"""
    record = read_body("落实《科学素质行动计划纲要实施方（2016—2020年)》，认真执行。")
    assert column(record, "citations", "title") == ["科学素质行动计划纲要实施方（2016—2020年)"]
    assert "unbalanced_bracket" in codes(record)


@pytest.mark.parametrize(
    "body",
    [
        "1）上好科学课。",
        "安排如下：1）上好课；2）办好班。",
        "各县（区）科协（含开发区（高新区））要认真执行。",
        "他说：“科普为民，\n“科普惠民。”",
    ],
)
def test_brackets_that_are_well_are_not_told(body):
    """D55"""
    assert "unbalanced_bracket" not in codes(read_body(body))


def test_a_head_of_the_office_and_a_signature_of_its_group_are_both_kept():
    """D56"""
    office, group = "云州市全民科学素质工作领导小组办公室", "云州市全民科学素质工作领导小组"
    record = read_record(notice("请认真执行。", head=f"{office}文件", signed=f"{group}\n2024年3月5日"))
    assert record["letterhead"] == [office]
    assert {*record["issuers"], *(one["value"] for one in record.candidates["issuers"])} == {office, group}
    assert group in _told(record, "letterhead_differs").message


def test_a_misspelt_word_stays_as_printed():
    """D57"""
    body = "一、活动主题\n创先争优向党\n二、主要任务\n（一）巾帽健康行动。组织义诊。（牵头单位：第初级四中学）"
    record = read_body(body)
    assert record["theme"] == "创先争优向党"
    assert column(record, "tasks", "title") == ["巾帽健康行动"]
    assert column(record, "tasks", "lead") == [["第初级四中学"]]


def test_printed_before_signed_is_told():
    """D58"""
    record = read_record(notice("请认真执行。", after="云州市科学技术协会办公室　　2024年3月1日印发"))
    assert (record["issue_date"], record["print_date"]) == ("2024-03-05", "2024-03-01")
    assert _told(record, "printed_before_signed").field == "print_date"


def test_a_deadline_before_signing_is_told():
    """D58"""
    record = read_body("请于2024年2月20日前将总结报送市科协。")
    issue = _told(record, "deadline_before_signed")
    assert "2024年2月20日前" in issue.message and issue.span is not None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("一、活动时间\n2024年9月1日—2023年12月31日", "activity_time"),
        (
            "一、活动安排\n（一）科普讲座\n时间：2024年9月1日—2023年9月5日\n地点：云州科技馆\n主办单位：市科协",
            "activities",
        ),
    ],
)
def test_an_end_before_its_start_is_told_and_stays(body, field):
    """D58"""
    record = read_body(body)
    assert _told(record, "end_before_start").field == field
    time = record["activity_time"] or record["activities"][0]["time"]
    assert time["end"] < time["start"]


def test_issues_of_one_paper_are_not_those_of_the_next():
    """D58"""
    first = notice("请认真执行。", after="云州市科学技术协会办公室　　2024年3月1日印发")
    second = notice("请认真执行。", number="云科协字〔2024〕20号", signed="云州市科学技术协会\n2024年8月6日")
    assert [codes(record) for record in read_records(f"{first}\n{second}")] == [{"printed_before_signed"}, set()]


@pytest.mark.parametrize(
    ("score", "weak", "told"), [(0.98, (), []), (0.98, (2,), ["document_number"]), (0.7, (), ["document_number"])]
)
def test_values_on_doubtful_lines_of_a_scan_are_to_be_looked_at(score, weak, told):
    document = read_document(NOTICE)
    at = document.text.index("云科协字")
    number = Span(at, at + len("云科协字〔2024〕12号"))
    runs = (
        Run(Span(0, 10), Box(1, 0, 0, 90, 9), 0.99), Run(number, Box(1, 0, 20, 90, 29), score, (), weak),
        Run(Span(number.end + 2, number.end + 12), Box(1, 0, 40, 90, 49), 0.99),
    )  # fmt: skip
    (record,) = extract(replace(document, runs=runs), load_rulebook())
    issues = [issue for issue in record.issues if issue.code == "ocr_doubtful"]
    assert [issue.field for issue in issues] == told
    assert all("“云科协字〔2024〕12号”" in issue.message and issue.span == number for issue in issues)
