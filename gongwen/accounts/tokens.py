"""Tokens of programs: each is of a user, may do no more than that user, and ends."""

from __future__ import annotations

from dataclasses import dataclass

from gongwen.accounts.database import UsersFile
from gongwen.accounts.keys import key_hash, new_key
from gongwen.accounts.users import COLUMNS, User, user_of
from gongwen.errors import SettingsError

PREFIX = "gu_"
MAX_NAME = 60
DAYS = 365
MOST = 20
_NOTED = 3600.0


@dataclass(frozen=True, slots=True)
class Token:
    """`rights`: what it may do of what its user may."""

    id: int
    name: str
    rights: tuple[str, ...]
    made: float
    ends: float
    seen: float


@dataclass(frozen=True, slots=True)
class Held:
    """Who asks by a token, and what the token lets them do."""

    user: User
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tokens:
    file: UsersFile

    def issue(self, user: int, name: str, rights: tuple[str, ...], at: float, *, days: int = DAYS) -> str:
        """Told only now. Raises SettingsError."""
        name = " ".join(name.split())
        if not name or len(name) > MAX_NAME or not name.isprintable():
            raise SettingsError(f"令牌的名称要写 1 至 {MAX_NAME} 个字")
        if not rights or not 1 <= days <= 3 * DAYS:
            raise SettingsError("令牌至少要有一种权限，有效期 1 天至 3 年")
        key = new_key(PREFIX)
        with self.file.writing() as db:
            db.execute("DELETE FROM tokens WHERE ends <= ?", (at,))
            held = [str(one) for (one,) in db.execute("SELECT name FROM tokens WHERE user = ?", (user,))]
            if name in held:
                raise SettingsError(f"“{name}”已有令牌；要换新的，请先停用")
            if len(held) >= MOST:
                raise SettingsError(f"最多 {MOST} 个令牌，请先停用不用的")
            row = (key_hash(key), user, name, " ".join(rights), at, at + days * 86400.0)
            db.execute("INSERT INTO tokens (hash, user, name, rights, made, ends) VALUES (?, ?, ?, ?, ?, ?)", row)
        return key

    def find(self, key: str, at: float) -> Held | None:
        if not key.startswith(PREFIX) or len(key) > 100 or not self.file.exists:
            return None
        with self.file.reading() as db:
            row = db.execute(
                f"SELECT {COLUMNS}, rights, ends, seen, tokens.id FROM tokens JOIN users ON users.id = tokens.user"
                " WHERE tokens.hash = ? AND users.disabled = 0", (key_hash(key),),
            ).fetchone()  # fmt: skip
        if row is None or float(row[9]) <= at:
            return None
        if at - float(row[10]) > _NOTED:
            with self.file.writing() as db:
                db.execute("UPDATE tokens SET seen = ? WHERE id = ?", (at, row[11]))
        return Held(user_of(tuple(row[:8])), frozenset(str(row[8]).split()))

    def of(self, user: int) -> list[Token]:
        with self.file.reading() as db:
            rows = db.execute(
                "SELECT id, name, rights, made, ends, seen FROM tokens WHERE user = ? ORDER BY id", (user,)
            ).fetchall()
        return [Token(one[0], one[1], tuple(one[2].split()), *one[3:]) for one in rows]

    def revoke(self, user: int, token: int) -> bool:
        with self.file.writing() as db:
            return db.execute("DELETE FROM tokens WHERE user = ? AND id = ?", (user, token)).rowcount > 0
