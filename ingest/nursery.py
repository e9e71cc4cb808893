"""The process that bears one child a file (run by ingest.sandbox, never imported by it).

The nursery has one thread, parses nothing and has no network; for each request it forks a child with limits of its
own, watches it and passes its answer on. So a file that hangs, bloats or crashes takes only its child with it, and a
child costs a fork instead of an interpreter. multiprocessing's forkserver was not used: it runs the caller's
`__main__` again in each child, refuses daemonic callers and has no page-wise clock.

Messages both ways: one letter, four bytes length, payload.
  caller -> nursery: Q request JSON, then D the file's bytes
  child -> nursery: P pages announced (0: one done), R result JSON, E {code, detail}, M reader's module
  nursery -> caller: "." once a second while the child works, then R or E
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO, NoReturn

from ingest import isolation

HEAD = 5
_NO_MEMORY = 86
_ALREADY: set[str] = set()

_Send = Callable[[bytes, bytes], None]
_Work = Callable[[dict[str, Any], bytes, _Send], None]


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    return kind + len(payload).to_bytes(4, "big") + payload


def main() -> None:
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    state = isolation.cut_network()
    work: _Work = import_module("ingest.child").work  # loads the readers' light halves, once for all children
    while True:
        kind, payload = _read_frame(requests)
        if kind != b"Q":
            return
        request = json.loads(payload)
        request["isolation"] = state
        _, data = _read_frame(requests)
        outcome = _serve(work, request, data, requests, answers)
        del data
        answers.write(outcome)
        answers.flush()


def _read_frame(stream: BinaryIO) -> tuple[bytes, bytes]:
    head = stream.read(HEAD)
    if len(head) < HEAD:
        return b"", b""
    return head[:1], stream.read(int.from_bytes(head[1:], "big"))


def _serve(work: _Work, request: dict[str, Any], data: bytes, requests: BinaryIO, answers: BinaryIO) -> bytes:
    """Fork, watch, answer. Returns the frame for the caller."""
    here, there = os.pipe()
    nursery = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.close(here)
        _child(there, nursery, lambda send: work(request, data, send), request["limits"])
    os.close(there)
    watch = _Watch(pid, here, request["limits"])
    try:
        outcome = watch.run(requests, answers)
    finally:
        os.close(here)
        # The child itself (it may not have its session yet), then whatever it has started.
        os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    _warm(watch.module)
    if outcome is not None:
        return outcome
    return _error(_cause_of_death(status, usage, request["limits"]), f"child ended with status {status}")


def _error(code: str, detail: str) -> bytes:
    return frame(b"E", json.dumps({"code": code, "detail": detail}).encode())


def _cause_of_death(status: int, usage: resource.struct_rusage, limits: dict[str, Any]) -> str:
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == _NO_MEMORY:
        return "memory"
    if os.WIFSIGNALED(status):
        sign = os.WTERMSIG(status)
        if sign == signal.SIGXCPU:
            return "cpu"
        if sign == signal.SIGKILL:
            spent = usage.ru_utime + usage.ru_stime
            return "cpu" if spent >= limits["cpu"] else "memory"
        # Native code that runs out of memory aborts; how much it held tells that from a plain crash.
        if usage.ru_maxrss * 1024 > 0.7 * limits["memory_bytes"]:
            return "memory"
    return "crash"


def _warm(module: str) -> None:
    """Load what the reader just used, so that the next child inherits it. Modules are ours: nothing is parsed."""
    if not module or module in _ALREADY:
        return
    _ALREADY.add(module)
    for name in getattr(import_module(module), "HEAVY", ()):
        import_module(name)


class _Watch:
    """One child: its clock, its messages, its end."""

    def __init__(self, pid: int, pipe: int, limits: dict[str, Any]) -> None:
        self.pid = pid
        self.pipe = pipe
        self.limits = limits
        self.module = ""
        self.pages = 0
        now = time.monotonic()
        self.deadline = now + limits["wall"]
        self.stall = now + limits["stall"]
        self.buffer = bytearray()

    def run(self, requests: BinaryIO, answers: BinaryIO) -> bytes | None:
        """The child's answer, an error of ours, or None when it died without a word."""
        poll = select.poll()
        poll.register(self.pipe, select.POLLIN)
        poll.register(requests.fileno(), 0)  # hang-up only: the caller is gone
        beat = time.monotonic() + 1
        while True:
            now = time.monotonic()
            if now >= min(self.deadline, self.stall):
                return _error("timeout", "wall clock" if now >= self.deadline else "no page finished in time")
            if now >= beat:
                answers.write(frame(b"."))
                answers.flush()
                beat = now + 1
            events = poll.poll(max(1, int(1000 * (min(self.deadline, self.stall, beat) - now))))
            for number, _ in events:
                if number != self.pipe:
                    raise SystemExit(1)
                chunk = os.read(self.pipe, 1 << 20)
                if not chunk:
                    return None
                outcome = self._take(chunk)
                if outcome is not None:
                    return outcome

    def _take(self, chunk: bytes) -> bytes | None:
        self.buffer += chunk
        while len(self.buffer) >= HEAD:
            kind, length = bytes(self.buffer[:1]), int.from_bytes(self.buffer[1:HEAD], "big")
            if length > self.limits["output_bytes"]:
                return _error("output_too_large", f"{length} bytes")
            if len(self.buffer) < HEAD + length:
                return None
            payload = bytes(self.buffer[HEAD : HEAD + length])
            del self.buffer[: HEAD + length]
            if kind in (b"R", b"E"):
                return frame(kind, payload)
            self._note(kind, payload)
        return None

    def _note(self, kind: bytes, payload: bytes) -> None:
        if kind == b"M":
            name = payload.decode("ascii", "replace")
            # Only a reader's own module is ever loaded on a child's word.
            self.module = name if name.startswith("ingest.readers.") and name.count(".") == 2 else ""
        if kind == b"P":
            more = min(int.from_bytes(payload[:4], "big"), isolation.MAX_PAGES - self.pages)
            self.pages += more
            self.stall = time.monotonic() + self.limits["stall"]
            self.deadline += self.limits["wall_per_page"] * more


def _child(pipe: int, nursery: int, work: Callable[[_Send], None], limits: dict[str, Any]) -> NoReturn:
    """Whatever happens here ends as one message or as a death that the nursery explains."""
    try:
        isolation.shut_in(limits, keep=pipe, parent=nursery)
        work(lambda kind, payload: _send(pipe, frame(kind, payload)))
    except MemoryError:
        os._exit(_NO_MEMORY)
    except BaseException:
        os._exit(1)  # a forked copy of the nursery must never go on as one
    os._exit(0)


def _send(pipe: int, message: bytes) -> None:
    view = memoryview(message)
    while view:
        view = view[os.write(pipe, view) :]
