"""The tables of doubts in CORPUS/doubts.db. Derived: another revision, or a file that is no database, and they are
made anew."""

from __future__ import annotations

SCHEMA_REVISION = 1

TABLES = ("doubt", "doubt_unit", "doubt_paper", "doubt_act", "doubt_file", "doubt_state")

SCHEMA = """
CREATE TABLE doubt_state(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE doubt_file(sha256 TEXT PRIMARY KEY, record TEXT NOT NULL, reviews TEXT NOT NULL) STRICT;
CREATE TABLE doubt_paper(address TEXT PRIMARY KEY, sha256 TEXT NOT NULL, title TEXT NOT NULL, number TEXT NOT NULL,
    date TEXT NOT NULL, disclosure TEXT NOT NULL) STRICT;
CREATE INDEX doubt_paper_file ON doubt_paper(sha256);
CREATE TABLE doubt_unit(address TEXT NOT NULL, unit TEXT NOT NULL, PRIMARY KEY (address, unit)) STRICT, WITHOUT ROWID;
CREATE INDEX doubt_unit_name ON doubt_unit(unit, address);
CREATE TABLE doubt(address TEXT NOT NULL, key TEXT NOT NULL, sort TEXT NOT NULL, target TEXT NOT NULL,
    field TEXT NOT NULL, col TEXT NOT NULL, row TEXT NOT NULL, value TEXT NOT NULL, rule TEXT NOT NULL,
    score REAL NOT NULL, kinds INTEGER NOT NULL, code TEXT NOT NULL, reasons TEXT NOT NULL, year TEXT NOT NULL,
    PRIMARY KEY (address, key)) STRICT;
CREATE UNIQUE INDEX doubt_sort ON doubt(sort);
CREATE INDEX doubt_alike ON doubt(field, col, rule, code, sort);
CREATE INDEX doubt_counts ON doubt(year, kinds, field);
CREATE TABLE doubt_act(sha256 TEXT NOT NULL, place INTEGER NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL,
    address TEXT NOT NULL, document TEXT NOT NULL, batch TEXT NOT NULL, mark TEXT NOT NULL, field TEXT NOT NULL,
    said TEXT NOT NULL, stands INTEGER NOT NULL, PRIMARY KEY (sha256, place)) STRICT, WITHOUT ROWID;
CREATE INDEX doubt_act_at ON doubt_act(at);
CREATE INDEX doubt_act_batch ON doubt_act(batch);
"""
"""`record` and `reviews` of a file are stamps of what the rows were made of. `sort` is the whole order in one text:
rank, then newest first, then address and key. `kinds` has a bit for each of index.doubts.KINDS."""
