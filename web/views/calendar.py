"""What is due and what goes on in a year, and the same as feeds for calendar programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from index.catalogue.timetable import Asked, Entry, count_months, find_entries, find_vague, years_with_days
from web.browsing import Chosen, ask, asked_number, asked_unit, plain, same_with
from web.charts import Chart, Column, Part, bars
from web.feeds import calendar_bytes
from web.ports import services
from web.security import wants_json

bp = Blueprint("calendar", __name__)

IN_YEAR = 25
"""Entries of a month in the view of a year; the rest is one click away."""
IN_MONTH = 400
VAGUE = 60
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Day:
    iso: str
    label: str
    weekday: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    days: tuple[Day, ...]
    count: int
    left_out: int
    url: str


@bp.get("/calendar")
def calendar() -> ResponseReturnValue:
    known = ask(years_with_days)
    year = asked_number("year", least=1, most=9999) or _nearest(known)
    month = asked_number("month", least=1, most=12)
    unit = asked_unit()
    if unit.is_unknown:
        found, vague, counts = None, None, {}
    else:
        found = ask(find_entries, Asked.year(year, month, unit.keys))
        vague = ask(find_vague, year, unit.keys, limit=VAGUE)
        counts = ask(count_months, year, unit.keys)
    if wants_json():
        return {
            "year": year, "month": month or None, "unit": unit.name or None, "total": found.total if found else 0,
            "rows": plain(found.rows[:IN_MONTH]) if found else [], "without_a_day": plain(vague.rows) if vague else [],
            "feed": _feed(unit),
        }  # fmt: skip
    most = IN_MONTH if month else IN_YEAR
    return render_template(
        "calendar.html", year=year, month=month, unit=unit, years=known, vague=vague, chart=_chart(year, month, counts),
        months=[_month(number, list(held), most, year) for number, held in groupby(
            _begun(found.rows if found else (), year, month), key=lambda pair: pair[0]
        )],
        before=max((one for one in known if one < year), default=0), after=min((one for one in known if one > year),
        default=0), feed=_feed(unit), feed_all=_feed(Chosen()),
    )  # fmt: skip


@bp.get("/calendar.ics")
def feed() -> ResponseReturnValue:
    """All, or one unit's; from the beginning of last year, so that a subscription stays small. With `year` that year
    alone."""
    unit = asked_unit()
    if unit.is_unknown:
        abort(404)
    year = asked_number("year", least=1, most=9999)
    asked = Asked.year(year, 0, unit.keys) if year else Asked(
        f"{services().today().year - 1:04}-01-01", "9999-12-31", unit.keys
    )  # fmt: skip
    found = ask(find_entries, asked)
    name = f"{unit.name or '公文'}时限和活动" + (f"（{year}年）" if year else "")
    data = calendar_bytes(
        found.rows, name, made=datetime.now().astimezone(), site=request.host_url.rstrip("/")
    )  # fmt: skip
    response = Response(data, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = "inline; filename=gongwen.ics"
    return response


def _feed(unit: Chosen) -> str:
    """With the name of the site, as other programs need it."""
    return request.host_url.rstrip("/") + url_for("calendar.feed", unit=unit.name or None)


def _nearest(known: list[int]) -> int:
    """This year, or the nearest one before it in which there is anything."""
    today = services().today().year
    return max((one for one in known if one <= today), default=min(known, default=today))


def _begun(found: tuple[Entry, ...], year: int, month: int) -> list[tuple[int, Entry]]:
    """Each with the month it is shown in: its own, or the first one shown when it began before."""
    first = f"{year:04}-{month or 1:02}"
    return [(month or 1 if one.start[:7] < first else int(one.start[5:7]), one) for one in found]


def _month(number: int, held: list[tuple[int, Entry]], most: int, year: int) -> Month:
    shown = [entry for _, entry in held[:most]]
    days = tuple(_day(iso, tuple(entries)) for iso, entries in groupby(shown, key=lambda one: one.start))
    return Month(number, days, len(held), len(held) - len(shown), same_with(year=year, month=number))


def _day(iso: str, entries: tuple[Entry, ...]) -> Day:
    day = date.fromisoformat(iso)
    return Day(iso, f"{day.month}月{day.day}日", f"周{WEEKDAYS[day.weekday()]}", entries)


def _chart(year: int, month: int, counts: dict[int, tuple[int, int]]) -> Chart:
    columns = [
        Column(
            f"{number}月",
            (Part("due", "时限", counts.get(number, (0, 0))[0]), Part("held", "活动", counts.get(number, (0, 0))[1])),
            same_with(year=year, month="" if number == month else number),
        )
        for number in range(1, 13)
    ]
    return bars(f"{year}年各月时限和活动数", columns)
