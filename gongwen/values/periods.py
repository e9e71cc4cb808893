"""Times of activities: 4月下旬—9月底, 1-12月, 第一季度, 自8月21日起 → start and end (domain.md §4)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import regex

from gongwen.text import Span, fold_width
from gongwen.values.days import DAY, MONTH, YEAR, make_day
from gongwen.values.numerals import read_count, read_digits

Groups = dict[str, str | None]
Precision = Literal["day", "ten-day", "month", "quarter", "half", "year", "open"]
_ORDER: tuple[Precision, ...] = ("day", "ten-day", "month", "quarter", "half", "year", "open")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """`start` and `end` are inclusive; None where the text leaves them open or names no year. `precision` is that
    of the vaguer end, `open` when one end is not said."""

    text: str
    start: date | None
    end: date | None
    precision: Precision

    def __str__(self) -> str:
        return f"{self.start or ''}/{self.end or ''}"

    def to_json(self) -> dict[str, str | None]:
        start = self.start.isoformat() if self.start else None
        end = self.end.isoformat() if self.end else None
        return {"text": self.text, "start": start, "end": end, "precision": self.precision}


@dataclass(frozen=True, slots=True)
class PeriodMatch:
    span: Span
    period: Period


_G = r"\s{0,3}"
_NEXT_YEAR = ("明年", "次年", "翌年", "来年")
_RELATIVE = r"今年|本年度?|当年|明年|次年|翌年|来年"
_PART = r"上中旬|中下旬|上旬|中旬|下旬|初|中(?!小|国|心|学|央|考)|底|末"


def _point(n: str) -> str:
    """One end of a time, groups numbered `n`; at least one of its parts stands."""
    year = rf"(?:(?P<y{n}>{YEAR}){_G}年度?|(?P<r{n}>{_RELATIVE}))"
    quarter = rf"第?{_G}(?P<q{n}>[一二三四1-4]){_G}季度(?P<qe{n}>末|底)?"
    half = rf"(?P<h{n}>上半年|下半年)(?P<he{n}>末|底)?"
    month = rf"(?P<m{n}>{MONTH}){_G}月份?(?:{_G}(?:(?P<d{n}>{DAY}){_G}[日号]|(?P<p{n}>{_PART})))?"
    day = rf"(?P<o{n}>{DAY}){_G}[日号]"
    ends = rf"(?P<a{n}>全年|年内|年底|年末|年终|年初)"
    numeric = (
        rf"(?P<ny{n}>[12]\d{{3}})[./-](?P<nm{n}>1[0-2]|0?[1-9])"
        rf"(?:[./-](?P<nd{n}>[12]\d|3[01]|0?[1-9]))?(?!\d|[./]\d)"
    )
    return (
        rf"(?:{numeric}|{year}(?:{_G}(?:{quarter}|{half}|{month}|(?P<ye{n}>底|末|初|内)))?"
        rf"|{quarter.replace(n + '>', n + 'b>')}|{half.replace(n + '>', n + 'b>')}"
        rf"|{month.replace(n + '>', n + 'b>')}|{ends}|{day})"
    )


_FIRST = r"(?=[\d〇零一二三四五六七八九十廿卅元正今本当明次翌来第上下全年])"
"""What a time may begin with: a pattern that looks for one at every place gives up here at nearly all of them."""
WHEN = _FIRST + regex.sub(r"\?P<\w+>", "?:", _point("0"))
"""One end of a time without groups, for patterns of other modules."""
_TO = rf"{_G}(?:-{{1,3}}|—{{1,3}}|~{{1,2}}|至|到|―){_G}"
_BARE_LEFT = (
    rf"(?:(?:(?P<y0>{YEAR}){_G}年{_G}|(?P<r0>{_RELATIVE}){_G})?"
    rf"(?:(?P<m0>{MONTH})(?={_TO}{MONTH}{_G}月)|(?P<m0b>{MONTH}){_G}月{_G}(?P<d0>{DAY})(?={_TO}{DAY}{_G}[日号])"
    rf"|第?(?P<q0>[一二三四1-4])(?={_TO}第?[一二三四1-4]{_G}季度)|(?P<o0>{DAY})(?={_TO}{DAY}{_G}[日号])))"
)
_RANGE = rf"(?:{_BARE_LEFT}|{_point('1')}){_TO}(?:次|同|当)?{_point('2')}"
_OPEN_TO = rf"(?P<now>[自从]?即日起){_G}(?:-|—{{1,2}}|至|到){_G}{_point('3')}"
_WEEKDAY = r"(?:（?(?:星期|周)[一二三四五六日天、至]{1,5}）?)"
_SINGLE = rf"(?P<from>自|从)?{_G}{_point('4')}{_WEEKDAY}?(?P<mark>起|开始|之前|以前|前(?!后)|为止|止)?"
_UNTIL = r"(?P<until>截至|截止到?|至|到)?"
_EXPRESSION = regex.compile(
    rf"(?<![\d.])(?:{_OPEN_TO}|(?:自|从)?{_G}(?P<range>{_RANGE})(?:止|为止)?|{_UNTIL}{_SINGLE})"
)
_CLOCK = r"(?:上午|下午|中午|晚上|晚|早上|凌晨)?\s?\d{1,2}\s?(?:：\s?\d{2}|[时点]半?(?:\d{1,2}分)?)"
_TRAILER = regex.compile(
    rf"(?:\s{{0,3}}(?:{_WEEKDAY}|（[^（）]{{0,200}}(?:（[^（）]{{0,80}}）[^（）]{{0,80}}){{0,4}}）"
    rf"|{_CLOCK}(?:\s?(?:-|—|至|~)\s?{_CLOCK})?|上午|下午|晚上|全天|期间|左右|之间|开展|举行|举办)){{0,8}}\s{{0,9}}[。；，]?"
)
_WHOLE_YEAR = regex.compile(r"(?:贯穿)?全年(?:性|度)?(?:开展|实施|进行)?|常年(?:开展)?")


@dataclass(frozen=True, slots=True)
class _Point:
    """One end as read: None where the text does not say."""

    year: int | None = None
    next_year: bool = False
    quarter: int | None = None
    half: int | None = None
    month: int | None = None
    part: str | None = None
    day: int | None = None
    edge: str | None = None
    """Of the year: 底, 初, 内, 全; of a quarter or half: 底."""


def parse_period(text: str, year: int | None = None) -> Period | None:
    """The time when the whole text is one expression (what follows in brackets, clock times and weekdays are
    passed over). Without a year anywhere the dates stay None and only the precision is told."""
    folded = fold_width(text).strip()
    if not folded or len(folded) > 400:
        return None
    printed = text.strip()
    if _WHOLE_YEAR.fullmatch(folded):
        return _period(printed, _Point(edge="全"), None, year)
    match = _EXPRESSION.match(folded)
    if match is None or _TRAILER.fullmatch(folded, match.end()) is None:
        return None
    return _read(match, printed, year)


def find_periods(text: str, year: int | None = None) -> list[PeriodMatch]:
    """All time expressions in a text, longest first at each place."""
    found: list[PeriodMatch] = []
    for match in _EXPRESSION.finditer(fold_width(text)):
        span = Span(*match.span())
        period = _read(match, span.of(text).strip(), year)
        if period is not None:
            found.append(PeriodMatch(span, period))
    return found


def _read(match: regex.Match[str], printed: str, year: int | None) -> Period | None:
    groups = match.groupdict()
    if groups["range"] is not None:
        left = _read_point(groups, "1") or _bare_left(groups)
        right = _read_point(groups, "2")
        return None if left is None or right is None else _period(printed, left, right, year)
    until = _read_point(groups, "3") if groups["now"] else None
    if until is not None:
        days = resolve(until, year)
        return Period(printed, None, days[1] if days else None, "open")
    point = _read_point(groups, "4")
    if point is None or (point.month is None and point.day is not None):
        return None
    if groups["from"] or groups["mark"] in {"起", "开始"}:
        days = resolve(point, year)
        return Period(printed, days[0] if days else None, None, "open")
    if groups["until"] or groups["mark"]:
        days = resolve(point, year)
        return Period(printed, None, days[1] if days else None, "open")
    return _period(printed, point, None, year)


def _read_point(groups: Groups, n: str) -> _Point | None:
    """The end whose groups end in `n` (or `n`b: the same part without a year before it)."""

    def got(name: str) -> str | None:
        return groups.get(f"{name}{n}") or groups.get(f"{name}{n}b")

    if got("ny"):
        day = got("nd")
        return _Point(int(got("ny") or 0), month=int(got("nm") or 0), day=int(day) if day else None)
    relative = got("r")
    end = got("a") or got("ye")
    edge = {"全年": "全", "年内": "内", "内": "内", "年初": "初", "初": "初"}.get(end or "", "底" if end else None)
    half = got("h")
    point = _Point(
        year=_digits(got("y")),
        next_year=relative in _NEXT_YEAR,
        quarter=_count(got("q")),
        half=None if half is None else (1 if half == "上半年" else 2),
        month=_count(got("m")),
        part=got("p"),
        day=_count(got("d") or got("o")),
        edge=edge or ("底" if got("qe") or got("he") else None),
    )
    return None if point == _Point() and not relative else point


def _bare_left(groups: Groups) -> _Point | None:
    """The left end that borrows its unit from the right: 4 in 4-9月, 9月15 in 9月15-25日."""
    return _Point(
        year=_digits(groups["y0"]),
        next_year=groups["r0"] in _NEXT_YEAR,
        quarter=_count(groups["q0"]),
        month=_count(groups["m0"] or groups["m0b"]),
        day=_count(groups["d0"] or groups["o0"]),
    )


def _count(text: str | None) -> int | None:
    return None if text is None else read_count(text)


def _digits(text: str | None) -> int | None:
    return None if text is None else read_digits(text)


def _period(printed: str, left: _Point, right: _Point | None, year: int | None) -> Period | None:
    if right is None:
        days = resolve(left, year)
        precision = _precision(left)
        if days is None:
            return Period(printed, None, None, precision) if _is_sound(left, year) else None
        return Period(printed, None if left.edge == "内" else days[0], days[1], precision)
    right = _carry(left, right)
    if right is None or (left.month is None and left.day is not None):
        return None
    precision = max(_precision(left, ends=True), _precision(right, ends=True), key=_ORDER.index)
    first, last = resolve(left, year), resolve(right, year)
    if first is None or last is None:
        return Period(printed, None, None, precision) if _is_sound(left, year) and _is_sound(right, year) else None
    if last[1] < first[0]:
        if right.year is not None and right.year != left.year:
            return Period(printed, first[0], last[1], precision)  # printed so: reported, never repaired
        last = resolve(replace(right, year=last[1].year + 1), year)
        if last is None:
            return None
    return Period(printed, first[0], last[1], precision)


def _carry(left: _Point, right: _Point) -> _Point | None:
    """The right end with what it takes over from the left: year, and the month when it only names a day."""
    if right.year is None:
        right = replace(right, year=left.year, next_year=right.next_year or left.next_year)
        if left.year is not None and right.next_year:
            right = replace(right, year=left.year + 1, next_year=False)
    if right.month is None and right.day is not None:
        return None if left.month is None else replace(right, month=left.month)
    return right


def _is_sound(point: _Point, year: int | None) -> bool:
    """An end that has no dates only because no year is known (2月30日 has none in any year)."""
    return year is None and point.year is None and resolve(point, 2024) is not None


def _precision(point: _Point, *, ends: bool = False) -> Precision:
    if point.day is not None or (ends and (point.part in {"底", "末"} or point.edge == "底")):
        return "day"
    if point.part is not None:
        return "ten-day"
    if point.month is not None:
        return "month"
    if point.edge == "内":
        return "open"
    if point.edge in {"底", "初"}:
        return "ten-day" if point.edge == "底" else "month"
    if point.quarter is not None:
        return "quarter"
    return "half" if point.half is not None else "year"


_DAYS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 0), "上中旬": (1, 20), "中下旬": (11, 0)}
_EDGES = {"初": (1, 5), "中": (11, 20)}
_LAST_DAYS = 5  # 月底 as a period: its last days; how many is nowhere laid down


def resolve(point: _Point, year: int | None) -> tuple[date, date] | None:
    """First and last day; None without a year or when the calendar has no such day."""
    base = point.year if point.year is not None else year
    if base is None:
        return None
    if point.next_year and point.year is None:
        base += 1
    if point.month is not None:
        return _in_month(base, point)
    if point.quarter is not None:
        span = (3 * point.quarter - 2, 3 * point.quarter)
    elif point.half is not None:
        span = (1, 6) if point.half == 1 else (7, 12)
    elif point.edge == "初":
        span = (1, 1)
    else:
        span = (1, 12)
    first, last = make_day(base, span[0], 1), make_day(base, span[1], monthrange(2000, span[1])[1])
    if first is None or last is None:
        return None
    if point.edge == "底":
        return last.replace(day=last.day - _LAST_DAYS + 1), last
    return first, last


def _in_month(year: int, point: _Point) -> tuple[date, date] | None:
    month = point.month or 0
    if not (1900 <= year <= 2099 and 1 <= month <= 12):
        return None
    length = monthrange(year, month)[1]
    if point.day is not None:
        day = make_day(year, month, point.day)
        return (day, day) if day else None
    if point.part in {"底", "末"}:
        first, last = length - _LAST_DAYS + 1, length
    else:
        first, last = {**_DAYS, **_EDGES}.get(point.part or "", (1, 0))
    return date(year, month, first), date(year, month, last or length)
