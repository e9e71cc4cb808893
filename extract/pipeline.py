"""extract(document, rulebook): Document → Records, one an official document. A pure function of the two."""

from __future__ import annotations

import regex

from extract.activities import read_activities
from extract.builder import Builder
from extract.carriers import bare_record, drop_header, is_archive, is_cover_letter, is_mail
from extract.checks import check
from extract.citations import read_citations
from extract.contacts import read_contacts
from extract.deadlines import read_deadlines
from extract.forms import read_forms
from extract.groups import read_groups
from extract.header import read_header
from extract.labels import WHOLE, LabelReader, read_told_time, read_whole
from extract.lines import Line, lines_of
from extract.meta import Meta
from extract.named import read_units
from extract.parts import Part, split_parts
from extract.patterns import read_patterns
from extract.regions import Running
from extract.same_tasks import link_tasks
from extract.targets import read_targets
from extract.tasks import TaskReader
from extract.zone_reader import read_zones
from extract.zones import Zones
from gongwen.document import Document
from gongwen.record import Record, record_id
from gongwen.rulebook import Rulebook

REVISION = 6
"""Goes up when the same document and rules give other records."""


def extract(document: Document, rulebook: Rulebook) -> list[Record]:
    """One record for each official document of the file, in order of print; at least one for any text."""
    if is_archive(document):
        return [bare_record(document)]
    lines = lines_of(document, document.flow())
    meta = Meta(document, rulebook)
    if not lines and not is_mail(document):
        lines = lines_of(document, document.blocks)
    if not lines and is_mail(document):
        return [bare_record(document)]
    parts = split_parts(lines) if lines else []
    records = [_record(document, rulebook, lines, part, number, meta) for number, part in enumerate(parts, 1)]
    _link(records)
    return records


def _record(
    document: Document, rulebook: Rulebook, lines: tuple[Line, ...], part: Part, number: int, meta: Meta
) -> Record:
    known = meta if number == 1 else Meta.empty()
    builder = Builder(document, rulebook)
    zones = read_zones(lines, part, rulebook, known.title())
    read_header(builder, lines, zones, known)
    running = Running(lines, zones)
    read_patterns(builder, lines, zones, known, [name for name in rulebook.fields if name not in WHOLE])
    year = context_year(builder)
    labels = LabelReader(builder, running, rulebook).read()
    read_whole(builder, labels, year)
    read_patterns(builder, lines, zones, known, WHOLE)
    read_told_time(builder, running, year)
    year = _plan_year(builder) or year or _text_year(running)
    read_activities(builder, running, labels, year)
    TaskReader(builder, running, year).read()
    read_groups(builder, running)
    read_contacts(builder, lines, zones, running)
    read_deadlines(builder, running, context_year(builder) or year)
    read_targets(builder, running)
    read_citations(builder, running)
    read_units(builder)
    link_tasks(builder)
    read_forms(builder, running)
    _finish(builder, lines, part, number, zones, running)
    return builder.record


def context_year(builder: Builder) -> int | None:
    """The year for dates that print none: in the title, of signing, of the number, of publishing (domain.md §4)."""
    record = builder.record
    if record["issue_date"]:
        return int(record["issue_date"][:4])
    parts = record["number_parts"]
    if parts:
        return int(parts["year"])
    title = regex.search(r"(20\d\d|19\d\d)\s*年", record["title"] or "")
    if title:
        return int(title[1])
    for name in ("print_date", "publish_date"):
        if record[name]:
            return int(record[name][:4])
    return None


def _text_year(running: Running) -> int | None:
    """The first year a dated day of the running text names."""
    for _, _, line in running.text_lines():
        match = regex.search(r"(20\d\d)\s*年\s*\d{1,2}\s*月", line.folded)
        if match:
            return int(match[1])
    return None


def _plan_year(builder: Builder) -> int | None:
    """The year of the activity itself, where it is printed."""
    time = builder.record["activity_time"]
    if time and time["start"]:
        return int(time["start"][:4])
    title = regex.search(r"(20\d\d)\s*年", builder.record["title"] or "")
    issued = builder.record["issue_date"]
    if title and issued and 0 <= int(title[1]) - int(issued[:4]) <= 1 and "总结" not in (builder.record["title"] or ""):
        return int(title[1])
    return None


def _finish(builder: Builder, lines: tuple[Line, ...], part: Part, number: int, zones: Zones, running: Running) -> None:
    values = builder.record.values
    text = builder.document.text
    first = lines[part.first].block.span.start if number > 1 else 0
    last = lines[part.last].block.span.start if part.last < len(lines) else len(text)
    values["id"] = record_id(builder.document.sha256, number)
    values["part"] = {"number": number, "start": first, "end": last}
    values["sections"] = [section.to_json(lines) for region in running.regions for section in region.sections]
    if is_mail(builder.document) and is_cover_letter(builder.record):
        drop_header(builder.record)
    elif builder.record["title"] is None:
        builder.issue("no_title", "title", "没有读到标题")
    check(builder, running)
    for reason in builder.document.reasons:
        builder.issue("incomplete", "", f"原文没有读全（{reason}）")
    if "tracked_changes" in builder.document.warnings:
        builder.issue("tracked_changes", "", "原文带有未接受的修订，已按全部接受后的文字读取，请核对是否为定稿")


def _link(records: list[Record]) -> None:
    """Later documents of a file that the first one names as its annexes lie within it."""
    if len(records) < 2:
        return
    first = records[0]
    for record in records[1:]:
        record.values["within"] = first.values["id"]
