"""A reader that does what its file says: hang, crash, bloat. Loaded only inside the sandbox."""

import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import ClassVar

from gongwen.document import Block, Document
from gongwen.text import Span
from ingest import budget
from ingest.source import Source


class MisbehavingReader:
    name: ClassVar[str] = "misbehaving"
    revision: ClassVar[int] = 1

    def claim(self, source: Source) -> int:
        return 1

    def read(self, source: Source) -> Document:
        word, _, rest = source.data.decode().partition(" ")
        text = getattr(self, f"_{word}")(rest) or "done"
        return Document(source.sha256, text, (Block("paragraph", Span(0, len(text))),), "mock/1", source.media_type)

    def _fine(self, rest):
        return rest

    def _parse_error(self, rest):
        return "second after parse_error"

    def _die(self, rest):
        if rest == "twice":
            os.abort()
        return "second after die"

    def _hang(self, rest):
        time.sleep(1000)

    def _spin(self, rest):
        while True:
            pass

    def _bloat(self, rest):
        held = []
        while True:
            held.append(bytes(10_000_000))

    def _wrapped(self, rest):
        try:
            bytes(1 << 40)
        except MemoryError as error:
            raise ValueError("") from error

    def _abort(self, rest):
        os.abort()

    def _segv(self, rest):
        os.kill(os.getpid(), signal.SIGSEGV)

    def _exit(self, rest):
        sys.exit(0)

    def _leave(self, rest):
        os._exit(0)

    def _bug(self, rest):
        raise KeyError("unforeseen")

    def _deep(self, rest):
        return self._deep(rest)

    def _flood(self, rest):
        return "字" * 6_000_000

    def _chatter(self, rest):
        budget.announce(1)
        while True:
            budget.page_done()

    def _stall(self, rest):
        budget.announce(1000)
        time.sleep(1000)

    def _pages(self, rest):
        budget.announce(100)
        for _ in range(3):
            time.sleep(0.5)
            budget.page_done()

    def _print(self, rest):
        print("x" * 100_000, flush=True)
        sys.stderr.write("y" * 100_000)

    def _write(self, rest):
        with Path(rest).open("wb") as out:
            out.write(b"x" * 100_000)

    def _call(self, rest):
        socket.create_connection(("127.0.0.1", int(rest)), timeout=2)

    def _dirty(self, rest):
        return "甲\0乙\u202e丙\ud800丁"

    def _outlive(self, rest):
        if os.fork() == 0:
            time.sleep(1000)
        time.sleep(1000)

    def _environ(self, rest):
        return " ".join(sorted(os.environ))


READER = MisbehavingReader()
