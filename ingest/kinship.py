"""Which file lies in which: the journal's table of members of mails and archives."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

MAX_DEPTH = 3
"""Archives within archives that are opened: the fourth is kept and listed."""
_WAYS = 200
"""Containers that are followed upwards on each level."""


@dataclass(frozen=True, slots=True)
class Kin:
    """A file inside a mail or an archive: `name` is its label there. Without a hash it was not taken out, for
    `reason`."""

    parent: str
    name: str
    size: int
    sha256: str | None = None
    reason: str | None = None


class Kinship:
    """Works on the journal's connection; what changes is committed by the journal."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def clear(self, parent: str) -> None:
        self._db.execute("DELETE FROM members WHERE parent = ?", (parent,))

    def add(self, number: int, one: Kin) -> None:
        self._db.execute(
            "INSERT INTO members (parent, number, name, size, sha256, reason) VALUES (?, ?, ?, ?, ?, ?)",
            (one.parent, number, one.name, one.size, one.sha256, one.reason),
        )

    def members(self, parent: str) -> list[Kin]:
        """What lies in a mail or an archive, in its order."""
        return self._kin("parent = ? ORDER BY number", parent)

    def containers(self, sha256: str) -> list[Kin]:
        """The mails and archives a file lies in, and its name there."""
        return self._kin("sha256 = ? ORDER BY parent, number", sha256)

    def is_deep(self, sha256: str) -> bool:
        """Whether it lies too deep to be opened."""
        return self.depth(sha256, MAX_DEPTH) >= MAX_DEPTH

    def depth(self, sha256: str, most: int) -> int:
        """How many containers a file lies in, by its shortest way from outside; at most `most`. One that has not
        arrived (adopted after a crash) counts as lying deepest until it does."""
        level = {sha256}
        for depth in range(most):
            marks = ",".join("?" * len(level))
            outside = self._db.execute(
                f"SELECT 1 FROM arrivals WHERE sha256 IN ({marks}) AND via != 'member' LIMIT 1", tuple(level)
            )
            if outside.fetchone() is not None:
                return depth
            found = self._db.execute(f"SELECT DISTINCT parent FROM members WHERE sha256 IN ({marks})", tuple(level))
            level = {str(one) for (one,) in found.fetchmany(_WAYS)}
        return most

    def below(self, sha256: str, most: int) -> tuple[int, int]:
        """Files that lie in the outermost containers of this one, through all levels, without its own: count (at most
        `most`) and bytes."""
        found = self._db.execute(
            "WITH RECURSIVE up(sha, depth) AS (VALUES(?, 0) UNION SELECT parent, depth + 1 FROM members JOIN up"
            " ON members.sha256 = up.sha WHERE depth < 8),"
            " top(sha) AS (SELECT DISTINCT sha FROM up WHERE depth = (SELECT max(depth) FROM up)),"
            " down(sha, size) AS (SELECT sha, 0 FROM top UNION SELECT sha256, members.size FROM members JOIN down"
            " ON members.parent = down.sha WHERE members.sha256 IS NOT NULL AND members.parent != ?)"
            " SELECT count(DISTINCT sha), total(size) FROM (SELECT sha, size FROM down LIMIT ?)",
            (sha256, sha256, most),
        ).fetchone()  # fmt: skip
        return int(found[0]), int(found[1])

    def _kin(self, where: str, sha256: str) -> list[Kin]:
        found = self._db.execute(f"SELECT parent, name, size, sha256, reason FROM members WHERE {where}", (sha256,))
        return [Kin(*one) for one in found]
