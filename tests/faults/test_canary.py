"""Row 6 of reliability.md: files that ask servers. What LibreOffice would fetch: tests/ingest/test_office.py."""

from __future__ import annotations

import email.message
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from ingest.sandbox import read_bytes
from tests.faults import hostile_package as packed
from tests.faults.door import LIMITS, Canary
from tests.faults.hostile_pdf import one_page, pdf
from tests.ingest import ofd_kit

P = packed.paragraph


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    made.close()


def _picture_field(url: str) -> bytes:
    run = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    told = f'<w:r><w:instrText>INCLUDEPICTURE "{url}/f.png" \\d</w:instrText></w:r>'
    field = run.format("begin") + told + run.format("separate") + run.format("end")
    other = '<w:altChunk r:id="r9"/>'
    link = packed.relation("r9", "aFChunk", f"{url}/chunk.html", 'TargetMode="External"')
    return packed.docx(f"{P('通知')}<w:p>{field}</w:p>{other}", relations=link)


def _everything(url: str) -> str:
    return (
        f'<html><head><base href="{url}/"><meta http-equiv="refresh" content="0;url={url}/r"><link rel="stylesheet" '
        f'href="c.css"><style>@import url({url}/i.css)</style><script src="{url}/s.js"></script></head><body>通知'
        f'<img src="{url}/a.png" srcset="{url}/b.png 2x"><iframe src="{url}/f"></iframe><object data="{url}/o">'
        f'</object><embed src="{url}/e"><video src="{url}/v"></video><p style="background:url({url}/g.png)">x</p>'
        "</body></html>"
    )


def _archived(url: str) -> bytes:
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    part = f"--b\r\nContent-Type: text/html\r\nContent-Location: {url}/page\r\n\r\n{_everything(url)}"
    return f"{head}{part}\r\n--b--\r\n".encode()


def _mail(url: str) -> bytes:
    message = email.message.EmailMessage()
    message["From"], message["To"], message["Subject"] = "heli@example.com", "kexie@example.com", "通知"
    message["Disposition-Notification-To"] = "heli@example.com"
    message.set_content(_everything(url), subtype="html")
    return message.as_bytes()


def _remote_pdf(url: str) -> bytes:
    objects = one_page(_6=b"<</S/URI/URI(%s/open)>>" % url.encode(), _7=b"<</S/GoToR/F(%s/r.pdf)>>" % url.encode())
    objects[1] = b"<</Type/Catalog/Pages 2 0 R/OpenAction 6 0 R/AcroForm<</XFA 8 0 R/Fields[]>>>>"
    objects[8] = b"<</Length 0/F(%s/xfa)/FS/URL>>stream\n\nendstream" % url.encode()
    objects[3] = objects[3].replace(b"/Contents 4 0 R", b"/AA<</O 7 0 R>>/Contents 4 0 R")
    return pdf(objects)


def _media(url: str) -> bytes:
    paper = ofd_kit.Paper().line("通知")
    paper.book.resources = (
        f'<ofd:MultiMedias><ofd:MultiMedia ID="900" Type="Image"><ofd:MediaFile>{url}/a.png</ofd:MediaFile>'
        "</ofd:MultiMedia></ofd:MultiMedias>"
    )
    return paper.picture().data()


def _linked(kind: str, url: str, parts: dict[str, str]) -> bytes:
    """A package whose parts have an external relation of every kind."""
    kinds = ("externalLinkPath", "image", "hyperlink", "oleObject", "slide")
    away = 'TargetMode="External"'
    far = "".join(packed.relation(f"x{at}", one, f"{url}/{one}", away) for at, one in enumerate(kinds))
    main = next(iter(parts))
    content = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
    near = "".join(packed.relation(f"s{at}", "slide" if "pres" in kind else "worksheet", name.rpartition("/")[2])
                   for at, name in enumerate([*parts][1:]))  # fmt: skip
    folder, _, file = main.rpartition("/")
    return packed.zipped([
        ("[Content_Types].xml", f'<Types><Override ContentType="{content}"/></Types>'),
        ("_rels/.rels", packed.RELATIONS % packed.relation("r", "officeDocument", main)),
        (f"{folder}/_rels/{file}.rels", packed.RELATIONS % (near + far)), *parts.items(),
    ])  # fmt: skip


def _book(url: str) -> bytes:
    book = f'<workbook xmlns:r="{packed.RT[:-1]}"><sheets><sheet name="表" r:id="s0"/></sheets></workbook>'
    formula = f'<c><f>WEBSERVICE("{url}/w")</f><v>7</v></c>'
    cell = '<c t="inlineStr"><is><t>通知</t></is></c>'

    rows = f"<sheetData><row>{cell}{formula}</row></sheetData>"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return _linked("spreadsheetml.sheet", url, {
        "xl/workbook.xml": book, "xl/sheet.xml": f'<worksheet xmlns="{main}">{rows}</worksheet>',
    })  # fmt: skip


def _deck(url: str) -> bytes:
    names = f'xmlns:p="urn:p" xmlns:a="urn:a" xmlns:r="{packed.RT[:-1]}"'
    shape = "<p:sp><p:txBody><a:p><a:r><a:t>通知</a:t></a:r></a:p></p:txBody></p:sp>"
    listed = '<p:sldIdLst><p:sldId r:id="s0"/></p:sldIdLst>'
    picture = '<p:pic><p:blipFill><a:blip r:link="x1"/></p:blipFill></p:pic>'
    return _linked("presentationml.presentation", url, {
        "ppt/presentation.xml": f"<p:presentation {names}>{listed}</p:presentation>",
        "ppt/slide.xml": f"<p:sld {names}><p:cSld><p:spTree>{shape}{picture}</p:spTree></p:cSld></p:sld>",
    })  # fmt: skip


def _ods(url: str) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{space}:{name}:1.0"' for name in ("office", "text", "table", "drawing"))
    picture = f'<drawing:image xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{url}/a.png" xlink:show="embed"/>'
    cell = f"<table:table-cell><text:p>通知{picture}</text:p></table:table-cell>"
    table = f'<table:table table:name="表"><table:table-row>{cell}</table:table-row></table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    return packed.zipped([
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>"),
    ])  # fmt: skip


ASKING = {
    "1.docx": _picture_field,
    "2.docx": lambda url: packed.docx(P("通知"), relations=packed.relation(
        "r9", "attachedTemplate", f"{url}/t.dotm", 'TargetMode="External"')),
    "3.doc": lambda url: _everything(url).encode(), "4.html": lambda url: _everything(url).encode(),
    "5.mht": _archived, "6.eml": _mail, "7.ofd": _media, "8.xlsx": _book, "9.pptx": _deck, "10.pdf": _remote_pdf,
    "11.md": lambda url: f"# 通知\n\n![图]({url}/a.png)\n\n## 附件\n".encode(), "12.ods": _ods,
    "13.txt": lambda url: f"通知 {url}/x".encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKING)
def test_no_server_is_asked(name: str, canary: Canary):
    document = read_bytes(ASKING[name](canary.url), name, limits=LIMITS)
    assert ("hi" if name == "10.pdf" else "通知") in document.text
    assert canary.asked == []


def test_the_canary_hears():
    made = Canary()
    with pytest.raises(ConnectionError):
        urlopen(f"{made.url}/a.png", timeout=5)
    made.close()
    assert [one.split()[1] for one in made.asked] == ["/a.png"]
