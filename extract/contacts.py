"""Contacts: runs of lines that name people, numbers and mail addresses (domain.md §7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex
from gongwen.values.contacts import Contact, find_contacts

from extract.builder import Builder, Value
from extract.lines import Line
from extract.regions import Running
from extract.zones import Zones
from gongwen.record import ROWS

_RULE = "contacts/block"
_NUMBERS = regex.compile(r"\d{7}|@")


def read_contacts(builder: Builder, lines: Sequence[Line], zones: Zones, running: Running) -> None:
    """Contact lines of body, enclosure and notes; annexes are forms to fill in and hold none."""
    marks = builder.rulebook.words("contact_marks")
    held = {at for region in running.regions if region.region.kind != "annex" for at in region.body}
    kept: list[Contact] = []
    for group in _groups(lines, sorted(held | {*zones.closing_notes}), marks):
        begin = lines[group[0]].span.start
        for contact in find_contacts(builder.document.text[begin : lines[group[-1]].span.end]):
            if not any(_says_no_more(contact, other) for other in kept):
                kept.append(contact)
                _add(builder, contact, begin)


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


def _groups(lines: Sequence[Line], held: Sequence[int], marks: tuple[str, ...]) -> Iterator[list[int]]:
    """Runs of neighbouring lines that name contacts."""
    group: list[int] = []
    for at in held:
        line = lines[at]
        next_to = bool(group) and at == group[-1] + 1
        named = not line.is_table and any(mark in line.tight for mark in marks)
        more = next_to and not line.is_table and len(line.tight) < 60 and bool(_NUMBERS.search(line.tight))
        if group and not (next_to and (named or more)):
            yield group
            group = []
        if named or more:
            group.append(at)
    if group:
        yield group
