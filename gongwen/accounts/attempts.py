"""Wrong passwords cost time: by account, whether it exists or not, and by the address they come from."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass

from gongwen.accounts.database import UsersFile

WINDOW = 3600.0
FREE = 4
"""Wrong passwords of an account that cost nothing; people mistype."""
FREE_OF_ADDRESS = 20
_FIRST_WAIT = 30.0
_LONGEST_WAIT = 900.0


@dataclass(frozen=True, slots=True)
class Attempts:
    file: UsersFile

    def wait(self, name: str, address: str, at: float) -> float:
        """Seconds until this account or address may try again; 0: now."""
        with self.file.reading() as db:
            found = {kind: _times(db, kind, key, at - WINDOW) for kind, key in _keys(name, address)}
        return max(_left(found["account"], FREE, at), _left(found["address"], FREE_OF_ADDRESS, at))

    def failed(self, name: str, address: str, at: float) -> None:
        with self.file.writing() as db:
            db.execute("DELETE FROM attempts WHERE at <= ?", (at - WINDOW,))
            db.executemany(
                "INSERT INTO attempts VALUES (?, ?, ?)", [(kind, key, at) for kind, key in _keys(name, address)]
            )

    def forget(self, name: str) -> None:
        """After a right password, or when an administrator says so. The address stays counted."""
        with self.file.writing() as db:
            db.execute("DELETE FROM attempts WHERE kind = 'account' AND key = ?", (_key(name),))


def _times(db: sqlite3.Connection, kind: str, key: str, since: float) -> list[float]:
    found = db.execute("SELECT at FROM attempts WHERE kind = ? AND key = ? AND at > ? ORDER BY at", (kind, key, since))
    return [float(one) for (one,) in found]


def _keys(name: str, address: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("account", _key(name)), ("address", address)


def _key(name: str) -> str:
    """What is typed as a name may be a password in the wrong box: it is not kept."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def _left(times: list[float], free: int, at: float) -> float:
    """Each failure beyond the free ones doubles the wait, which counts from the last."""
    over = len(times) - free
    if over <= 0:
        return 0.0
    wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(over - 1, 10))
    return max(0.0, times[-1] + wait - at)
