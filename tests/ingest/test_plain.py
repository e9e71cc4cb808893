"""Encodings of plain text, refused by name when they cannot be read."""

from __future__ import annotations

import codecs

import pytest
from layout_kit import check_spans, paragraphs, read

from gongwen.errors import SourceError
from ingest.readers.plain import READER
from ingest.source import Source

TEXT = "云州市科学技术协会\n关于开展活动的通知\n各县（区）科协：\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8"),
        TEXT.encode("gb18030"),
        TEXT.encode("gbk"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode("utf-8"),
        TEXT.replace("\n", "\r").encode("gb18030"),
    ],
)
def test_encodings(data):
    document = read(data)
    assert document.text == TEXT
    check_spans(document)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n\t\n ", "no_text"),
        (b"\xff\xfe\x00\xd8\x00", "encoding"),
        (b"\x81\xff\xff\x80", "encoding"),
        (b"abc" + b"\0" * 20, "binary"),
        ("通知".encode() + b"\0" * 400 + "正文".encode() * 20, "binary"),
        (("通知" + "\ufffd" * 5).encode(), "encoding"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data, code):
    with pytest.raises(SourceError) as caught:
        read(data)
    assert caught.value.code == code


def test_a_few_lost_characters_are_a_warning():
    assert read("关于开展活动的通知" * 100 + "\ufffd").warnings == ("lost_characters",)


def test_claims_plain_text_only():
    assert READER.claim(Source.of("a", b"a", "text/plain")) > 0
    assert READER.claim(Source.of("a", b"a", "text/html")) == 0


def test_blocks_are_lines_of_the_text():
    document = read(TEXT)
    assert [document.text[block.span.end] for block in document.blocks] == ["\n"] * 3
    assert document.reader == f"plain/{READER.revision}" and document.media_type == "text/plain"


def test_lines_set_off_from_the_left_are_centred():
    text = "            关于开展活动的通知\n" + "为深入贯彻落实有关精神，进一步提升公民科学素质，制定本方案。\n" * 3
    assert [block.centred for block in read(text).blocks] == [True, False, False, False]


def test_source_warnings_are_kept():
    document = READER.read(Source.of("a.doc", TEXT.encode(), "text/plain", ("type_mismatch",)))
    assert document.warnings == ("type_mismatch",)


def test_form_feed_ends_a_line():
    assert paragraphs("第一句完了。\f第二句开始。") == ["第一句完了。", "第二句开始。"]


def test_stray_controls_are_cleaned_away():
    source = "云州市\0科普通知\x85\u2028\u202e正文\u200b。\ue7e3\ud800"
    document = read(source.encode("utf-8", "surrogatepass"))
    assert document.text == "云州市科普通知\n正文。\ue7e3\ufffd\n"
    assert document.warnings == ("lost_characters",)


def test_signs_written_as_two_surrogates():
    document = read("林\ud870\udf86溪同志".encode("utf-8", "surrogatepass"))
    assert document.text == "林𬎆溪同志\n"


def test_nul_in_other_encodings():
    assert read("云州市\0科普通知。".encode("gb18030")).text == "云州市科普通知。\n"


def test_form_feed_is_a_page_end():
    assert paragraphs("宣讲有关规划，深入学习远景目标的建议等精\n\f神，宣传重大方针政策。\n") == [
        "宣讲有关规划，深入学习远景目标的建议等精神，宣传重大方针政策。"
    ]
    assert paragraphs("各单位要加强领导，认真组织实施。\f云州市科学技术协会\n") == [
        "各单位要加强领导，认真组织实施。",
        "云州市科学技术协会",
    ]
