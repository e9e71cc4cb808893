"""Those who answer: our engines, SQLite FTS5 over the same segmented words, and the plain path of a tutorial (jieba's
ChineseAnalyzer, stored text, Whoosh as it comes). Each is asked in its own language; ours give the whole page every
time (count, 20 hits with snippets, all facets), the others only what the question needs."""

from __future__ import annotations

import shutil
import sqlite3
import warnings
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from index.analysis import fold, segmenter
from index.engine import Entry, Query
from index.engines import engine_class
from tests.bench.search_documents import Question

_PAGE = 20
_ALL = 1000


class Rival(Protocol):
    """`ask` gives the number of hits and the first twenty ids; `ids` all of them; None: it has no such query."""

    name: str

    def load(self, entries: Iterable[Entry]) -> None: ...

    def ask(self, question: Question) -> tuple[int, list[str]] | None: ...

    def ids(self, question: Question) -> set[str] | None: ...

    def add(self, entry: Entry) -> None: ...

    def close(self) -> None: ...


def size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


class Ours:
    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        kind = engine_class(name)
        if not folder.exists():
            kind.create(folder)
        self.engine = kind(folder)

    def load(self, entries: Iterable[Entry]) -> None:
        self.engine.update(entries)

    def ask(self, question: Question) -> tuple[int, list[str]] | None:
        page = self.engine.search(_query(question))
        return page.total, list(page.ids)

    def ids(self, question: Question) -> set[str] | None:
        query = _query(question)
        found: set[str] = set()
        offset = 0
        while True:
            page = self.engine.search(Query(query.text, query.where, limit=_ALL, offset=offset, sort="oldest"))
            if not page.exact:
                return set()
            found |= set(page.ids)
            offset += _ALL
            if offset >= page.total:
                return found

    def add(self, entry: Entry) -> None:
        self.engine.update([entry])

    def close(self) -> None:
        self.engine.close()


def _query(asked: Question) -> Query:
    parts = [*asked.words, *([f"“{asked.phrase}”"] if asked.phrase else ()), *([asked.prefix] if asked.prefix else ())]
    if asked.either:
        parts.append(" 或 ".join(asked.either))
    if asked.without:
        parts.append(f"-{asked.without}")
    if asked.number:
        parts.append(f"云科协字{asked.number[0]} {asked.number[1]}")
    if asked.role:
        parts.append(f"{asked.role}:{asked.unit}")
    where = {"unit": (asked.unit,)} if asked.unit and not asked.role else {}
    where |= {"year": (asked.year,)} if asked.year else {}
    return Query(" ".join(parts), where, asked.start, asked.end, "newest" if asked.newest else "relevance")


class Fts5:
    name = "FTS5"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._db = sqlite3.connect(folder / "fts.db")
        self._db.executescript(
            """PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
            CREATE VIRTUAL TABLE IF NOT EXISTS text USING fts5(title, body, tokenize='unicode61');
            CREATE TABLE IF NOT EXISTS doc(at INTEGER PRIMARY KEY, id TEXT, number TEXT, ymd TEXT, year TEXT, type TEXT,
                                           lead TEXT);
            CREATE TABLE IF NOT EXISTS unit(name TEXT, at INTEGER, PRIMARY KEY(name, at)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS by_number ON doc(number); CREATE INDEX IF NOT EXISTS by_day ON doc(ymd);
            CREATE INDEX IF NOT EXISTS by_year ON doc(year); CREATE INDEX IF NOT EXISTS by_lead ON doc(lead);"""
        )
        self._words = segmenter()

    def load(self, entries: Iterable[Entry]) -> None:
        with self._db:
            for entry in entries:
                self._put(entry)

    def _put(self, entry: Entry) -> None:
        at = int(entry.id.partition("-")[0], 16) + 1
        title, body = (" ".join(self._words.plain(fold(text))) for text in (entry.title, entry.text))
        self._db.execute("INSERT INTO text(rowid, title, body) VALUES (?, ?, ?)", (at, title, body))
        self._db.execute(
            "INSERT INTO doc VALUES (?, ?, ?, ?, ?, ?, ?)",
            (at, entry.id, entry.number, entry.date, entry.facets["year"][0], entry.facets["type"][0],
             entry.facets["lead"][0]),
        )  # fmt: skip
        self._db.executemany("INSERT INTO unit VALUES (?, ?)", [(one, at) for one in entry.facets["unit"]])

    def ask(self, question: Question) -> tuple[int, list[str]] | None:
        where, values = self._where(question)
        count = self._db.execute(f"SELECT count(*) {where}", values).fetchone()[0]
        if question.facets:
            for column in ("year", "type"):
                self._db.execute(f"SELECT {column}, count(*) {where} GROUP BY 1 ORDER BY 2 DESC", values).fetchall()
            units = f"SELECT name, count(*) FROM unit WHERE at IN (SELECT at {where}) GROUP BY 1 ORDER BY 2 DESC"
            self._db.execute(units, values).fetchall()
        order = "ymd DESC" if question.newest or "MATCH" not in where else "text.rank"
        shown = "id, snippet(text, 1, '[', ']', '…', 20)" if question.highlight else "id"
        rows = self._db.execute(f"SELECT {shown} {where} ORDER BY {order} LIMIT {_PAGE}", values).fetchall()
        return count, [row[0] for row in rows]

    def ids(self, question: Question) -> set[str] | None:
        where, values = self._where(question)
        return {row[0] for row in self._db.execute(f"SELECT id {where}", values)}

    def _where(self, asked: Question) -> tuple[str, list[str]]:
        match = [self._quoted(word) for word in (*asked.words, asked.phrase) if word]
        if asked.prefix:
            match.append(f"{self._quoted(asked.prefix)}*")
        if asked.either:
            match.append(f"({' OR '.join(map(self._quoted, asked.either))})")
        matched = " AND ".join(match) + (f" NOT {self._quoted(asked.without)}" if asked.without else "")
        tests, values = ["text MATCH ?"] if matched else [], [matched] if matched else []
        if asked.number:
            tests.append("doc.number = ?")
            values.append(f"云科协字〔{asked.number[0]}〕{asked.number[1]}号")
        if asked.unit:
            tests.append("doc.lead = ?" if asked.role else "doc.at IN (SELECT at FROM unit WHERE name = ?)")
            values.append(asked.unit)
        if asked.start:
            tests.append("doc.ymd BETWEEN ? AND ?")
            values += [asked.start, asked.end]
        if asked.year:
            tests.append("doc.year = ?")
            values.append(asked.year)
        tables = "text JOIN doc ON doc.at = text.rowid" if matched else "doc"
        return f"FROM {tables} WHERE {' AND '.join(tests)}", values

    def _quoted(self, text: str) -> str:
        words = " ".join(self._words.plain(fold(text)))
        return f'"{words}"'

    def add(self, entry: Entry) -> None:
        with self._db:
            self._put(entry)

    def close(self) -> None:
        self._db.close()


class Plain:
    """What a tutorial of Whoosh for Chinese says to do."""

    name = "plain path"

    def __init__(self, folder: Path) -> None:
        warnings.filterwarnings("ignore", category=SyntaxWarning)
        from jieba.analyse import ChineseAnalyzer
        from whoosh import fields, index

        text = fields.TEXT(stored=True, analyzer=ChineseAnalyzer())
        schema = fields.Schema(
            id=fields.ID(stored=True, unique=True), title=text, body=text, number=fields.ID(stored=True),
            unit=fields.KEYWORD(stored=True, commas=True), lead=fields.ID(stored=True), type=fields.ID(stored=True),
            year=fields.ID(stored=True), date=fields.DATETIME(stored=True, sortable=True),
        )  # fmt: skip
        made = folder.exists()
        folder.mkdir(exist_ok=True)
        self._index = index.open_dir(folder) if made else index.create_in(folder, schema)
        self._searcher: Any = None

    def load(self, entries: Iterable[Entry]) -> None:
        writer = self._index.writer()
        for entry in entries:
            writer.add_document(**self._fields(entry))
        writer.commit()

    @staticmethod
    def _fields(entry: Entry) -> dict[str, object]:
        return {
            "id": entry.id, "title": entry.title, "body": entry.text, "number": entry.number,
            "unit": ",".join(entry.facets["unit"]), "lead": entry.facets["lead"][0], "type": entry.facets["type"][0],
            "year": entry.facets["year"][0], "date": datetime.fromisoformat(entry.date),
        }  # fmt: skip

    def ask(self, question: Question) -> tuple[int, list[str]] | None:
        self._searcher = self._searcher or self._index.searcher()
        groups = ["year", "type", "unit"] if question.facets else None
        order = "date" if question.newest else None
        found = self._searcher.search(
            self._query(question), limit=_PAGE, sortedby=order, reverse=question.newest, groupedby=groups
        )
        for name in groups or ():
            found.groups(name)
        if question.highlight:
            for hit in found:
                hit.highlights("body")
        return len(found), [hit["id"] for hit in found]

    def ids(self, question: Question) -> set[str] | None:
        self._searcher = self._searcher or self._index.searcher()
        documents = self._searcher.docs_for_query(self._query(question))
        return {self._searcher.stored_fields(at)["id"] for at in documents}

    def _query(self, asked: Question) -> Any:
        from whoosh import query
        from whoosh.qparser import QueryParser

        parser = QueryParser("body", self._index.schema)
        parts = [parser.parse(word) for word in asked.words]
        if asked.phrase:
            parts.append(parser.parse(f'"{asked.phrase}"'))
        if asked.prefix:
            parts.append(query.Prefix("body", asked.prefix))
        if asked.either:
            parts.append(query.Or([parser.parse(word) for word in asked.either]))
        if asked.without:
            parts.append(query.Not(parser.parse(asked.without)))
        if asked.number:
            parts.append(query.Term("number", f"云科协字〔{asked.number[0]}〕{asked.number[1]}号"))
        if asked.unit:
            parts.append(query.Term("lead" if asked.role else "unit", asked.unit))
        if asked.start:
            parts.append(query.DateRange("date", *map(datetime.fromisoformat, (asked.start, asked.end))))
        if asked.year:
            parts.append(query.Term("year", asked.year))
        return query.And(parts) if len(parts) != 1 else parts[0]

    def add(self, entry: Entry) -> None:
        writer = self._index.writer()
        writer.update_document(**self._fields(entry))
        writer.commit()
        self._searcher = self._searcher.refresh() if self._searcher else None

    def close(self) -> None:
        self._index.close()


def open_rival(name: str, folder: Path) -> Rival:
    """`folder` is made when it is not there."""
    if name == "FTS5":
        return Fts5(folder)
    return Plain(folder) if name == "plain path" else Ours(name, folder)


def loaded(name: str, folder: Path, entries: Iterator[Entry]) -> Rival:
    """With the documents in it: those it was left with, when a run before was told to keep them."""
    done = folder.with_suffix(".loaded")
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        rival = open_rival(name, folder)
        rival.load(entries)
        done.touch()
        return rival
    return open_rival(name, folder)
