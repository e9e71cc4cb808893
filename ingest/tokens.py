"""Tokens of the API, kept in the journal by their hash: what is stolen from the disk or a backup opens nothing."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from gongwen.disk import transaction
from gongwen.errors import SettingsError
from ingest.journal import Journal, now

_PREFIX = "gw_"
MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Token:
    """One that was issued: `name` says to whom or to which program; `revoked` when it was taken back, or ''."""

    name: str
    at: str
    revoked: str = ""


def issue(path: Path, name: str) -> str:
    """A new token for this name, told only now. Raises SettingsError when the name has a valid one."""
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise SettingsError(f"令牌的名称要写 1 至 {MAX_NAME} 个字")
    token = _PREFIX + secrets.token_urlsafe(32)
    db = _open(path)
    try:
        with transaction(db):
            db.execute("INSERT INTO tokens (name, hash, at) VALUES (?, ?, ?)", (name, _hash(token), now()))
    except sqlite3.IntegrityError as error:
        raise SettingsError(f"“{name}”已有令牌；要换新的，请先 token revoke {name}") from error
    finally:
        db.close()
    return token


def revoke(path: Path, name: str) -> bool:
    """False when there was none to take back."""
    db = _open(path)
    try:
        with transaction(db):
            done = db.execute("UPDATE tokens SET revoked = ? WHERE name = ? AND revoked = ''", (now(), name))
            return done.rowcount > 0
    finally:
        db.close()


def issued(path: Path) -> list[Token]:
    db = _open(path)
    try:
        return [Token(*one) for one in db.execute("SELECT name, at, revoked FROM tokens ORDER BY seq")]
    finally:
        db.close()


def holder(path: Path, token: str) -> str | None:
    """To whom a valid token was issued."""
    if not token.startswith(_PREFIX) or len(token) > 100 or not path.exists():
        return None
    db = _open(path)
    try:
        found = db.execute("SELECT name FROM tokens WHERE hash = ? AND revoked = ''", (_hash(token),)).fetchone()
        return str(found[0]) if found else None
    finally:
        db.close()


def _hash(token: str) -> str:
    """A token has 256 random bits: no salt and no slow hash would make it harder to guess."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _open(path: Path) -> sqlite3.Connection:
    Journal(path).close()  # makes and migrates it
    db = sqlite3.connect(path, timeout=60.0, isolation_level=None)
    db.execute("PRAGMA synchronous = FULL")
    return db
