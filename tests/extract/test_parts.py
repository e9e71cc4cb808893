"""One file, several official documents; and what must stay one."""

import itertools

from extract_kit import NOTICE, read_records

SECOND = """云州市全民科学素质工作领导小组
办  公  室  文  件

云全科组办发〔2024〕7号
★

关于上报2024年工作总结和
2025年工作计划的通知

各成员单位：
请于2024年12月4日前将材料报送至领导小组办公室。

云州市全民科学素质工作领导小组办公室
2024年11月20日
"""
THIRD = """云州市人民政府
办 公 室 文 件

云政办〔2024〕33号

云州市人民政府办公室
关于调整云州市全民科学
素质工作领导小组成员的通知

各县、区人民政府，市直各有关单位：
经市人民政府同意，对领导小组成员进行调整。名单如下：
组  长：周明远  副市长
副组长：何  立  市人民政府副秘书长
        林若溪  市科协党组书记、主席
成  员：赵  一  市委组织部副部长
        孙建业  市教育局副局长

领导小组办公室设在市科协，办公室主任由林若溪同志兼任。

云州市人民政府办公室
2024年8月6日
"""


def test_three_documents_in_one_file():
    records = read_records(NOTICE + "\n" + SECOND + "\n" + THIRD)
    assert [one["document_number"] for one in records] == [
        "云科协字〔2024〕12号", "云全科组办发〔2024〕7号", "云政办〔2024〕33号",
    ]  # fmt: skip
    assert [one["issue_date"] for one in records] == ["2024-03-05", "2024-11-20", "2024-08-06"]
    assert {one["within"] for one in records[1:]} == {records[0]["id"]}
    parts = [one["part"] for one in records]
    assert all(one["end"] == other["start"] for one, other in itertools.pairwise(parts))


def test_a_letterhead_over_two_lines():
    (record,) = read_records(SECOND)
    assert record["letterhead"] == ["云州市全民科学素质工作领导小组办公室"]
    assert record["title"] == "关于上报2024年工作总结和2025年工作计划的通知"
    assert record["security"] is None


def test_a_title_that_begins_with_its_issuer():
    (record,) = read_records(THIRD)
    assert record["title"] == "云州市人民政府办公室关于调整云州市全民科学素质工作领导小组成员的通知"
    assert record["issuers"] == ["云州市人民政府办公室"]


def test_the_roster_with_spaced_names_and_the_office_head():
    (record,) = read_records(THIRD)
    found = [(row["role"], row["name"], row["post"]) for row in record["leading_group"]]
    assert found == [
        ("组长", "周明远", "副市长"),
        ("副组长", "何立", "市人民政府副秘书长"),
        ("副组长", "林若溪", "市科协党组书记、主席"),
        ("成员", "赵一", "市委组织部副部长"),
        ("成员", "孙建业", "市教育局副局长"),
        ("办公室主任", "林若溪", None),
    ]


def test_a_cited_number_starts_no_document():
    text = NOTICE.replace("六、工作要求", "六、工作要求\n按照《要点》\n（云政办〔2024〕3号）\n的要求开展工作。")
    assert len(read_records(text)) == 1
