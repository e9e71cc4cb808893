"""What a paper says twice and not alike, and what cannot be: told as issues, never repaired (domain.md §12 D).

The other doubts (signatories_incomplete, printed_before_signed, deadline_before_signed …) are told where the values
are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from extract.builder import Builder
from extract.issuers import similar
from extract.regions import RegionText, Running
from extract.sections import Section, walk
from gongwen.text import Span, close_gaps, fold_width

_NEARLY = 0.7
"""Shared pairs of characters from which two titles are held to mean one paper: one lost word in a title of ten."""

_SAME_UNIT = 0.6
_SURE = 0.8
"""Score of a line from which OCR is believed as a whole. Print has more even where characters are wrong: those are told
by the weak ones (tests.bench.bench_ocr: of 750 lines 28 had some, and 20 of the 29 wrong ones were among them)."""
_TITLED = ("title", "enclosures", "annexes", "citations")
_CLOSERS = {"）": "（", "》": "《", "〉": "〈", "〕": "〔"}
_MARKS = "".join((*_CLOSERS, *_CLOSERS.values()))
_ITEM = regex.compile(r"(?<![\p{Han}\d])(?:\d{1,2}|[一二三四五六七八九十]{1,3})）")
"""`1）` at the head of an item has no opening bracket."""

_GROUP = regex.compile(r"（(?P<number>[一二三四五六七八九十]{1,3})）(?P<title>.+)")
_WIDTHS = {"（": ")", "(": "）"}


def check(builder: Builder, running: Running) -> None:
    """Add the issues of a record whose values are all read."""
    _names(builder)
    _periods(builder)
    _titles(builder, running)
    _headings(builder, running)
    _brackets(builder, running)
    _doubts(builder)
    _unsure_letters(builder)


def _doubts(builder: Builder) -> None:
    """Values read where the file itself is not to be relied on: a field prints another date every day."""
    dated = builder.document.warnings.count("date_field") and builder.record["issue_date"]
    if dated and not builder.document.doubts:  # nobody can see any more which date it was
        message = "原件中有自动更新的日期域，成文日期可能不是原来的日期，请核对原件"
        builder.issue("date_field", "issue_date", message, _place(builder, "issue_date"))
    for code, span in builder.document.doubts:
        for path, found in builder.record.evidence.items():
            if any(one.span.overlaps(span) for one in found):
                field = path.partition("/")[0]
                message = f"“{builder.text(span)}”是自动更新的日期域显示的，会随打开、转换的时间变化，请核对原件"
                builder.issue(code, field, message, span)


def _names(builder: Builder) -> None:
    """A name of the red head that the signature prints with a character or two changed."""
    issuers, head = builder.record["issuers"], builder.record["letterhead"]
    rest = [name for name in issuers if name not in head]
    for at, name in enumerate(head):
        if name in issuers or any(name.endswith(other) or other.endswith(name) for other in rest):
            continue
        best = max(rest, key=lambda other: similar(other, name), default=None)
        told = any(issue.code in {"names_differ", "letterhead_differs"} and name in issue.message
                   for issue in builder.record.issues)  # fmt: skip
        if best is not None and not told and similar(best, name) >= _SAME_UNIT:
            message = f"版头“{name}”与落款“{best}”不一致"
            builder.issue("names_differ", "issuers", message, _place(builder, f"letterhead/{at}"))


def _periods(builder: Builder) -> None:
    """A time that is printed to end before it begins."""
    record = builder.record
    held = [("activity_time", record["activity_time"])]
    for rows in ("activities", "tasks"):
        held += [(f"{rows}/{at}/time", row["time"]) for at, row in enumerate(record[rows])]
    for path, time in held:
        if time and time["start"] and time["end"] and time["end"] < time["start"]:
            message = f"时间“{time['text']}”的结束早于开始"
            builder.issue("end_before_start", path.partition("/")[0], message, _place(builder, path))


def _titles(builder: Builder, running: Running) -> None:
    """The same enclosure or annex under two titles: in 《》 or the annex note, and over its own text."""
    titles = [_title_of(builder, running, region) for region in running.regions]
    own = {_bare(title): title for title in titles if title}
    for path, named in _named(builder):
        key = _bare(named)
        if not key or any(key in title or title in key for title in own):
            continue
        rivals = [title for title in own if title[-2:] == key[-2:] and _figures(title) == _figures(key)]
        best = max(rivals, key=lambda title: similar(title, key), default=None)
        if best is not None and similar(best, key) >= _NEARLY:
            message = f"所称“{named}”与正文标题“{own[best]}”不一致"
            builder.issue("title_mismatch", path.partition("/")[0], message, _place(builder, path))


def _named(builder: Builder) -> Iterator[tuple[str, str]]:
    """Titles by which the paper names what follows it. What has a number of its own is another paper."""
    record = builder.record
    for at, title in enumerate(record["annexes"]):
        yield f"annexes/{at}", title
    for at, row in enumerate(record["citations"]):
        if row["title"] and not row["document_number"]:
            yield f"citations/{at}/title", row["title"]
    inner = regex.search(r"《(?P<title>.{6,})》", fold_width(record["title"] or ""))
    if inner:
        yield "title", inner["title"]


def _title_of(builder: Builder, running: Running, region: RegionText) -> str:
    if region.region.kind == "body":
        return ""
    return "".join(close_gaps(builder.text(running.lines[at].span)) for at in region.region.title)


def _headings(builder: Builder, running: Running) -> None:
    """A group of the task table and the section of its number have different words, where the others agree."""
    groups: dict[str, tuple[str, str]] = {}
    for at, row in enumerate(builder.record["tasks"]):
        match = _GROUP.fullmatch(_bare(row["group"] or ""))
        if match and builder.record.evidence[f"tasks/{at}/group"][0].rule == "tasks/table":
            groups.setdefault(match["number"], (match["title"], f"tasks/{at}/group"))
    for sections in _brothers(running):
        titles = {section.heading.number: _bare(section.heading.title) for section in sections}
        alike = [number for number, (title, _) in groups.items() if titles.get(number) == title]
        if 2 * len(alike) < len(groups) or not alike:
            continue
        for number, (title, path) in groups.items():
            other = titles.get(number)
            if other is not None and other != title:
                message = f"表中为“（{number}）{title}”，正文为“（{number}）{other}”"
                builder.issue("heading_mismatch", "tasks", message, _place(builder, path))


def _brothers(running: Running) -> Iterator[Sequence[Section]]:
    """The children of each section."""
    for region in running.regions:
        for section in walk(region.sections):
            yield section.children


def _brackets(builder: Builder, running: Running) -> None:
    """Brackets without their partner, in titles and in running text."""
    for path, value in builder.record.paths():
        field, _, rest = path.partition("/")
        if field not in _TITLED or (field == "citations" and not rest.endswith("title")):
            continue
        mark = _alone(fold_width(value))
        if mark or _mixed(value):
            said = f"中的“{mark}”不成对" if mark else "的括号全角、半角混用"
            builder.issue("unbalanced_bracket", field, f"“{value}”{said}", _place(builder, path))
    for _, _, line in running.text_lines():
        if mark := _alone(line.folded):
            builder.issue("unbalanced_bracket", "", f"“{_around(line.folded, mark)}”中的“{mark}”不成对", line.span)


def _unsure_letters(builder: Builder) -> None:
    """Values on lines or with characters of which OCR was not sure: once for each place and field."""
    document = builder.document
    told: set[tuple[str, Span]] = set()
    for path, evidence in builder.record.evidence.items():
        field = path.partition("/")[0]
        for span in (Span(one.start, one.end) for one in evidence):
            if (field, span) not in told and document.doubtful(span, _SURE):
                told.add((field, span))
                message = f"“{close_gaps(builder.text(span))}”由扫描件识别，把握不大，请核对"
                builder.issue("ocr_doubtful", field, message, span)


def _alone(folded: str) -> str:
    """The first bracket without its partner, or ''. Quotations are left out, they may run on over paragraphs."""
    if not any(mark in folded for mark in _MARKS):
        return ""
    items = {match.end() - 1 for match in _ITEM.finditer(folded)}
    open_marks: list[str] = []
    for at, char in enumerate(folded):
        if char in _CLOSERS.values():
            open_marks.append(char)
        elif char in _CLOSERS and open_marks[-1:] == [_CLOSERS[char]]:
            open_marks.pop()
        elif char in _CLOSERS and at not in items:
            return char
    return open_marks[0] if open_marks else ""


def _around(folded: str, mark: str) -> str:
    at = folded.find(mark)
    return close_gaps(folded[max(0, at - 10) : at + 12])


def _mixed(printed: str) -> bool:
    """（…) or (…）."""
    return any(regex.search(rf"\{first}[^()（）]*\{last}", printed) for first, last in _WIDTHS.items())


def _bare(title: str) -> str:
    return regex.sub(r"[\s《》〈〉“”\"]", "", fold_width(title))


def _figures(title: str) -> list[str]:
    """Years and ordinals: a plan of another year is another plan."""
    return regex.findall(r"\d+|第\p{Han}届", title)


def _place(builder: Builder, path: str) -> Span | None:
    evidence = builder.record.evidence.get(path)
    return evidence[0].span if evidence else None
