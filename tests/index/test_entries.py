"""Records as entries of the index."""

from gongwen.document import Block, Document
from gongwen.record import Evidence, Issue, Reading, Record, empty_values
from gongwen.text import Span
from index.entries import entries


def test_the_lead_is_the_body_behind_title_and_addressees():
    text = "关于开展活动的通知\n各县（区）科协：\n为繁荣科普创作，市科协决定开展征集活动。\n"
    document = Document(
        "ab" * 32, text,
        (Block("paragraph", Span(0, 9)), Block("paragraph", Span(10, 18)), Block("paragraph", Span(19, 40))),
        "plain/1", "text/plain",
    )  # fmt: skip
    record = Record(
        empty_values() | {"id": "x-1", "title": "关于开展活动的通知", "part": {"number": 1, "start": 0, "end": 40}}
    )
    record.evidence = {
        "title": [Evidence(0, 9, "关于开展活动的通知", "t")], "addressees/0": [Evidence(10, 17, "各县（区）科协", "t")],
    }  # fmt: skip
    record.issues = [Issue("no_number", "document_number", "没有文号")]
    reading = Reading("样例.txt", "ab" * 32, "text/plain", True, [], [record])
    (entry,) = entries(reading, document)
    assert entry.meta["lead"] == "为繁荣科普创作，市科协决定开展征集活动。"
    assert entry.meta["issues"] == "1"
