"""Text made to make extraction slow or fall: an answer comes, whatever it says (pytest itself ends a hang)."""

from __future__ import annotations

import pytest
from extract_kit import NOTICE, read_document, read_records

from extract.pipeline import extract
from gongwen.errors import SourceError
from gongwen.rulebook import load_rulebook

MANY = 200_000


def answered(text: str) -> int:
    """How many documents were found; each value's quote is the text at its place."""
    document = read_document(text)
    found = extract(document, load_rulebook())
    for record in found:
        for evidence in record.evidence.values():
            assert all(document.text[one.start : one.end] == one.quote for one in evidence)
    return len(found)


@pytest.mark.parametrize("char", list("科1、：《①"))
def test_equal_characters(char):
    assert answered(char * MANY) >= 1


@pytest.mark.parametrize("empty", ["\n", "　"])
def test_white_space_is_no_text(empty):
    with pytest.raises(SourceError):
        read_document(empty * MANY)


@pytest.mark.parametrize("opener", ["（", "《", "〔", "“"])
def test_opening_brackets_behind_a_head(opener):
    head = NOTICE.partition("现将")[0]
    assert answered(head + opener * (100_000 // len(opener))) == 1


@pytest.mark.parametrize(
    "piece",
    [
        "9月30日前", "于9月30日前报送", "联系人：", "电话：0999-5550123 ", "主办单位\n", "一、主题\n", "附件1\n",
        "组长：周明远", "市教育局、", "由市教育局牵头", "《关于", "（牵头单位：", "1）",
    ],
)  # fmt: skip
def test_one_piece_again_and_again(piece):
    assert answered(piece * (20_000 // len(piece))) >= 1


def test_a_paper_repeated_is_read_to_its_end():
    times = 40
    assert len(read_records(NOTICE * times)) == times
