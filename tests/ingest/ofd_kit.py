"""OFD files drawn line by line, so that a test says exactly what stands where (points from the top left), and raw
packages for what no honest writer makes."""

from __future__ import annotations

import io
import zipfile

from gongwen.document import Document
from gongwen.sampling.writers.ofd_book import LATIN, Book, Leaf, mm
from ingest.readers.ofd import READER
from ingest.source import Source

LEFT, RIGHT, SIZE, LEADING = 80.0, 512.0, 16.0, 28.0
FULL = int((RIGHT - LEFT) / SIZE)
"""Characters on a full line."""
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
PICTURE = '<ofd:ImageObject ID="{id}" Boundary="20 30 170 240" CTM="170 0 0 240 0 0" ResourceID="900"/>'


class Paper:
    def __init__(self) -> None:
        self.book = Book("样例")
        self.leaf: Leaf = self.book.page()
        self.top = 100.0

    def line(self, text: str, x: float = LEFT, top: float | None = None, size: float = SIZE, **how) -> Paper:
        """Text whose upper edge is at `top`; without it the next line of the page."""
        if top is None:
            top, self.top = self.top, self.top + LEADING
        self.leaf.text(text, x, top, size, **how)
        return self

    def paragraph(self, text: str, *, indent: int = 2) -> Paper:
        """Broken into full lines, the first one so many characters in."""
        first, rest = text[: FULL - indent], text[FULL - indent :]
        self.line(first, LEFT + indent * SIZE)
        for at in range(0, len(rest), FULL):
            self.line(rest[at : at + FULL])
        return self

    def grid(self, xs: list[float], ys: list[float]) -> Paper:
        for x in xs:
            self.leaf.rule(x, ys[0], x, ys[-1])
        for y in ys:
            self.leaf.rule(xs[0], y, xs[-1], y)
        return self

    def raw(self, xml: str, layer: str = "Body") -> Paper:
        self.leaf.add(xml.replace("{id}", str(self.leaf.next_id())), layer)
        return self

    def picture(self) -> Paper:
        return self.raw(PICTURE)

    def template(self) -> Leaf:
        """A new template, printed behind this page."""
        made = self.book.template()
        self.leaf.templates.append((made.number, "Background"))
        return made

    def page(self, *templates: Leaf) -> Paper:
        self.leaf = self.book.page()
        self.leaf.templates += [(one.number, "Background") for one in templates]
        self.top = 100.0
        return self

    def annotation(self, xml: str, kind: str = "Stamp", appearance: str = "0 0 210 297") -> Paper:
        """On this page; `xml` is what it prints."""
        self.book.of_document += "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
        self.book.parts |= {
            "Doc_0/Annots/Annotations.xml": (
                f'<ofd:Annotations {SPACE}><ofd:Page PageID="{self.leaf.number}"><ofd:FileLoc>Page_0/Annotation.xml'
                "</ofd:FileLoc></ofd:Page></ofd:Annotations>"
            ).encode(),
            "Doc_0/Annots/Page_0/Annotation.xml": (
                f'<ofd:PageAnnot {SPACE}><ofd:Annot ID="1" Type="{kind}"><ofd:Appearance Boundary="{appearance}">{xml}'
                "</ofd:Appearance></ofd:Annot></ofd:PageAnnot>"
            ).encode(),
        }
        return self

    def signed(self) -> Paper:
        self.book.of_body += "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>"
        self.book.parts |= {
            "Doc_0/Signs/Signatures.xml": (
                f'<ofd:Signatures {SPACE}><ofd:MaxSignId>1</ofd:MaxSignId><ofd:Signature ID="1" Type="Seal" '
                'BaseLoc="/Doc_0/Signs/Sign_0/Signature.xml"/></ofd:Signatures>'
            ).encode(),
            "Doc_0/Signs/Sign_0/Signature.xml": f"<ofd:Signature {SPACE}/>".encode(),
            "Doc_0/Signs/Sign_0/Seal.esl": b"\x30\x00",
        }
        return self

    def attached(self, name: str) -> Paper:
        self.book.of_document += "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
        self.book.parts |= {
            "Doc_0/Attachs/Attachments.xml": (
                f'<ofd:Attachments {SPACE}><ofd:Attachment ID="1" Name="{name}" Format="XLSX"><ofd:FileLoc>table.xlsx'
                "</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"
            ).encode(),
            "Doc_0/Attachs/table.xlsx": b"PK",
        }
        return self

    def data(self) -> bytes:
        return self.book.data()


def text_object(inner: str, more: str = "", boundary: str = "20 30 150 10") -> str:
    return f'<ofd:TextObject ID="{{id}}" Boundary="{boundary}" Font="1" Size="5"{more}>{inner}</ofd:TextObject>'


def package(
    *, text: str = "关于印发的通知", root: str = "Doc_0/Document.xml", page: str = "Pages/Page_0/Content.xml",
    head: str = "", content: str | None = None, pages: str | None = None, add: tuple[tuple[str, str | bytes], ...] = (),
) -> bytes:  # fmt: skip
    """The smallest package, each of its places open to an attack (reliability.md §5)."""
    if content is None:
        content = f"<ofd:TextObject><ofd:TextCode>{text}</ofd:TextCode></ofd:TextObject>"
    pages = f'<ofd:Page ID="1" BaseLoc="{page}"/>' if pages is None else pages
    body = f"<ofd:DocBody><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody>"
    return zipped([
        ("OFD.xml", f'<?xml version="1.0"?>{head}<ofd:OFD {SPACE} Version="1.0">{body}</ofd:OFD>'),
        ("Doc_0/Document.xml", f"<ofd:Document {SPACE}><ofd:Pages>{pages}</ofd:Pages></ofd:Document>"),
        ("Doc_0/Pages/Page_0/Content.xml",
         f"<ofd:Page {SPACE}><ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>"),
        *add,
    ])  # fmt: skip


def zipped(members: list[tuple[str, str | bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members:
            target.writestr(name, content)
    return out.getvalue()


def wrong_crc(data: bytes) -> bytes:
    """With the checksum of the first member off by one, in both places, as some vendors write it."""
    broken = bytearray(data)
    broken[data.find(b"PK\3\4") + 14] ^= 1
    broken[data.find(b"PK\1\2") + 16] ^= 1
    return bytes(broken)


def source(paper: Paper | bytes) -> Source:
    return Source.of("a.ofd", paper if isinstance(paper, bytes) else paper.data(), "application/ofd")


def read(paper: Paper | bytes) -> Document:
    return READER.read(source(paper))


def told(document: Document, *kinds: str) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if block.kind in kinds]


__all__ = [
    "FULL", "LATIN", "LEADING", "LEFT", "SIZE", "SPACE", "Leaf", "Paper", "mm", "package", "read", "source",
    "text_object", "told", "wrong_crc", "zipped",
]  # fmt: skip
