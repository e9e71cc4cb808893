"""Seals of an OFD (GB/T 33190-2016, 18): where signatures stamp a page, and the picture of the seal, which lies in its
seal file or in the signature (GB/T 38540-2020, GM/T 0031-2014: ASN.1 in DER). Whether a signature is valid is a
matter of cryptography and not judged here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from ingest.readers.ofd_package import Package, children, text_of
from ingest.readers.ofd_units import Box, box

_MOST = 200
_DEPTH, _NODES = 16, 20_000
_TEXTS = frozenset({0x0C, 0x13, 0x16})
"""UTF8String, PrintableString, IA5String."""
_KINDS = frozenset({"png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff", "ofd"})


@dataclass(frozen=True, slots=True)
class Stamp:
    """A seal on a page, in millimetres; `clip` is the part of it that is seen, from its own corner."""

    place: Box
    clip: Box | None
    kind: str
    picture: bytes


def stamps(package: Package, body: etree._Element, page: str) -> Iterator[Stamp]:
    """What the signatures of a document stamp on the page of this number."""
    listing = package.side(text_of(body, "Signatures"), "OFD.xml")
    if listing is None:
        return
    for one in children(listing[1], "Signature")[:_MOST]:
        found = package.side(one.get("BaseLoc"), listing[0])
        if found is None:
            continue
        places = [mark for mark in found[1].iter("{*}StampAnnot") if mark.get("PageRef") == page]
        kind, picture = _picture(package, *found) if places else ("", b"")
        for mark in places[:_MOST]:
            place = box(mark.get("Boundary"))
            if picture and place is not None:
                yield Stamp(place, box(mark.get("Clip")), kind, picture)


def _picture(package: Package, name: str, root: etree._Element) -> tuple[str, bytes]:
    for location in (text_of(root, "SignedInfo/Seal/BaseLoc"), text_of(root, "SignedValue")):
        found = seal_picture(package.content(location, name)) if location else None
        if found is not None:
            return found
    return "", b""


def seal_picture(data: bytes) -> tuple[str, bytes] | None:
    """Kind and bytes of the picture in a seal: the first sequence of a kind, an octet string and two numbers."""
    room = [_NODES]
    return _sought(data, 0, room)


def _sought(data: bytes, depth: int, room: list[int]) -> tuple[str, bytes] | None:
    nodes = list(_nodes(data, room))
    for (tag, kind), (following, picture) in pairwise(nodes):
        if tag in _TEXTS and following == 0x04 and len(kind) <= 8:
            told = kind.decode("ascii", "replace").strip().lower().lstrip(".")
            if told in _KINDS:
                return told, picture
    for tag, inner in nodes:
        # Constructed, or an octet string in which another structure is wrapped.
        if depth < _DEPTH and (tag & 0x20 or (tag == 0x04 and inner[:1] == b"\x30")):
            found = _sought(inner, depth + 1, room)
            if found is not None:
                return found
    return None


def _nodes(data: bytes, room: list[int]) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each value; ends at what is no DER."""
    at = 0
    while at + 2 <= len(data) and room[0] > 0:
        room[0] -= 1
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            if not 0 < count <= 4 or at + count > len(data):
                return
            length = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + length > len(data):
            return
        yield tag, data[at : at + length]
        at += length
