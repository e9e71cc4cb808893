"""Sessions are rows on the server: what is ended is ended, whatever cookie somebody kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gongwen.accounts.database import UsersFile
from gongwen.accounts.keys import key_hash, new_key
from gongwen.accounts.users import COLUMNS, User, user_of

Stage = Literal["second", "enrol", "full"]
"""second: the password was right, the code is still asked; enrol: a second factor must be set up first."""

IDLE = 30 * 60.0
ABSOLUTE = 12 * 3600.0
UNFINISHED = 10 * 60.0
"""Until a sign-in that asks for a code must be begun anew."""
_NOTED = 60.0
"""How often it is written down that a session is in use."""


@dataclass(frozen=True, slots=True)
class Session:
    user: User
    stage: str
    made: float
    seen: float
    address: str
    hash: str


@dataclass(frozen=True, slots=True)
class Sessions:
    file: UsersFile

    def begin(self, user: User, stage: Stage, address: str, at: float, *, instead_of: str = "") -> str:
        """A new one, with an id that nobody has known before; the one it takes the place of ends."""
        key = new_key()
        with self.file.writing() as db:
            db.execute("DELETE FROM sessions WHERE hash = ?", (key_hash(instead_of),))
            db.execute("DELETE FROM sessions WHERE seen <= ? OR made <= ?", (at - IDLE, at - ABSOLUTE))
            row = (key_hash(key), user.id, stage, at, at, address[:60])
            db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)", row)
        return key

    def find(self, key: str, at: float) -> Session | None:
        """None for one that has ended, was never there, or whose user may not sign in."""
        if not key or len(key) > 100 or not self.file.exists:
            return None
        with self.file.reading() as db:
            row = db.execute(
                f"SELECT {COLUMNS}, stage, sessions.made, sessions.seen, address FROM sessions"
                " JOIN users ON users.id = sessions.user WHERE sessions.hash = ? AND users.disabled = 0",
                (key_hash(key),),
            ).fetchone()
        if row is None:
            return None
        *columns, stage, made, seen, address = row
        found = Session(user_of(tuple(columns)), str(stage), float(made), float(seen), str(address), key_hash(key))
        if not _lasts(found, at):
            return None
        if at - found.seen > _NOTED:
            with self.file.writing() as db:
                db.execute("UPDATE sessions SET seen = ? WHERE hash = ?", (at, found.hash))
        return found

    def end(self, key: str) -> None:
        with self.file.writing() as db:
            db.execute("DELETE FROM sessions WHERE hash = ?", (key_hash(key),))

    def end_all(self, user: int, *, but: str = "") -> None:
        with self.file.writing() as db:
            db.execute("DELETE FROM sessions WHERE user = ? AND hash != ?", (user, key_hash(but)))

    def of(self, user: int, at: float) -> list[Session]:
        with self.file.reading() as db:
            rows = db.execute(
                f"SELECT {COLUMNS}, stage, sessions.made, sessions.seen, address, sessions.hash FROM sessions"
                " JOIN users ON users.id = sessions.user WHERE users.id = ? ORDER BY sessions.seen DESC", (user,),
            ).fetchall()  # fmt: skip
        found = [Session(user_of(tuple(row[:8])), *row[8:]) for row in rows]
        return [one for one in found if _lasts(one, at)]


def _lasts(session: Session, at: float) -> bool:
    """A clock that was set back ends sessions too: what was made in the future has no age."""
    idle = IDLE if session.stage == "full" else UNFINISHED
    return 0 <= at - session.made < ABSOLUTE and at - session.seen < idle
