"""One page: templates and layers in drawing order, composites opened, annotations beside (GB/T 33190-2016, 7.6-7.7,
13, 15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from gongwen.errors import SourceError
from ingest.readers.ofd_lines import lines
from ingest.readers.ofd_package import children, local
from ingest.readers.ofd_paths import Drawing
from ingest.readers.ofd_resources import Resources
from ingest.readers.ofd_text import MAX_CHARS, Segment, segments
from ingest.readers.ofd_units import MM, placed
from ingest.readers.pdf_model import RawPage
from ingest.readers.plane import IDENTITY, Matrix, times

PAGE: Matrix = (MM, 0.0, 0.0, MM, 0.0, 0.0)
_MAX_OBJECTS = 100_000
_MAX_DEPTH = 8
"""Of composites within composites: real ones have one or two. One that contains itself is drawn by nobody."""
_EDGE_ZONE = 0.12
_UNREADABLE = 0.5
_LAYERS = {"background": 0, "body": 1, "foreground": 2}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The content of a page or template: `shared` when several pages print this template."""

    root: etree._Element
    shared: bool = False


@dataclass(slots=True)
class PageText:
    """What the objects of a page add up to, before lines are made of it. `frame` leads from millimetres to points."""

    frame: Matrix = PAGE
    segments: list[Segment] = field(default_factory=list)
    drawing: Drawing = field(default_factory=Drawing)
    pictures: int = 0
    blanks: int = 0
    """Blank characters that glyphs of a font stand for."""
    objects: int = 0
    chars: int = 0

    def sheet(self, sheet: Sheet, resources: Resources, height: float) -> None:
        for layer in layers(sheet.root):
            for item, outer, inks in self._items(layer, resources, self.frame):
                self._print(item, outer, inks, resources, height if sheet.shared else None)

    def aside(self, appearance: etree._Element, resources: Resources) -> None:
        """An annotation: its words are no part of the text, whatever it looks like."""
        start = len(self.segments)
        place = placed(appearance, self.frame)
        for item, outer, _ in self._items(appearance, resources, place):
            if local(item) == "TextObject":
                self._text(item, outer, resources)
        self.segments[start:] = [replace(one, aside=True) for one in self.segments[start:]]

    def turn(self) -> int:
        """Quarter turns, clockwise, of most of its text: tables laid crosswise on the sheet."""
        turns: Counter[int] = Counter()
        for one in self.segments:
            if not (one.aside or one.slanted):
                turns[one.turn] += len(one.chars)
        turn, count = max(turns.items(), key=lambda item: item[1], default=(0, 0))
        return turn if 2 * count > turns.total() else 0

    def page(self, number: int, size: tuple[float, float]) -> RawPage:
        raw = RawPage(number, *size)
        raw.edges = self.drawing.edges
        readable, hidden = self._counted()
        raw.pictured = bool(self.pictures or self.drawing.others or raw.edges or hidden or self.blanks)
        # Half of it in glyphs that stand for no character: no text, however little of the file that is.
        if hidden and hidden >= _UNREADABLE * (readable + hidden):
            self.segments = [one for one in self.segments if one.aside]
        raw.unmapped = sum(one.hidden for one in self.segments)
        raw.lines = list(lines(self.segments))
        return raw

    def _counted(self) -> tuple[int, int]:
        own = [one for one in self.segments if not one.aside]
        inked = sum(not char.text.isspace() for one in own for char in one.chars)
        hidden = sum(one.hidden for one in own)
        return inked - hidden, hidden

    def _items(
        self, holder: etree._Element, resources: Resources, outer: Matrix
    ) -> Iterator[tuple[etree._Element, Matrix, tuple[str | None, str | None]]]:
        """Objects in drawing order with the matrix of what they stand in; blocks and composites are opened."""
        inks = resources.inks(holder)
        waiting = [(iter(holder), outer, inks, 0)]
        while waiting:
            items, matrix, inks, depth = waiting[-1]
            item = next(items, None)
            if item is None:
                waiting.pop()
                continue
            self.objects += 1
            if self.objects > _MAX_OBJECTS:
                raise SourceError("too_much_text", f"more than {_MAX_OBJECTS} objects on a page")
            if item.get("Visible", "").strip().lower() in ("false", "0"):
                continue
            kind = local(item)
            if kind == "PageBlock":
                waiting.append((iter(item), matrix, inks, depth))
            elif kind == "CompositeObject":
                content = resources.composite(item.get("ResourceID"))
                if content is None or depth >= _MAX_DEPTH:
                    self.pictures += 1
                    continue
                waiting.append((iter(content), placed(item, matrix), inks, depth + 1))
            else:
                yield item, matrix, resources.inks(item, inks)

    def _print(
        self, item: etree._Element, outer: Matrix, inks: tuple[str | None, str | None],
        resources: Resources, height: float | None,
    ) -> None:  # fmt: skip
        kind = local(item)
        if kind == "TextObject":
            start = len(self.segments)
            self._text(item, outer, resources)
            if height is not None:
                self.segments[start:] = [_furniture(one, height) for one in self.segments[start:]]
        elif kind == "PathObject":
            self.drawing.add(item, outer, inks)
        elif kind == "ImageObject":
            self.pictures += 1

    def _text(self, item: etree._Element, outer: Matrix, resources: Resources) -> None:
        found = False
        for segment in segments(item, outer, resources.is_bold(item)):
            found = found or any(not char.text.isspace() for char in segment.chars)
            self.chars += len(segment.chars)
            if self.chars > MAX_CHARS:
                raise SourceError("too_much_text", f"more than {MAX_CHARS} characters on a page")
            self.segments.append(segment)
        if not found and any(children(one, "Glyphs") for one in children(item, "CGTransform")):
            self.blanks += 1


def turned(turn: int, size: tuple[float, float]) -> tuple[Matrix, tuple[float, float]]:
    """The frame in which a page of so many quarter turns stands upright, and its size there."""
    width, height = size
    back: dict[int, Matrix] = {
        1: (0, -1, 1, 0, 0, width), 2: (-1, 0, 0, -1, width, height), 3: (0, 1, -1, 0, height, 0),
    }  # fmt: skip
    return times(PAGE, back.get(turn, IDENTITY)), (height, width) if turn % 2 else size


def layers(root: etree._Element) -> list[etree._Element]:
    """Background, body, foreground; without a kind a layer is body (7.7)."""
    found = [layer for content in children(root, "Content") for layer in children(content, "Layer")]
    return sorted(found, key=lambda layer: _LAYERS.get(layer.get("Type", "Body").strip().lower(), 1))


def _furniture(segment: Segment, height: float) -> Segment:
    """Of a template that several pages print: what stands at their upper or lower edge is a running head."""
    is_edge = segment.level < _EDGE_ZONE * height or segment.level - segment.size > (1 - _EDGE_ZONE) * height
    return replace(segment, aside=True) if is_edge else segment
