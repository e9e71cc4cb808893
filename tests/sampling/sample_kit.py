"""Reads the sample files by ways of their own, so that the gold is checked against what really stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import docx
import lxml.html
import openpyxl
import pypdfium2
import regex
from docx.oxml.ns import qn

from gongwen.text import fold_width

PAGE_NUMBER = regex.compile(r"(?m)^\s*— \d+ —\s*$")
TEXTS = {"title", "theme", "document_number"}
LISTS = {
    "issuers", "addressees", "locations", "hosts", "organizers", "co_organizers", "annexes", "enclosures", "copied_to",
}  # fmt: skip
# How a date is printed does not matter here: 2024-09-03 must stand as 2024年9月3日 or in one of two other forms.
DATES = {"issue_date", "publish_date", "print_date"}


@cache
def text_of(path: Path) -> str:
    if path.suffix == ".docx":
        body = docx.Document(str(path)).element.body
        return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))
    if path.suffix == ".pdf":
        pages = pypdfium2.PdfDocument(path)
        text = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
        pages.close()
        return text.replace("\r", "")
    if path.suffix == ".xlsx":
        rows = (row for page in openpyxl.load_workbook(path) for row in page.iter_rows(values_only=True))
        return "\n".join("\t".join(str(value) for value in row if value is not None) for row in rows)
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return str(lxml.html.document_fromstring(data.decode()).text_content()) if path.suffix == ".html" else text


def closed(text: str) -> str:
    """Without white space, page numbers and the difference of width."""
    without = PAGE_NUMBER.sub("", text).replace("**", "").replace("|", "")
    return regex.sub(r"\s+", "", fold_width(without))


def values(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(field, text) of every value that must stand in the file."""
    for field in TEXTS:
        if record.get(field):
            yield field, record[field]
    for field in LISTS:
        for value in record.get(field) or []:
            yield field, value
    for entry in record["citations"]:
        yield "citations", entry["title"]
        if entry["document_number"]:
            yield "citations.number", entry["document_number"]
    for entry in record["deadlines"]:
        yield "deadlines", entry["text"]
    if record["activity_time"]:
        yield "activity_time", record["activity_time"]["text"]
    yield from _rows(record)


def _rows(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in ("tasks", "activities", "contacts", "leading_group"):
        for row in record.get(field) or []:
            for key, value in row.items():
                for text in value if isinstance(value, list) else [value]:
                    if text:
                        yield f"{field}.{key}", text


def records(gold: dict[str, Any]) -> list[dict[str, Any]]:
    return [gold, *gold.get("parts", [])]
