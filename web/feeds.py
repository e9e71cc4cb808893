"""Calendars other programs subscribe to (iCalendar, RFC 5545): all-day events, so no time zone can move them.

A UID stays the same while paper, day and matter do, whichever file the paper came in and however it is read again. No
METHOD: that would make it an invitation, which needs an organizer (RFC 5546); libical's checks pass without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event, vDuration, vText

from gongwen.labels import print_recurrence
from index.catalogue.refs import anchor
from index.catalogue.timetable import Entry
from web.facts import chinese_date
from web.masking import mask

TITLES = {"duty": "截止：", "commitment": "承诺：", "activity": ""}
CATEGORIES = {"duty": "办理时限", "commitment": "承诺", "activity": "活动"}
_SUMMARY = 80
_REFRESH = timedelta(hours=12)


def calendar_bytes(entries: Iterable[Entry], name: str, *, made: datetime, site: str = "") -> bytes:
    """The feed. `made`: when; `site`: where papers are shown (http://127.0.0.1:8000), '' for a file."""
    feed = Calendar()
    feed.add("prodid", "-//Gongwen//Calendar//ZH")
    feed.add("version", "2.0")
    feed.add("calscale", "GREGORIAN")
    feed.add("name", name)
    feed.add("x-wr-calname", vText(name))
    feed.add("x-wr-timezone", vText("Asia/Shanghai"))
    feed.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", vDuration(_REFRESH))
    seen: Counter[str] = Counter()
    for entry in entries:
        uid = _uid(entry)
        seen[uid] += 1
        feed.add_component(_event(entry, f"{uid}-{seen[uid]}@gongwen", made, site))
    return bytes(feed.to_ical())


def _event(entry: Entry, uid: str, made: datetime, site: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", made.astimezone(UTC))
    event.add("dtstart", date.fromisoformat(entry.start))
    event.add("dtend", date.fromisoformat(entry.end) + timedelta(1))  # the first day after
    event.add("summary", TITLES[entry.kind] + _short(mask(entry.what)))
    event.add("description", mask("\n".join(_lines(entry))))
    event.add("categories", [CATEGORIES[entry.kind]])
    event.add("transp", "TRANSPARENT")
    event.add("status", "TENTATIVE" if entry.is_estimated else "CONFIRMED")
    if entry.location:
        event.add("location", mask(entry.location))
    if site:
        event.add("url", f"{site}/d/{entry.paper.id}#{anchor(entry.path)}")
    return event


def _lines(entry: Entry) -> Iterable[str]:
    yield entry.what
    if entry.kind != "activity":
        if entry.who:
            yield f"{'承诺方' if entry.kind == 'commitment' else '责任方'}：{'、'.join(entry.who)}"
        if entry.to:
            yield f"报送：{entry.to}"
    elif entry.who:
        yield f"主办：{'、'.join(entry.who)}"
    if entry.recurrence:
        yield f"周期：{print_recurrence(entry.recurrence)}"
    if entry.is_estimated:
        yield "日期按周末推算，当年放假安排公布后请核对"
    if entry.is_off_day:
        yield "当天休息"
    number = "，".join(one for one in (entry.paper.number, chinese_date(entry.paper.date)) if one)
    yield f"出处：{'、'.join(entry.paper.issuers)}《{entry.paper.title}》" + (f"（{number}）" if number else "")


def _short(text: str) -> str:
    closed = " ".join(text.split())
    return closed if len(closed) <= _SUMMARY else closed[: _SUMMARY - 1] + "…"


def _uid(entry: Entry) -> str:
    paper = entry.paper
    told = (paper.number, paper.title or paper.source, paper.date, entry.kind, entry.start, entry.end, entry.what)
    return sha256("\n".join(told).encode()).hexdigest()[:32]
