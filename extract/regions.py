"""The running text of one document as extraction walks it: regions with their lines and section trees."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.lines import Line
from extract.sections import Heading, Section, by_line, read_heading, read_sections
from extract.zones import Region, Zones
from gongwen.values.vocab import words


@dataclass(frozen=True, slots=True)
class RegionText:
    """One region: `body` are the positions of its text lines (title, signature, notes left out), `held` the
    smallest section of each line."""

    region: Region
    sections: list[Section]
    body: list[int]
    held: dict[int, Section]

    def has(self, at: int) -> bool:
        """Whether a line is one of `body`."""
        place = bisect_left(self.body, at)
        return place < len(self.body) and self.body[place] == at


class Running:
    """All running text of a document: body, enclosure, annexes."""

    def __init__(self, lines: Sequence[Line], zones: Zones) -> None:
        self.lines = lines
        self.zones = zones
        taken = zones.taken()
        self.regions = [self._region(region, taken) for region in zones.regions]

    def _region(self, region: Region, taken: set[int]) -> RegionText:
        sections = read_sections(self.lines, region.first, region.last, taken)
        body = [at for at in range(region.first, region.last) if at not in taken and at != region.marker]
        return RegionText(region, sections, body, by_line(sections))

    def text_lines(self) -> Iterator[tuple[RegionText, int, Line]]:
        """Every line of running text that is no table."""
        for region in self.regions:
            for at in region.body:
                if not self.lines[at].is_table:
                    yield region, at, self.lines[at]

    def tables(self) -> Iterator[tuple[RegionText, int, Line]]:
        for region in self.regions:
            for at in region.body:
                if self.lines[at].is_table:
                    yield region, at, self.lines[at]

    def is_paper(self, region: RegionText) -> bool:
        """Annexes are mostly forms to fill in; one that is a paper of its own (申报指南, 实施方案) is read like one."""
        title = "".join(self.lines[at].tight for at in region.region.title)
        return region.region.kind != "annex" or title.endswith(words("zones", "paper_annexes"))

    def section_at(self, region: RegionText, at: int) -> Section | None:
        return region.held.get(at)

    def heading_at(self, at: int) -> Heading | None:
        return read_heading(self.lines[at], at)
