"""Zones: which lines of one official document are its head, title, addressees, body, signature, imprint, annexes."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.parts import Part


@dataclass(slots=True)
class Region:
    """A run of lines: wrapper body, enclosure or annex. `title` are the lines of its own title."""

    kind: str
    first: int
    last: int
    title: list[int] = field(default_factory=list)
    marker: int | None = None


@dataclass(slots=True)
class Zones:
    """Positions in the file's lines. `regions` cover body, enclosure and annexes in order."""

    part: Part
    letterhead: list[int] = field(default_factory=list)
    number: int | None = None
    title: list[int] = field(default_factory=list)
    title_repeats: list[int] = field(default_factory=list)
    addressees: list[int] = field(default_factory=list)
    signature: list[int] = field(default_factory=list)
    date: int | None = None
    annex_note: list[int] = field(default_factory=list)
    imprint: list[int] = field(default_factory=list)
    closing_notes: list[int] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)

    def taken(self) -> set[int]:
        """Lines that are not running text."""
        held = {*self.letterhead, *self.title, *self.title_repeats, *self.signature, *self.annex_note, *self.imprint}
        held |= {*self.addressees, *(one for one in (self.number, self.date) if one is not None)}
        return held | {at for region in self.regions for at in region.title}
