"""Calendar feeds as other programs read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from index.catalogue.refs import PaperRef
from index.catalogue.timetable import Entry
from web.feeds import calendar_bytes

MADE = datetime(2024, 5, 20, 8, 0, tzinfo=UTC)
PAPER = PaperRef("0" * 16 + "-1", "关于做好科普日工作的通知", "云科协字〔2024〕12号", "2024-05-06", 2024,
                 ("云州市科学技术协会",), "通知.txt")  # fmt: skip


def entry(**changes: Any) -> Entry:
    found: dict[str, Any] = {
        "kind": "duty", "start": "2024-06-05", "end": "2024-06-05", "what": "请各县（区）科协报送总结",
        "text": "6月5日前", "who": ("各县（区）科协",), "to": "市科协科普部", "location": "", "recurrence": "",
        "is_estimated": False,
        "path": "deadlines/0", "page": 3, "paper": PAPER,
    }  # fmt: skip
    return Entry(**(found | changes))


def events(data: bytes) -> list[Any]:
    """By vobject, which shares no code with what wrote it."""
    return list(vobject.readOne(data.decode("utf-8")).vevent_list)


def test_an_event_says_what_is_due_and_where_it_stands():
    data = calendar_bytes([entry()], "时限和活动", made=MADE, site="http://127.0.0.1:8000")
    (event,) = events(data)
    assert event.summary.value == "截止：请各县（区）科协报送总结"
    assert event.dtstart.value == date(2024, 6, 5)
    assert event.dtend.value == date(2024, 6, 6)
    assert event.dtstamp.value == MADE
    assert event.url.value == f"http://127.0.0.1:8000/d/{PAPER.id}#v-deadlines-0"
    assert "责任方：各县（区）科协\n报送：市科协科普部" in event.description.value
    assert "《关于做好科普日工作的通知》（云科协字〔2024〕12号，2024年5月6日）" in event.description.value
    head = vobject.readOne(data.decode("utf-8"))
    assert head.version.value == "2.0"
    assert "method" not in head.contents  # an invitation would need an organizer (RFC 5546)
    assert head.contents["x-wr-calname"][0].value == "时限和活动"
    assert head.contents["x-wr-timezone"][0].value == "Asia/Shanghai"


def test_a_uid_stays_whatever_file_the_paper_came_in():
    again = PaperRef("f" * 16 + "-2", PAPER.title, PAPER.number, PAPER.date, 2024, PAPER.issuers, "另一份.pdf")
    one, other = (
        events(calendar_bytes([found], "甲", made=made))[0].uid.value
        for found, made in ((entry(), MADE), (entry(paper=again, path="deadlines/4"), datetime.now(UTC)))
    )
    assert one == other
    assert events(calendar_bytes([entry(what="另一件事")], "甲", made=MADE))[0].uid.value != one


def test_equal_entries_get_uids_of_their_own():
    uids = [event.uid.value for event in events(calendar_bytes([entry(), entry()], "甲", made=MADE))]
    assert len(set(uids)) == 2


def test_an_activity_goes_on_to_its_last_day():
    found = entry(kind="activity", end="2024-06-08", location="云州科技馆", what="科普日主场活动", who=("市科协",))
    (event,) = events(calendar_bytes([found], "甲", made=MADE))
    assert (event.dtstart.value, event.dtend.value) == (date(2024, 6, 5), date(2024, 6, 9))
    assert event.location.value == "云州科技馆"
    assert event.summary.value == "科普日主场活动"


def test_an_estimated_day_is_tentative():
    (event,) = events(calendar_bytes([entry(is_estimated=True, recurrence="month:-1w")], "甲", made=MADE))
    assert event.status.value == "TENTATIVE"
    assert "周期：每月最后一个工作日" in event.description.value


@settings(deadline=None)
@given(st.lists(st.builds(
    entry, what=st.text(max_size=300), location=st.text(max_size=40), to=st.text(max_size=20),
    kind=st.sampled_from(["duty", "commitment", "activity"]),
), max_size=4))  # fmt: skip
def test_whatever_a_paper_says_the_feed_stays_whole(found):
    data = calendar_bytes(found, "甲", made=MADE)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.replace(b"\r\n", b"").count(b"\n") == data.replace(b"\r\n", b"").count(b"\r") == 0
    assert len(Calendar.from_ical(data).walk("VEVENT")) == len(found)
    assert data.count(b"BEGIN:VEVENT\r\n") == data.count(b"END:VEVENT\r\n") == len(found)
    if found:
        assert len(events(data)) == len(found)


def test_an_empty_feed_is_a_calendar():
    assert Calendar.from_ical(calendar_bytes([], "甲", made=MADE)).walk("VEVENT") == []


@pytest.mark.parametrize("text", ["甲,乙;丙\\丁\n戊", "BEGIN:VEVENT\r\nEND:VEVENT", "：\u2028行"])
def test_marks_of_the_format_are_text(text):
    (event,) = events(calendar_bytes([entry(what=text)], "甲", made=MADE))
    assert event.summary.value.startswith("截止：")
    assert event.dtstart.value == date(2024, 6, 5)
