"""The same manuscript as DOCX, PDF, OFD, HTML, TXT and MD says the same: only places in the text and what a web page
adds around it may differ."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import regex

from extract.pipeline import extract
from gongwen.rulebook import load_rulebook
from gongwen.sampling.standard import Entry, entries, paper, render
from ingest.readers import choose
from ingest.sniff import sniff
from ingest.source import Source

OF_FORMAT = frozenset({"id", "part", "within", "span", "publish_date", "index_code", "topics", "status", "disclosure"})
"""Addresses and spans; and what only the table of a web page prints."""

FAMILIES = (
    "science_day", "series", "year_plan", "roster", "meeting", "call", "letter", "report_call",
    "science_week", "approval", "liaison",
)  # fmt: skip
FORMS = ("docx", "pdf", "ofd", "html", "html old", "md", "xlsx")
_CUT = regex.compile(r"(?<=[A-Za-z0-9./]) (?=[A-Za-z0-9])")
"""A web address that a PDF prints over two lines comes with a gap: which of the two it was nobody can see."""


def last_of(family: str) -> Entry:
    """The latest paper of a family in the standard set."""
    return max((one for one in entries() if one.family == family), key=lambda one: one.year)


@cache
def records(family: str, form: str) -> list[dict[str, Any]]:
    made = paper(last_of(family))
    first = made.documents[0]
    first.setdefault("document_number", "")
    made.meta = {"site": "云州市人民政府", "index": "", "topic": "", **made.meta}
    first["publish_date"] = first.get("publish_date") or first.get("issue_date")
    form, _, style = form.partition(" ")
    written = render(made, form, style)
    source = Source.of(f"样例.{form}", written, sniff(written, f"样例.{form}")[0])
    found = extract(choose(source).read(source), load_rulebook())
    return [_without_gaps(record.values) for record in found]


def _without_gaps(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_gaps(one) for key, one in value.items() if key not in OF_FORMAT}
    if isinstance(value, list):
        return [_without_gaps(one) for one in value]
    return _CUT.sub("", value) if isinstance(value, str) else value


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("form", FORMS)
def test_each_form_says_what_the_text_says(family, form):
    plain, other = records(family, "txt"), records(family, form)
    assert len(plain) == len(other)
    for one, two in zip(plain, other, strict=True):
        assert {key: two[key] for key in one if one[key] != two[key]} == {
            key: one[key] for key in one if one[key] != two[key]
        }


def test_the_papers_say_something():
    said = [record for family in FAMILIES for record in records(family, "txt")]
    for key in ("title", "issuers", "tasks", "leading_group", "contacts", "deadlines", "citations", "activities"):
        assert any(record[key] for record in said), key
