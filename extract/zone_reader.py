"""Zones of a part: head first, then the end, then what lies between."""

from __future__ import annotations

from collections.abc import Sequence

from extract.ends import read_end
from extract.heads import HeadReader
from extract.lines import Line
from extract.parts import Part
from extract.zones import Zones
from gongwen.rulebook import Rulebook


def read_zones(lines: Sequence[Line], part: Part, book: Rulebook, known_title: str = "") -> Zones:
    """`known_title` is the title a web page's metadata gives, tight; '' when there is none."""
    zones = Zones(part)
    reader = HeadReader(lines, part, book)
    zones.number = reader.number()
    zones.title, zones.title_repeats = reader.title(zones.number, known_title)
    zones.letterhead = reader.letterhead(zones)
    body = reader.after_head(zones)
    zones.addressees = reader.addressees(body)
    if zones.addressees:
        body = zones.addressees[-1] + 1
    read_end(lines, zones, body, book)
    return zones
