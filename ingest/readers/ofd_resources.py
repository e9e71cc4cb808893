"""What pages refer to by number: fonts, drawing parameters, composites (GB/T 33190-2016, 7.9)."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from ingest.readers.ofd_package import Package, local
from ingest.readers.ofd_units import number

Inks = tuple[str | None, str | None]
"""Colour values of lines and areas; None where none is named."""


class Resources:
    """Of the document, and of one page on top of it."""

    def __init__(self, under: Resources | None = None) -> None:
        self._bold: set[str] = set() if under is None else set(under._bold)
        self._inks: dict[str, Inks] = {} if under is None else dict(under._inks)
        self._composites: dict[str, etree._Element] = {} if under is None else dict(under._composites)

    def load(self, package: Package, locations: Iterable[str | None], base: str) -> None:
        """Resource files that are missing or broken cost looks, not text."""
        for location in locations:
            found = package.side(location, base)
            if found is not None:
                self._take(found[1])

    def _take(self, root: etree._Element) -> None:
        for item in root.iter("{*}Font", "{*}DrawParam", "{*}CompositeGraphicUnit", "{*}CompositeGraphUnit"):
            name = item.get("ID", "")
            kind = local(item)
            if kind == "Font":
                said = f"{item.get('FontName', '')} {item.get('FamilyName', '')}".lower()
                if item.get("Bold", "").lower() in ("true", "1") or "bold" in said:
                    self._bold.add(name)
            elif kind == "DrawParam":
                self._inks[name] = (_value(item, "StrokeColor"), _value(item, "FillColor"))
            else:
                content = item.find("{*}Content")
                if content is not None:
                    self._composites[name] = content

    def is_bold(self, item: etree._Element) -> bool:
        return number(item.get("Weight")) >= 600 or item.get("Font") in self._bold

    def inks(self, item: etree._Element, outer: Inks = (None, None)) -> Inks:
        """What its drawing parameters say, else those of the layer."""
        own = self._inks.get(item.get("DrawParam") or "", (None, None))
        return own[0] or outer[0], own[1] or outer[1]

    def composite(self, name: str | None) -> etree._Element | None:
        return self._composites.get(name or "")


def _value(item: etree._Element, name: str) -> str | None:
    colour = item.find(f"{{*}}{name}")
    return None if colour is None else colour.get("Value")


def listed(root: etree._Element, name: str) -> list[str | None]:
    """Locations that the common data of a document name: PublicRes and DocumentRes may stand several times."""
    return [None if one.text is None else one.text.strip() for one in root.findall(f"{{*}}CommonData/{{*}}{name}")]
