"""Segments of text to printed lines. Writers cut one line into many objects: at each change of font or of spacing,
sometimes character by character, and some give all Latin ones after all Han ones."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ingest.readers.ofd_text import Segment
from ingest.readers.pdf_model import Char, RawLine

_GAP, _WORD_GAP = 0.35, 0.2
"""A gap from so many ems is a space; less between Latin letters, for Han and digits stand a quarter of an em apart."""
_STEP = 4.0
"""Lines are found by their height in steps of so many points."""
_KEPT = 8
"""Lines of one height that are looked through: columns of a table stand in one line already."""


@dataclass(slots=True)
class _Row:
    first: Segment
    chars: list[Char] = field(default_factory=list)
    middles: list[float] = field(default_factory=list)
    x1: float = 0.0
    ordered: bool = True
    sizes: dict[tuple[float, bool], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, segment: Segment, at: int | None = None) -> None:
        """Behind the others, or between them at a place."""
        middles = [(char.x0 + char.x1) / 2 for char in segment.chars]
        here = len(self.chars) if at is None else at
        self.chars[here:here] = segment.chars
        self.middles[here:here] = middles
        if at is None:
            before = self.middles[here - 1] if here else middles[0]
            self.ordered &= all(one <= two for one, two in zip([before, *middles], middles, strict=False))
            self.x1 = segment.x1
        self.sizes[segment.size, segment.bold] += sum(not char.text.isspace() for char in segment.chars)

    def gap(self, segment: Segment) -> int | None:
        """The place between two characters into which the segment fits."""
        if not self.ordered or not segment.across or segment.aside != self.first.aside:
            return None
        if abs(segment.level - self.first.level) >= 0.3 * min(self.first.size, segment.size):
            return None
        at = bisect_left(self.middles, segment.x0)
        if not 0 < at < len(self.middles) or self.middles[at] < segment.x1:
            return None
        room = 0.3 * segment.size
        return at if self.chars[at - 1].x1 - room <= segment.x0 and segment.x1 <= self.chars[at].x0 + room else None

    def line(self) -> RawLine:
        size, bold = max(self.sizes, key=lambda one: self.sizes[one])
        chars = _spaced(self.chars, size) if self.first.across else self.chars
        return RawLine(chars, size, bold, self.first.slanted, self.first.aside)


def lines(found: Iterable[Segment]) -> Iterator[RawLine]:
    """In file order; what is printed twice in one place, for boldness or as a shadow, comes once."""
    rows: list[_Row] = []
    by_level: dict[int, list[_Row]] = defaultdict(list)
    for segment in _once(found):
        if rows and _goes_on(rows[-1], segment):
            rows[-1].add(segment)
            continue
        step = round(segment.level / _STEP)
        for row in [one for near in (step - 1, step, step + 1) for one in by_level[near][-_KEPT:]]:
            at = row.gap(segment)
            if at is not None:
                row.add(segment, at)
                break
        else:
            rows.append(_Row(segment))
            rows[-1].add(segment)
            if segment.across and not segment.slanted:
                by_level[step].append(rows[-1])
    yield from (row.line() for row in rows)


def _once(found: Iterable[Segment]) -> Iterator[Segment]:
    seen: set[tuple[str, int, int]] = set()
    for segment in found:
        text, x, y = segment.key
        if segment.chars and not any((text, x + i, y + j) in seen for i in (-1, 0, 1) for j in (-1, 0, 1)):
            seen.add(segment.key)
            yield segment


def _goes_on(row: _Row, segment: Segment) -> bool:
    first = row.first
    if not (first.across and segment.across) or first.aside != segment.aside or first.slanted != segment.slanted:
        return False
    size = max(first.size, segment.size)
    return abs(segment.level - first.level) < 0.4 * size and segment.x0 >= row.x1 - 0.6 * size


def _spaced(chars: list[Char], size: float) -> list[Char]:
    """With a space made for each gap."""
    out: list[Char] = []
    for char in chars:
        last = out[-1] if out else None
        if last is not None and char.x0 - last.x1 > _gap(last, char) * size:
            out.append(Char(" ", last.x1, char.top, char.x0, char.bottom, made=True))
        out.append(char)
    return out


def _gap(last: Char, char: Char) -> float:
    if not (last.text.strip() and char.text.strip()):
        return 1e9  # a space stands there already
    return _WORD_GAP if last.text.isascii() and char.text.isascii() else _GAP
