"""Record → Entry: what of an official document can be found, filtered and counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import regex

from gongwen.document import Document
from gongwen.record import Reading, Record
from gongwen.text import Span
from gongwen.values.document_number import find_numbers
from index.analysis import flat
from index.engine import Entry
from index.highlight import whole
from index.unit_names import LongForms, UnitNames, long_forms

ENTRIES_REVISION = 3
"""Goes up when an Entry of the same Record changes: indexes of another revision are rebuilt."""

ROLES: dict[str, tuple[str, ...]] = {
    # role: the keys of a record, an activity or a task that name units in it
    "issuer": ("issuers",),
    "host": ("hosts",),
    "organizer": ("organizers",),
    "co_organizer": ("co_organizers",),
    "lead": ("lead",),
    "responsible": ("responsible",),
    "cooperate": ("cooperate",),
}
_YEAR = regex.compile(r"(?:19|20)\d\d(?=\s*[年—–-])")
_LEAD = 110
_LEAST_LEAD = 12
_MAX_VALUES = 2000  # of one name in one entry: a hostile table must not fill the index


def entries(reading: Reading, document: Document | None, *, longer: LongForms | None = None) -> list[Entry]:
    """One entry for each official document of a file. Without the Document only the values are found. `longer`:
    kinds of bodies in full (`long_forms`), ours when not given."""
    forms = long_forms() if longer is None else longer
    return [_entry(reading, record, document, UnitNames(record, forms)) for record in reading.documents]


def _entry(reading: Reading, record: Record, document: Document | None, names: UnitNames) -> Entry:
    text = _part_text(record, document)
    units = {role: _units(record, keys) for role, keys in ROLES.items()}
    date = paper_date(record)
    number = str(record["document_number"] or "")
    own = _own_keys(record)
    cited = (flat(one.value.key) for one in find_numbers("\n".join([text, *_cited_numbers(record)])))
    return Entry(
        id=record.id,
        title=str(record["title"] or ""),
        text=text,
        number=number,
        number_keys=own,
        cited_keys=_unique(key for key in cited if key not in own),
        date=date,
        fields=_fields(record, units, names),
        facets=_facets(reading, record, units, date, names),
        meta=_meta(reading, record) | {"lead": _lead(record, document)},
    )


def paper_date(record: Record) -> str:
    """The day a paper counts by: signed, else printed, else published; '' when it tells none."""
    return next((str(record[key]) for key in ("issue_date", "print_date", "publish_date") if record[key]), "")


def _part_text(record: Record, document: Document | None) -> str:
    if document is None:
        return ""
    part = record.get("part") or {}
    return document.text[int(part.get("start", 0)) : int(part.get("end", len(document.text)))]


def _own_keys(record: Record) -> tuple[str, ...]:
    parts = record["number_parts"]
    if parts:
        return (flat(f"{parts['agency']}|{parts['year']}|{parts['serial']}"),)
    return _unique(flat(one.value.key) for one in find_numbers(str(record["document_number"] or "")))


def _cited_numbers(record: Record) -> Iterator[str]:
    for citation in record["citations"]:
        if citation["document_number"]:
            yield str(citation["document_number"])


def _units(record: Record, keys: Iterable[str]) -> tuple[str, ...]:
    """The printed names, of the whole document first, then of its activities and tasks."""
    found: list[str] = []
    for key in keys:
        found += record.get(key) or []
        for row in (*record["activities"], *record["tasks"]):
            found += row.get(key) or []
    return _unique(found)


def _fields(record: Record, units: dict[str, tuple[str, ...]], names: UnitNames) -> dict[str, tuple[str, ...]]:
    """Values that can be searched by name: units as printed and by every other name they have."""
    found = {role: _unique(name for one in printed for name in names.all(one)) for role, printed in units.items()}
    found["unit"] = _unique(name for one in found.values() for name in one)
    found["person"] = _unique(
        str(row["name"]) for row in (*record["leading_group"], *record["contacts"]) if row.get("name")
    )
    if record["signatory"]:
        found["person"] = _unique((*found["person"], str(record["signatory"])))
    themes = (record["theme"], *(row.get("title") for row in record["activities"]))
    found["theme"] = _unique(str(one) for one in themes if one)
    found["addressee"] = _unique((*record["addressees"], *record["copied_to"]))
    return {name: values for name, values in found.items() if values}


def _facets(
    reading: Reading, record: Record, units: dict[str, tuple[str, ...]], date: str, names: UnitNames
) -> dict[str, tuple[str, ...]]:
    """A unit is counted once, by its one name, however it is printed."""
    found = {role: _unique(map(names.one, printed)) for role, printed in units.items()}
    found["unit"] = _unique(name for one in found.values() for name in one)
    found["year"] = plan_year(record, date)
    found["issue_year"] = (date[:4],) if date else ()
    found["month"] = (date[:7],) if len(date) >= 7 else ()
    found["media"] = (reading.media_type,)
    for name, key in (("type", "doc_type"), ("disclosure", "disclosure"), ("theme", "theme")):
        found[name] = (str(record[key]),) if record[key] else ()
    return {name: values for name, values in found.items() if values}


def plan_year(record: Record, date: str) -> tuple[str, ...]:
    """The year the document is about, not the year of the file (domain.md §11): of the activity, in the title, of
    issue, of the number."""
    activity = record["activity_time"] or {}
    if activity.get("start"):
        return (str(activity["start"])[:4],)
    title = _YEAR.search(str(record["title"] or ""), timeout=1)
    if title:
        return (title.group(),)
    if date:
        return (date[:4],)
    parts = record["number_parts"]
    return (str(parts["year"]),) if parts else ()


def _meta(reading: Reading, record: Record) -> dict[str, str]:
    part: dict[str, Any] = record.get("part") or {}
    return {
        "source": reading.source,
        "sha256": reading.sha256,
        "media_type": reading.media_type,
        "part": str(part.get("number", 1)),
        "parts": str(len(reading.documents)),
        "issuers": "、".join(record["issuers"]),
        "type": str(record["doc_type"] or ""),
        "issues": str(len(record.issues)),
    }


def _lead(record: Record, document: Document | None) -> str:
    """The first words of the body, behind title and addressees: what a list shows where nothing was asked."""
    if document is None:
        return ""
    head = ("title", "document_number", "addressees", "letterhead")
    part = record.get("part") or {}
    limit = int(part.get("end", len(document.text)))
    behind = [one.end for path, found in record.evidence.items() if path.split("/")[0] in head for one in found]
    behind = [end for end in behind if end < limit]
    start = max(behind, default=int(part.get("start", 0)))
    for block in document.blocks:
        if block.kind == "paragraph" and start <= block.span.start < limit:
            words = " ".join(block.span.of(document.text).split())
            if len(words) >= _LEAST_LEAD:
                return whole(words, Span(0, min(_LEAD, len(words)))).of(words)
    return ""


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))[:_MAX_VALUES]
