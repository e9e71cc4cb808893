"""The trail: who signed in, looked at what in full, changed and exported what. One line an act, only ever appended.

Each line carries a hash over itself and the hash of the line before: whoever changes, takes out, puts in or moves one
breaks the chain. Somebody who can write the file can also make a whole new chain, or cut off its end; that is found
only against anchors (number and hash of a line), which are appended to a file in another folder, best on another
machine or where the service may append and no more (docs/accounts.md).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from gongwen.disk import make_folder, sync_folder
from gongwen.errors import StoreError

FOLDER = "trail"
FILE = "trail.jsonl"
ANCHORS = "gongwen-anchors.jsonl"
BEGIN = "begin"
TORN = "torn"
"""A line that a power cut left unfinished, and that nobody was told of as done, was taken off."""
OFTEN = 200
"""An anchor at least every so many lines, and one a day."""
MAX_TEXT = 500
_BLOCK = 1 << 16
_NOTHING = "0" * 64

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """`who` is the login name ('' nobody signed in), `act` a word of ACTS, `what` it was done to, `where` the address
    it came from."""

    number: int
    at: str
    who: str
    act: str
    what: str
    where: str
    hash: str


@dataclass(frozen=True, slots=True)
class Tampering:
    """`number`: the first line that does not fit."""

    code: str
    number: int
    message: str


def local_time() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


class Trail:
    """May be used from any thread and any number of processes."""

    def __init__(self, corpus: Path, *, anchors: Path | None = None, now: Callable[[], str] = local_time) -> None:
        self.path = corpus / FOLDER / FILE
        self.anchors = None if anchors is None else anchors / ANCHORS
        self._now = now

    def append(self, act: str, what: str = "", *, who: str = "", where: str = "") -> Entry:
        """Safe on the disk when it returns. Raises OSError, StoreError: what was to be noted must then not happen."""
        make_folder(self.path.parent, 0o700)
        with self._locked() as file:
            number, before = self._repaired(file)
            if not number:
                number, before = self._written(file, 0, _NOTHING, BEGIN, secrets.token_hex(16), "", "")
            number, head = self._written(file, number, before, act, what, who, where)
            at = self._now()
        entry = Entry(number, at, who, act, what, where, head)
        self._anchor_if_due(entry)
        return entry

    def head(self) -> tuple[int, str]:
        """Number and hash of the last line; (0, '') when there is none."""
        for line in self._backwards():
            found = _read(line)
            return (found.number, found.hash) if found is not None else (0, "")
        return 0, ""

    def entries(self, *, before: int = 0) -> Iterator[Entry]:
        """Newest first; with `before` those with a smaller number. Lines that cannot be read are left to `verify`."""
        for line in self._backwards():
            found = _read(line)
            if found is not None and (not before or found.number < before):
                yield found

    def anchor(self) -> bool:
        """Write down where the chain stands now; False when no folder is set or it cannot be written."""
        number, head = self.head()
        return bool(number) and self._anchored(number, head)

    def verify(self) -> list[Tampering]:
        """All that does not fit; empty: the chain is whole, and every anchor stands in it."""
        held: dict[int, set[str]] = {}
        for number, head in self._read_anchors():
            held.setdefault(number, set()).add(head)
        found: list[Tampering] = []
        last, before = 0, _NOTHING
        for line in self._lines():
            entry = _read(line)
            wrong = _why(entry, line, last, before)
            if wrong:
                found.append(Tampering(wrong[0], last + 1, wrong[1]))
                break
            assert entry is not None
            last, before = entry.number, entry.hash
            if held.get(last, {before}) != {before}:
                found.append(Tampering("anchor", last, f"第 {last} 行与外部锚点不符：整条记录链可能被换过"))
                break
        furthest = max(held, default=0)
        if not found and furthest > last:
            found.append(Tampering("cut", last + 1, f"外部锚点到第 {furthest} 行，现在只有 {last} 行：末尾被删去"))
        return found

    # --- writing ---

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        is_new = not self.path.exists()
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "rb+", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if is_new:
                sync_folder(self.path.parent)
            yield file

    def _repaired(self, file: BinaryIO) -> tuple[int, str]:
        """Number and hash of the last line; one that was not finished is taken off, which is noted."""
        size = os.fstat(file.fileno()).st_size
        if not size:
            return 0, _NOTHING
        last, torn = _last_line(file, size)
        entry = _read(last) if last else None
        if last and entry is None:
            raise StoreError(f"操作记录已损坏，请运行 verify：{self.path}")
        number, head = (entry.number, entry.hash) if entry is not None else (0, _NOTHING)
        if not torn:
            return number, head
        os.ftruncate(file.fileno(), size - len(torn))
        return self._written(file, number, head, TORN, hashlib.sha256(torn).hexdigest(), "", "")

    def _written(
        self, file: BinaryIO, number: int, before: str, act: str, what: str, who: str, where: str
    ) -> tuple[int, str]:
        told = {"n": number + 1, "at": self._now(), "who": _short(who), "act": act, "what": _short(what),
                "where": _short(where)}  # fmt: skip
        head = _hash(before, told)
        line = _json(told | {"hash": head}) + b"\n"
        at = 0
        while at < len(line):
            at += file.write(line[at:])
        os.fsync(file.fileno())
        return number + 1, head

    # --- anchors ---

    def _anchor_if_due(self, entry: Entry) -> None:
        if self.anchors is None:
            return
        known = self._read_anchors()
        last, at = (known[-1][0], self._anchor_day) if known else (0, "")
        if entry.number - last >= OFTEN or at != entry.at[:10]:
            self._anchored(entry.number, entry.hash)

    @property
    def _anchor_day(self) -> str:
        lines = self.anchors.read_bytes().splitlines() if self.anchors is not None else []
        try:
            return str(json.loads(lines[-1])["at"])[:10] if lines else ""
        except (ValueError, KeyError):
            return ""

    def _anchored(self, number: int, head: str) -> bool:
        if self.anchors is None:
            return False
        try:
            handle = os.open(self.anchors, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
            with os.fdopen(handle, "wb", buffering=0) as file:
                file.write(_json({"n": number, "hash": head, "at": self._now()}) + b"\n")
                os.fsync(file.fileno())
        except OSError as error:  # a share that is away must not stop the office; doctor and the page tell of it
            log.error("no anchor written to %s: %s", self.anchors, error.strerror)
            return False
        return True

    def _read_anchors(self) -> list[tuple[int, str]]:
        if self.anchors is None or not self.anchors.exists():
            return []
        found: list[tuple[int, str]] = []
        for line in self.anchors.read_bytes().splitlines():
            try:
                one = json.loads(line)
                found.append((int(one["n"]), str(one["hash"])))
            except (ValueError, KeyError, TypeError):
                log.warning("a line of %s is no anchor", self.anchors)
        return found

    # --- reading ---

    def _lines(self) -> Iterator[bytes]:
        if self.path.exists():
            with self.path.open("rb") as file:
                yield from file

    def _backwards(self) -> Iterator[bytes]:
        """Whole lines from the end."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            at, rest = os.fstat(file.fileno()).st_size, b""
            is_last = True
            while at > 0:
                step = min(_BLOCK, at)
                at -= step
                file.seek(at)
                lines = (file.read(step) + rest).split(b"\n")
                rest = lines.pop(0)
                if is_last and lines:
                    lines.pop()  # what stands behind the last line feed: nothing, or a line not finished
                    is_last = False
                for line in reversed(lines):
                    yield line + b"\n"
            if rest and not is_last:
                yield rest + b"\n"


def _last_line(file: BinaryIO, size: int) -> tuple[bytes, bytes]:
    """The last whole line ('' when there is none), and what stands unfinished behind it."""
    start, held = size, b""
    while start > 0 and held.count(b"\n") < 2:
        step = min(_BLOCK, start)
        start -= step
        file.seek(start)
        held = file.read(step) + held
    whole, feed, torn = held.rpartition(b"\n")
    return (whole.rpartition(b"\n")[2] + feed if feed else b""), torn


def _why(entry: Entry | None, line: bytes, last: int, before: str) -> tuple[str, str] | None:
    """What is wrong with a line that comes behind number `last`."""
    place = f"第 {last + 1} 行"
    if entry is None:
        return "unreadable", f"{place}不是完整的记录：被改动或损坏"
    if entry.number != last + 1:
        return "order", f"{place}的编号是 {entry.number}：有记录被删去、插入或调换"
    if _hash(before, _told(line)) != entry.hash:
        return "edited", f"{place}与校验值不符：内容或次序被改动"
    return None


def _read(line: bytes) -> Entry | None:
    """None for what this program would not have written, byte by byte."""
    if not line.endswith(b"\n"):
        return None
    try:
        one = json.loads(line)
        entry = Entry(one["n"], one["at"], one["who"], one["act"], one["what"], one["where"], one["hash"])
    except (ValueError, KeyError, TypeError):
        return None
    return entry if _json(one) + b"\n" == line and len(one) == 7 and type(entry.number) is int else None


def _told(line: bytes) -> dict[str, Any]:
    one: dict[str, Any] = json.loads(line)
    del one["hash"]
    return one


def _hash(before: str, told: dict[str, Any]) -> str:
    return hashlib.sha256(before.encode("ascii") + _json(told)).hexdigest()


def _json(told: dict[str, Any]) -> bytes:
    """ASCII only: no character can end a line or change its direction."""
    return json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _short(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
