"""What a person should look after: files that wait for something or were not read, or not wholly, and why."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

import regex

SECRET = "secret_mark"
"""The one reason for which neither text nor file is shown to anyone here."""
_REFUSED = ("quarantined", "needs_password", "needs_ocr", "needs_converter")
_CODE = (
    "coalesce(objects.reason, CASE state WHEN 'needs_password' THEN 'password' WHEN 'needs_ocr' THEN"
    " 'no_text_needs_ocr' WHEN 'needs_converter' THEN 'needs_converter' ELSE '' END)"
)
_WHERE = (
    f"(state IN {_REFUSED} OR objects.reason IS NOT NULL) AND state != 'opened' AND NOT (objects.reason ="
    " 'member_password' AND EXISTS (SELECT 1 FROM openings WHERE original = objects.sha256))"
)
_COLUMNS = (
    f"objects.sha256, state, {_CODE}, objects.size, media_type, attempts,"
    " (SELECT name FROM arrivals WHERE arrivals.sha256 = objects.sha256 ORDER BY seq LIMIT 1),"
    " (SELECT at FROM arrivals WHERE arrivals.sha256 = objects.sha256 ORDER BY seq DESC LIMIT 1)"
)
_STEM_ENDS = regex.compile(
    r"(?:[\s_\-－—]*(?:[（(\[【](?:\d{1,2}|副本|无密码|已解密|解密|加密|有密码)[)）\]】]|无密码版?|已解密|解密版?|加密版?|副本))+$"
)
"""What people and programs put behind a name when they save it once more."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """`code` is a key of gongwen.errors.REASONS; `is_partly`: it was read, but not to its end."""

    sha256: str
    state: str
    code: str
    size: int
    media_type: str
    attempts: int
    name: str
    at: str

    @property
    def is_partly(self) -> bool:
        return self.state not in _REFUSED

    @property
    def is_locked(self) -> bool:
        """Whether a password would help."""
        return self.state == "needs_password" or self.code == "member_password"

    @property
    def is_secret(self) -> bool:
        return self.code == SECRET


@dataclass(frozen=True, slots=True)
class Likely:
    """A file that was read and bears the name of one that waits for its password."""

    sha256: str
    name: str


class Troubles:
    """Works on the journal's connection; changes nothing."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def counts(self) -> list[tuple[str, int]]:
        """How many files by reason, most first."""
        found = self._db.execute(
            f"SELECT {_CODE} AS code, count(*) FROM objects WHERE {_WHERE} GROUP BY code ORDER BY count(*) DESC, code"
        )
        return [(str(code), int(count)) for code, count in found]

    def listed(self, code: str = "", *, limit: int = -1, offset: int = 0) -> list[Trouble]:
        """The last to arrive first; `code` asks for one reason only."""
        where, bound = (f"{_WHERE} AND {_CODE} = ?", (code,)) if code else (_WHERE, ())
        found = self._db.execute(
            f"SELECT {_COLUMNS} FROM objects WHERE {where} ORDER BY objects.seq DESC LIMIT ? OFFSET ?",
            (*bound, limit, offset),
        )
        return [_trouble(*row) for row in found]

    def of(self, sha256: str) -> Trouble | None:
        found = self._db.execute(
            f"SELECT {_COLUMNS} FROM objects WHERE objects.sha256 = ? AND {_WHERE}", (sha256,)
        ).fetchone()  # fmt: skip
        return _trouble(*found) if found else None

    def named(self, word: str) -> list[Trouble]:
        """Those that a person means by the beginning of a sha256 (or of a record's id) or by a file name."""
        head = word.partition("-")[0].lower()
        if len(head) >= 8 and all(char in "0123456789abcdef" for char in head):
            found = [one for one in self.listed() if one.sha256.startswith(head)]
            if found:
                return found
        return [one for one in self.listed() if word in (one.name, _base(one.name))]

    def is_secret(self, sha256: str) -> bool:
        """Whether the file, or what came of it when it was opened, bears a secret mark."""
        found = self._db.execute(
            "SELECT 1 FROM objects WHERE reason = ? AND (sha256 = ? OR sha256 IN (SELECT opened FROM openings WHERE"
            " original = ?))", (SECRET, sha256, sha256),
        ).fetchone()  # fmt: skip
        return found is not None

    def likely_copies(self, waiting: Iterable[Trouble]) -> dict[str, Likely]:
        """For files that wait for a password: one that was read and is called the same, whatever its format."""
        stems: dict[str, list[str]] = {}
        for one in waiting:
            if one.state == "needs_password":
                stems.setdefault(stem_of(one.name), []).append(one.sha256)
        if not stems:
            return {}
        found = self._db.execute(
            "SELECT arrivals.sha256, name FROM arrivals JOIN objects USING (sha256) WHERE state IN ('extracted',"
            " 'indexed') ORDER BY arrivals.seq"
        )
        out: dict[str, Likely] = {}
        for sha256, name in found:
            for asked in stems.get(stem_of(str(name)), ()):
                out[asked] = Likely(str(sha256), _base(str(name)))
        return out


def stem_of(name: str) -> str:
    """A file name without folders, extension and what is put behind it when it is saved again."""
    stem = PurePath(_base(name)).stem
    return "".join(_STEM_ENDS.sub("", stem).split()).lower() or stem


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _trouble(
    sha256: str, state: str, code: str, size: int, media_type: str, attempts: int, name: str | None, at: str | None
) -> Trouble:
    return Trouble(sha256, state, code, size, media_type, attempts, _base(name or sha256[:16]), at or "")
