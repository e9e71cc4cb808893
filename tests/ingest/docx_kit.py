"""DOCX files from raw XML: each piece of markup that a test is about stands in the test."""

from __future__ import annotations

import io
import zipfile

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml'
    '.document.main+xml"/></Types>'
)
_RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
)
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def zipped(members) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def relationship(name: str, kind: str, target: str, *, external: bool = False) -> str:
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="{name}" Type="{_KIND}{kind}" Target="{target}"{mode}/>'


def docx(body: str, *, parts: dict[str, str] | None = None, links: str = "", head: str = "", add=()) -> bytes:
    """`parts`: {"numbering": inner XML, …} become word/NAME.xml related to the document; `links` further
    relationships; `head` stands before the root element."""
    parts = parts or {}
    related = "".join(relationship(f"part{at}", _kind(name), f"{name}.xml") for at, name in enumerate(parts)) + links
    return zipped(
        [
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONSHIPS % relationship("r1", "officeDocument", "word/document.xml")),
            ("word/_rels/document.xml.rels", _RELATIONSHIPS % related),
            *((f"word/{name}.xml", _root(name, inner)) for name, inner in parts.items()),
            ("word/document.xml", f"{head}<w:document {W}><w:body>{body}</w:body></w:document>"),
            *add,
        ]
    )


def _kind(name: str) -> str:
    return name.rstrip("0123456789")


def _root(name: str, inner: str) -> str:
    tag = {"header": "hdr", "footer": "ftr"}.get(_kind(name), name)
    return f"<w:{tag} {W}>{inner}</w:{tag}>"


def p(text: str = "", *, properties: str = "", run: str = "") -> str:
    return (
        f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def listed(text: str, list_id: int, level: int = 0) -> str:
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def level(at: int, style: str, shape: str, *, start: int = 1, more: str = "") -> str:
    inner = f'<w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{shape}"/>'
    return f'<w:lvl w:ilvl="{at}">{inner}</w:lvl>'


def cell(*paragraphs: str, properties: str = "") -> str:
    inner = "".join(one if one.startswith("<") else p(one) for one in paragraphs)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
