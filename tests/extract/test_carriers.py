"""A mail's header makes no fields of a paper, nor does an archive's list of names."""

import pytest

from extract.pipeline import extract
from gongwen.rulebook import load_rulebook
from ingest.readers.eml import READER as EML
from ingest.readers.zip import READER as ZIP
from ingest.source import Source
from tests.ingest.box_kit import mail, paper, zipped

SUBJECT = "云州市科学技术协会关于报送2024年科普工作总结的通知"


def record_of_mail(text):
    document = EML.read(Source.of("来信.eml", mail(text, subject=SUBJECT), "message/rfc822"))
    (record,) = extract(document, load_rulebook())
    return document, record


def values(record):
    return {key: value for key, value in record.values.items() if value not in (None, [], {}) and key not in
            ("id", "part", "sections")}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "请查收附件", "各位好：\n请查收附件。\n", "请查收附件。\n\n云州市科学技术协会\n2024年5月6日\n",
        "各县科协：\n\n现将文件发给你们，请查收附件。\n\n云州市科学技术协会办公室\n2024年5月6日\n", " ",
    ],
)  # fmt: skip
def test_a_covering_letter_is_no_paper(text):
    document, record = record_of_mail(text)
    assert values(record) == {}
    assert SUBJECT in document.text
    assert record.issues == []


def test_what_a_letter_asks_for_stays():
    _, record = record_of_mail("请于2024年5月20日前报送总结。联系人：何立，电话：0999-5550123。\n")
    assert set(values(record)) == {"contacts", "deadlines"}


def test_a_paper_sent_as_the_text_of_a_mail_is_one():
    _, record = record_of_mail(paper(7).decode())
    assert record["document_number"] == "云科协字〔2024〕7号"
    assert record["title"] == "关于开展科普活动的通知"
    assert (record["issue_date"], record["issuers"]) == ("2024-08-01", ["云州市科学技术协会"])


def test_an_archive_has_a_record_without_values():
    data = zipped([("云科协字〔2024〕1号 关于开展科普活动的通知.txt", paper(1)), ("2024年8月1日.txt", paper(2))])
    document = ZIP.read(Source.of("材料.zip", data, "application/zip"))
    (record,) = extract(document, load_rulebook())
    assert values(record) == {}
    assert "关于开展科普活动的通知.txt" in document.text
