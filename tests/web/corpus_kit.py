"""A made-up corpus: papers of an invented city written in a small markup from which text and evidence are made.

`⟦path|text⟧` marks a value, `⟦path=value|text⟧` one that is kept in another form; marks may nest. A line starts with
^ (centred), # (heading), ~ (header), _ (footer), @key: (pair of a web page) or | (table row); =N= begins page N.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gongwen.document import Block, Cell, Document, TextBuilder
from gongwen.record import ROW_LISTS, ROWS, Evidence, Issue, Reading, Record, empty_values, record_id
from gongwen.store import Store
from gongwen.text import Span
from index.engine import EntryMeta, Hit, Page, Query

CITY = "云州市"
OFFICE = "云州市科学技术协会"


@dataclass
class Made:
    """One invented file with what was read from it."""

    document: Document
    reading: Reading
    data: bytes


@dataclass
class _Part:
    start: int
    end: int = 0
    marks: list[tuple[str, str | None, Span]] = field(default_factory=list)
    sections: list[dict[str, Any]] = field(default_factory=list)


class _Writer:
    def __init__(self) -> None:
        self.builder = TextBuilder()
        self.blocks: list[Block] = []
        self.page: int | None = None

    def part(self, markup: str) -> _Part:
        part = _Part(len(self.builder))
        lines = [line.strip() for line in markup.strip().splitlines() if line.strip()]
        at = 0
        while at < len(lines):
            if lines[at].startswith("|"):
                stop = next((n for n in range(at, len(lines)) if not lines[n].startswith("|")), len(lines))
                self._table(lines[at:stop], part)
                at = stop
                continue
            self._line(lines[at], part)
            at += 1
        part.end = len(self.builder)
        return part

    def _line(self, line: str, part: _Part) -> None:
        if line.startswith("=") and line.endswith("="):
            self.page = int(line.strip("="))
            return
        kinds = {"~": "header", "_": "footer", "@": "meta"}
        kind = kinds.get(line[0], "paragraph")
        centred, level = line[0] == "^", 1 if line[0] == "#" else 0
        line = line[1:] if line[0] in "^#~_@" else line
        key = None
        if kind == "meta":
            key, line = line.split(":", 1)
        span = self._marked(line, part)
        if level:
            title = span.of(self.builder.text())
            part.sections.append({"level": 1, "title": title, "span": [span.start, span.end], "sections": []})
        self.blocks.append(Block(kind, span, self.page, level, centred, key=key))  # type: ignore[arg-type]
        self.builder.add("\n")

    def _table(self, lines: list[str], part: _Part) -> None:
        start, cells = len(self.builder), []
        for row, line in enumerate(lines):
            for column, text in enumerate(line.strip("|").split("|||")):
                cells.append(Cell(row, column, self._marked(text.strip(), part)))
                self.builder.add("\t")
            self.builder.add("\n")
        self.blocks.append(Block("table", Span(start, len(self.builder)), self.page, cells=tuple(cells)))

    def _marked(self, line: str, part: _Part) -> Span:
        start = len(self.builder)
        open_marks: list[tuple[str, str | None, int]] = []
        at = 0
        while at < len(line):
            if line[at] == "⟦":
                bar = line.index("|", at)
                path, _, value = line[at + 1 : bar].partition("=")
                open_marks.append((path, value or None, len(self.builder)))
                at = bar
            elif line[at] == "⟧":
                path, kept, began = open_marks.pop()
                part.marks.append((path, kept, Span(began, len(self.builder))))
            else:
                self.builder.add(line[at])
            at += 1
        return Span(start, len(self.builder))


def make(
    source: str,
    *parts: str,
    media_type: str = "application/pdf",
    extra: dict[str, Any] | None = None,
    issues: list[tuple[str, str]] | None = None,
    complete: bool = True,
) -> Made:
    """A file of one or more official documents. `extra` are values without evidence of the first; `issues` are
    (field, message) of the first, at the place of the field where it has one."""
    data = (source + "\n".join(parts)).encode("utf-8", "surrogatepass")
    sha256 = hashlib.sha256(data).hexdigest()
    writer = _Writer()
    written = [writer.part(markup) for markup in parts]
    document = Document(sha256, writer.builder.text(), tuple(writer.blocks), "kit/1", media_type)
    records = [_record(document, part, number) for number, part in enumerate(written, 1)]
    records[0].values.update(extra or {})
    for record in records:
        _complete(record)
    for name, message in issues or []:
        found = records[0].evidence.get(name)
        records[0].issues.append(Issue("check", name, message, found[0].span if found else None))
    reasons = [] if complete else ["empty_page"]
    return Made(document, Reading(source, sha256, media_type, complete, reasons, records, "kit"), data)


def _record(document: Document, part: _Part, number: int) -> Record:
    record = Record(empty_values())
    record.values |= {
        "id": record_id(document.sha256, number), "sections": part.sections,
        "part": {"start": part.start, "end": part.end, "number": number},
    }  # fmt: skip
    for path, kept, span in sorted(part.marks, key=lambda mark: mark[2]):
        record.evidence.setdefault(path, []).append(Evidence.at(document, span, "kit", 0.9))
        is_row = any(other.startswith(f"{path}/") for other, _, _ in part.marks)
        if len(record.evidence[path]) == 1 and not is_row:
            _put(record.values, path.split("/"), span.of(document.text) if kept is None else kept)
    for name in ("activity_time",):
        if isinstance(record[name], str):
            start, _, end = record[name].partition("..")
            quote = record.evidence[name][0].quote
            record.values[name] = {"text": quote, "start": start, "end": end or start, "precision": "day"}
    return record


def _complete(record: Record) -> None:
    """Rows have every column of the schema, as extraction writes them."""
    for table, columns in ROWS.items():
        for row in record[table]:
            for name in columns:
                row.setdefault(name, [] if name in ROW_LISTS or (table, name) == ("tasks", "targets") else None)


def _put(values: Any, steps: list[str], value: str) -> None:
    """Sets a value at a path, making lists and mappings on the way."""
    here = values
    for step, following in zip(steps, [*steps[1:], ""], strict=True):
        if isinstance(here, list):
            at = int(step)
            while len(here) <= at:
                here.append({} if following and not following.isdecimal() else [] if following else None)
            if not following:
                here[at] = value
            here = here[at]
            continue
        if not following:
            here[step] = value
            return
        if not here.get(step):
            here[step] = [] if following.isdecimal() else {}
        here = here[step]


def fill(store: Store, made: list[Made]) -> None:
    """Write invented files into a store as ingest would."""
    store.create()
    for one in made:
        temp = store.tmp / one.reading.sha256
        temp.write_bytes(one.data)
        store.put_object(temp, one.reading.sha256)
        store.put_text(one.document)
        store.put_reading(one.reading)


def new_store(folder: Path, made: list[Made]) -> Store:
    store = Store(folder, network_disk=True)
    fill(store, made)
    return store


class PlainFinder:
    """Substring search over the invented corpus: small, and right by being plain. `asked` keeps the queries;
    `lead` is told of every paper."""

    def __init__(self, made: list[Made]) -> None:
        self.asked: list[Query] = []
        self.lead = ""
        self.answer: Callable[[Page], Page] = lambda page: page
        self._all = [(record, one) for one in made for record in one.reading.documents]

    def search(self, query: Query) -> Page:
        self.asked.append(query)
        words = [word.strip('"') for word in query.text.split()]
        found = [(record, made) for record, made in self._all if self._matches(record, made, words, query)]
        if query.sort != "relevance":
            found.sort(key=lambda pair: _date(pair[0]), reverse=query.sort == "newest")
        counts: dict[str, dict[str, int]] = {}
        for record, _ in found:
            for name, values in facets(record).items():
                for value in dict.fromkeys(values):
                    counts.setdefault(name, {})[value] = counts.get(name, {}).get(value, 0) + 1
        ranked = {name: tuple(sorted(one.items(), key=lambda pair: -pair[1])) for name, one in counts.items()}
        shown = found[query.offset : query.offset + query.limit]
        return self.answer(Page(len(found), tuple(_hit(record, made, words) for record, made in shown), ranked))

    def entry_meta(self, record_id: str) -> EntryMeta | None:
        for record, made in self._all:
            if record.id == record_id:
                meta = {"source": made.reading.source, "part": str(record["part"]["number"]),
                        "parts": str(len(made.reading.documents)), "issuers": "、".join(record["issuers"]),
                        "type": record["doc_type"] or "", "issues": str(len(record.issues)),
                        "lead": self.lead}  # fmt: skip
                number, date = record["document_number"] or "", _date(record)
                return EntryMeta(record_id, record["title"] or "", number, date, facets(record), meta)
        return None

    @staticmethod
    def _matches(record: Record, made: Made, words: list[str], query: Query) -> bool:
        if not all(word in _text(record, made) for word in words):
            return False
        if (query.date_from and _date(record) < query.date_from) or (query.date_to and _date(record) > query.date_to):
            return False
        known = facets(record)
        return all(any(value in known.get(name, ("",)) for value in values) for name, values in query.where.items())


def facets(record: Record) -> dict[str, tuple[str, ...]]:
    leads = tuple(unit for task in record["tasks"] for unit in task.get("lead") or [])
    responsible = tuple(unit for task in record["tasks"] for unit in task.get("responsible") or [])
    hosts, organizers = tuple(record["hosts"]), tuple(record["organizers"])
    found = {
        "year": (_date(record)[:4],), "type": (record["doc_type"] or "",), "issuer": tuple(record["issuers"]) or ("",),
        "disclosure": (record["disclosure"] or "",), "lead": leads, "responsible": responsible, "host": hosts,
        "organizer": organizers, "unit": (*record["issuers"], *leads, *responsible, *hosts, *organizers),
    }  # fmt: skip
    return {name: values for name, values in found.items() if values}


def _date(record: Record) -> str:
    return record["issue_date"] or ""


def _text(record: Record, made: Made) -> str:
    return made.document.text[record["part"]["start"] : record["part"]["end"]]


def _hit(record: Record, made: Made, words: list[str]) -> Hit:
    title = tuple(_pieces(record["title"] or "", words))
    text = _text(record, made)
    places = [text.find(word) for word in words if word in text]
    snippets = tuple(
        tuple(_pieces(text[max(0, at - 30) : at + 60].replace("\n", " ").replace("\t", " "), words))
        for at in places[:2]
    )
    return Hit(record.id, 1.0, title, snippets)


def _pieces(text: str, words: list[str]) -> Iterator[tuple[str, bool]]:
    at = 0
    while at < len(text):
        found = [(text.find(word, at), word) for word in words if word and text.find(word, at) >= 0]
        if not found:
            yield text[at:], False
            return
        place, word = min(found)
        if place > at:
            yield text[at:place], False
        yield word, True
        at = place + len(word)
