"""Reads the sample files by ways of their own, so that the gold is checked against what really stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import lxml.html
import openpyxl
import pypdfium2
import regex
from docx.oxml.ns import qn
from lxml import etree

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
    if path.suffix == ".ofd":
        return "\n".join(_ofd_pages(path))
    if path.suffix == ".xlsx":
        rows = (row for page in openpyxl.load_workbook(path) for row in page.iter_rows(values_only=True))
        return "\n".join("\t".join(str(value) for value in row if value is not None) for row in rows)
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return str(lxml.html.document_fromstring(data.decode()).text_content()) if path.suffix == ".html" else text


def _ofd_pages(path: Path) -> Iterator[str]:
    """Page by page, the templates behind each: objects by place, for a line is cut into many."""
    with ZipFile(path) as package:
        document = etree.fromstring(package.read("Doc_0/Document.xml"))
        templates = {one.get("ID"): one.get("BaseLoc") for one in document.iter("{*}TemplatePage")}
        for page in document.iter("{*}Page"):
            root = etree.fromstring(package.read(f"Doc_0/{page.get('BaseLoc')}"))
            used = [templates[one.get("TemplateID")] for one in root.iter("{*}Template")]
            roots = [*(etree.fromstring(package.read(f"Doc_0/{one}")) for one in used), root]
            yield "\n".join(_ofd_line(item) for one in roots for item in _ofd_lines(one))


def _ofd_lines(root: etree._Element) -> Iterator[list[etree._Element]]:
    """Objects that follow each other on one height and to the right."""
    held: list[tuple[float, float, etree._Element]] = []
    for item in root.iter("{*}TextObject"):
        x, top = map(float, item.get("Boundary").split()[:2])
        if held and (top != held[-1][1] or x < held[-1][0]):
            yield [one for _, _, one in held]
            held = []
        held.append((x, top, item))
    yield [one for _, _, one in held]


def _ofd_line(items: list[etree._Element]) -> str:
    return "".join(code.text for item in items for code in item.iter("{*}TextCode"))


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
