"""What two texts say differently: clauses are set side by side, then the characters of those that differ."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.editions.body import Body

_MOST_COMPARED = 1_500
"""Characters on a side that are set side by side one by one; longer ones are told as replaced whole."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters of one text (without blanks and punctuation) that stand otherwise in the other; '' for nothing.
    `is_edge`: they stand before or behind all that both have, and nothing stands there in the other."""

    old: str
    new: str
    is_edge: bool = False

    @property
    def size(self) -> int:
        return max(len(self.old), len(self.new))


@dataclass(frozen=True, slots=True)
class Region:
    """Clauses start..end of one text where the other has its clauses other_start..other_end."""

    start: int
    end: int
    other_start: int
    other_end: int


@dataclass(frozen=True, slots=True)
class Differences:
    """`size` is the length of the longer text, `common` the characters that both have in the same order."""

    size: int
    common: int
    shorter: int
    edits: tuple[Edit, ...]
    regions: tuple[Region, ...]

    @property
    def share(self) -> float:
        """How much of the longer text the other one has; 0 for empty ones."""
        return self.common / self.size if self.size else 0.0

    @property
    def held(self) -> float:
        """How much of the shorter text stands in the longer one."""
        return self.common / self.shorter if self.shorter else 0.0


def compare(one: Body, other: Body) -> Differences:
    if one.key == other.key:
        return Differences(len(one.key), len(one.key), len(one.key), (), ())
    regions = tuple(_regions(one.keys, other.keys))
    edits: list[Edit] = []
    kept: list[Region] = []
    for region in sorted(regions, key=lambda found: (found.start, found.other_start)):
        old = "".join(one.keys[region.start : region.end])
        new = "".join(other.keys[region.other_start : region.other_end])
        if old == new:
            continue  # the same words, cut into other clauses
        is_first = region.start == region.other_start == 0
        is_last = region.end == len(one.keys) and region.other_end == len(other.keys)
        edits += _edits(old, new, is_first=is_first, is_last=is_last)
        kept.append(region)
    lengths = sorted((len(one.key), len(other.key)))
    lost = sum(len(edit.old) for edit in edits)
    return Differences(lengths[1], len(one.key) - lost, lengths[0], tuple(edits), tuple(kept))


def _regions(one: Sequence[str], other: Sequence[str]) -> Iterator[Region]:
    """Between clauses that stand once in each text and in the same order in both, and again within what lies between:
    linear in long tables, where a cell's words come again and again."""
    waiting = [Region(0, len(one), 0, len(other))]
    while waiting:
        whole = waiting.pop()
        parts = list(_between(one, other, whole))
        if parts == [whole]:
            yield whole
        else:
            waiting += reversed(parts)


def _between(one: Sequence[str], other: Sequence[str], whole: Region) -> Iterator[Region]:
    start, other_start = whole.start, whole.other_start
    anchors = _anchors(one[start : whole.end], other[other_start : whole.other_end])
    for at, other_at in [*anchors, (whole.end - start, whole.other_end - other_start)]:
        part = _trimmed(one, other, Region(start, whole.start + at, other_start, whole.other_start + other_at))
        if part.start < part.end or part.other_start < part.other_end:
            yield part
        start, other_start = whole.start + at + 1, whole.other_start + other_at + 1


def _trimmed(one: Sequence[str], other: Sequence[str], part: Region) -> Region:
    """Without the clauses at both ends that are the same."""
    start, end, other_start, other_end = part.start, part.end, part.other_start, part.other_end
    while start < end and other_start < other_end and one[start] == other[other_start]:
        start, other_start = start + 1, other_start + 1
    while start < end and other_start < other_end and one[end - 1] == other[other_end - 1]:
        end, other_end = end - 1, other_end - 1
    return Region(start, end, other_start, other_end)


def _anchors(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    counts, other_counts = Counter(one), Counter(other)
    places = {key: at for at, key in enumerate(other) if other_counts[key] == 1}
    pairs = [(at, places[key]) for at, key in enumerate(one) if counts[key] == 1 and key in places]
    return _rising(pairs)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rises in both; of equal ones always the same."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, place) in enumerate(pairs):
        where = bisect_left(tails, place)
        before.append(ends[where - 1] if where else -1)
        if where == len(tails):
            tails.append(place)
            ends.append(at)
        else:
            tails[where], ends[where] = place, at
    found: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _edits(old: str, new: str, *, is_first: bool, is_last: bool) -> list[Edit]:
    if max(len(old), len(new)) > _MOST_COMPARED:
        return [Edit(old, new, is_edge=(is_first or is_last) and not (old and new))]
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    found: list[Edit] = []
    for at, (code, a, b, c, d) in enumerate(codes):
        if code == "equal":
            continue
        at_edge = (is_first and at == 0) or (is_last and at == len(codes) - 1)
        found.append(Edit(old[a:b], new[c:d], is_edge=at_edge and code != "replace"))
    return found
