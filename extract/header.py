"""Fields of head, signature and imprint: number, title, kind, issuers, addressees, dates, annexes, marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import regex

from extract.annexes import read_annexes, read_enclosures
from extract.builder import Builder, Value
from extract.issuers import read_issuers
from extract.lines import Line
from extract.meta import Meta
from extract.parts import is_month_line
from extract.zones import Zones
from gongwen.text import Span, close_gaps, fold_width
from gongwen.values.dates import find_days, parse_day, parse_period
from gongwen.values.document_number import DocumentNumber, NumberMatch, find_bare_numbers, find_numbers, is_blank_number
from gongwen.values.units import looks_like_unit, split_addressees


def read_header(builder: Builder, lines: Sequence[Line], zones: Zones, meta: Meta) -> None:
    _number(builder, lines, zones, meta)
    _title(builder, lines, zones, meta)
    read_issuers(builder, lines, zones, meta)
    _addressees(builder, lines, zones)
    _dates(builder, lines, zones, meta)
    read_annexes(builder, lines, zones)
    _imprint(builder, lines, zones)
    read_enclosures(builder, lines, zones)


def _number(builder: Builder, lines: Sequence[Line], zones: Zones, meta: Meta) -> None:
    """The own number: alone on its line in the head, or named by the page's metadata; else null."""
    for entry in meta.of("document_number"):
        printed = close_gaps(fold_width(entry.text))
        parsed = DocumentNumber.parse(entry.text)
        if parsed or find_bare_numbers(entry.text):
            builder.put("document_number", Value(str(parsed or printed), entry.span, "document_number/meta", 0.9))
    at = zones.number
    if at is None:
        _number_in_title(builder, lines, zones)
    else:
        line = lines[at]
        found = find_numbers(builder.text(line.span))
        if found:
            span = line.at(found[0].span.start, found[0].span.end)
            builder.put("document_number", Value(_as_printed(found[0]), span, "document_number/line", 0.95))
            if found[0].variant:
                builder.issue("bracket_variant", "document_number", "文号的括号或写法不规范，已按〔〕统一", span)
        else:
            printed = close_gaps(line.folded.strip()).strip("（）")
            bare = find_bare_numbers(line.folded)
            span = line.span
            if bare:
                span = line.at(bare[0].span.start, bare[0].span.end)
                printed = close_gaps(span.of(builder.document.text))
            builder.put("document_number", Value(printed, span, "document_number/serial", 0.8))
    _number_parts(builder, lines, zones)


def _as_printed(match: NumberMatch) -> str:
    """One kind of brackets, but 041号 stays 041号."""
    serial = regex.search(r"(?<!\d)(?P<serial>0\d+)\s*号?$", close_gaps(fold_width(match.text)))
    number = match.value
    return f"{number.agency}〔{number.year}〕{serial['serial']}号" if serial else str(number)


def _number_in_title(builder: Builder, lines: Sequence[Line], zones: Zones) -> None:
    """…公告⏎（第6号）: the serial in brackets at the title's end is the number."""
    if builder.record["document_number"] or not zones.title:
        return
    line = lines[zones.title[-1]]
    match = regex.search(r"（\s*(?P<no>(?:\d{4}\s*年\s*)?第\s*[\d一二三四五六七八九十百]+\s*号)\s*）\s*$", line.folded)
    if match:
        span = line.at(match.start("no"), match.end("no"))
        builder.put("document_number", Value(close_gaps(match["no"]), span, "document_number/title", 0.8))


def _number_parts(builder: Builder, lines: Sequence[Line], zones: Zones) -> None:
    number = builder.record["document_number"]
    parsed = DocumentNumber.parse(number) if number else None
    if parsed:
        parts = {"agency": parsed.agency, "year": parsed.year, "serial": parsed.serial}
        builder.record.values["number_parts"] = parts
        return
    for at in range(zones.part.first, min(zones.part.last, zones.part.first + 30)):
        if not number and not lines[at].is_table and len(lines[at].tight) < 40 and is_blank_number(lines[at].tight):
            builder.issue("blank_number", "document_number", "文号未编，可能是草稿", lines[at].span)
            return


def _title(builder: Builder, lines: Sequence[Line], zones: Zones, meta: Meta) -> None:
    """Lines of the title joined; what metadata says stays as a candidate, and is the title where the text has none."""
    named = [Value(close_gaps(one.text), one.span, "title/meta", 0.7) for one in meta.of("title")]
    if zones.title:
        spans = [lines[at].span for at in zones.title]
        text = "".join(close_gaps(builder.text(span)) for span in spans)
        builder.put("title", Value(text, spans, "title/lines", 0.9))
        for value in named:
            if fold_width(value.value) != fold_width(text):
                builder.candidate("title", value)
    elif named:
        builder.put("title", named[0])
    if zones.title_repeats:
        spans = [lines[at].span for at in zones.title_repeats]
        text = "".join(close_gaps(builder.text(span)) for span in spans)
        if text != builder.record["title"]:
            builder.candidate("title", Value(text, spans, "title/repeat", 0.4))
    _doc_type(builder)


_TWIN = regex.compile(r"(?<=总结|报告)(?:和|与|及|暨|、)[^的]{0,20}(?:计划|打算|安排|思路|要点)$")


def _doc_type(builder: Builder) -> None:
    """The last kind named in the title (条例 art. 8; domain.md §1)."""
    title = builder.record["title"]
    if not title:
        return
    kinds: dict[str, str] = builder.rulebook.vocab["kinds"]
    folded = regex.sub(r"[（〔][^（）〔〕]{1,14}[）〕]$", "", fold_width(title))
    twin = _TWIN.search(folded)
    if twin is not None:  # 工作总结和2025年工作打算: the first of two
        folded = folded[: twin.start()]
    best = max(((folded.rfind(word) + len(word), len(word), word) for word in kinds if word in folded), default=None)
    if best is None:
        return
    if best[0] < len(folded.rstrip("》")) and kinds[best[2]] not in {"通知", "函", "决定", "公告", "通告", "批复"}:
        return
    spans = [one.span for one in builder.record.evidence["title"]]
    builder.put("doc_type", Value(kinds[best[2]], _tail_span(builder, spans, best[2]), "doc_type/title", 0.9))


def _tail_span(builder: Builder, spans: list[Span], word: str) -> Span:
    """Where a word of a title that may be broken over lines stands; the last line when it is cut in two."""
    for span in reversed(spans):
        at = builder.text(span).rfind(word)
        if at >= 0:
            return Span(span.start + at, span.start + at + len(word))
    return spans[-1]


def _addressees(builder: Builder, lines: Sequence[Line], zones: Zones) -> None:
    """Names up to the colon; a name broken over two lines has two places."""
    text = ""
    origin: list[int] = []
    for at in zones.addressees:
        folded = lines[at].folded.rstrip() if at == zones.addressees[-1] else lines[at].folded
        text += folded
        origin += range(lines[at].span.start, lines[at].span.start + len(folded))
    colon = text.rfind("：") if text.endswith("：") else text.find("：")
    score = 0.9 if colon >= 0 else 0.7
    values = []
    for name in split_addressees(text[:colon] if colon >= 0 else text):
        spans = _places(origin[name.span.start : name.span.end])
        value = "".join(close_gaps(builder.text(span)) for span in spans)
        values.append(Value(value, spans, "addressees/line", score))
    builder.extend("addressees", values)


def _places(offsets: list[int]) -> list[Span]:
    """Runs of neighbouring offsets."""
    spans: list[Span] = []
    for offset in offsets:
        if spans and spans[-1].end == offset:
            spans[-1] = Span(spans[-1].start, offset + 1)
        else:
            spans.append(Span(offset, offset + 1))
    return spans


def _dates(builder: Builder, lines: Sequence[Line], zones: Zones, meta: Meta) -> None:
    """Four dates, never copied from one to another (domain.md §0 fact 3)."""
    for name in ("issue_date", "publish_date", "print_date", "effective_date"):
        for entry in meta.of(name):
            _put_day(builder, name, entry.text, entry.span, f"{name}/meta")
            if builder.record[name]:
                break
    if zones.date is not None:
        line = lines[zones.date]
        for day in find_days(line.folded)[-1:]:
            span = line.at(day.span.start, day.span.end)
            _put_day(builder, "issue_date", builder.text(span), span, "issue_date/signature")
        if is_month_line(line) and builder.record["issue_date"] is None:
            _month_only(builder, line)
    if zones.date is None and builder.record["issue_date"] is None:
        _under_title(builder, lines, zones)
    for at in zones.imprint:
        line = lines[at]
        if regex.search(r"印发|印制", line.tight):
            for day in find_days(line.folded)[-1:]:
                span = line.at(day.span.start, day.span.end)
                _put_day(builder, "print_date", builder.text(span), span, "print_date/imprint")
    _check_dates(builder)


def _month_only(builder: Builder, line: Line) -> None:
    """No day is made up: the month is a candidate."""
    period = parse_period(line.folded)
    if period is not None and period.start is not None:
        builder.candidate("issue_date", Value(period.start.isoformat()[:7], line.span, "issue_date/month", 0.5))
    message = f"成文日期只印到月：{close_gaps(builder.text(line.span))}"
    builder.issue("date_month_only", "issue_date", message, line.span)


def _under_title(builder: Builder, lines: Sequence[Line], zones: Zones) -> None:
    """（2018年9月27日…通过） under the title: the day of a decision that bears no signature. A stretch of days there
    (（9月20日—22日） under a timetable) is when the thing takes place."""
    below = zones.title[-1] + 1 if zones.title else zones.part.last
    for at in range(below, min(below + 2, zones.part.last)):
        line = lines[at]
        if line.is_table or not regex.fullmatch(r"（[^（）]*(?:日|通过|发布|公布|印发|施行)）", line.tight):
            continue
        days = find_days(line.folded)
        if days and parse_day(line.tight[1:-1]) is None and parse_period(line.tight[1:-1]) is not None:
            continue
        for day in days[:1]:
            span = line.at(day.span.start, day.span.end)
            _put_day(builder, "issue_date", builder.text(span), span, "issue_date/under_title")


def _put_day(builder: Builder, name: str, text: str, span: Span, rule: str) -> None:
    days = find_days(text)
    day = parse_day(text.strip()) or (days[0].day if days else None)
    if day is None:
        return
    if days and parse_day(text.strip()) is None:
        span = Span(span.start + days[0].span.start, span.start + days[0].span.end)
    builder.put(name, Value(day.isoformat(), span, rule, 0.9))


def _check_dates(builder: Builder) -> None:
    issued, printed, published = (builder.record[name] for name in ("issue_date", "print_date", "publish_date"))
    if issued and printed and date.fromisoformat(printed) < date.fromisoformat(issued):
        builder.issue("printed_before_signed", "print_date", f"印发日期{printed}早于成文日期{issued}")
    if issued and published and date.fromisoformat(published) < date.fromisoformat(issued):
        builder.issue("published_before_signed", "publish_date", f"发布日期{published}早于成文日期{issued}")
    for candidate in builder.record.candidates.get("issue_date", []):
        builder.issue("dates_differ", "issue_date", f"成文日期有两种：{issued}、{candidate['value']}")


def _imprint(builder: Builder, lines: Sequence[Line], zones: Zones) -> None:
    for at in zones.imprint:
        line = lines[at]
        match = regex.match(r"\s*(?:抄\s*送|抄\s*报|分\s*送)\s*：\s*", line.folded)
        if match is None:
            continue
        text = line.folded[match.end() :]
        origin = list(range(line.span.start + match.end(), line.span.end))
        below = at + 1
        while _turns(lines, zones, below) and (not text.rstrip().endswith("。") or _names_on(lines, below)):
            text += lines[below].folded
            origin += range(lines[below].span.start, lines[below].span.end)
            below += 1
        values = []
        for name in split_addressees(text.rstrip("。 ")):
            copies = regex.search(r"\s*（\d+份）$", name.span.of(text))
            end = name.span.end - (len(copies.group()) if copies else 0)
            spans = _places(origin[name.span.start : end])
            value = "".join(close_gaps(builder.text(span)) for span in spans)
            values.append(Value(value, spans, "copied_to/imprint", 0.9))
        builder.extend("copied_to", values)


def _names_on(lines: Sequence[Line], at: int) -> bool:
    """A second row of 抄送 below one that ends with a stop: names and nothing else, closed by a stop."""
    line = lines[at]
    names = [one.text for one in split_addressees(line.folded.rstrip("。 "))]
    return line.tight.endswith("。") and bool(names) and all(looks_like_unit(one) for one in names)


def _turns(lines: Sequence[Line], zones: Zones, at: int) -> bool:
    """A further line of 抄送: short, no label, nothing printed or signed."""
    if at >= zones.part.last or at in zones.imprint or at in zones.signature or lines[at].is_table:
        return False
    return len(lines[at].tight) <= 60 and not regex.search(r"[：]|印发|^附件|\d{4}年", lines[at].tight)
