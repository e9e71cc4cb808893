"""All that is asked about accounts. Times are given by one clock, so tests can turn it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongwen.accounts import second
from gongwen.accounts.attempts import Attempts
from gongwen.accounts.database import NAME, UsersFile
from gongwen.accounts.keys import key_hash, new_key
from gongwen.accounts.passwords import hashed, is_outdated, matches, why_refused
from gongwen.accounts.sessions import Sessions
from gongwen.accounts.tokens import Tokens
from gongwen.accounts.users import (
    COLUMNS,
    User,
    checked_name,
    checked_role,
    checked_shown,
    checked_units,
    folded,
    last_admin,
    user_of,
)
from gongwen.errors import SettingsError

LINK_SECONDS = 30 * 60.0
RESET_SECONDS = 24 * 3600.0
_LAST = "至少要留一个可以登录的管理员"


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a name and a password. `wait`: seconds until another try is looked at; `user` None: not right."""

    user: User | None = None
    wait: float = 0.0


Directory = Callable[[str, str], bool]
"""Whether a directory of the office (LDAP) knows this name with this password."""


class Accounts:
    def __init__(
        self, corpus: Path, *, clock: Callable[[], float] = time.time, directory: Directory | None = None,
        words: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """`words` must not stand in passwords (the office's name)."""
        self._file = UsersFile(corpus / NAME)
        self._directory = directory
        self._words = tuple(words)
        self._is_on = False
        self.clock = clock
        self.sessions = Sessions(self._file)
        self.tokens = Tokens(self._file)
        self.attempts = Attempts(self._file)

    # --- whether there are any ---

    @property
    def is_on(self) -> bool:
        """Whether a first administrator was made. Once on, this process never takes it for off again: a file that was
        lost or emptied must not open the site."""
        if not self._is_on and self._file.exists:
            with self._file.reading() as db:
                self._is_on = bool(db.execute("SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin')").fetchone()[0])
        return self._is_on

    # --- users ---

    def all(self) -> list[User]:
        if not self._file.exists:
            return []
        with self._file.reading() as db:
            return [user_of(one) for one in db.execute(f"SELECT {COLUMNS} FROM users ORDER BY disabled, name")]

    def get(self, key: int) -> User | None:
        return self._one("users.id = ?", key)

    def named(self, name: str) -> User | None:
        return self._one("users.name = ?", folded(name))

    def make(
        self, name: str, role: str, *, shown: str = "", units: Sequence[str] = (), password: str | None = None,
        via: str = "local",
    ) -> User:  # fmt: skip
        """Raises SettingsError. Without a password nobody signs in until one is set by a link."""
        name, role = checked_name(name), checked_role(role)
        row = (name, checked_shown(shown, name), role, checked_units(tuple(units)), via)
        kept = "" if password is None else self._good(password, name, shown)
        try:
            with self._file.writing() as db:
                return user_of(db.execute(_INSERT, (*row, kept, self.clock())).fetchone())
        except sqlite3.IntegrityError as error:
            raise SettingsError(f"已有用户“{name}”") from error

    def change(
        self, key: int, *, shown: str | None = None, role: str | None = None, units: Sequence[str] | None = None,
        disabled: bool | None = None,
    ) -> None:  # fmt: skip
        """Who is disabled or gets other rights is signed out. Raises SettingsError."""
        before = self.get(key)
        if before is None:
            raise SettingsError("没有这个用户")
        with self._file.writing() as db:
            if (disabled or (role is not None and role != "admin")) and last_admin(db, key):
                raise SettingsError(_LAST)
            db.execute(
                "UPDATE users SET shown = ?, role = ?, units = ?, disabled = ? WHERE id = ?",
                (before.shown if shown is None else checked_shown(shown, before.name),
                 before.role if role is None else checked_role(role),
                 checked_units(before.units if units is None else tuple(units)),
                 before.is_disabled if disabled is None else disabled, key),
            )  # fmt: skip
            if disabled or role not in {None, before.role} or (units is not None and tuple(units) != before.units):
                db.execute("DELETE FROM sessions WHERE user = ?", (key,))

    # --- passwords ---

    def check(self, name: str, password: str, address: str) -> Checked:
        """Whatever is wrong (the name, the password, a disabled account), the answer and its cost are the same."""
        at = self.clock()
        wait = self.attempts.wait(folded(name), address, at)
        if wait > 0:
            return Checked(wait=wait)
        user = self.named(name)
        if self._knows(user, folded(name), password):
            assert user is not None
            self.attempts.forget(folded(name))
            return Checked(user)
        self.attempts.failed(folded(name), address, at)
        return Checked(wait=self.attempts.wait(folded(name), address, at))

    def _knows(self, user: User | None, name: str, password: str) -> bool:
        is_local = user is None or user.via == "local"
        kept = self._password(user.id) if user is not None and is_local else ""
        known = matches(kept, password)  # also of users of a directory, so that all take as long
        if user is not None and user.via == "ldap" and self._directory is not None:
            known = self._directory(name, password)
        if known and user is not None and user.via == "local" and is_outdated(kept):
            self._keep_password(user.id, hashed(password))
        return known and user is not None and not user.is_disabled

    def set_password(self, key: int, password: str, *, keep: str = "") -> None:
        """Ends all sessions but the one with the id `keep`. Raises SettingsError when the password is not good."""
        user = self.get(key)
        if user is None or user.via != "local":
            raise SettingsError("这个用户的密码不在本系统中")
        self._keep_password(key, self._good(password, user.name, user.shown))
        self.sessions.end_all(key, but=keep)

    def _good(self, password: str, *about: str) -> str:
        why = why_refused(password, (*about, *self._words))
        if why:
            raise SettingsError(why)
        return hashed(password)

    # --- links: the first administrator, and passwords set anew ---

    def link(self, user: int | None, *, seconds: float = LINK_SECONDS) -> str:
        """One that works once, and takes the place of the one before it. `user` None: for the first administrator."""
        key, at = new_key(), self.clock()
        with self._file.writing() as db:
            db.execute("DELETE FROM links WHERE user IS ? OR ends <= ?", (user, at))
            db.execute("INSERT INTO links VALUES (?, ?, ?)", (key_hash(key), user, at + seconds))
        return key

    def link_user(self, key: str) -> User | None:
        """Whose password a link sets."""
        row = self._link(key)
        return self.get(row[0]) if row is not None and row[0] is not None else None

    def may_set_up(self, key: str) -> bool:
        row = self._link(key)
        return row is not None and row[0] is None and not self.is_on

    def set_up(self, key: str, name: str, password: str, *, shown: str = "") -> User:
        """The first administrator. Raises SettingsError; the link is used up only when it was done."""
        name, kept = checked_name(name), self._good(password, name, shown)
        with self._file.writing() as db:
            used = db.execute(
                "DELETE FROM links WHERE hash = ? AND user IS NULL AND ends > ?", (key_hash(key), self.clock())
            )
            held = db.execute("SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin')").fetchone()[0]
            if used.rowcount != 1 or held:
                raise SettingsError("这个链接已经用过或过期，请在终端重新取得")
            row = (name, checked_shown(shown, name), "admin", "[]", "local", kept, self.clock())
            return user_of(db.execute(_INSERT, row).fetchone())

    def use_link(self, key: str, password: str) -> User:
        """Sets the password and takes lock-out and sessions away. Raises SettingsError."""
        user = self.link_user(key)
        if user is None or user.is_disabled:
            raise SettingsError("这个链接已经用过或过期，请管理员重新发给")
        kept = self._good(password, user.name, user.shown)
        with self._file.writing() as db:
            if db.execute("DELETE FROM links WHERE hash = ?", (key_hash(key),)).rowcount != 1:
                raise SettingsError("这个链接已经用过或过期，请管理员重新发给")
            db.execute("UPDATE users SET password = ? WHERE id = ?", (kept, user.id))
            db.execute("DELETE FROM sessions WHERE user = ?", (user.id,))
        self.attempts.forget(user.name)
        return user

    # --- the second factor ---

    def check_code(self, user: User, typed: str, address: str) -> Checked:
        """A code of the authenticator, or one from paper, which is used up. Wrong ones count as wrong passwords."""
        at, key = self.clock(), f"{user.name}\n"
        wait = self.attempts.wait(key, address, at)
        if wait > 0:
            return Checked(wait=wait)
        with self._file.writing() as db:
            secret, last = db.execute("SELECT secret, step FROM users WHERE id = ?", (user.id,)).fetchone()
            step = second.step_of(str(secret), typed, at, int(last)) if secret else None
            if step is not None:
                db.execute("UPDATE users SET step = ? WHERE id = ?", (step, user.id))
            used = db.execute("DELETE FROM codes WHERE user = ? AND hash = ?", (user.id, second.code_hash(typed)))
            known = step is not None or used.rowcount == 1
        if known:
            self.attempts.forget(key)
            return Checked(user)
        self.attempts.failed(key, address, at)
        return Checked(wait=self.attempts.wait(key, address, at))

    def enrol(self, user: int, secret: str, typed: str) -> list[str]:
        """Keeps the secret when the code shows that the authenticator has it; gives the codes for paper, told only
        now. Raises SettingsError."""
        step = second.step_of(secret, typed, self.clock(), 0)
        if step is None:
            raise SettingsError("动态码不对，请核对手机的时间后再试")
        codes = second.new_codes()
        with self._file.writing() as db:
            db.execute("UPDATE users SET secret = ?, step = ? WHERE id = ?", (secret, step, user))
            db.execute("DELETE FROM codes WHERE user = ?", (user,))
            hashes = [(user, second.code_hash(one)) for one in codes]
            db.executemany("INSERT INTO codes VALUES (?, ?)", hashes)
        return codes

    def drop_second(self, user: int) -> None:
        with self._file.writing() as db:
            db.execute("UPDATE users SET secret = '', step = 0 WHERE id = ?", (user,))
            db.execute("DELETE FROM codes WHERE user = ?", (user,))

    # --- private ---

    def _one(self, where: str, value: object) -> User | None:
        if not self._file.exists:
            return None
        with self._file.reading() as db:
            row = db.execute(f"SELECT {COLUMNS} FROM users WHERE {where}", (value,)).fetchone()
        return None if row is None else user_of(row)

    def _password(self, key: int) -> str:
        with self._file.reading() as db:
            return str(db.execute("SELECT password FROM users WHERE id = ?", (key,)).fetchone()[0])

    def _keep_password(self, key: int, kept: str) -> None:
        with self._file.writing() as db:
            db.execute("UPDATE users SET password = ? WHERE id = ?", (kept, key))

    def _link(self, key: str) -> tuple[int | None] | None:
        if not key or len(key) > 100 or not self._file.exists:
            return None
        with self._file.reading() as db:
            wanted = "SELECT user FROM links WHERE hash = ? AND ends > ?"
            row: tuple[int | None] | None = db.execute(wanted, (key_hash(key), self.clock())).fetchone()
        return row


_INSERT = (
    "INSERT INTO users (name, shown, role, units, via, password, made) VALUES (?, ?, ?, ?, ?, ?, ?)"
    f" RETURNING {COLUMNS}"
)
