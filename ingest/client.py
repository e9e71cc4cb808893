"""The caller's end of the nursery: one nursery process for all threads, replaced when it dies.

Any thread may ask; a thread of our own hands each answer to who asked for it."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from typing import Any, Literal

from gongwen.errors import RuleError, SourceError
from gongwen.settings import ROOT
from ingest.source import OcrWanted
from ingest.spool import Spool

__all__ = ["LoadError", "ask", "load"]

_HEAD = 5
_SILENCE = 20.0
"""Seconds without the nursery's heartbeat (one a second) after which the nursery itself is taken for dead."""
_BIRTH = 300.0
"""Seconds until its first sign: a cold start on a machine with a load of ten took over 20. One that dies is noticed at
once, by the end of its stream."""
_OVERHEAD = 1 << 16
_GONE = b"!"
_OF_MEMBERS = (b"C", b"F")
_IN_HAND = 8
"""Messages of at most a megabyte that wait for a slow disk; then the nursery waits."""
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
"""Threads of numerical libraries do not survive the fork that makes each child."""

Kind = Literal["plain", "ocr"]
"""OCR has a nursery of its own: its models take room that every child of the other one would be charged for."""


class LoadError(RuntimeError):
    """The nursery does not come up, or cannot load what it is asked to: a bug of ours, never of a file."""


def ask(request: dict[str, Any], data: bytes, spool: Spool | None = None, *, kind_of: Kind = "plain") -> bytes:
    """The answer of a child that works on these bytes; members of a container go to the spool. Raises SourceError;
    RuleError when the rules that it asks for are wrong, and LoadError. A nursery that dies under a request is
    replaced once: whatever killed it, it was not the file, which only its child has seen."""
    for _ in range(2):
        nursery = _nursery(kind_of)
        if spool is not None:
            spool.restart()
        kind, payload = nursery.ask(request, data, spool)
        if kind == b"R":
            return payload
        if kind == b"E":
            raise _error_of(payload)
        if kind == b"L":
            raise RuleError(payload.decode("utf-8"))
        if kind == b"B":
            raise LoadError(payload.decode("utf-8"))
    if not nursery.was_heard:
        raise LoadError(f"the nursery does not come up: {payload.decode()}")
    raise SourceError("crash", f"the nursery has gone: {payload.decode()}")


def load(wanted: list[Any]) -> None:
    """Let the nursery load this derivation now, while the caller still does other things."""
    _nursery("plain").load(wanted)


class _Nursery:
    """One nursery process."""

    def __init__(self) -> None:
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from ingest.nursery import main; main()"
        # -I: neither the environment nor the current folder decides what is imported. No secret goes in.
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-c", code],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", **_ONE_THREAD}, cwd="/", start_new_session=True,
        )  # fmt: skip
        self.is_alive = True
        self.was_heard = False
        self._numbers = itertools.count(1)
        self._waiting: dict[int, queue.Queue[tuple[bytes, bytes]]] = {}
        self._most = 0
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._asked = threading.Event()
        self._listener = threading.Thread(target=self._listen, name="nursery", daemon=True)
        self._listener.start()

    def ask(self, request: dict[str, Any], data: bytes, spool: Spool | None = None) -> tuple[bytes, bytes]:
        """(kind, payload) of the answer; kind `!` when the nursery died."""
        answer: queue.Queue[tuple[bytes, bytes]] = queue.Queue(_IN_HAND)
        with self._lock:
            if not self.is_alive:
                return _GONE, b"before it was asked"
            number = next(self._numbers)
            self._waiting[number] = answer
            self._most = max(self._most, int(request["limits"]["output_bytes"]))
            self._asked.set()
        query = json.dumps({**request, "number": number}).encode("utf-8")
        with contextlib.suppress(OSError, ValueError), self._writing:  # when it has died, the listener tells
            self._send(b"Q", query)
            self._send(b"D", data)
        kind, payload = answer.get()
        while kind in _OF_MEMBERS:
            if spool is not None:
                spool.take(kind, payload)
            kind, payload = answer.get()
        return kind, payload

    def load(self, wanted: list[Any]) -> None:
        with contextlib.suppress(OSError, ValueError), self._writing:
            self._send(b"W", json.dumps(wanted).encode("utf-8"))

    def close(self, why: str = "closed") -> None:
        """Kill it, and tell all who wait."""
        self.process.kill()
        with self._lock:
            self.is_alive = False
            left = list(self._waiting.values())
            self._waiting.clear()
            self._asked.set()
        for answer in left:
            answer.put((_GONE, why.encode()))

    def end(self) -> None:
        """Kill it and wait until it has gone."""
        self.close()
        self._listener.join(5.0)

    def _send(self, kind: bytes, payload: bytes) -> None:
        assert self.process.stdin is not None
        for part in (kind + len(payload).to_bytes(4, "big"), payload):
            view = memoryview(part)
            while view:
                view = view[os.write(self.process.stdin.fileno(), view) :]

    def _listen(self) -> None:
        try:
            while self._asked.wait() and self.is_alive:
                self._hear()
        except OSError as error:
            self.close(str(error))
        finally:
            for stream in (self.process.stdin, self.process.stdout):
                assert stream is not None
                stream.close()
            self.process.wait()

    def _hear(self) -> None:
        """One message. A nursery that is asked for nothing need not say anything."""
        head = self._exactly(_HEAD)
        length = int.from_bytes(head[1:], "big")
        if length > self._most + _OVERHEAD:
            raise OSError("answer too long")
        payload = self._exactly(length)
        self.was_heard = True
        if head[:1] == b".":
            return
        with self._lock:
            number = int.from_bytes(payload[:4], "big")
            is_member = head[:1] in _OF_MEMBERS
            answer = self._waiting.get(number) if is_member else self._waiting.pop(number, None)
            if not self._waiting and self.is_alive:
                self._asked.clear()
        if answer is not None:
            answer.put((head[:1], payload[4:]))

    def _exactly(self, count: int) -> bytes:
        assert self.process.stdout is not None
        number = self.process.stdout.fileno()
        poll = select.poll()
        poll.register(number, select.POLLIN)
        pieces: list[bytes] = []
        until = time.monotonic() + (_SILENCE if self.was_heard else _BIRTH)
        while count:
            if not poll.poll(max(0, int(1000 * (until - time.monotonic())))):
                raise OSError("no sign of life")
            piece = os.read(number, min(count, 1 << 20))
            if not piece:
                raise OSError("end of stream")
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)


def _error_of(payload: bytes) -> SourceError:
    try:
        told = json.loads(payload)
        if told.get("wants_ocr") is True:
            return OcrWanted(str(told["detail"])[:500])
        return SourceError(str(told["code"]), str(told["detail"])[:500])
    except (ValueError, KeyError, TypeError, RecursionError):
        return SourceError("crash", "the child's error cannot be read")


_current: dict[Kind, _Nursery] = {}
_lock = threading.Lock()


def _nursery(kind: Kind) -> _Nursery:
    with _lock:
        found = _current.get(kind)
        if found is None or not found.is_alive:
            found = _current[kind] = _Nursery()
        return found


def _close() -> None:
    with _lock:
        for one in _current.values():
            one.end()


def _forget_after_fork() -> None:
    """A forked server must not share its parent's pipes; the process stays the parent's."""
    global _lock
    _lock = threading.Lock()
    for one in _current.values():
        for stream in (one.process.stdin, one.process.stdout):
            assert stream is not None
            stream.close()
        one.process.returncode = 0  # not ours: Popen must not warn that it still runs
    _current.clear()


atexit.register(_close)
os.register_at_fork(after_in_child=_forget_after_fork)
