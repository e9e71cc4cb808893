"""Which file is which other one without its password: the journal's table of openings. Passwords are in none."""

from __future__ import annotations

import sqlite3


class Openings:
    """Works on the journal's connection; what changes is committed by the journal."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, original: str, opened: str, who: str, at: str) -> None:
        self._db.execute("INSERT OR IGNORE INTO openings VALUES (?, ?, ?, ?)", (original, opened, who, at))

    def copies(self, original: str) -> list[str]:
        """What came of a file when it was opened, oldest first."""
        found = self._db.execute("SELECT opened FROM openings WHERE original = ? ORDER BY at, opened", (original,))
        return [str(one) for (one,) in found]

    def originals(self, opened: str) -> list[str]:
        """The files with a password that this is a copy of."""
        found = self._db.execute("SELECT original FROM openings WHERE opened = ? ORDER BY at, original", (opened,))
        return [str(one) for (one,) in found]
