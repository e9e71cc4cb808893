"""One paper as rows of the catalogue: pure, from its record with people's words in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from gongwen.record import Reading, Record
from gongwen.values.deadlines import Recurrence
from gongwen.values.document_number import DocumentNumber, find_numbers
from index.catalogue import shape
from index.catalogue.due import due_days, whole, window
from index.catalogue.naming import Namer, PaperNames
from index.catalogue.roles import read_roles
from index.catalogue.stems import Stemmer
from index.catalogue.titles import read_title
from index.entries import paper_date, plan_year

Row = dict[str, Any]


@dataclass(slots=True)
class Facts:
    """Rows without the keys that the database gives. `deadlines` carry their days under `days`."""

    paper: Row
    titles: list[Row]
    roles: list[Row]
    tasks: list[Row]
    activities: list[Row]
    deadlines: list[Row]
    citations: list[Row]
    issues: list[Row]


class Reader:
    """Makes facts of papers by the rules it was built from."""

    def __init__(self, namer: Namer, stemmer: Stemmer) -> None:
        self._namer = namer
        self._stemmer = stemmer

    def read(self, reading: Reading, record: Record, reviewed: Mapping[str, str] | None = None) -> Facts:
        """`reviewed`: what people said of its fields (gongwen.review): their evidence may be of another value."""
        names = self._namer.of(record)
        paper = self._paper(reading, record, names)
        roles, left = read_roles(record, names, paper, reviewed or {})
        issues = [
            {"field": field, "code": one.code, "message": one.message}
            for one in record.issues
            if (reviewed or {}).get(field := one.field.split("/")[0]) not in {"confirmed", "corrected"}
        ]
        if left:
            message = f"单位和人员过多，另有 {left} 项没有编入单位页和人员页"
            issues.append({"field": "tasks", "code": "too_many_roles", "message": message})
        return Facts(
            paper, _titles(record), roles, list(_tasks(record)), list(_activities(record, paper)),
            list(_deadlines(record, paper)), list(_citations(record)), issues,
        )  # fmt: skip

    def _paper(self, reading: Reading, record: Record, names: PaperNames) -> Row:
        date = paper_date(record)
        year = next(iter(plan_year(record, date)), "")
        title = shape.text(record, "title")
        number = _number(record)
        issuers = shape.names(record, "issuers")
        called = names.issuer_names(issuers)
        time = shape.time(record, "activity_time")
        row: Row = {
            "id": record.id, "sha256": reading.sha256, "part": int((record.get("part") or {}).get("number", 1)),
            "parts": len(reading.documents), "source": reading.source, "number": shape.text(record, "document_number"),
            "agency": number.agency if number else "", "tail": f"{number.year}|{number.serial}" if number else "",
            "title": title, "name": self._stemmer.name(title, called), "type": shape.text(record, "doc_type"),
            "issuers": issuers, "issuer": names.one(issuers[0]) if issuers else "", "date": date,
            "year": int(year) if year.isdecimal() else 0, "theme": shape.text(record, "theme"),
            "time": shape.text(time, "text"), "start": shape.text(time, "start"), "end": shape.text(time, "end"),
            "hosts": shape.names(record, "hosts"), "task_count": len(shape.rows(record, "tasks")),
            "doubts": len(record.issues), "is_main": 1,
            "stem": self._stemmer.stem(title, called, names.place.name),
        }  # fmt: skip
        return row | {"identity": identity(row)}


def identity(paper: Row) -> str:
    """Papers of one identity are copies of one another: the same number and title, or the same title of the same day.
    A paper that tells neither is itself alone."""
    title = read_title(paper["title"])
    number = f"{paper['agency']}|{paper['tail']}" if paper["tail"] else paper["number"]
    if not title.key or not (number or (paper["date"] and paper["issuer"])):
        return str(paper["id"])
    told = number or f"{paper['date']}|{paper['issuer']}"
    return sha256(f"{told}\n{title.key}".encode()).hexdigest()[:24]


def _number(record: Record) -> DocumentNumber | None:
    """What extraction told, unless a person has said another number."""
    printed, parts = shape.text(record, "document_number"), record["number_parts"]
    if parts and parts["agency"] and parts["year"]:
        told = DocumentNumber(str(parts["agency"]), int(parts["year"]), int(parts["serial"]))
        if str(told) == printed:
            return told
    return DocumentNumber.parse(printed)


def _titles(record: Record) -> list[Row]:
    found = {}
    for is_own, texts in ((0, shape.names(record, "enclosures")), (1, [shape.text(record, "title")])):
        for text in texts:
            if key := read_title(text).key:
                found[key] = is_own
    return [{"key": key, "is_own": is_own} for key, is_own in sorted(found.items())]


def _tasks(record: Record) -> Iterator[Row]:
    twins = {int(b): int(a) for a, b in record["same_tasks"] or []}
    for at, task in enumerate(shape.rows(record, "tasks")):
        time = shape.time(task)
        yield {
            "row": at, **shape.texts(task, "group", "title", "detail", "location"),
            **{role: shape.names(task, role) for role in ("lead", "responsible", "cooperate")},
            "time": shape.text(time, "text"), **shape.texts(time, "start", "end"),
            "targets": _joined(task.get("targets")), "twin": twins.get(at), "page": page_of(record, f"tasks/{at}"),
        }  # fmt: skip


def _activities(record: Record, paper: Row) -> Iterator[Row]:
    """The whole activity of the paper first, then those it is made of."""
    time = shape.time(record, "activity_time")
    if time.get("start") or time.get("end"):
        yield _activity(record, "activity_time", paper["name"], time, shape.names(record, "locations"), record)
    for at, one in enumerate(shape.rows(record, "activities")):
        places = shape.names(one, "location")
        yield _activity(record, f"activities/{at}", shape.text(one, "title"), shape.time(one), places, one)


def _activity(
    record: Record, path: str, title: str, time: shape.Row, places: list[str], units: shape.Row | Record
) -> Row:  # fmt: skip
    start, end = shape.text(time, "start"), shape.text(time, "end")
    return {
        "path": path, "title": title, "time": shape.text(time, "text"), "start": start or end, "end": end or start,
        "precision": shape.text(time, "precision") if start and end else "open",
        "location": "、".join(places), "hosts": shape.names(units, "hosts"),
        "organizers": shape.names(units, "organizers"), "page": page_of(record, path),
    }  # fmt: skip


def _deadlines(record: Record, paper: Row) -> Iterator[Row]:
    for at, one in enumerate(shape.rows(record, "deadlines")):
        row: Row = {**shape.texts(one, "date", "text", "recurrence", "action", "to", "kind")}
        row |= {"row": at, "who": shape.names(one, "who"), "page": page_of(record, f"deadlines/{at}")}
        yield row | {"days": list(_days(row, paper))}


def _days(deadline: Row, paper: Row) -> Iterator[Row]:
    if whole(deadline["date"]) and len(deadline["date"]) == 10:
        yield {"day": deadline["date"], "is_estimated": 0}
        return
    recurrence = Recurrence.parse(deadline["recurrence"])
    if recurrence is None:
        return
    within = window(paper["date"], paper["start"], paper["end"], paper["year"], recurrence)
    for found in due_days(recurrence, *within) if within else ():
        yield {"day": found.day.isoformat(), "is_estimated": int(found.estimated)}


def _citations(record: Record) -> Iterator[Row]:
    for at, one in enumerate(shape.rows(record, "citations")):
        number = _cited_number(shape.text(one, "document_number"))
        title = read_title(shape.text(one, "title"))
        yield {
            "row": at, **shape.texts(one, "title", "relation", "alias"), "number": shape.text(one, "document_number"),
            "agency": number.agency if number else "", "tail": f"{number.year}|{number.serial}" if number else "",
            "key": title.key, "organs": title.organs, "state": "missing", "page": page_of(record, f"citations/{at}"),
        }  # fmt: skip


def _cited_number(printed: str) -> DocumentNumber | None:
    """Words of the sentence may be glued in front (根据云科协字〔2024〕7号)."""
    found = find_numbers(printed)
    return found[0].value if found else None


def page_of(record: Record, path: str) -> int | None:
    """The first page on which a value or a row stands."""
    found = [one.page for one in record.evidence.get(path, ()) if one.page is not None]
    if not found:
        inner = f"{path}/"
        found = [one.page for key, many in record.evidence.items() if key.startswith(inner) for one in many
                 if one.page is not None]  # fmt: skip
    return min(found, default=None)


def _joined(found: Any) -> str:
    if not found:
        return ""
    if isinstance(found, str):
        return found
    return "；".join(str(one.get("text") or "") if isinstance(one, dict) else str(one) for one in found)


