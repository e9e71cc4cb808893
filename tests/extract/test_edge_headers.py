"""Header, number, dates and titles (domain.md §12 C32-C50)."""

from __future__ import annotations

import pytest
from edge_kit import codes, column, notice, read_body, read_bytes
from extract_kit import read_document, read_record, read_records

from gongwen.values.citations import find_citations
from gongwen.values.dates import find_days, parse_day, parse_period
from gongwen.values.units import split_units
from ingest.secrecy import has_secret_mark

UNITS = [
    "云州市科学技术协会", "中共云州市委宣传部", "云州市教育局", "云州市科学技术局", "云州市工业和信息化局",
    "云州市民政局", "云州市财政局", "云州市人力资源和社会保障局", "云州市自然资源和规划局", "云州市生态环境局",
    "云州市农业农村局", "云州市林业和园林局", "云州市文化广电和旅游局", "云州市卫生健康委员会", "云州市应急管理局",
    "云州市总工会", "共青团云州市委员会", "云州市妇女联合会",
]  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "is_variant"),
    [
        ("云府办函【2024】117号", True),
        ("云府办函[2024]117号", True),
        ("云府办函（2024）第117号", True),
        ("云府办函〔2024〕117 号", True),
        ("云府办函〔２０２４〕117號", True),
        ("云府办函〔2024〕117号", False),
    ],
)
def test_a_number_in_other_brackets_is_told_in_the_usual_form(printed, is_variant):
    """C32"""
    record = read_record(notice("请认真执行。", number=printed))
    assert record["document_number"] == "云府办函〔2024〕117号"
    assert record.evidence["document_number"][0].quote == printed
    assert ("bracket_variant" in codes(record)) is is_variant


def test_a_number_in_a_sentence_is_cited_and_not_the_papers_own():
    """C33"""
    body = "根据《关于开展科普日活动的通知》（海科协普发〔2024〕28 号）文件精神，请认真执行。"
    record = read_body(body)
    assert record["document_number"] == "云科协字〔2024〕12号"
    assert column(record, "citations", "document_number") == ["海科协普发〔2024〕28号"]
    assert read_record(notice(body, number=""))["document_number"] is None


def test_many_names_over_one_number_are_all_issuers():
    """C34"""
    head = "\n\n".join([*UNITS, "文件"])
    signed = "\n\n".join(UNITS) + "\n\n2024年9月10日"
    record = read_record(notice("请认真执行。", head=head, signed=signed, number="云科协字〔2024〕45号"))
    assert record["letterhead"] == UNITS
    assert record["issuers"] == UNITS
    assert record["number_parts"]["agency"] == "云科协字"
    assert "signatories_incomplete" not in codes(record)


def test_a_lone_star_carries_no_level():
    """C35"""
    text = notice("请认真执行。", number="云全科组办发〔2024〕7号\n★")
    assert read_record(text)["security"] is None
    assert not has_secret_mark(read_document(text))


@pytest.mark.parametrize("mark", ["机密★1年", "秘密", "绝 密", "机密★"])
def test_a_marked_paper_is_for_quarantine(mark):
    """C35"""
    assert has_secret_mark(read_document(f"000012\n{mark}\n{notice('请认真执行。')}"))


def test_secret_in_a_sentence_is_no_mark():
    """C35"""
    assert not has_secret_mark(read_document(notice("各单位要保守秘密。")))


def test_an_annex_sent_alone_has_its_own_number_and_title():
    """C36"""
    text = (
        "附件\n\n云州市科学技术协会文件\n\n云科协普发〔2024〕10号\n\n关于印发《2024年云州科普大行动方案》的通知\n\n"
        "各县（区）科协：\n\n现予印发。\n\n云州市科学技术协会\n2024年4月20日\n"
    )
    record = read_record(text)
    assert record["document_number"] == "云科协普发〔2024〕10号"
    assert record["title"] == "关于印发《2024年云州科普大行动方案》的通知"
    assert record["letterhead"] == ["云州市科学技术协会"]


IMPRINT = "公开方式：主动公开\n云州市科学技术协会办公室\n2024年3月1日印发"


def test_a_day_of_printing_is_not_a_day_of_signing():
    """C37"""
    record = read_record(notice("请认真执行。", signed="", after=IMPRINT))
    assert (record["issue_date"], record["print_date"]) == (None, "2024-03-01")


def test_signing_and_publishing_are_two_fields():
    """C38"""
    text = "索引号: 119907/2024-00748 成文日期: 2024-09-13\n文号: 云科协字〔2024〕12号 发布日期: 2024-09-16\n\n"
    record = read_record(text + notice("请认真执行。", number="", signed=""))
    assert (record["issue_date"], record["publish_date"]) == ("2024-09-13", "2024-09-16")


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2020年 8月6日", "2020-08-06"),
        ("二〇二四年三月一日", "2024-03-01"),
        ("二○二四年三月一日", "2024-03-01"),
        ("二〇二四年十一月二十五日", "2024-11-25"),
        ("2024 年 11 月 25 日", "2024-11-25"),
        ("２０２４年３月１日", "2024-03-01"),
    ],
)
def test_a_day_of_signing_in_every_form(printed, day):
    """C39"""
    signed = f"云州市科学技术协会\n{printed}"
    record = read_record(notice("请认真执行。", signed=signed))
    assert record["issue_date"] == day
    assert record.evidence["issue_date"][0].quote == printed


def test_a_month_of_signing_is_no_day():
    """C39"""
    assert parse_day("二零二〇年十一月") is None
    assert parse_period("二零二〇年十一月").precision == "month"
    record = read_record(notice("请认真执行。", signed="云州市科学技术协会\n二零二〇年十一月"))
    assert (record["issue_date"], record["issuers"]) == (None, ["云州市科学技术协会"])
    assert [one["value"] for one in record.candidates["issue_date"]] == ["2020-11"]
    assert "date_month_only" in codes(record)


def test_an_imprint_before_the_annexes_does_not_end_the_paper():
    """C40"""
    body = "请认真执行。\n\n附件：1. 2024年活动安排表\n2. 2024年活动统计表"
    after = f"{IMPRINT}\n\n附件 1\n\n2024年活动安排表\n\n安排如下。\n\n附件 2\n\n2024年活动统计表\n"
    record = read_record(notice(body, after=after))
    assert record["annexes"] == ["2024年活动安排表", "2024年活动统计表"]
    assert (record["issue_date"], record["print_date"]) == ("2024-03-05", "2024-03-01")
    assert record["disclosure"] == "主动公开"


SIGNED = (
    "云州市科学技术协会　　　　云州市科学技术局\n\n云州市教育局　　　　　　　云州市生态环境局\n\n"
    "云州市农业农村局　　　　　云州市卫生健康委员会\n\n2024年4月20日"
)


def test_two_names_on_a_line_are_two_signatories():
    """C41"""
    record = read_record(notice("请认真执行。", signed=SIGNED, head=""))
    assert record["issuers"] == [
        "云州市科学技术协会", "云州市科学技术局", "云州市教育局", "云州市生态环境局", "云州市农业农村局",
        "云州市卫生健康委员会",
    ]  # fmt: skip


def test_a_lent_seal_makes_no_issuer():
    """C42"""
    signed = "云州市全民科学素质工作领导小组\n（云州市科学技术协会代章）\n2024年3月5日"
    record = read_record(notice("请认真执行。", signed=signed, head=""))
    assert record["issuers"] == ["云州市全民科学素质工作领导小组"]
    assert "proxy_seal" in codes(record)


@pytest.mark.parametrize(
    "title",
    [
        "关于印发〈2024年科学素质行动方案〉的通知",
        "关于印发<2024年科学素质行动方案>的通知",
        "关于印发《2024年科学素质行动方案》的通知",
    ],
)
def test_a_title_within_a_title_is_one_citation(title):
    """C43"""
    (row,) = read_body(f"根据《{title}》（云全科组办发〔2024〕2号）要求，请认真执行。")["citations"]
    assert (row["title"], row["document_number"]) == (title, "云全科组办发〔2024〕2号")


def test_a_short_name_counts_in_its_own_paper_only():
    """C44"""
    body = (
        "落实《云州市科学素质行动规划纲要（2021—2035年）》（以下简称《科学素质纲要》），按照《科学素质纲要》要求执行。"
    )
    (row,) = read_body(body)["citations"]
    assert (row["title"], row["alias"]) == ("云州市科学素质行动规划纲要（2021—2035年）", "科学素质纲要")
    assert "alias" in {one.kind for one in find_citations(body)}
    assert "alias" not in {one.kind for one in find_citations("按照《科学素质纲要》要求执行。")}


def test_a_title_over_two_lines_is_one():
    """C45"""
    record = read_record(notice("请于2024年12月4日前报送。", title="关于上报2024年工作总结和\n2025年工作计划的通知"))
    assert record["title"] == "关于上报2024年工作总结和2025年工作计划的通知"
    assert record["doc_type"] == "通知"


def test_a_notice_that_forwards_a_notice():
    """C46"""
    title = "转发关于开展2024年科普日活动的通知的通知"
    record = read_record(notice("现将《关于开展2024年科普日活动的通知》转发给你们，请执行。", title=title))
    assert (record["title"], record["doc_type"]) == (title, "通知")
    assert column(record, "citations", "relation") == ["forwards"]


def test_a_new_head_after_a_date_begins_a_new_paper():
    """C47"""
    texts = [
        notice("请认真执行。", number=f"云科协字〔2024〕{serial}号", signed=f"云州市科学技术协会\n2024年{serial}月5日")
        for serial in (3, 5, 8)
    ]
    records = read_records("\n".join(texts))
    assert [one["number_parts"]["serial"] for one in records] == [3, 5, 8]
    assert [one["issue_date"] for one in records] == ["2024-03-05", "2024-05-05", "2024-08-05"]


def test_an_annex_that_is_a_paper_lies_within_the_one_that_names_it():
    """C48"""
    cited = "关于印发《云州市科学素质行动方案》的通知"
    first = notice(f"请认真执行。\n\n附件：1.{cited}")
    second = notice(
        "现予印发。", title=cited, number="云全科组办发〔2023〕2号", signed="云州市科学技术协会\n2023年5月6日"
    )
    outer, inner = read_records(f"{first}\n{second}")
    assert outer["annexes"] == [inner["title"]] == [cited]
    assert inner["within"] == outer["id"]


@pytest.mark.parametrize(
    "note",
    [
        "附件：1. 2024年云州市科普志愿服务活动安排表\n2. 云州市科普志愿服务活动统计表",
        "附件：1. 2024年云州市科普志愿服务活动\n安排表\n2. 云州市科普志愿服务活动统计表",
        "附件：1. 2024年云州市科普志愿服务活动\n\n安排表\n\n2. 云州市科普志愿服务活动统计表",
        "附件1：2024年云州市科普志愿服务活动安排表\n附件2：云州市科普志愿服务活动统计表",
        "附件：1. 2024年云州市科普志愿服务活动安排表  2. 云州市科普志愿服务活动统计表",
    ],
)
def test_two_annexes_and_a_line_that_goes_on(note):
    """C49"""
    record = read_record(notice(f"请认真执行。\n\n{note}", after="公开方式：主动公开"))
    assert record["annexes"] == ["2024年云州市科普志愿服务活动安排表", "云州市科普志愿服务活动统计表"]
    assert record["disclosure"] == "主动公开"


def test_a_number_not_yet_filled_in_is_told_and_names_no_issuer():
    """C32"""
    record = read_record(notice("请认真执行。", number="云科协字〔2024〕   号"))
    assert (record["document_number"], record["letterhead"]) == (None, ["云州市科学技术协会"])
    assert codes(record) == {"blank_number"}


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("附件：2024年活动安排表", "2024年活动安排表"),
        ("附件：5月活动安排表", "5月活动安排表"),
        ("附件：1.2024年活动安排表", "2024年活动安排表"),
        ("附件：1 2024年活动安排表", "2024年活动安排表"),
        ("附件：活动安排表（1—3月）", "活动安排表（1—3月）"),
    ],
)
def test_the_figures_of_an_annexs_title_are_not_its_number(printed, title):
    """C49"""
    assert read_body(f"请认真执行。\n\n{printed}")["annexes"] == [title]


def test_days_in_titles_and_eras_are_not_days_of_the_paper():
    """C50"""
    body = "1921年以来，根据《云州市2023年3月1日办公会议纪要》精神，请认真执行。"
    record = read_body(body)
    assert (record["issue_date"], record["publish_date"], record["effective_date"]) == ("2024-03-05", None, None)
    assert record["deadlines"] == []
    assert find_days("1921年以来") == []


def test_names_on_a_line_are_parted_by_a_wide_gap():
    """C41"""
    assert [one.text for one in split_units(SIGNED.split("\n")[0])] == ["云州市科学技术协会", "云州市科学技术局"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("各县（区）人民政府，市政府各部门、各直属机构", ["各县（区）人民政府", "市政府各部门、各直属机构"]),
        ("市教育局、市科技局", ["市教育局", "市科技局"]),
        ("市教育局", []),
        ("市教育局、市科技局。", []),
        ("市教育局、市科技局共同举办", []),
    ],
)
def test_addressees_whose_colon_is_lost(line, names):
    text = notice("为做好有关工作，现通知如下，请认真执行。", addressees=line)
    page = "".join(f"<p>{one}</p>" for one in text.split("\n"))
    (record,) = read_bytes(f"<html><body>{page}</body></html>".encode(), "text/html")
    assert (record["title"], record["addressees"]) == ("关于开展2024年科普活动的通知", names)
