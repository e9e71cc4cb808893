"""The names and titles of a corpus, for suggestions and for mistyped words: one SQLite file in the index's generation.

Derived like the index and kept in step by the same writer (index/sync.py): papers come and go in one transaction, and
whether the file is whole is checked against the ids of the index when it is opened. Everything that is offered leads
to papers, so a caller may name the ones a reader may see (`visible`): names that stand in no other are not told.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import regex

from gongwen.disk import transaction
from gongwen.errors import GongwenError, IndexBusy
from index.analysis import Segmenter, fold, segmenter
from index.engine import Entry
from index.pinyin import rough, spoken
from index.rolls import Roll

LEXICON_REVISION = 1
"""Goes up when what is kept changes: the file is made anew."""

NAME = "lexicon.sqlite"
_BUSY_SECONDS = 5.0
_LONGEST = 40  # characters of a name: longer ones are sentences
_SCHEMA = """
CREATE TABLE state(name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE paper(serial INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
                   folded TEXT NOT NULL, number TEXT NOT NULL, compact TEXT NOT NULL, spoken TEXT NOT NULL,
                   date TEXT NOT NULL);
CREATE TABLE term(number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, text TEXT NOT NULL,
                  folded TEXT NOT NULL, initials TEXT NOT NULL, whole TEXT NOT NULL, papers INTEGER NOT NULL,
                  UNIQUE(kind, text));
CREATE TABLE held(paper INTEGER NOT NULL, term INTEGER NOT NULL, PRIMARY KEY(paper, term)) WITHOUT ROWID;
CREATE INDEX held_by ON held(term);
CREATE INDEX idle ON term(papers) WHERE papers <= 0;
CREATE TABLE sound(syllable TEXT NOT NULL, term INTEGER NOT NULL, PRIMARY KEY(syllable, term)) WITHOUT ROWID;
"""
_TITLED = "id, title, number, date, serial FROM paper"
_TYPED = ("unit", "person")
_MANY = 900  # values of one statement
_SIGNS = regex.compile(r"[\p{P}\p{S}\s年号第]+")
_HAN = regex.compile(r"\p{Han}{2,}")

class LexiconBroken(GongwenError):  # noqa: N818  (a state, as IndexBroken)
    """The file is missing, damaged or of another revision: it must be made anew."""


Visible = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Name:
    """`kind` is unit, person or word; `papers` counts those it stands in."""

    kind: str
    text: str
    folded: str
    papers: int
    number: int = 0
    initials: str = ""
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Titled:
    id: str
    title: str
    number: str
    date: str
    serial: int


@dataclass(frozen=True, slots=True)
class Rolls:
    """What is looked through while somebody types, as of one commit. Names: `names` by their text, `said` by how they
    are read (initials, a tab, whole words); `papers` counts by number of the name."""

    titles: Roll = field(default_factory=Roll)
    numbers: Roll = field(default_factory=Roll)
    codes: Roll = field(default_factory=Roll)
    names: Mapping[str, Roll] = field(default_factory=lambda: {kind: Roll() for kind in _TYPED})
    said: Mapping[str, Roll] = field(default_factory=lambda: {kind: Roll() for kind in _TYPED})
    papers: Mapping[int, int] = field(default_factory=dict)


class Lexicon:
    """One connection, for any thread: calls take turns, each some milliseconds."""

    def __init__(self, folder: Path) -> None:
        """LexiconBroken when there is no whole file of this revision."""
        path = folder / NAME
        if not path.is_file():
            raise LexiconBroken(f"{NAME} is missing")
        self.folder = folder
        self._lock = threading.Lock()
        self._rolls, self._ends = Rolls(), (0, 0)
        self._written, self._seen = 0, (-1, -1)
        with _told():
            self._db = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS, check_same_thread=False)
        try:
            with self._open() as db:
                found = db.execute("SELECT value FROM state WHERE name = 'revision'").fetchone()
            if found is None or found[0] != LEXICON_REVISION:
                raise LexiconBroken(f"{NAME} is of another revision")
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @classmethod
    def create(cls, folder: Path) -> Lexicon:
        """An empty one; what was there goes."""
        path = folder / NAME
        for old in folder.glob(f"{NAME}*"):
            old.unlink()
        path.touch(mode=0o600)
        with _told():
            db = sqlite3.connect(path, isolation_level=None)
            try:
                db.executescript(f"BEGIN;{_SCHEMA}INSERT INTO state VALUES ('revision', {LEXICON_REVISION});COMMIT;")
            finally:
                db.close()
        return cls(folder)

    # --- writing (the caller holds the lock of the index) ---

    def update(self, entries: Sequence[Entry], gone: Iterable[str] = ()) -> None:
        """Put these in, or in place of those with their ids, and take the others out: all or nothing."""
        words = segmenter()
        with self._open() as db, transaction(db):
            for one in dict.fromkeys((*gone, *(entry.id for entry in entries))):
                _take_out(db, one)
            writer = _Writer(db, words)
            for entry in {entry.id: entry for entry in entries}.values():
                writer.add(entry)
            writer.close()
            db.execute("DELETE FROM sound WHERE term IN (SELECT number FROM term WHERE papers <= 0)")
            db.execute("DELETE FROM term WHERE papers <= 0")
        self._written += 1

    # --- reading ---

    def ids(self) -> frozenset[str]:
        with self._open() as db:
            return frozenset(one for (one,) in db.execute("SELECT id FROM paper"))

    def rolls(self) -> Rolls:
        """Taken anew when the file has changed: what came since is put behind."""
        with self._open() as db:
            seen = (int(db.execute("PRAGMA data_version").fetchone()[0]), self._written)
            if seen != self._seen:
                self._follow(db)
                self._seen = seen
            return self._rolls

    def _follow(self, db: sqlite3.Connection) -> None:
        before, (serial, number) = self._rolls, self._ends
        alive, last = db.execute("SELECT count(*), coalesce(max(serial), 0) FROM paper").fetchone()
        if len(before.titles.keys) > 2 * int(alive) + _MANY:  # most lines are of papers replaced since
            before, serial, number = Rolls(), 0, 0
        columns = "SELECT serial, folded, compact, spoken FROM paper WHERE serial > ? ORDER BY serial"
        fresh = db.execute(columns, (serial,)).fetchall()
        papers = dict(db.execute("SELECT number, papers FROM term").fetchall())
        columns = "SELECT kind, number, folded, initials, whole FROM term WHERE number > ? ORDER BY number"
        named = db.execute(columns, (number,)).fetchall()
        self._rolls = Rolls(
            before.titles.extended((one[0], one[1]) for one in fresh),
            before.numbers.extended((one[0], one[2]) for one in fresh if one[2]),
            before.codes.extended((one[0], one[3]) for one in fresh if one[3]),
            {kind: before.names[kind].extended((one[1], one[2]) for one in named if one[0] == kind) for kind in _TYPED},
            {kind: before.said[kind].extended((one[1], f" {one[3]} \t {one[4]} ") for one in named if one[0] == kind)
             for kind in _TYPED},
            papers,
        )  # fmt: skip
        self._ends = (max(serial, int(last)), max(number, *papers, 0))

    def named(self, numbers: Sequence[int]) -> list[Name]:
        """Names by their numbers, in that order, without those that are gone."""
        found = self._by_key("kind, text, folded, papers, number, initials, whole FROM term WHERE number", numbers)
        names = {one.number: one for one in (Name(*row) for row in found)}
        return [names[number] for number in numbers if number in names and names[number].papers > 0]

    def titled(self, serials: Sequence[int]) -> list[Titled]:
        """Papers by their serials, in no order, without those that are gone."""
        return [Titled(*row) for row in self._by_key(f"{_TITLED} WHERE serial", serials)]

    def _by_key(self, what: str, keys: Sequence[int]) -> list[tuple[Any, ...]]:
        wanted = keys[:_MANY]
        with self._open() as db:
            return db.execute(f"SELECT {what} IN ({','.join('?' * len(wanted))})", wanted).fetchall()

    def sounding(self, syllables: Sequence[str], least: int, lengths: tuple[int, int], limit: int) -> list[Name]:
        """Names that share at least so many of the syllables; those that share most come first."""
        marks = ",".join("?" * len(syllables))
        with self._open() as db:
            found = db.execute(
                "SELECT kind, text, folded, papers, term.number FROM (SELECT term, count(*) AS shared FROM sound"
                f" WHERE syllable IN ({marks}) GROUP BY term HAVING shared >= ?) JOIN term ON term.number = term"
                " WHERE papers > 0 AND length(folded) BETWEEN ? AND ? ORDER BY shared DESC, papers DESC LIMIT ?",
                (*syllables, least, *lengths, limit),
            )
            return [Name(*one) for one in found]

    def read_as(self, letters: str, kind: str, limit: int) -> list[Name]:
        """Names whose initials or whole reading is this."""
        with self._open() as db:
            found = db.execute(
                "SELECT kind, text, folded, papers, number, initials, whole FROM term WHERE kind = ? AND papers > 0"
                " AND (' ' || whole || ' ' LIKE ?2 OR ' ' || initials || ' ' LIKE ?2) ORDER BY papers DESC LIMIT ?3",
                (kind, f"% {letters} %", limit),
            )
            return [Name(*one) for one in found]

    def numbered(self, tail: str, limit: int) -> list[Titled]:
        """Papers whose number ends so when its signs are left out."""
        with self._open() as db:
            wanted = f"SELECT {_TITLED} WHERE number != '' AND compact LIKE ? ORDER BY date DESC LIMIT ?"
            found = db.execute(wanted, (f"%{tail}", limit))
            return [Titled(*one) for one in found]

    def known(self, texts: Iterable[str], kind: str = "unit") -> dict[str, Name]:
        """Of these names the ones that stand in papers."""
        wanted = list(dict.fromkeys(texts))
        marks = ",".join("?" * len(wanted))
        with self._open() as db:
            found = db.execute(
                "SELECT kind, text, folded, papers, number FROM term"
                f" WHERE kind = ? AND papers > 0 AND text IN ({marks})",
                (kind, *wanted),
            )
            return {one.text: one for one in (Name(*row) for row in found)}

    def seen(self, name: Name, visible: Visible | None) -> int:
        """In how many papers that a reader may see the name stands."""
        if visible is None:
            return name.papers
        with self._open() as db:
            found = db.execute("SELECT id FROM held JOIN paper ON serial = paper WHERE term = ?", (name.number,))
            return sum(visible(one) for (one,) in found)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _told():
            yield self._db


class _Writer:
    def __init__(self, db: sqlite3.Connection, words: Segmenter) -> None:
        self._db = db
        self._words = words
        self._numbers: dict[tuple[str, str], int] = {}
        self._held: list[tuple[int, int]] = []

    def add(self, entry: Entry) -> None:
        folded = fold(entry.title)
        agency = " ".join(spoken(entry.number_keys[0].partition("|")[0]).initials) if entry.number_keys else ""
        serial = self._db.execute(
            "INSERT INTO paper (id, title, folded, number, compact, spoken, date) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (entry.id, _clean(entry.title), _clean(folded), _clean(entry.number), compact(entry.number), agency,
             entry.date),
        ).lastrowid  # fmt: skip
        for name in dict.fromkeys(self._names(entry, folded)):
            if name not in self._numbers:
                self._numbers[name] = self._number(*name)
            self._held.append((int(serial or 0), self._numbers[name]))

    def close(self) -> None:
        """What the papers hold, all at once."""
        self._db.executemany("INSERT INTO held VALUES (?, ?)", self._held)
        counts = Counter(number for _, number in self._held)
        more = [(count, number) for number, count in counts.items()]
        self._db.executemany("UPDATE term SET papers = papers + ? WHERE number = ?", more)

    def _names(self, entry: Entry, title: str) -> Iterator[tuple[str, str]]:
        for kind in ("unit", "person"):
            for text in entry.fields.get(kind, ()):
                name = _clean("".join(text.split()))
                if 1 < len(name) <= _LONGEST:
                    yield kind, name
        words = {word for word in self._words.fine(title) if _HAN.fullmatch(word)}
        themes = (fold(one) for one in entry.fields.get("theme", ()))
        for word in (*words, *(one for one in themes if 1 < len(one) <= _LONGEST)):
            yield "word", _clean(word)

    def _number(self, kind: str, text: str) -> int:
        found = self._db.execute("SELECT number FROM term WHERE kind = ? AND text = ?", (kind, text)).fetchone()
        if found is not None:
            return int(found[0])
        folded = fold(text)
        said = spoken(text, is_person=kind == "person")
        number = self._db.execute(
            "INSERT INTO term (kind, text, folded, initials, whole, papers) VALUES (?, ?, ?, ?, ?, 0)",
            (kind, text, folded, " ".join(said.initials), " ".join(said.whole)),
        ).lastrowid
        sounds = dict.fromkeys(map(rough, folded))
        self._db.executemany("INSERT INTO sound VALUES (?, ?)", [(one, number) for one in sounds])
        return int(number or 0)


def _take_out(db: sqlite3.Connection, paper_id: str) -> None:
    found = db.execute("SELECT serial FROM paper WHERE id = ?", (paper_id,)).fetchone()
    if found is None:
        return
    db.execute("UPDATE term SET papers = papers - 1 WHERE number IN (SELECT term FROM held WHERE paper = ?)", found)
    db.execute("DELETE FROM held WHERE paper = ?", found)
    db.execute("DELETE FROM paper WHERE serial = ?", found)


def compact(number: str) -> str:
    """A number without its signs, as people type it: 云科协字〔2024〕45号 → 云科协字202445."""
    return _SIGNS.sub("", _clean(fold(number)))


def _clean(text: str) -> str:
    """Lone surrogates cannot be stored."""
    if text.isprintable():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise IndexBusy("索引正在更新，请稍后再试") from error
        if "full" in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise LexiconBroken(f"{NAME}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise LexiconBroken(f"{NAME}: {error}") from error
