"""Contacts: runs of lines that name people, numbers and mail addresses (domain.md §7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from extract.builder import Builder, Value
from extract.lines import CellText, Line
from extract.regions import Running
from extract.tables import read_table
from extract.zones import Zones
from gongwen.record import ROWS
from gongwen.text import close_gaps
from gongwen.values.contacts import Contact, find_contacts
from gongwen.values.phones import find_phones

_RULE = "contacts/block"
_MANY_DIGITS = regex.compile(r"(?:\d[ -]?){7}")
_NUMBERS = regex.compile(r"\d{7}|@")


def read_contacts(builder: Builder, lines: Sequence[Line], zones: Zones, running: Running) -> None:
    """Contact lines of body, enclosure and notes; annexes are forms to fill in and hold none."""
    marks = builder.rulebook.words("contact_marks")
    held = {at for region in running.regions if running.is_paper(region) for at in region.body}
    kept: list[Contact] = []
    for group in _groups(lines, sorted(held | {*zones.closing_notes}), marks):
        begin = lines[group[0]].span.start
        for contact in find_contacts(builder.document.text[begin : lines[group[-1]].span.end]):
            if not any(_says_no_more(contact, other) for other in kept):
                kept.append(contact)
                _add(builder, contact, begin)
    _tables(builder, running)


def _tables(builder: Builder, running: Running) -> None:
    """Lists of contacts as tables: 姓名 | 单位 | 办公电话 | 手机 | 邮箱; blank forms give nothing."""
    heads = builder.rulebook.vocab["contact_columns"]
    for _, _, line in running.tables():
        table = read_table(builder.document, line.block, heads, need=("name", "phones"))
        table = table or read_table(builder.document, line.block, heads, need=("unit", "phones"))
        for cells in table.rows if table else []:
            row: dict[str, Value | list[Value] | None] = {}
            for key in ("name", "unit", "email", "fax", "address"):
                if (cell := cells.get(key)) and cell.tight:
                    row[key] = _cell(builder, cell)
            row["phones"] = [value for key in ("phones", "mobile") for value in _numbers(builder, cells.get(key))]
            told = row["phones"] or row.get("email")
            if told and ("name" in row or "name" not in (table.columns if table else ())):
                builder.add_row("contacts", row, ROWS["contacts"])


def _cell(builder: Builder, cell: CellText) -> Value:
    return Value(close_gaps(builder.text(cell.span)), cell.span, "contacts/table", 0.9)


def _numbers(builder: Builder, cell: CellText | None) -> Iterator[Value]:
    if cell is None:
        return
    found = find_phones(cell.folded, labelled=True)
    for match in found:
        yield Value(match.text, match.span.shifted(cell.span.start), "contacts/table", 0.9)
    if not found and _MANY_DIGITS.search(cell.tight):
        # A sheet that takes 0999-5550232 for a number prints 9995550232: the lost nought is not guessed.
        builder.issue("unread_phone", "contacts", f"电话“{cell.tight[:20]}”不像完整的号码，请核对区号", cell.span)


def _says_no_more(contact: Contact, other: Contact) -> bool:
    """The same person told again with nothing new."""
    same = contact.name == other.name and set(contact.phones) <= set(other.phones)
    return same and contact.email in (None, other.email)


def _add(builder: Builder, contact: Contact, begin: int) -> None:
    row: dict[str, Value | list[Value] | None] = {}
    spans = dict(contact.spans)
    for key in ("name", "unit", "fax", "email", "address"):
        value, span = getattr(contact, key), spans.get(key)
        if value and span is not None:
            row[key] = Value(value, span.shifted(begin), _RULE, 0.85)
    row["phones"] = [
        Value(number, span.shifted(begin), _RULE, 0.9)
        for at, number in enumerate(contact.phones)
        if (span := spans.get(f"phones/{at}")) is not None
    ]
    builder.add_row("contacts", row, ROWS["contacts"])


def _is_caption(line: Line) -> bool:
    """（一）政策咨询: a short line between contacts that names none."""
    return not line.is_table and len(line.tight) <= 12 and not regex.search(r"\d|[，。；]", line.tight)


def _groups(lines: Sequence[Line], held: Sequence[int], marks: tuple[str, ...]) -> Iterator[list[int]]:
    """Runs of neighbouring lines that name contacts."""
    group: list[int] = []
    for at in held:
        line = lines[at]
        next_to = bool(group) and (at == group[-1] + 1 or (at == group[-1] + 2 and _is_caption(lines[at - 1])))
        named = not line.is_table and any(mark in line.tight for mark in marks)
        if group and at == group[-1] + 1 and not named and _is_caption(line):
            continue
        more = next_to and not line.is_table and len(line.tight) < 160 and bool(_NUMBERS.search(line.tight))
        if group and not (next_to and (named or more)):
            yield group
            group = []
        if named or more:
            group.append(at)
    if group:
        yield group
