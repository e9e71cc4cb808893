"""Row 4 of reliability.md: XML that asks for more than itself, in three formats."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gongwen.errors import SourceError
from ingest.sandbox import Limits, read_bytes
from tests.faults import hostile_package as packed
from tests.faults.door import Canary
from tests.ingest import ofd_kit

LIMITS = Limits(memory_bytes=512 << 20, cpu=8, cpu_per_page=0)
P = packed.paragraph


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    made.close()


def outcome(data: bytes | str, name: str) -> str:
    """The reason code, or the text."""
    content = data if isinstance(data, bytes) else data.encode()
    try:
        return read_bytes(content, name, limits=LIMITS).text.strip()
    except SourceError as error:
        assert error.sentence
        return error.code


def word(head: str, inner: str) -> tuple[str, str]:
    return "word/document.xml", f"{head}<w:document {packed.W}><w:body>{P(inner)}</w:body></w:document>"


def sheet(head: str, inner: str) -> tuple[str, str]:
    cell = f'<sheetData><row><c t="inlineStr"><is><t>{inner}</t></is></c></row></sheetData>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return "xl/sheet.xml", f'{head}<worksheet xmlns="{space}">{cell}</worksheet>'


def page(head: str, inner: str) -> tuple[str, str]:
    text = f"<ofd:TextObject><ofd:TextCode>{inner}</ofd:TextCode></ofd:TextObject>"
    layer = f"<ofd:Content><ofd:Layer>{text}</ofd:Layer></ofd:Content>"
    return "Doc_0/P.xml", f"{head}<ofd:Page {ofd_kit.SPACE}>{layer}</ofd:Page>"


def docx(content: bytes) -> bytes:
    return packed.zipped([("[Content_Types].xml", "wordprocessingml.document"), ("word/document.xml", content)])


def xlsx(content: bytes) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    book = f'<workbook xmlns:r="{packed.RT[:-1]}"><sheets><sheet name="表" r:id="s"/></sheets></workbook>'
    return packed.zipped([
        ("[Content_Types].xml", f'<Types><Override ContentType="{kind}"/></Types>'), ("xl/workbook.xml", book),
        ("_rels/.rels", packed.RELATIONS % packed.relation("r", "officeDocument", "xl/workbook.xml")),
        ("xl/_rels/workbook.xml.rels", packed.RELATIONS % packed.relation("s", "worksheet", "sheet.xml")),
        ("xl/sheet.xml", content),
    ])  # fmt: skip


def ofd(content: bytes) -> bytes:
    return ofd_kit.package(pages='<ofd:Page ID="1" BaseLoc="P.xml"/>', add=(("Doc_0/P.xml", content),))


FORMATS = {"a.docx": (word, docx), "a.xlsx": (sheet, xlsx), "a.ofd": (page, ofd)}
SECRET = '<!DOCTYPE a [<!ENTITY x SYSTEM "{}">]>'
FROM_DISK = SECRET.format("file:///etc/passwd")
HEADS = {
    "an entity from a file": (FROM_DISK, "&x;", "utf-8"),
    "an entity from a server": (SECRET.format("URL/x"), "&x;", "utf-8"),
    "a parameter entity": ('<!DOCTYPE a [<!ENTITY % p SYSTEM "URL/p">%p;]>', "x", "utf-8"),
    "a DTD on a server": ('<!DOCTYPE a SYSTEM "URL/a.dtd">', "x", "utf-8"),
    "a DTD in small letters": ('<!doctype a [<!ENTITY x "y">]>', "&x;", "utf-8"),
    "UTF-16 with a mark": (f'<?xml version="1.0" encoding="UTF-16"?>{FROM_DISK}', "&x;", "utf-16"),
    "UTF-16 without a mark": (f'<?xml version="1.0"?>{FROM_DISK}', "&x;", "utf-16-le"),
    "a DTD behind a comment": (f'<?xml version="1.0"?><!-- {"x" * 9_000} -->{FROM_DISK}', "&x;", "utf-8"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("case", HEADS)
def test_xml_that_asks_for_more_than_itself(case: str, name: str, canary: Canary):
    write, pack = FORMATS[name]
    head, inner, coding = HEADS[case]
    content = write(head.replace("URL", canary.url), inner)[1].encode(coding)
    assert outcome(pack(content), name) in {"xml_dtd", "parse_error"}, case
    assert canary.asked == []


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_included_is_not_fetched(name: str, canary: Canary):
    write, pack = FORMATS[name]
    style = f'<?xml version="1.0"?><?xml-stylesheet href="{canary.url}/s.xsl" type="text/xsl"?>'
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{canary.url}/i" parse="text"/>'
    content = write(style, "通知")[1].replace("通知", f"通知{include}").encode()
    assert "通知" in outcome(pack(content), name)
    assert canary.asked == []


def test_members_in_each_others_place():
    assert outcome(packed.overlapping_parts(), "x.docx") == "zip_overlap"


def test_an_archive_of_nothing():
    assert outcome(packed.zipped([]), "a.zip") == "no_text"
