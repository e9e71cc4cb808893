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
        (b"abc\0def", "binary"),
        (("通知" + "\ufffd" * 5).encode(), "encoding"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data, code):
    with pytest.raises(SourceError) as caught:
        read(data)
    assert caught.value.code == code


def test_a_few_lost_characters_are_a_warning():
    assert read("关于开展活动的通知" * 100 + "\ufffd").warnings == ("encoding",)


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
