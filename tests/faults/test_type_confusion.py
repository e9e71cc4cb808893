"""Row 7 of reliability.md: 20 files under the name of another format. Each goes the way of its content, and the record
says that the name lies."""

from __future__ import annotations

import pytest

from gongwen.errors import SourceError
from ingest import sniff as types
from ingest.sandbox import read_bytes
from tests.faults.ordinary import LINES, original

PAIRS = (
    ("html", "doc", types.HTML), ("html", "docx", types.HTML), ("html", "pdf", types.HTML), ("html", "xls", types.HTML),
    ("html", "wps", types.HTML), ("html", "ofd", types.HTML), ("txt", "docx", types.PLAIN), ("txt", "pdf", types.PLAIN),
    ("txt", "xlsx", types.PLAIN), ("docx", "pdf", types.DOCX), ("docx", "doc", types.DOCX), ("docx", "txt", types.DOCX),
    ("docx", "zip", types.DOCX), ("docx", "xlsx", types.DOCX), ("pdf", "docx", types.PDF), ("pdf", "txt", types.PDF),
    ("ofd", "pdf", types.OFD), ("ofd", "zip", types.OFD), ("xlsx", "docx", types.XLSX), ("xls", "xlsx", types.XLS),
    ("pptx", "docx", types.PPTX), ("eml", "txt", types.EML), ("zip", "docx", types.ZIP), ("zip", "rar", types.ZIP),
)  # fmt: skip
SAYS = {"xls": "流动展品巡展", "pptx": "科普工作推进会", "eml": "报送总结的通知", "zip": "通知.docx"}


@pytest.mark.parametrize(("form", "extension", "media_type"), PAIRS)
def test_content_decides_and_the_name_is_told(form: str, extension: str, media_type: str):
    document = read_bytes(original(form), f"通知.{extension}")
    assert document.media_type == media_type
    assert SAYS.get(form, LINES[2]) in document.text
    assert "type_mismatch" in document.warnings


def test_each_is_sound_under_its_own_name():
    for form in {form for form, _, _ in PAIRS}:
        assert "type_mismatch" not in read_bytes(original(form), f"通知.{form}").warnings


@pytest.mark.parametrize("extension", ["docx", "pdf", "txt"])
def test_what_needs_the_converter_needs_it_under_any_name(extension: str, monkeypatch):
    monkeypatch.setattr("ingest.sandbox.find_converter", lambda: "")
    with pytest.raises(SourceError) as caught:
        read_bytes(original("rtf"), f"通知.{extension}")
    assert caught.value.code == "needs_converter"
