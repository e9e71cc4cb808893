"""A notice with its enclosure, read whole: every field of header, signature, imprint and plan."""

import pytest
from extract_kit import NOTICE, read_document, read_record

from extract.pipeline import extract
from gongwen.rulebook import load_rulebook

RECORD = read_record(NOTICE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("document_number", "云科协字〔2024〕12号"),
        ("number_parts", {"agency": "云科协字", "year": 2024, "serial": 12}),
        ("title", "关于印发《2024年云州市科普志愿服务活动方案》的通知"),
        ("doc_type", "通知"),
        ("issuers", ["云州市科学技术协会"]),
        ("letterhead", ["云州市科学技术协会"]),
        ("addressees", ["各县（区）科协", "机关各部（室）", "云州科技馆"]),
        ("copied_to", ["市委办公室", "市政府办公室"]),
        ("issue_date", "2024-03-05"),
        ("print_date", "2024-03-06"),
        ("publish_date", None),
        ("disclosure", "此件公开发布"),
        ("theme", "科普惠民 共建云州"),
        ("activity_time", {"text": "2024年4月—10月", "start": "2024-04-01", "end": "2024-10-31", "precision": "month"}),
        ("hosts", ["云州市科学技术协会", "云州市教育局"]),
        ("organizers", ["云州科技馆", "各县（区）科协"]),
        ("enclosures", ["2024年云州市科普志愿服务活动方案"]),
        ("annexes", ["2024年云州市科普志愿服务活动安排表", "云州市科普志愿服务活动统计表"]),
    ],
)
def test_field(field, value):
    assert RECORD[field] == value


def test_tasks_from_brackets():
    found = [(row["title"], row["lead"], row["responsible"]) for row in RECORD["tasks"]]
    assert found == [
        ("科普进校园", ["市教育局"], ["市科协", "各县（区）科协"]),
        ("科普进乡村", ["市农业农村局"], ["市科协"]),
    ]


def test_deadline():
    (row,) = RECORD["deadlines"]
    assert (row["date"], row["text"], row["who"], row["kind"]) == (
        "2024-11-15", "2024年11月15日前", ["各县（区）科协"], "duty",
    )  # fmt: skip


def test_citations():
    found = [(row["title"], row["document_number"]) for row in RECORD["citations"]]
    assert found == [("中华人民共和国科学技术普及法", None), ("云州市科普工作要点", "云政办〔2024〕3号")]


def test_contact():
    (row,) = RECORD["contacts"]
    assert (row["name"], row["phones"]) == ("林若溪", ["0999-5550123"])


def test_every_value_has_its_place():
    document = read_document(NOTICE)
    (record,) = extract(document, load_rulebook())
    for path, value in record.paths():
        assert record.evidence.get(path), (path, value)
        for one in record.evidence[path]:
            assert document.text[one.start : one.end] == one.quote


def test_the_tree_of_headings():
    assert [one["title"] for one in RECORD["sections"]][:3] == ["活动主题", "活动时间", "主办单位"]
    assert [one["title"] for one in RECORD["sections"][4]["sections"]] == ["科普进校园", "科普进乡村"]
