"""Pages of an original with the places of values on them, so that a value and its place can point at each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongwen.boxes import Quad, quarters, upright
from gongwen.document import Document, PageSize
from gongwen.record import Record
from gongwen.text import Span

NEAR = 2
"""Pages before and behind the one asked for that come with their pictures; a script asks for others when they are
near, without one their numbers lead to them."""
LISTED = 150
"""Pages before and behind it that have a place on the page at all."""
_ROOM = 1.5
"""Points between a value's print and the line around it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """What one span looks like on a page: `shapes` are polygons, one a printed line, in points of the page."""

    anchor: str
    shapes: tuple[str, ...]
    paths: tuple[str, ...]

    @property
    def doubtful(self) -> bool:
        return any(path.startswith("issues/") for path in self.paths)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page, upright; `near` ones are shown with their picture. `turn`: quarter turns, clockwise, by which it lay in
    the file. `why`: why its picture cannot be shown, '' when it can."""

    number: int
    width: float
    height: float
    spots: tuple[Spot, ...]
    near: bool = True
    turn: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Spots:
    """By page, in the order of the text, what holds others before what it holds. `places` says which anchor shows a
    path first."""

    pages: Mapping[int, tuple[Spot, ...]]
    places: Mapping[str, str]


def find_spots(document: Document, record: Record, pages: Iterable[int]) -> Spots:
    """Places of values and of issues on these pages."""
    wanted = frozenset(pages)
    spans: dict[tuple[int, int], list[str]] = {}
    for path, found in record.evidence.items():
        for one in found:
            spans.setdefault((one.start, one.end), []).append(path)
    for at, issue in enumerate(record.issues):
        if issue.span:
            spans.setdefault((issue.span.start, issue.span.end), []).append(f"issues/{at}")
    sizes = {page.number: page for page in document.pages}
    shown: dict[int, list[Spot]] = {}
    places: dict[str, str] = {}
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        paths = tuple(dict.fromkeys(spans[start, end]))
        by_page: dict[int, list[str]] = {}
        for quad in document.quads(Span(start, end)):
            by_page.setdefault(quad.page, []).append(_polygon(quad, sizes.get(quad.page)))
        for page, shapes in by_page.items():
            if page not in wanted:
                continue
            here = shown.setdefault(page, [])
            here.append(Spot(f"s-{page}-{len(here) + 1}", tuple(shapes), paths))
            for path in paths:
                places.setdefault(path, here[-1].anchor)
    return Spots({page: tuple(found) for page, found in shown.items()}, places)


def page_of_anchor(anchor: str) -> int | None:
    """The page that a spot's anchor is on; None for anchors of other things."""
    kind, _, rest = anchor.partition("-")
    number = rest.partition("-")[0]
    return int(number) if kind == "s" and number.isdecimal() else None


def _polygon(quad: Quad, page: PageSize | None) -> str:
    """With a little room around the print, on the page as it is shown; points as an SVG wants them."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad.points
    length = max(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5, 0.1)
    along = ((bx - ax) / length * _ROOM, (by - ay) / length * _ROOM)
    down = (-along[1], along[0])
    corners = (
        (ax - along[0] - down[0], ay - along[1] - down[1]), (bx + along[0] - down[0], by + along[1] - down[1]),
        (cx + along[0] + down[0], cy + along[1] + down[1]), (dx - along[0] + down[0], dy - along[1] + down[1]),
    )  # fmt: skip
    if page is not None:
        turn = quarters(page.angle)
        corners = tuple(upright(corner, (page.width, page.height), turn) for corner in corners)  # type: ignore[assignment]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
