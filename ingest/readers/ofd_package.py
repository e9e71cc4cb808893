"""The parts of an OFD package (GB/T 33190-2016, 6): found by location, resolved inside the list of members only."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gongwen.errors import SourceError
from ingest.safety import MAX_XML_PART, SafeZip, parse_xml

if TYPE_CHECKING:
    from lxml import etree

ROOT = "OFD.xml"
ENCRYPTIONS = "Encryptions.xml"
"""GM/T 0099-2020: an encrypted package lists there by what its parts are opened; the parts themselves are not XML."""

BROKEN = frozenset({"ofd_missing_part", "parse_error", "zip_bad"})
"""What one part may lack without the rest being lost. Anything else is an attack and refuses the file."""


class Package:
    def __init__(self, data: bytes) -> None:
        self._zip = SafeZip(data)
        if self._zip.find(ENCRYPTIONS):
            raise SourceError("password", "an encrypted OFD")
        self._tops = {name.split("/", 1)[0].casefold() for name in self._zip.names()}

    @property
    def has_wrong_crc(self) -> bool:
        """Of a part that was read: some vendors write no right checksum."""
        return bool(self._zip.crc_errors)

    def xml(self, location: str | None, base: str = "") -> tuple[str, etree._Element]:
        """Name and root of the part that stands at a location (ST_Loc) written in the part `base`. SourceError
        `ofd_missing_part` when there is none, `ofd_path` when it leads out of the package."""
        name = None if not location or not location.strip() else self.locate(location, base)
        if name is None:
            raise SourceError("ofd_missing_part", f"{base}: {location!r}")
        content = self._zip.read(name)
        if len(content) > MAX_XML_PART:
            raise SourceError("zip_total", f"{name!r}: {len(content)} bytes")
        return name, parse_xml(content, name)

    def content(self, location: str | None, base: str) -> bytes:
        """The bytes of a part as they are, empty where it is missing or broken."""
        name = self.locate(location, base) if location else None
        try:
            return b"" if name is None else self._zip.read(name)
        except SourceError as error:
            if error.code not in BROKEN:
                raise
            return b""

    def side(self, location: str | None, base: str) -> tuple[str, etree._Element] | None:
        """As `xml` for what stands beside the pages (resources, lists of attachments): None when it is broken."""
        try:
            return self.xml(location, base)
        except SourceError as error:
            if error.code not in BROKEN:
                raise
            return None

    def locate(self, location: str, base: str = "") -> str | None:
        """The member of a location: from the root of the package when it begins with a slash, else from the folder
        of `base`; some writers mean the root without the slash."""
        path = location.strip().replace("\\", "/")
        if "\0" in path or ":" in path.split("/", 1)[0]:
            raise SourceError("ofd_path", repr(location))
        if path.startswith("/"):
            found = self._zip.find(_inside("", path.lstrip("/"), location))
            if found is None and path.lstrip("/").split("/", 1)[0].casefold() not in self._tops:
                raise SourceError("ofd_path", repr(location))
            return found
        inner = self._zip.find(_inside(posixpath.dirname(base), path, location))
        return inner or (None if path.startswith(".") else self._zip.find(path))


def _inside(folder: str, path: str, location: str) -> str:
    parts = [part for part in folder.split("/") if part]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                raise SourceError("ofd_path", repr(location))
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def local(element: etree._Element) -> str:
    """Its name without the name space: writers of the drafts of the standard use others."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element, name: str) -> list[etree._Element]:
    return element.findall(f"{{*}}{name}")


def text_of(element: etree._Element | None, path: str) -> str | None:
    """What the first element of that path says, None when there is none or it says nothing."""
    found = None if element is None else element.find("/".join(f"{{*}}{step}" for step in path.split("/")))
    return None if found is None or not (found.text or "").strip() else str(found.text).strip()
