"""What an OFD holds beside its pages: signatures and seals, attachments, custom tags, addresses (GB/T 33190-2016,
16-20). Listed, never opened; a signature's validity is a matter of cryptography and not judged here."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ingest.readers.ofd_package import Package, text_of

Link = tuple[str, str]

_MOST = 1_000
"""Facts of one kind; real files have a handful."""


def signatures(package: Package, body: etree._Element) -> list[Link]:
    """Kind and part of each signature of a document body."""
    found = package.side(text_of(body, "Signatures"), "OFD.xml")
    if found is None:
        return []
    listed = found[1].findall("{*}Signature")[:_MOST]
    names = ["电子签名" if one.get("Type", "Seal") == "Sign" else "电子印章" for one in listed]
    return _placed(package, found[0], zip(names, (one.get("BaseLoc") for one in listed), strict=True))


def attachments(package: Package, name: str, root: etree._Element) -> list[Link]:
    """Name and part of each file that travels with the document; pages do not print it."""
    found = package.side(text_of(root, "Attachments"), name)
    if found is None:
        return []
    listed = found[1].findall("{*}Attachment")[:_MOST]
    named = ((_file_name(one), text_of(one, "FileLoc")) for one in listed if one.get("Visible") != "false")
    return _placed(package, found[0], named)


def _file_name(one: etree._Element) -> str:
    name, ending = one.get("Name", ""), one.get("Format", "").lower()
    return f"{name}.{ending}" if ending and not name.lower().endswith(f".{ending}") else name


def custom_tags(package: Package, name: str, root: etree._Element) -> list[Link]:
    """What a writer says about the parts of the document in a scheme of its own."""
    found = package.side(text_of(root, "CustomTags"), name)
    if found is None:
        return []
    listed = found[1].findall("{*}CustomTag")[:_MOST]
    named = ((one.get("NameSpace") or one.get("TypeID") or "", text_of(one, "FileLoc")) for one in listed)
    return _placed(package, found[0], named)


def addresses(root: etree._Element) -> list[Link]:
    """Addresses that a click on the page would open."""
    targets = [one.get("URI") or (one.text or "").strip() for one in root.iter("{*}URI")]
    return [("链接", target[:2_000]) for target in targets[:_MOST] if target]


def page_annotations(package: Package, name: str, root: etree._Element) -> dict[str, list[str]]:
    """By page: locations of its annotations, as names in the package."""
    found = package.side(text_of(root, "Annotations"), name)
    if found is None:
        return {}
    parts: dict[str, list[str]] = {}
    for page in found[1].findall("{*}Page")[: 3 * _MOST]:
        location = text_of(page, "FileLoc")
        part = None if location is None else package.locate(location, found[0])
        if part is not None:
            parts.setdefault(page.get("PageID", ""), []).append(part)
    return parts


def appearances(root: etree._Element) -> Iterator[etree._Element]:
    """What visible annotations print."""
    for one in root.iter("{*}Annot"):
        if one.get("Visible", "true").lower() not in ("false", "0"):
            yield from one.findall("{*}Appearance")


def _placed(package: Package, base: str, named: Iterator[tuple[str, str | None]]) -> list[Link]:
    """With the part that stands at each location; one that is not there is told as it is written."""
    return [(name, package.locate(location, base) or location) for name, location in named if location is not None]
