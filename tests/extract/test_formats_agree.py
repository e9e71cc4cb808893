"""The same manuscript says the same in every form that offices send it in: only places in the text and what a web page
adds around it may differ. Over the latest paper of each family; `python -m tests.eval.forms` takes the whole sample."""

from __future__ import annotations

import os
from functools import cache

import pytest

from gongwen.rulebook import load_rulebook
from gongwen.sampling.standard import Entry, entries
from ingest.convert import find_converter
from ingest.sandbox import read_bytes
from tests import forms_kit as kit
from tests import scan_kit

NO_PAPERS = {"mail", "note", "package"}
"""Families of covering letters and the like."""
FAMILIES = tuple(sorted({entry.family for entry in entries()} - NO_PAPERS))
OFFICE_FAMILIES = (
    "call", "letter", "liaison", "meeting", "opinion", "report_call", "roster", "science_day", "series", "year_plan",
)  # fmt: skip
"""LibreOffice takes 0.2 s for each file that it writes or reads."""
SCANNED = "letter"
"""A page of OCR takes 3 to 6 s."""


@cache
def last_of(family: str) -> Entry:
    """The latest paper of a family in the standard set."""
    return max((one for one in entries() if one.family == family), key=lambda one: one.year)


@cache
def plain(family: str) -> kit.Records:
    return kit.records(kit.documents(*kit.write(last_of(family), "txt")), load_rulebook())


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("form", kit.OWN)
def test_each_form_says_what_the_text_says(family, form):
    found = kit.records(kit.documents(*kit.write(last_of(family), form)), load_rulebook())
    assert kit.differences(plain(family), found) == []


@pytest.fixture(scope="module")
def converted(tmp_path_factory) -> dict[tuple[str, str], tuple[bytes, bytes]]:
    if not find_converter():
        assert os.environ.get("CI") != "true", "CI must have LibreOffice"
        pytest.skip("apt install libreoffice-writer-nogui")
    return kit.office([last_of(family) for family in OFFICE_FAMILIES], tmp_path_factory.mktemp("office"))


@pytest.mark.office
@pytest.mark.parametrize("family", OFFICE_FAMILIES)
@pytest.mark.parametrize("form", kit.OFFICE)
def test_what_libreoffice_converts_says_what_the_text_says(converted, family, form):
    content, as_docx = converted[last_of(family).name, form]
    (document,) = kit.documents(f"样例.{form}", content, as_docx)
    (word,) = kit.documents("样例.docx", kit.as_one_list(kit.docx(last_of(family))))
    assert document.text == word.text
    assert kit.differences(plain(family), kit.records([document], load_rulebook())) == []
    assert (document.warnings, document.doubts) == (("converted",), ())


@pytest.mark.slow
@pytest.mark.skipif(not scan_kit.HAS_FONT and not os.environ.get("CI"), reason="no font with Han characters")
def test_a_scan_says_what_the_text_says():
    found = kit.records([read_bytes(kit.scan(last_of(SCANNED)), "扫描.pdf")], load_rulebook())
    assert kit.differences(plain(SCANNED), found, blurred=True) == []


def test_the_papers_say_something():
    said = [record for family in FAMILIES for record in plain(family)]
    for key in ("title", "issuers", "tasks", "leading_group", "contacts", "deadlines", "citations", "activities"):
        assert any(record[key] for record in said), key


def test_a_difference_is_told():
    one = plain(SCANNED)
    other = [{**one[0], "title": "关于别的事情的函"}, *one[1:]]
    assert kit.differences(one, other) == [f"1.title: {one[0]['title']!r} is now '关于别的事情的函'"]
    assert kit.differences(one, []) == [f"0 documents, not {len(one)}"]
