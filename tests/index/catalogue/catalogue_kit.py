"""A store of the sample's text papers, read in this process, and a catalogue told in plain data."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.record import Reading
from gongwen.rulebook import Rulebook, load_rulebook
from gongwen.settings import ROOT, Settings
from gongwen.store import Store, open_store
from index.catalogue.catalogue import Catalogue, open_catalogue
from index.catalogue.tables import META, names, papers
from ingest.readers import html, markdown, plain
from ingest.source import Source

SAMPLE = ROOT / "corpus" / "sample"
RULES = ROOT / "corpus" / "sample-rules"
READERS = {
    ".txt": ("text/plain", plain.READER), ".md": ("text/markdown", markdown.READER),
    ".html": ("text/html", html.READER),
}  # fmt: skip


def book() -> Rulebook:
    return load_rulebook(Settings(rules=RULES))


@cache
def sample() -> tuple[tuple[Document, Reading], ...]:
    """The papers of the sample that are text: 32 files, five of them with several papers."""
    return tuple(read(path.name, path.read_bytes()) for path in sorted(SAMPLE.iterdir()) if path.suffix in READERS)


def read(name: str, data: bytes) -> tuple[Document, Reading]:
    media_type, reader = READERS[Path(name).suffix]
    document = reader.read(Source.of(name, data, media_type))
    found = extract(document, book())
    return document, Reading(name, document.sha256, media_type, True, [], found, "kit")


def read_text(text: str, name: str = "样例.txt") -> Reading:
    return read(name, text.encode())[1]


def new_store(folder: Path, readings: list[Reading] | None = None) -> Store:
    store = open_store(Settings(corpus=folder, network_disk=True))
    store.create()
    for reading in [one for _, one in sample()] if readings is None else readings:
        store.put_reading(reading)
    return store


def open_over(store: Store) -> Catalogue:
    return open_catalogue(Settings(corpus=store.root, rules=RULES, network_disk=True))


def dump(catalogue: Catalogue) -> dict[str, list[Any]]:
    """Every table without the keys that the database gives: what is equal says the same."""
    return catalogue.ask(_dump)


def _dump(connection: Connection) -> dict[str, list[Any]]:
    ids = {row.pk: row.id for row in connection.execute(select(papers.c.pk, papers.c.id))}
    whom = {row.pk: (row.kind, row.name) for row in connection.execute(select(names))}
    rows = {table.name: [dict(row._mapping) for row in connection.execute(select(table))]
            for table in META.sorted_tables}  # fmt: skip
    own: dict[str, dict[int, Any]] = {"deadline": {}, "citation": {}}
    for table, key in (("deadlines", "deadline"), ("citations", "citation")):
        own[key] = {row["pk"]: (ids[row["paper"]], row["row"]) for row in rows[table]}
    out: dict[str, list[Any]] = {}
    for name, found in rows.items():
        told = []
        for row in found:
            row.pop("pk", None)
            for key, known in (("paper", ids), ("who", whom if name != "deadlines" else {}), *own.items()):
                if key in row and known:
                    row[key] = known[row[key]]
            told.append(tuple(sorted((key, repr(value)) for key, value in row.items())))
        out[name] = sorted(told)
    return out


def sha(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
