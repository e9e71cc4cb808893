"""Labelled values: 活动主题, 活动时间, 主办单位 …, as headings with text below or as `label：value` lines.

A label in a numbered item that has further labels of its own speaks of that item (a sub-activity); elsewhere it
speaks of the whole document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import regex

from extract.builder import Builder, Value
from extract.lines import Line
from extract.places import place_values
from extract.regions import RegionText, Running
from extract.sections import Section, read_heading
from gongwen.rulebook import Rulebook
from gongwen.text import Span, close_gaps, fold_width
from gongwen.values.dates import parse_day, parse_period
from gongwen.values.numerals import read_count
from gongwen.values.units import split_units

WHOLE = ("theme", "activity_time", "locations", "hosts", "organizers", "co_organizers")
UNITS = ("hosts", "organizers", "co_organizers")
_OF_ITEMS = frozenset({"activity_time", "locations", "hosts", "organizers"})
"""Labels that make the section they stand under one item among others."""
_LONGEST_LABEL = 14
_WORDS = regex.compile(r"[\p{Han}A-Za-z]")
_END = regex.compile(r"[\s。；;，,]+$")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label with its value's spans. `section` is the numbered item it speaks of; None: the whole document."""

    field: str
    label: str
    spans: tuple[Span, ...]
    at: int
    section: Section | None
    region: RegionText


class LabelReader:
    """Finds the labels of WHOLE fields in running text."""

    def __init__(self, builder: Builder, running: Running, book: Rulebook) -> None:
        self.builder = builder
        self.running = running
        self.by_label = {label: name for name in WHOLE for label in book.labels(name)}
        self.line, self.inner = book.once("labels/line", lambda: _line_patterns(self.by_label))

    def read(self) -> list[Labelled]:
        found: list[Labelled] = []
        for region, at, line in self.running.text_lines():
            if region.region.kind == "annex" and self._is_form(region):
                continue
            found += self._line(region, at, line)
            found += self._heading(region, at, line)
        return self._scoped(found)

    def _is_form(self, region: RegionText) -> bool:
        title = "".join(self.running.lines[at].tight for at in region.region.title)
        return title.endswith(("表", "申请书", "回执", "登记表", "申报书"))

    def _line(self, region: RegionText, at: int, line: Line) -> Iterator[Labelled]:
        match = self.line.match(line.folded)
        if match is None or len(line.tight) > 900:
            return
        section = self.running.section_at(region, at)
        if section is not None and section.first == at:
            section = section.parent
        more = list(self.inner.finditer(line.folded, match.start("value"), match.end("value")))
        ends = [*(one.start() for one in more), match.end("value")]
        for one, end in zip([match, *more], ends, strict=True):
            label = "".join(one["label"].split())
            begin = one.start("value") if one is match else one.end()
            if line.folded[begin:end].strip():
                span = _stripped(line, begin, end)
                yield Labelled(self.by_label[label], label, (span,), at, section, region)

    def _heading(self, region: RegionText, at: int, line: Line) -> Iterator[Labelled]:
        """三、活动时间⏎value, or 三、活动时间。value."""
        heading = read_heading(line, at)
        title = line.tight if heading is None else "".join(heading.title.split())
        if title not in self.by_label or self.line.match(line.folded):
            return
        if heading is not None and not heading.is_bare:
            run = _stripped(line, heading.run_in.start - line.span.start, heading.run_in.end - line.span.start)
            spans: tuple[Span, ...] = (run,)
        else:
            spans = tuple(self._below(region, at, title))
        if not spans:
            return
        section = self.running.section_at(region, at)
        parent = section.parent if section is not None and section.first == at else section
        yield Labelled(self.by_label[title], title, spans, at, parent, region)

    def _below(self, region: RegionText, at: int, title: str) -> Iterator[Span]:
        """The value under a bare label: one line for times and themes, all lines up to the next heading for units."""
        several = self.by_label[title] in UNITS
        for below in range(at + 1, region.region.last):
            line = self.running.lines[below]
            if line.is_table or not region.has(below) or read_heading(line, below) or line.tight in self.by_label:
                return
            if self.line.match(line.folded) or (several and regex.search(r"[。]\S", line.tight)):
                return
            yield _stripped(line, 0, len(line.folded))
            if not several:
                return

    def _scoped(self, found: list[Labelled]) -> list[Labelled]:
        """Labels under a heading speak of the whole unless the heading is an item among others with labels."""
        items = {id(one.section) for one in found if one.field in _OF_ITEMS}
        out = []
        for one in found:
            section = one.section
            if section is not None and self._is_behind_list(one, section, found):
                section = None
            if section is not None and (section.heading.level == 1 or id(section) not in items):
                section = None
            out.append(Labelled(one.field, one.label, one.spans, one.at, section, one.region))
        return out

    def _is_behind_list(self, one: Labelled, section: Section, found: list[Labelled]) -> bool:
        """作品类别：⏎1.征文：…⏎2.摄影：…⏎主办单位：…: the list belongs to the label above it, and the label behind its
        last item speaks of the whole like that one."""
        siblings = section.parent.children if section.parent else one.region.sections
        run = [sibling for sibling in siblings if sibling.heading.level == section.heading.level]
        last = run.index(section)
        first = last
        while first and self._numbers_on(run[first - 1], run[first]):
            first -= 1
        if first == last or any(other.section in run[first:last] for other in found):
            return False
        above = run[first].first - 1
        line = self.running.lines[above]
        if (
            not one.region.has(above)
            or not line.ends("：")
            or len(line.tight) > _LONGEST_LABEL
            or read_heading(line, above)
        ):
            return False
        gaps = max(self.running.lines[sibling.first].block.gap for sibling in run[first + 1 : last + 1])
        told = all(not sibling.heading.is_bare for sibling in run[first : last + 1])
        return told or self.running.lines[one.at].block.gap > gaps

    @staticmethod
    def _numbers_on(above: Section, below: Section) -> bool:
        """2. behind 1.: one list."""
        return read_count(below.heading.number) == (read_count(above.heading.number) or 0) + 1


def read_whole(builder: Builder, labels: list[Labelled], year: int | None) -> None:
    """Values that speak of the whole document. The first of each field wins, later ones stay as candidates."""
    for one in labels:
        if one.section is not None or one.region.region.kind == "annex":
            continue
        rule = f"{one.field}/label"
        if one.field in UNITS:
            values = list(unit_values(builder, one.spans, rule))
            if not builder.record[one.field]:
                builder.extend(one.field, values)
        elif one.field == "theme":
            _once(builder, "theme", Value(_theme(builder, one.spans[0]), one.spans, rule, 0.9))
        elif one.field == "locations":
            if not builder.record["locations"]:
                builder.extend("locations", place_values(builder, one.spans[0], rule))
        else:
            value = period_value(builder, one.spans[0], year, rule)
            if value is not None and "地点" in one.label:
                _place_after(builder, one.spans[0], value)
            if (value is not None and one.label != "时间") or (value is not None and value.value["start"]):
                _once(builder, "activity_time", value)


def _place_after(builder: Builder, span: Span, time: Value) -> None:
    """时间地点：6月17日—21日，云州科技馆: the place stands behind the time."""
    rest = Span(time.spans[-1].end, span.end)
    text = builder.text(rest)
    lead = len(text) - len(text.lstrip("，, 、；"))
    place = Span(rest.start + lead, rest.end)
    if len(place) > 1 and not builder.record["locations"]:
        builder.extend("locations", [Value(close_gaps(builder.text(place)), place, "locations/label", 0.7)])


_TOLD = (
    regex.compile(
        r"(?:定于|兹定于)(?P<when>[^，。；《》]{2,40}?)(?:在(?P<place>[^，。；《》]{2,40}?))?"
        r"(?:联合|共同|组织|集中|统一)?(?:召开|举办|举行|开展)"
    ),
    regex.compile(
        r"(?:活动|测评|比赛|培训|会议|竞赛|考试|展览|宣传|集中活动|展出|集训)时间(?:为|是|定为|定于)(?P<when>[^，。；《》]{2,40})"
    ),
)


def read_told_time(builder: Builder, running: Running, year: int | None) -> None:
    """定于11月24日至25日在…召开: the time (and place) of the whole where no label tells it."""
    if builder.record["activity_time"] is None:
        _time_under_title(builder, running, year)
    if builder.record["activity_time"] is not None or builder.record["activities"]:
        return
    for region, _, line in running.text_lines():
        for form in _TOLD if region.region.kind == "body" else ():
            match = form.search(line.folded)
            value = period_value(builder, line.at(*match.span("when")), year, "activity_time/told") if match else None
            if match is None or value is None or not value.value["precision"]:
                continue
            builder.put("activity_time", value)
            if match.groupdict().get("place") and not builder.record["locations"]:
                place = line.at(*match.span("place"))
                builder.extend("locations", [Value(close_gaps(builder.text(place)), place, "locations/told", 0.6)])
            return


_BRACKETED = regex.compile(r"\s*（\s*(?P<when>[^（）]{4,40})）\s*")


def _time_under_title(builder: Builder, running: Running, year: int | None) -> None:
    """（2024年9月20日—22日） below the title of a timetable or a plan: first and last day of the whole."""
    title = running.zones.title
    below = title[-1] + 1 if title else len(running.lines)
    if below >= running.zones.part.last or running.lines[below].is_table:
        return
    line = running.lines[below]
    match = _BRACKETED.fullmatch(line.folded)
    if match is None or parse_day("".join(match["when"].split())) is not None:
        return
    value = period_value(builder, line.at(*match.span("when")), year, "activity_time/under_title")
    if value is not None and value.value["start"] and value.value["end"] and regex.search("[日号]", match["when"]):
        builder.put("activity_time", value)


def _once(builder: Builder, name: str, value: Value) -> None:
    if builder.record[name] is None:
        builder.put(name, value)
    elif builder.record[name] != value.value:
        builder.candidate(name, value)


def _theme(builder: Builder, span: Span) -> str:
    text = close_gaps(builder.text(span), couplet=True)
    quoted = regex.fullmatch(r"[“\"「](?P<words>[^“”\"「」]+)[”\"」]", text)
    return quoted["words"] if quoted else text


_SESSIONS = regex.compile(r"（[^（）]{0,10}?(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})\s*期\s*[^（）]{0,10}）")


def period_value(builder: Builder, span: Span, year: int | None, rule: str) -> Value | None:
    """{text, start, end, precision} and, where printed, sessions (4期); start and end are null where the year is not
    known. What follows the time in its line (，会期半天。各县可…) is left out."""
    text = builder.text(span)
    period = parse_period(text, year)
    noted = regex.match(r"[^（）()]*?[（(][^（）()]*[）)]", text)
    if (
        period is None
        and noted is not None
        and parse_period(regex.sub(r"[（(].*", "", noted.group()), year) is not None
    ):
        period = parse_period(regex.sub(r"[（(].*", "", noted.group()), year)
    for stop in ("。", "；", "，", ","):
        if period is None and stop in text:
            shorter = Span(span.start, span.start + text.index(stop))
            period = parse_period(builder.text(shorter), year)
            if period is not None:
                span, text = shorter, builder.text(shorter)
    if period is None and not regex.search(r"\d|[一二三四五六七八九十]\s*月|季度|年", text):
        return None
    value: dict[str, Any] = {"text": close_gaps(text), "start": None, "end": None, "precision": None}
    if period is not None:
        value |= {**period.to_json(), "text": close_gaps(text)}
    if sessions := _SESSIONS.search(fold_width(text)):
        value["sessions"] = read_count(sessions["n"])
    return Value(value, span, rule, 0.9 if period else 0.5)


def unit_values(builder: Builder, spans: tuple[Span, ...], rule: str) -> Iterator[Value]:
    """Names of a printed list of units, as printed, gaps closed."""
    for span in spans:
        for name in split_units(builder.text(span)):
            place = name.span.shifted(span.start)
            text = close_gaps(builder.text(place))
            if _WORDS.search(text) and text != "无":
                yield Value(text, place, rule, 0.9)


def _stripped(line: Line, start: int, end: int) -> Span:
    text = line.folded[start:end]
    tail = _END.search(text)
    stop = start + (tail.start() if tail else len(text))
    lead = len(text) - len(text.lstrip())
    return line.at(min(start + lead, stop), stop)


def _line_patterns(labels: Iterable[str]) -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    """A line that begins with a label, and a further label behind a semicolon or a wide gap (时间：…　　地点：…)."""
    spaced = [_spaced(label) for label in sorted(labels, key=len, reverse=True)]
    marker = (
        r"(?:[一二三四五六七八九十]+\s*、|（[一二三四五六七八九十\d]+）|\d{1,2}\s*[.、]|[\p{So}\p{Sm}\p{Pd}·•※*]{1,2})?"
    )
    choice = "|".join(spaced)
    return (
        regex.compile(rf"^\s*{marker}\s*(?P<label>{choice})\s*：\s*(?P<value>.*\S)\s*$", regex.DOTALL),
        regex.compile(rf"(?:[；;。]\s*|\s{{2,}})(?P<label>{choice})\s*：\s*"),
    )


def _spaced(label: str) -> str:
    return r"\s{0,6}".join(regex.escape(char) for char in label)
