"""The process that bears one child a file (run by ingest.callers, never imported by it).

The nursery has one thread, parses nothing foreign and has no network; for each request it forks a child with limits
of its own, watches it and passes its answer on. So a file that hangs, bloats or crashes takes only its child with it,
and a child costs a fork instead of an interpreter. What every child needs (readers, the extractor with its rules) is
loaded here once and shared by the forks. multiprocessing's forkserver was not used: it runs the caller's `__main__`
again in each child, refuses daemonic callers and has no page-wise clock.

Messages both ways: one letter, four bytes length, payload.
  caller -> nursery: W what to load JSON; Q request JSON, then D the file's bytes
  child -> nursery: P pages announced (0: one done), R result JSON, E {code, detail}, M reader's module, C a member of
    a container {name, size, reason}, F bytes of that member, V a wish to have the file converted (ingest.convert.FORMS)
  converter's child -> nursery: K the converted file, E
  nursery -> caller: "." once a second while a child works; C and F as they come; R, E, L a wrong rule or B why nothing
    could be loaded; led by the four bytes of the request's number
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import shutil
import signal
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from gongwen.errors import RuleError
from ingest import convert, isolation

HEAD = 5
UNWARMED = 87
"""Exit status of a child that wants its reader's libraries loaded in the nursery first."""
_BEAT = 1.0
_CONVERTERS = 1
"""Conversions at once: one takes 200 MB and more, and a processor."""
_SCRATCH = "gongwen-convert-"
_LOADABLE = ("ingest.readers.", "ingest.pictures.")
_LIGHT = ("ingest.readers.plain", "ingest.readers.html")
"""Readers that need no library of their own, or one that is loaded anyway."""

_Send = Callable[[bytes, bytes], None]
_Work = Callable[[dict[str, Any], bytes, Callable[[Any], Any] | None, _Send], None]


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    return kind + len(payload).to_bytes(4, "big") + payload


def main() -> None:
    _sweep()
    _Nursery(isolation.cut_network()).run()


def _sweep() -> None:
    """Scratch folders of nurseries that were killed: documents must not stay in /tmp."""
    for left in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*-*"):
        owner = left.name.removeprefix(_SCRATCH).split("-", 1)[0]
        if owner.isdecimal() and Path("/proc/self").exists() and not Path("/proc", owner).exists():
            shutil.rmtree(left, ignore_errors=True)


class _Nursery:
    """Requests come on standard input, answers leave on standard output."""

    def __init__(self, state: str) -> None:
        self._state = state
        self._work: _Work = import_module("ingest.child").work  # loads the readers' light halves
        warm = import_module("ingest.warming").warm
        self._warm_reader: Callable[[str], None] = warm
        for module in _LIGHT:
            warm(module)
        self._derivations: dict[str, Any] = {}
        self._warm: set[str] = set()
        self._watches: dict[int, _Watch] = {}
        self._to_convert: deque[_Watch] = deque()
        self._poll = select.poll()
        self._poll.register(0, select.POLLIN)
        self._beat = 0.0
        gc.freeze()  # the children's collectors leave alone, and so do not copy, what they share

    def run(self) -> None:
        """Until the caller has gone; then no child of ours goes on."""
        try:
            while self._tend():
                now = time.monotonic()
                for watch in [one for one in self._watches.values() if now >= one.end]:
                    self._finish(watch, watch.late(now))
                if self._watches and now >= self._beat:
                    _send(1, frame(b"."))
                    self._beat = now + _BEAT
        finally:
            for watch in self._watches.values():
                watch.kill()
                watch.clear()

    def _tend(self) -> bool:
        """Wait for what comes next and answer it. False when the caller has gone."""
        until = min([self._beat, *(watch.end for watch in self._watches.values())]) if self._watches else None
        pause = None if until is None else max(1, int(1000 * (until - time.monotonic())))
        for number, _ in self._poll.poll(pause):
            if number == 0:
                if not self._take():
                    return False
                continue
            watch = self._watches[number]
            chunk = os.read(number, 1 << 20)
            outcome = watch.take(chunk) if chunk else None
            for member in watch.members():
                self._answer(watch.request, member)
            if outcome is not None or not chunk:
                self._finish(watch, outcome)
        return True

    def _take(self) -> bool:
        kind, payload = _read_frame(0)
        if kind == b"W":
            self._load(json.loads(payload))  # a failure is told when a file needs it
        elif kind == b"Q":
            request = json.loads(payload)
            _, data = _read_frame(0)
            request["isolation"] = self._state
            self._bear(request, data)
        return bool(kind)

    def _bear(self, request: dict[str, Any], data: bytes) -> None:
        """Fork a child for a request."""
        derive, failure = self._load(request["derive"]) if request.get("derive") else (None, None)
        if failure is not None:
            self._answer(request, failure)
            return
        request["warm"] = sorted(self._warm)
        self._fork(_Watch(request, data, request["limits"]), lambda send: self._work(request, data, derive, send))

    def _fork(self, watch: _Watch, work: Callable[[_Send], None]) -> None:
        here, there = os.pipe()
        nursery = os.getpid()
        pid = os.fork()
        if pid == 0:
            _child(there, nursery, work, watch.limits)
        os.close(there)
        watch.begin(pid, here)
        self._watches[here] = watch
        self._poll.register(here, select.POLLIN)
        self._beat = self._beat if len(self._watches) > 1 else time.monotonic() + _BEAT

    def _convert(self) -> None:
        """Let the next file that waits for it have the converter."""
        if not self._to_convert or sum(one.scratch is not None for one in self._watches.values()) >= _CONVERTERS:
            return
        watch = self._to_convert.popleft()
        scratch = watch.scratch = Path(tempfile.mkdtemp(prefix=f"{_SCRATCH}{os.getpid()}-"))
        self._fork(watch, lambda send: convert.work(watch.request, watch.data, scratch, watch.limits, send))

    def _wish(self, watch: _Watch, form: str) -> None:
        """A child wants its file converted. Without LibreOffice, or a way to keep it off the network, it is told so."""
        request = watch.request
        if form not in convert.FORMS or "converted" in request:
            self._answer(request, _error("crash", "a conversion that cannot be"))
        elif not request["converter"]:
            self._answer(request, _error("needs_converter", f"LibreOffice is not installed, .{form}"))
        elif self._state == "none":
            self._answer(request, _error("no_sandbox", "the converter would have the network"))
        else:
            limits = {**request["limits"], **request["converter_limits"]}
            self._to_convert.append(_Watch({**request, "form": form}, watch.data, limits))

    def _finish(self, watch: _Watch, outcome: bytes | None) -> None:
        """End a child and answer for it; without an outcome of its own, say how it died."""
        self._poll.unregister(watch.pipe)
        del self._watches[watch.pipe]
        os.close(watch.pipe)
        watch.kill()
        _, status, usage = os.wait4(watch.pid, 0)
        is_conversion = watch.scratch is not None
        watch.clear()
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == UNWARMED and self._warm_up(watch):
            self._bear(watch.request, watch.data)
            return
        if outcome is None:
            cause = isolation.cause_of_death(status, usage, watch.limits)
            outcome = _error(cause, f"child ended with status {status}")
        if outcome[:1] == b"K" and is_conversion:
            self._bear({**watch.request, "converted": outcome[HEAD:]}, watch.data)
        elif outcome[:1] == b"V" and not is_conversion:
            self._wish(watch, outcome[HEAD:].decode("ascii", "replace"))
        else:
            self._answer(watch.request, outcome if outcome[:1] in (b"R", b"E") else _error("crash", "a wrong answer"))
        self._convert()

    def _answer(self, request: dict[str, Any], outcome: bytes) -> None:
        number = int(request["number"]).to_bytes(4, "big")
        _send(1, frame(outcome[:1], number + outcome[HEAD:]))

    def _warm_up(self, watch: _Watch) -> bool:
        """Load what a reader needs, so that children inherit it: modules of ours, and a made-up file, never one that
        was handed in. False when that was done before the child was born; two that are born at once both ask."""
        module = watch.module
        if not module or module in watch.request["warm"]:
            return False
        if module in self._warm:
            return True
        for name in getattr(import_module(module), "HEAVY", ()):
            import_module(name)
            _send(1, frame(b"."))  # from a cold disk the libraries of OCR take their time
        self._warm_reader(module)
        self._warm.add(module)
        gc.collect()
        gc.freeze()
        return True

    def _load(self, wanted: list[Any]) -> tuple[Any, bytes | None]:
        """What makes records of a Document (`module:function`, called once with its argument), or why there is none."""
        key = json.dumps(wanted, sort_keys=True)
        if key in self._derivations:
            return self._derivations[key], None
        module, _, name = str(wanted[0]).partition(":")
        try:
            self._derivations[key] = getattr(import_module(module), name)(wanted[1])
        except RuleError as error:
            return None, frame(b"L", str(error).encode("utf-8"))
        except Exception:  # the border of the process: a bug, told to the caller, who stops
            return None, frame(b"B", traceback.format_exc().encode("utf-8", "replace"))
        gc.collect()
        gc.freeze()
        return self._derivations[key], None


def _read_frame(number: int) -> tuple[bytes, bytes]:
    head = _exactly(number, HEAD)
    if len(head) < HEAD:
        return b"", b""
    return head[:1], _exactly(number, int.from_bytes(head[1:], "big"))


def _exactly(number: int, count: int) -> bytes:
    """So many bytes, fewer only at the end of the stream."""
    pieces: list[bytes] = []
    while count:
        piece = os.read(number, min(count, 1 << 20))
        if not piece:
            break
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def _error(code: str, detail: str) -> bytes:
    return frame(b"E", json.dumps({"code": code, "detail": detail}).encode())


class _Watch:
    """One child: its clock, its messages, its end."""

    def __init__(self, request: dict[str, Any], data: bytes, limits: dict[str, Any]) -> None:
        self.request = request
        self.data = data
        self.limits = limits
        self.module = ""
        self.scratch: Path | None = None
        """Where the converter works, for a child that runs it."""
        self._pages = 0
        self._buffer = bytearray()

    def begin(self, pid: int, pipe: int) -> None:
        self.pid = pid
        self.pipe = pipe
        now = time.monotonic()
        self._deadline = now + self.limits["wall"]
        self._stall = now + self.limits["stall"]
        self._buffer = bytearray()
        self._members: list[bytes] = []
        self._room = [2 * int(self.limits["members"]), int(self.limits["members_bytes"])]

    @property
    def end(self) -> float:
        return float(min(self._deadline, self._stall))

    def late(self, now: float) -> bytes:
        return _error("timeout", "wall clock" if now >= self._deadline else "no page finished in time")

    def kill(self) -> None:
        """The child itself (it may not have its session yet), then whatever it has started."""
        os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def clear(self) -> None:
        """What the converter has left behind."""
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def take(self, chunk: bytes) -> bytes | None:
        """The child's answer, or an error of ours, once it is whole."""
        self._buffer += chunk
        while len(self._buffer) >= HEAD:
            kind, length = bytes(self._buffer[:1]), int.from_bytes(self._buffer[1:HEAD], "big")
            if length > self.limits["output_bytes"]:
                return _error("output_too_large", f"{length} bytes")
            if len(self._buffer) < HEAD + length:
                return None
            payload = bytes(self._buffer[HEAD : HEAD + length])
            del self._buffer[: HEAD + length]
            if kind in (b"R", b"E", b"V", b"K"):
                return frame(kind, payload)
            if kind in (b"C", b"F"):
                self._room[kind == b"F"] -= 1 if kind == b"C" else len(payload)
                if min(self._room) < 0:
                    return _error("output_too_large", "members")
                self._members.append(frame(kind, payload))
                self._stall = time.monotonic() + self.limits["stall"]
            else:
                self._note(kind, payload)
        return None

    def members(self) -> list[bytes]:
        """What a container's child has sent of its members since the last call: passed on, never held."""
        found, self._members = self._members, []
        return found

    def _note(self, kind: bytes, payload: bytes) -> None:
        if kind == b"M":
            name = payload.decode("ascii", "replace")
            # Only a module of ours that reads or draws is ever loaded on a child's word.
            self.module = name if name.startswith(_LOADABLE) and name.count(".") == 2 else ""
        if kind == b"P":
            more = min(int.from_bytes(payload[:4], "big"), isolation.MAX_PAGES - self._pages)
            self._pages += more
            self._stall = time.monotonic() + self.limits["stall"]
            self._deadline += self.limits["wall_per_page"] * more


def _child(pipe: int, nursery: int, work: Callable[[_Send], None], limits: dict[str, Any]) -> NoReturn:
    """Whatever happens here ends as one message or as a death that the nursery explains."""
    try:
        isolation.shut_in(limits, keep=pipe, parent=nursery)
        work(lambda kind, payload: _send(pipe, frame(kind, payload)))
    except MemoryError:
        os._exit(isolation.NO_MEMORY)
    except BaseException:
        os._exit(1)  # a forked copy of the nursery must never go on as one
    os._exit(0)


def _send(pipe: int, message: bytes) -> None:
    view = memoryview(message)
    while view:
        view = view[os.write(pipe, view) :]
