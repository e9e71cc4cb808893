"""Reads the sample files by ways of their own, so that the gold is checked against what really stands in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import lxml.html
import olefile
import openpyxl
import pypdfium2
import regex
from docx.oxml.ns import qn
from lxml import etree
from python_calamine import CalamineWorkbook

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
    return text_in(path.name, path.read_bytes())


def text_in(name: str, data: bytes) -> str:
    """The text of a file and of those in it."""
    form = name.rpartition(".")[2]
    if form in _TEXTS:
        return _TEXTS[form](data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return text


def _docx(data: bytes) -> str:
    body = docx.Document(BytesIO(data)).element.body
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))


def _pdf(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(data)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    pages.close()
    return text.replace("\r", "")


def _xlsx(data: bytes) -> str:
    rows = (row for page in openpyxl.load_workbook(BytesIO(data)) for row in page.iter_rows(values_only=True))
    return "\n".join("\t".join(str(value) for value in row if value is not None) for row in rows)


def _xls(data: bytes) -> str:
    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    return "\n".join("\t".join(str(int(one) if isinstance(one, float) else one) for one in row) for row in rows)


def _page(data: bytes) -> str:
    return str(lxml.html.document_fromstring(data.decode()).text_content())


def _doc(data: bytes) -> str:
    """The text of a Word document stands in one piece of UTF-16 in its main stream."""
    with olefile.OleFileIO(data) as ole:
        return ole.openstream("WordDocument").read().decode("utf-16-le", "replace")


def _rtf(data: bytes) -> str:
    character = regex.compile(r"\\u(-?\d+)\s?(?:(?:\\'[0-9a-f]{2})+|\?)?")
    text = character.sub(lambda match: chr(int(match[1]) % 65536), data.decode("ascii"))
    return regex.sub(r"\\[a-z]+-?\d* ?|[{}\n\r]", "", text)


def _odt(data: bytes) -> str:
    return "\n".join(etree.fromstring(ZipFile(BytesIO(data)).read("content.xml")).itertext())


def _pptx(data: bytes) -> str:
    package = ZipFile(BytesIO(data))
    slides = [etree.fromstring(package.read(name)) for name in package.namelist() if "slides/slide" in name]
    return "\n".join(text for slide in slides for text in slide.itertext())


def _parts(data: bytes) -> str:
    """A mail or a saved page with all that is in it."""
    texts = []
    for part in message_from_bytes(data, policy=default).walk():
        if part.get_content_type() == "text/html":
            texts.append(_page(part.get_payload(decode=True)))
        elif part.get_filename():
            texts.append(text_in(part.get_filename(), part.get_payload(decode=True)))
        elif part.get_content_type() == "text/plain":
            texts.append(part.get_content())
    return "\n".join(texts)


def _zip(data: bytes) -> str:
    with ZipFile(BytesIO(data), metadata_encoding="gbk") as package:
        return "\n".join(text_in(name, package.read(name)) for name in package.namelist())


def _msg(data: bytes) -> str:
    with olefile.OleFileIO(data) as ole:
        streams = {"/".join(one): ole.openstream(one).read() for one in ole.listdir()}
    texts = [streams["__substg1.0_1000001F"].decode("utf-16-le")]
    for path, content in streams.items():
        if path.endswith("__substg1.0_37010102"):
            name = streams[path.replace("37010102", "3707001F")].decode("utf-16-le")
            texts.append(text_in(name, content))
    return "\n".join(texts)


def _ofd(data: bytes) -> str:
    return "\n".join(_ofd_pages(data))


def _ofd_pages(data: bytes) -> Iterator[str]:
    """Page by page, the templates behind each: objects by place, for a line is cut into many."""
    with ZipFile(BytesIO(data)) as package:
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


_TEXTS: dict[str, Callable[[bytes], str]] = {
    "docx": _docx, "pdf": _pdf, "ofd": _ofd, "xlsx": _xlsx, "html": _page, "doc": _doc, "wps": _doc, "rtf": _rtf,
    "odt": _odt, "xls": _xls, "et": _xls, "pptx": _pptx, "eml": _parts, "mht": _parts, "zip": _zip, "msg": _msg,
}  # fmt: skip


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
    """Of the file, its further documents and the files in it."""
    members = [record for one in gold.get("members", []) for record in records(one)]
    return [gold, *gold.get("parts", []), *members]
