"""The editions' section of editions.db: a row a paper, its bands, and a row a pair that was judged to be one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from index.editions.database import Section
from index.editions.face import Face
from index.editions.sketch import Numbers, bands
from index.editions.verdict import Kind

SECTION = Section(
    "edition", 1,
    """
    CREATE TABLE edition_face (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL,
        number TEXT NOT NULL, is_sure INTEGER NOT NULL, occasion TEXT NOT NULL, face TEXT NOT NULL,
        sketch BLOB NOT NULL) STRICT;
    CREATE INDEX edition_face_by_sha256 ON edition_face (sha256);
    CREATE INDEX edition_face_by_number ON edition_face (number) WHERE number != '';
    CREATE INDEX edition_face_by_occasion ON edition_face (occasion) WHERE occasion != '';
    CREATE TABLE edition_band (band INTEGER NOT NULL, paper INTEGER NOT NULL, PRIMARY KEY (band, paper))
        STRICT, WITHOUT ROWID;
    CREATE TABLE edition_link (one INTEGER NOT NULL, other INTEGER NOT NULL, kind TEXT NOT NULL, share REAL NOT NULL,
        places INTEGER NOT NULL, changed INTEGER NOT NULL, PRIMARY KEY (one, other)) STRICT, WITHOUT ROWID;
    CREATE INDEX edition_link_by_other ON edition_link (other);
    """,
)  # fmt: skip
"""The revision goes up when a face, a sketch or a judgement comes out otherwise."""

_MOST_LOOKED_AT = 400
"""Papers of one number, one occasion or like text that are looked at for a new one: a bound that office corpora do
not reach."""


@dataclass(frozen=True, slots=True)
class Link:
    """What another paper is to one. `share`: how much of the longer text both have; `places` where they differ, of
    `changed` characters in all."""

    id: str
    kind: Kind
    share: float
    places: int
    changed: int


@dataclass(frozen=True, slots=True)
class Known:
    """A paper in the table."""

    key: int
    face: Face
    sketch: Numbers


def add_face(db: sqlite3.Connection, face: Face, sketch: Numbers, *, has_bands: bool) -> int:
    added = db.execute(
        "INSERT INTO edition_face (id, sha256, number, is_sure, occasion, face, sketch)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (face.id, face.sha256, face.number, face.is_sure, face.occasion,
         json.dumps(face.to_json(), ensure_ascii=False), sketch.tobytes()),
    )  # fmt: skip
    key = int(added.lastrowid or 0)
    if has_bands:
        db.executemany("INSERT OR IGNORE INTO edition_band VALUES (?, ?)", [(band, key) for band in bands(sketch)])
    return key


def remove_file(db: sqlite3.Connection, sha256: str) -> None:
    """All papers of a file with their links."""
    for key, numbers in db.execute("SELECT key, sketch FROM edition_face WHERE sha256 = ?", (sha256,)).fetchall():
        held = [(band, key) for band in bands(_read(numbers))]
        db.executemany("DELETE FROM edition_band WHERE band = ? AND paper = ?", held)
        db.execute("DELETE FROM edition_link WHERE one = ? OR other = ?", (key, key))
        db.execute("DELETE FROM edition_face WHERE key = ?", (key,))


def add_link(db: sqlite3.Connection, one: int, other: int, link: Link) -> None:
    db.execute(
        "INSERT OR REPLACE INTO edition_link VALUES (?, ?, ?, ?, ?, ?)",
        (one, other, link.kind, link.share, link.places, link.changed),
    )


def same_number(db: sqlite3.Connection, face: Face) -> list[Known]:
    return _known(db, "number", face.number, face.sha256) if face.number else []


def same_occasion(db: sqlite3.Connection, face: Face) -> list[Known]:
    return _known(db, "occasion", face.occasion, face.sha256) if face.occasion else []


def like_text(db: sqlite3.Connection, face: Face, sketch: Numbers) -> list[Known]:
    """Papers that share a band, those with most bands first; of one that is sure of its number only those that are not
    sure of theirs, for the others have other numbers or were found by it."""
    wanted = bands(sketch)
    marks = ",".join("?" * len(wanted))
    unsure = " AND is_sure = 0" if face.is_sure else ""
    found = db.execute(
        f"SELECT key, face, sketch FROM edition_band JOIN edition_face ON key = paper WHERE band IN ({marks})"
        f" AND sha256 != ?{unsure} GROUP BY key ORDER BY count(*) DESC, id LIMIT {_MOST_LOOKED_AT}",
        (*wanted, face.sha256),
    )
    return [Known(int(key), Face.from_json(json.loads(told)), _read(numbers)) for key, told, numbers in found]


def faces(db: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Face]:
    asked = list(ids)
    marks = ",".join("?" * len(asked))
    found = db.execute(f"SELECT id, face FROM edition_face WHERE id IN ({marks})", asked)
    return {str(address): Face.from_json(json.loads(told)) for address, told in found}


def links(db: sqlite3.Connection, ids: Iterable[str]) -> dict[str, list[Link]]:
    """Of each paper, as they were judged."""
    asked = list(ids)
    marks = ",".join("?" * len(asked))
    pairs = "edition_link JOIN edition_face a ON a.key = one JOIN edition_face b ON b.key = other"
    found = db.execute(
        f"SELECT a.id, b.id, kind, share, places, changed FROM {pairs} WHERE a.id IN ({marks}) UNION ALL"
        f" SELECT b.id, a.id, kind, share, places, changed FROM {pairs} WHERE b.id IN ({marks})",
        (*asked, *asked),
    )
    out: dict[str, list[Link]] = {}
    for mine, other, kind, share, places, changed in found:
        out.setdefault(str(mine), []).append(Link(str(other), kind, float(share), int(places), int(changed)))
    return out


def order(link: Link) -> tuple[int, float, str]:
    """Copies first, the most alike first."""
    return ("copy", "version", "clash").index(link.kind), -link.share, link.id


def _known(db: sqlite3.Connection, column: str, value: str, sha256: str) -> list[Known]:
    # != '' is what the index holds only: without it SQLite reads the whole table.
    found = db.execute(
        f"SELECT key, face, sketch FROM edition_face WHERE {column} = ? AND {column} != '' AND sha256 != ?"
        f" ORDER BY id LIMIT {_MOST_LOOKED_AT}",
        (value, sha256),
    )
    return [Known(int(key), Face.from_json(json.loads(told)), _read(numbers)) for key, told, numbers in found]


def _read(numbers: bytes) -> Numbers:
    return np.frombuffer(numbers, dtype=np.uint32)
