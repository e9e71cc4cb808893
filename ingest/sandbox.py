"""Read one file in a child process of its own, or say why not. The caller's process never loads a parser.

A nursery (ingest.nursery) is started at the first call and kept: each file is one fork of it, with its own limits,
session and clock, so nothing is left over from one file to the next. Safe to call from any thread; concurrent calls
get a nursery each. What comes back is checked before it is believed.
"""

from __future__ import annotations

import atexit
import errno
import hashlib
import json
import os
import select
import stat
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, get_args

from gongwen.document import BlockKind, Document
from gongwen.errors import REASONS, SourceError
from gongwen.settings import ROOT
from ingest.budget import Limits
from ingest.safety import scrub

__all__ = ["Limits", "read_bytes", "read_file", "read_many", "sandbox_report"]

_HEAD = 5
_SILENCE = 20.0
"""Seconds without the nursery's heartbeat (one a second) after which the nursery itself is taken for dead."""
_MAX_IDLE = 4
_KINDS = frozenset(get_args(BlockKind))


def read_file(
    path: Path, *, name: str | None = None, limits: Limits | None = None, readers: tuple[str, ...] = ()
) -> Document:
    """The Document of a regular file. Raises SourceError with a code of REASONS, and nothing else for a bad file.

    `readers` names modules to use instead of the installed ones (`ingest.readers.pdf`)."""
    limit = limits or Limits()
    return read_bytes(_open_safely(path, limit.file_bytes), name or path.name, limits=limit, readers=readers)


def read_bytes(data: bytes, name: str, *, limits: Limits | None = None, readers: tuple[str, ...] = ()) -> Document:
    """The Document of these bytes; `name` serves messages and the extension check only."""
    limit = limits or Limits()
    if not data:
        raise SourceError("empty")
    if len(data) > limit.file_bytes:
        raise SourceError("too_large", f"{len(data)} bytes")
    sha256 = hashlib.sha256(data).hexdigest()
    request = {
        "name": name.encode("utf-8", "replace").decode("utf-8")[-255:],
        "sha256": sha256,
        "limits": limit.to_json(),
        "readers": list(readers),
        "skip": 0,
    }
    try:
        answer = _ask(request, data)
    except SourceError as error:
        # A reader that died may have a second of its kind (PDF has); it gets a fresh child and the same limits.
        if error.code not in ("crash", "memory"):
            raise
        answer = _ask_second(request, data, error)
    return _checked(answer, sha256)


def read_many(
    paths: Iterable[Path], workers: int = 2, *, limits: Limits | None = None
) -> Iterator[tuple[Path, Document | SourceError]]:
    """Read files with so many children at once; results in the order given, at most `2 * workers` ahead."""
    waiting: deque[tuple[Path, Future[Document | SourceError]]] = deque()
    with ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="read") as pool:
        for path in paths:
            waiting.append((path, pool.submit(_read_or_error, path, limits)))
            if len(waiting) >= 2 * max(1, workers):
                done, future = waiting.popleft()
                yield done, future.result()
        while waiting:
            done, future = waiting.popleft()
            yield done, future.result()


def sandbox_report() -> dict[str, bool | str]:
    """What holds on this host, tried inside a child: no_network, own_session, dies_with_parent, memory_limited,
    cpu_limited, no_file_writes, no_core_dumps, and `name_spaces` (how the network was cut)."""
    request = {"op": "report", "name": "", "sha256": "", "limits": Limits().to_json()}
    found = json.loads(_ask(request, b""))
    return {str(key): value if isinstance(value, bool) else str(value) for key, value in found.items()}


def _read_or_error(path: Path, limits: Limits | None) -> Document | SourceError:
    try:
        return read_file(path, limits=limits)
    except SourceError as error:
        return error


_OPEN_ERRORS = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.ENAMETOOLONG: "missing",
    errno.EACCES: "unreadable",
    errno.EPERM: "unreadable",
    errno.ELOOP: "not_regular",
    errno.ENXIO: "not_regular",
    errno.EISDIR: "not_regular",
}


def _open_safely(path: Path, most: int) -> bytes:
    """The bytes of a regular file: links are not followed, a FIFO does not block, growth while reading shows."""
    flags = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        number = os.open(path, flags)
    except (OSError, ValueError) as error:
        code = _OPEN_ERRORS.get(error.errno or 0, "unreadable") if isinstance(error, OSError) else "missing"
        raise SourceError(code, str(error)) from error
    try:
        before = os.fstat(number)
        if not stat.S_ISREG(before.st_mode):
            raise SourceError("not_regular")
        if before.st_size > most:
            raise SourceError("too_large", f"{before.st_size} bytes")
        with os.fdopen(number, "rb", closefd=False) as stream:
            data = stream.read(most + 1)
        after = os.fstat(number)
    except OSError as error:
        raise SourceError("unreadable", str(error)) from error
    finally:
        os.close(number)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise SourceError("changed")
    return data


def _ask_second(request: dict[str, Any], data: bytes, first: SourceError) -> bytes:
    try:
        return _ask({**request, "skip": 1}, data)
    except SourceError as second:
        # What the second reader says is news only when it could read at all.
        raise first if second.code in ("unsupported", "no_text_needs_ocr", "parse_error") else second from first


def _checked(answer: bytes, sha256: str) -> Document:
    """The child is not trusted: every field has the type and every span the range that it claims."""
    try:
        document = Document.from_json(json.loads(answer, parse_constant=_refuse))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SourceError("crash", f"the child's answer is not a document: {type(error).__name__}") from error
    known = all(code in REASONS for code in (*document.reasons, *document.warnings))
    if document.sha256 != sha256 or not known or any(block.kind not in _KINDS for block in document.blocks):
        raise SourceError("crash", "the child's answer does not fit the file")
    return replace(document, text=scrub(document.text))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


class _Nursery:
    """One nursery process; one request at a time."""

    def __init__(self) -> None:
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from ingest.nursery import main; main()"
        # -I: neither the environment nor the current folder decides what is imported. No secret goes in.
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-c", code],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"}, cwd="/", start_new_session=True,
        )  # fmt: skip
        self.answered = 0

    def ask(self, request: dict[str, Any], data: bytes) -> bytes:
        assert self._process.stdin is not None
        try:
            for kind, payload in ((b"Q", json.dumps(request).encode("utf-8")), (b"D", data)):
                self._process.stdin.write(kind + len(payload).to_bytes(4, "big"))
                self._process.stdin.write(payload)
            self._process.stdin.flush()
            while True:
                kind, payload = self._receive(int(request["limits"]["output_bytes"]))
                if kind != b".":
                    break
        except OSError as error:
            raise SourceError("crash", f"the nursery has gone: {error}") from error
        self.answered += 1
        if kind == b"R":
            return payload
        raise _error_of(payload)

    def _receive(self, most: int) -> tuple[bytes, bytes]:
        head = self._exactly(_HEAD)
        length = int.from_bytes(head[1:], "big")
        if length > most:
            raise OSError("answer too long")
        return head[:1], self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        assert self._process.stdout is not None
        number = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(number, select.POLLIN)
        pieces: list[bytes] = []
        until = time.monotonic() + _SILENCE
        while count:
            if not poll.poll(max(0, int(1000 * (until - time.monotonic())))):
                raise OSError("no sign of life")
            piece = os.read(number, min(count, 1 << 20))
            if not piece:
                raise OSError("end of stream")
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)

    def close(self) -> None:
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            try:
                stream.close()
            except OSError:
                continue  # unsent bytes of a process that is no more
        self._process.wait()


def _error_of(payload: bytes) -> SourceError:
    try:
        told = json.loads(payload)
        return SourceError(str(told["code"]), str(told["detail"])[:500])
    except (ValueError, KeyError, TypeError, RecursionError):
        return SourceError("crash", "the child's error cannot be read")


_idle: list[_Nursery] = []
_lock = threading.Lock()


def _ask(request: dict[str, Any], data: bytes) -> bytes:
    with _lock:
        nursery = _idle.pop() if _idle else None
    nursery = nursery or _Nursery()
    before = nursery.answered
    try:
        return nursery.ask(request, data)
    finally:
        # Not answered (interrupted, silent, dead): its state is unknown.
        if nursery.answered == before or not _keep(nursery):
            nursery.close()


def _keep(nursery: _Nursery) -> bool:
    with _lock:
        if len(_idle) >= _MAX_IDLE:
            return False
        _idle.append(nursery)
        return True


def _close_idle() -> None:
    with _lock:
        leaving = _idle[:]
        _idle.clear()
    for nursery in leaving:
        nursery.close()


def _forget_after_fork() -> None:
    """A forked server must not share its parent's pipes; the processes stay the parent's."""
    global _lock
    _lock = threading.Lock()
    _idle.clear()


atexit.register(_close_idle)
os.register_at_fork(after_in_child=_forget_after_fork)
