"""The parts of a DOCX, XLSX or PPTX package: found by relationships, resolved inside the list of members only."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongwen.errors import SourceError
from ingest.safety import SafeZip, parse_xml

if TYPE_CHECKING:
    from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"

# ISO strict files say the same in other name spaces.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", MATH[1:-1].encode()),
)


@dataclass(frozen=True, slots=True)
class Relationship:
    """`kind` is the last word of its type (image, header, hyperlink); `external` targets are never opened."""

    kind: str
    target: str
    external: bool


class Package:
    def __init__(self, data: bytes) -> None:
        self._zip = SafeZip(data)
        main = [one.target for one in self.relationships("").values() if one.kind == "officeDocument"]
        found = self._zip.find(main[0]) if main else self._zip.find("word/document.xml")
        if found is None:
            raise SourceError("zip_bad", "no main document part")
        self.main = found

    def xml(self, part: str) -> etree._Element | None:
        """Root of a part, None when the package has no such member."""
        content = self.content(part)
        return None if content is None else parse_xml(content, part)

    def content(self, part: str) -> bytes | None:
        """Bytes of a part, its name spaces as the usual files spell them."""
        name = self._zip.find(part)
        if name is None:
            return None
        content = self._zip.read(name)
        if name in self._zip.crc_errors:
            raise SourceError("parse_error", f"{name}: checksum does not fit")
        for strict, usual in _STRICT:
            if strict in content:
                content = content.replace(strict, usual)
        return content

    def relationships(self, part: str) -> dict[str, Relationship]:
        """By id. Internal targets are names in this package, whatever they say: `..` beyond the root stays inside."""
        folder, base = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, Relationship] = {}
        for one in [] if root is None else root.iter(f"{_PACKAGE}Relationship"):
            target = one.get("Target", "")
            external = one.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[one.get("Id", "")] = Relationship(one.get("Type", "").rsplit("/", 1)[-1], target, external)
        return found

    def related(self, part: str, kind: str) -> str | None:
        """The first internal target of that kind."""
        for one in self.relationships(part).values():
            if one.kind == kind and not one.external:
                return one.target
        return None


def value(element: etree._Element | None, name: str = "val") -> str | None:
    """A w: attribute; None when there is no element."""
    return None if element is None else element.get(f"{W}{name}")


def number(element: etree._Element | None, name: str = "val") -> int | None:
    text = value(element, name)
    try:
        return None if text is None else int(float(text))
    except (ValueError, OverflowError):
        return None


def is_on(element: etree._Element | None) -> bool | None:
    """A toggle such as w:b: None when it is not there."""
    if element is None:
        return None
    return value(element) not in ("0", "false", "off", "none")
