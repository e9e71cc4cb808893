"""Progress: a bar on a terminal, plain lines in a log. Both go to one stream, messages in between stay whole."""

from __future__ import annotations

import time
import unicodedata
from typing import Protocol, TextIO

_REDRAW_SECONDS = 0.1
_LOG_SECONDS = 10.0
_BAR = 24


class Progress(Protocol):
    """Told how far the work is. `say` is one message for a person, in Chinese, of one line."""

    def step(self, done: int, total: int, what: str) -> None: ...

    def say(self, message: str) -> None: ...

    def close(self) -> None: ...


class Silent:
    """For callers that show nothing."""

    def step(self, done: int, total: int, what: str) -> None: ...

    def say(self, message: str) -> None: ...

    def close(self) -> None: ...


class Bar:
    """One line that is drawn over itself, never wider than `columns`."""

    def __init__(self, stream: TextIO, columns: int = 80) -> None:
        self._stream = stream
        self._columns = max(20, columns)
        self._drawn = 0.0
        self._line = ""

    def step(self, done: int, total: int, what: str) -> None:
        moment = time.monotonic()
        if moment - self._drawn < _REDRAW_SECONDS and done < total:
            return
        self._drawn = moment
        filled = _BAR * done // max(1, total)
        line = _cut(f"{'█' * filled}{'░' * (_BAR - filled)} {done}/{total} {what}", self._columns - 1)
        if line != self._line:
            self._write(f"\r\x1b[K{line}")
            self._line = line

    def say(self, message: str) -> None:
        self._write(f"\r\x1b[K{message}\n{self._line}")

    def close(self) -> None:
        if self._line:
            self._write("\r\x1b[K")
            self._line = ""

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


class Log:
    """A line now and then, and each message on its own line."""

    def __init__(self, stream: TextIO, every: float = _LOG_SECONDS) -> None:
        self._stream = stream
        self._every = every
        self._told = time.monotonic()

    def step(self, done: int, total: int, what: str) -> None:
        moment = time.monotonic()
        if moment - self._told >= self._every:
            self._told = moment
            self.say(f"进度 {done}/{total} {what}")

    def say(self, message: str) -> None:
        self._stream.write(f"{message}\n")
        self._stream.flush()

    def close(self) -> None: ...


def progress_for(stream: TextIO, columns: int = 80) -> Progress:
    return Bar(stream, columns) if stream.isatty() else Log(stream)


def _cut(text: str, columns: int) -> str:
    """As much of a text as fits: Chinese characters are two columns wide."""
    width = 0
    for at, char in enumerate(text):
        width += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if width > columns:
            return text[:at]
    return text
