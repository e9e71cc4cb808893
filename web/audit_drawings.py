"""Pictures of the audit as shapes: laid out here, drawn as SVG by the template, beside a table of the same figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from audit.pictures import Course, Graph
from gongwen.phrases import chinese_date
from index.catalogue.refs import PaperRef
from index.catalogue.series import Series

COLUMN, ROW, LEFT, HEAD = 150, 30, 12, 26
_NODE = 126
_LETTERS = 12
_MONTH = 52
_MONTHS_LEFT = 58
_YEAR_ROW = 44
_PERSON_ROW = 22
_NAMES_LEFT = 76


@dataclass(frozen=True, slots=True)
class Shape:
    """A box, line or dot. `kind` is its class in audit.css; `told` what it says, `url` where it leads."""

    kind: str
    x: float
    y: float
    width: float = 0.0
    height: float = 0.0
    text: str = ""
    told: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    d: str
    told: str


@dataclass(frozen=True, slots=True)
class Drawing:
    title: str
    width: int
    height: int
    shapes: tuple[Shape, ...]
    curves: tuple[Curve, ...] = ()
    texts: tuple[Shape, ...] = ()


def graph(title: str, found: Graph, url: Callable[[PaperRef], str], words: Mapping[str, str]) -> Drawing:
    """Papers in columns by year, newest right; a curve leads from the citing paper to the cited one."""
    years = sorted({one.year for one in found.papers})
    places: dict[str, tuple[float, float]] = {}
    shapes, texts = [], []
    tallest = 0
    for at, year in enumerate(years):
        mine = [one for one in found.papers if one.year == year]
        tallest = max(tallest, len(mine))
        texts.append(Shape("year", LEFT + at * COLUMN + _NODE / 2, 16, text=f"{year or '不明'}"))
        for row, one in enumerate(mine):
            x, y = LEFT + at * COLUMN, HEAD + row * ROW
            places[one.id] = (x, y)
            name = one.number or one.title or one.source
            shapes.append(Shape("node", x, y, _NODE, 22, _short(one), f"{name} {one.title}", url(one)))
    curves = []
    for by, of, relation in found.edges:
        curves.append(Curve(_path(places[by], places[of]), words.get(relation, relation)))
    width = LEFT * 2 + max(1, len(years)) * COLUMN
    return Drawing(title, width, HEAD + tallest * ROW + 12, tuple(shapes), tuple(curves), tuple(texts))


def timeline(series: Series, url: Callable[[PaperRef, str], str]) -> Drawing:
    """A row a year: the day of the paper, the days of the activity, its deadlines."""
    years = series.years
    shapes: list[Shape] = []
    texts = [Shape("tick", _MONTHS_LEFT + at * _MONTH + _MONTH / 2, 14, text=f"{at + 1}月") for at in range(12)]
    for row, year in enumerate(years):
        y = HEAD + row * _YEAR_ROW
        texts.append(Shape("label", 4, y + 20, text=str(year)))
        shapes.append(Shape("track", _MONTHS_LEFT, y + 15, 12 * _MONTH, 1))
        for one in series.of(year):
            first, last = _x(one.start, year), _x(one.end or one.start, year, last=True)
            if first is not None and last is not None:
                told = f"{year}年活动：{one.time or chinese_date(one.start)}"
                shapes.append(
                    Shape(
                        "held", first, y + 9, max(3.0, last - first), 13, told=told, url=url(one.paper, "activity_time")
                    )
                )
            signed = _x(one.paper.date, year)
            if signed is not None:
                told = f"{chinese_date(one.paper.date)}发文：{one.paper.number or one.paper.title}"
                shapes.append(Shape("signed", signed - 1.5, y + 4, 3, 23, told=told, url=url(one.paper, "")))
            for path, day, what in one.deadlines:
                due = _x(day, year) if len(day) == 10 else None
                if due is not None:
                    told = f"{chinese_date(day)}到期：{what}"
                    shapes.append(Shape("due", due - 3, y + 26, 6, 6, told=told, url=url(one.paper, path)))
    height = HEAD + len(years) * _YEAR_ROW + 6
    return Drawing(f"{series.name}历年时间", _MONTHS_LEFT + 12 * _MONTH + 10, height, tuple(shapes), (), tuple(texts))


def people(course: Course, url: Callable[[PaperRef, str], str]) -> Drawing:
    """A row a person, a bar from each roster to the next: the roster bears out its own day only."""
    width = 760
    days = [_ordinal(one.paper.date) for one in course.rosters]
    span = max(1, days[-1] - days[0])
    step = (width - _NAMES_LEFT - 90) / (span * 1.12)
    xs = [_NAMES_LEFT + (day - days[0]) * step for day in days]
    ends = [*xs[1:], xs[-1] + span * 0.1 * step]
    texts = [Shape("tick", x, 14, text=one.paper.date[:7]) for x, one in zip(xs, course.rosters, strict=True)]
    shapes: list[Shape] = []
    for row, (name, held) in enumerate(course.persons):
        y = HEAD + row * _PERSON_ROW
        texts.append(Shape("label", 4, y + 13, text=name))
        for at, member in enumerate(held):
            if member is None:
                continue
            paper = course.rosters[at].paper
            told = f"{name}：{chinese_date(paper.date)}名单 {member.rank} {member.post}"
            is_new = at == 0 or held[at - 1] is None or held[at - 1] != member
            shapes.append(
                Shape(
                    "member", xs[at], y + 3, max(4.0, ends[at] - xs[at] - 2), 13, told=told, url=url(paper, member.path)
                )
            )
            if is_new:
                texts.append(Shape("rank", xs[at] + 3, y + 13, text=member.rank))
    return Drawing(course.group, width, HEAD + len(course.persons) * _PERSON_ROW + 8, tuple(shapes), (), tuple(texts))


def _path(start: tuple[float, float], end: tuple[float, float]) -> str:
    """From the left edge of the later paper to the right edge of the earlier one; round the side within a year."""
    (x0, y0), (x1, y1) = start, end
    if x0 == x1:
        edge = x0 + _NODE
        return f"M{edge} {y0 + 11} C{edge + 22} {y0 + 11} {edge + 22} {y1 + 11} {edge} {y1 + 11}"
    if x1 > x0:
        a, b = x0 + _NODE, x1
    else:
        a, b = x0, x1 + _NODE
    bend = (a + b) / 2
    return f"M{a} {y0 + 11} C{bend} {y0 + 11} {bend} {y1 + 11} {b} {y1 + 11}"


def _x(iso: str, year: int, *, last: bool = False) -> float | None:
    """Where a day stands on the year's row; what reaches into other years is cut."""
    parts = iso.split("-")
    if not all(part.isdecimal() for part in parts) or len(parts[0]) != 4:
        return None
    month = int(parts[1]) if len(parts) > 1 else (12 if last else 1)
    day = int(parts[2]) if len(parts) > 2 else (31 if last else 1)
    if int(parts[0]) != year:
        month, day = (12, 31) if int(parts[0]) > year else (1, 1)
    return round(_MONTHS_LEFT + (month - 1 + min(day - 1, 30) / 31) * _MONTH, 1)


def _ordinal(iso: str) -> int:
    try:
        return date.fromisoformat(iso).toordinal()
    except ValueError:
        return date(int(iso[:4]), 1, 1).toordinal()


def _short(one: PaperRef) -> str:
    """The end of a number tells papers of one year apart, of a title its beginning."""
    if one.number:
        return one.number if len(one.number) <= _LETTERS else f"…{one.number[1 - _LETTERS :]}"
    text = one.title or one.source
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"


def shades(values: Sequence[int]) -> Callable[[int], int]:
    """One of five shades for a number, by its share of the largest."""
    most = max(values, default=1) or 1
    return lambda value: 0 if not value else min(5, 1 + (value * 5 - 1) // most)
