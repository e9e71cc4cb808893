"""Fakes and helpers for tests of ingest: a pipeline that obeys the first line of a file, an index in one SQLite
file, processes that die at a named point."""

import fcntl
import hashlib
import json
import os
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from gongwen.document import Block, Document
from gongwen.errors import IndexBusy, SourceError
from gongwen.record import Evidence, Reading, Record, record_id
from gongwen.store import Store
from gongwen.text import Span
from ingest.indexing import Sink
from ingest.journal import nothing
from ingest.progress import Progress
from ingest.report import Report
from ingest.sandbox import Extracted
from ingest.service import Ingest, Options
from ingest.spool import Member, Spool
from ingest.verify import Problem, verify
from ingest.walk import walk


def sha256_of(content: bytes | str) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def document_of(text: str, sha256: str | None = None, **more: object) -> Document:
    found = {"reader": "fake/1", "media_type": "text/plain"} | more
    return Document(sha256 or sha256_of(text), text, (Block("paragraph", Span(0, len(text))),), **found)


def record_of(document: Document, part: int = 1) -> Record:
    record = Record()
    title = document.text.split("\n", 1)[0]
    record.values |= {"id": record_id(document.sha256, part), "title": title,
                      "part": {"start": 0, "end": len(document.text), "number": part}}  # fmt: skip
    record.evidence["title"] = [Evidence.at(document, Span(0, len(title)), "fake.title")]
    return record


def box(*members: tuple[str, str]) -> str:
    """What FakePipeline opens as a mail or an archive: names and texts."""
    return "!box\n" + json.dumps(members, ensure_ascii=False)


class FakePipeline:
    """The first line of a file says what happens: `!password` and other reason codes, `!bug`, `!kill`, `!partial`;
    `!box` is a container: see `box`."""

    def __init__(self, fingerprint: str = "rules-1", *, pause: float = 0.0) -> None:
        self.fingerprint = fingerprint
        self.read_names: list[str] = []
        self._pause = pause

    def read(self, path: Path, *, name: str) -> Document:
        time.sleep(self._pause)
        self.read_names.append(name)
        content = path.read_bytes()
        text = content.decode("utf-8")
        first = text.split("\n", 1)[0]
        if first == "!kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if first == "!partial":
            return document_of(text, sha256_of(content), complete=False, reasons=("empty_page",))
        if first.startswith("!") and first not in ("!bug", "!box"):
            raise SourceError(first[1:])
        return document_of(text, sha256_of(content))

    def extract(self, path: Path, *, name: str, spool: Spool | None = None) -> Extracted:
        document = self.read(path, name=name)
        members = ()
        if document.text.startswith("!box\n"):
            members, reasons = self.unpack(document.text, spool)
            document = replace(document, complete=not reasons, reasons=reasons)
        return Extracted(document, self.derive(document), self.fingerprint, members)

    def unpack(self, text: str, spool: Spool | None) -> tuple[tuple[Member, ...], tuple[str, ...]]:
        if spool is None:
            return (), ("nesting",)
        for name, inner in json.loads(text.removeprefix("!box\n")):
            content = inner.encode()
            spool.take(b"C", json.dumps({"name": name, "size": len(content), "reason": ""}).encode())
            spool.take(b"F", content)
        return spool.finish(), ()

    def derive(self, document: Document) -> list[Record]:
        if document.text.startswith("!bug"):
            raise RuntimeError("a bug in a rule")
        return [record_of(document)]


class FileSink:
    """An index of record ids in one SQLite file; one process writes at a time."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._lock = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR)
        self._db.execute("CREATE TABLE IF NOT EXISTS entries (id TEXT PRIMARY KEY, title TEXT, sha256 TEXT)")

    def update(self, readings: Iterable[Reading], texts: Mapping[str, Document]) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBusy("locked") from error
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for reading in readings:
                assert texts[reading.sha256].sha256 == reading.sha256
                self._db.execute("DELETE FROM entries WHERE sha256 = ?", (reading.sha256,))
                for record in reading.documents:
                    entry = (record.id, record["title"], reading.sha256)
                    self._db.execute("INSERT INTO entries VALUES (?, ?, ?)", entry)
            self._db.execute("COMMIT")
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def delete(self, sha256: str) -> None:
        self._db.execute("DELETE FROM entries WHERE sha256 = ?", (sha256,))

    def close(self) -> None:
        self._db.close()
        os.close(self._lock)


def indexed_ids(store: Store) -> set[str]:
    path = store.root / "fake-index.db"
    if not path.exists():
        return set()
    with closing(sqlite3.connect(path)) as db:
        return {str(one) for (one,) in db.execute("SELECT id FROM entries")}


def open_fake_sink(store: Store) -> Callable[[], Sink]:
    return lambda: FileSink(store.root / "fake-index.db")


QUICK = Options(workers=2, batch=7, floor_mb=0, patience=30.0, poll=0.05, who="何立")


def make_ingest(
    store: Store, pipeline: FakePipeline | None = None, options: Options = QUICK, *,
    at: Callable[[str], None] = nothing, progress: Progress | None = None, converter: str = "",
) -> Ingest:  # fmt: skip
    return Ingest(
        store, pipeline or FakePipeline(), open_fake_sink(store), options, at=at, progress=progress,
        find_converter=lambda: converter,
    )  # fmt: skip


def run_ingest(store: Store, *paths: Path, **more: object) -> Report:
    with make_ingest(store, **more) as ingest:
        return ingest.run(walk(paths, store))


def problems(store: Store) -> list[Problem]:
    from ingest.journal import Journal
    from ingest.progress import Silent

    journal = Journal(store.journal)
    try:
        return list(verify(store, journal, indexed_ids(store), Silent()))
    finally:
        journal.close()


def write_files(folder: Path, count: int, start: int = 0) -> dict[str, str]:
    """`count` small papers; gives name → sha256. Old enough not to be waited for."""
    folder.mkdir(parents=True, exist_ok=True)
    made: dict[str, str] = {}
    for number in range(start, start + count):
        name = f"云科协字〔2024〕{number + 1}号.txt"
        text = f"关于开展第{number + 1}次科普活动的通知\n各县区科协：\n现将有关事项通知如下。"
        made[name] = sha256_of(text)
        (folder / name).write_text(text, encoding="utf-8")
        age(folder / name)
    return made


def age(path: Path, seconds: float = 60.0) -> None:
    """Make a file look as if nobody had touched it for a while."""
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def killer(point: str, hit: int = 1) -> Callable[[str], None]:
    """A checkpoint that kills the process when a point is reached for the hit-th time."""
    seen = 0

    def at(reached: str) -> None:
        nonlocal seen
        if reached == point:
            seen += 1
            if seen == hit:
                os.kill(os.getpid(), signal.SIGKILL)

    return at


def spawn(work: Callable[[], object]) -> int:
    """Run in a forked process; gives its pid. The child never returns into the test, and hears Ctrl-C also where the
    tests run in the background of a shell, which has its children ignore it."""
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def join(pid: int) -> int:
    """The exit code, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
