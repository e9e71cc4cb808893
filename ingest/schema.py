"""The journal's tables."""

from __future__ import annotations

MIGRATIONS = (
    """
    CREATE TABLE objects (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT NOT NULL UNIQUE,
        size INTEGER NOT NULL,
        media_type TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL DEFAULT 'stored' CHECK (state IN ('stored', 'extracting', 'extracted', 'indexed',
            'quarantined', 'needs_password', 'needs_ocr')),
        attempts INTEGER NOT NULL DEFAULT 0,
        owner TEXT,
        reason TEXT,
        fingerprint TEXT NOT NULL DEFAULT '',
        CHECK ((state = 'extracting') = (owner IS NOT NULL))
    ) STRICT;
    CREATE INDEX objects_by_state ON objects (state, attempts, seq);
    CREATE TABLE arrivals (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT NOT NULL REFERENCES objects (sha256),
        name TEXT NOT NULL,
        via TEXT NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL,
        UNIQUE (sha256, name, via, who)
    ) STRICT;
    CREATE TABLE trail (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        sha256 TEXT,
        event TEXT NOT NULL,
        detail TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX trail_by_sha256 ON trail (sha256);
    CREATE TRIGGER trail_stays BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
    CREATE TRIGGER trail_keeps BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
    """,
    """
    CREATE TABLE members (
        parent TEXT NOT NULL REFERENCES objects (sha256),
        number INTEGER NOT NULL,
        name TEXT NOT NULL,
        size INTEGER NOT NULL,
        sha256 TEXT REFERENCES objects (sha256),
        reason TEXT,
        PRIMARY KEY (parent, number),
        CHECK ((sha256 IS NULL) = (reason IS NOT NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX members_by_sha256 ON members (sha256);
    """,
    """
    CREATE TABLE objects_3 (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT NOT NULL UNIQUE,
        size INTEGER NOT NULL,
        media_type TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL DEFAULT 'stored' CHECK (state IN ('stored', 'extracting', 'extracted', 'indexed',
            'quarantined', 'needs_password', 'needs_ocr', 'needs_converter')),
        attempts INTEGER NOT NULL DEFAULT 0,
        owner TEXT,
        reason TEXT,
        fingerprint TEXT NOT NULL DEFAULT '',
        CHECK ((state = 'extracting') = (owner IS NOT NULL))
    ) STRICT;
    INSERT INTO objects_3
        SELECT seq, sha256, size, media_type, state, attempts, owner, reason, fingerprint FROM objects;
    DROP TABLE objects;
    ALTER TABLE objects_3 RENAME TO objects;
    CREATE INDEX objects_by_state ON objects (state, attempts, seq);
    """,
    """
    CREATE TABLE tokens (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        hash TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,
        revoked TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE UNIQUE INDEX tokens_in_use ON tokens (name) WHERE revoked = '';
    """,
    """
    CREATE TABLE objects_4 (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT NOT NULL UNIQUE,
        size INTEGER NOT NULL,
        media_type TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL DEFAULT 'stored' CHECK (state IN ('stored', 'extracting', 'extracted', 'indexed',
            'quarantined', 'needs_password', 'needs_ocr', 'needs_converter', 'opened')),
        attempts INTEGER NOT NULL DEFAULT 0,
        owner TEXT,
        reason TEXT,
        fingerprint TEXT NOT NULL DEFAULT '',
        CHECK ((state = 'extracting') = (owner IS NOT NULL))
    ) STRICT;
    INSERT INTO objects_4
        SELECT seq, sha256, size, media_type, state, attempts, owner, reason, fingerprint FROM objects;
    DROP TABLE objects;
    ALTER TABLE objects_4 RENAME TO objects;
    CREATE INDEX objects_by_state ON objects (state, attempts, seq);
    CREATE TABLE openings (
        original TEXT NOT NULL REFERENCES objects (sha256),
        opened TEXT NOT NULL REFERENCES objects (sha256),
        who TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (original, opened)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX openings_by_opened ON openings (opened);
    """,
)
"""One script a schema version, forward only. Times are ISO 8601 with offset, for show; order is by seq."""
