"""Crew: a few threads that do jobs and hand back results or the errors they met.

The threads only wait for child processes and disks. They are daemons, so an interrupted program ends at once and
what was under way counts as never done."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Done(Generic[Key, Value]):
    """The end of one job: exactly one of value and error is set."""

    key: Key
    value: Value | None = None
    error: BaseException | None = None


class Crew(Generic[Key, Value]):
    """Up to `size` jobs at once and `ahead` more in wait, so that no thread waits for the one who submits; `busy`
    counts those submitted whose end was not yet collected."""

    def __init__(self, size: int, name: str, *, ahead: int = 0) -> None:
        self._size = size
        self._ahead = ahead
        self._name = name
        self._jobs: queue.SimpleQueue[tuple[Key, Callable[[], Value]] | None] = queue.SimpleQueue()
        self._ends: queue.SimpleQueue[Done[Key, Value]] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self.busy = 0

    @property
    def room(self) -> int:
        """How many jobs may be submitted."""
        return max(0, self._size + self._ahead - self.busy)

    def submit(self, key: Key, job: Callable[[], Value]) -> None:
        if self.busy >= len(self._threads) and len(self._threads) < self._size:
            thread = threading.Thread(target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()
        self.busy += 1
        self._jobs.put((key, job))

    def collect(self, timeout: float = 0.0) -> Done[Key, Value] | None:
        """The next end, or None when there was none in time."""
        try:
            done = self._ends.get(timeout=timeout) if timeout > 0 else self._ends.get_nowait()
        except queue.Empty:
            return None
        self.busy -= 1
        return done

    def close(self, timeout: float = 0.0) -> None:
        """Let the threads go; with a timeout, wait so long for what is under way."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            if thread.ident is not None:  # one that Ctrl-C kept from starting
                thread.join(timeout)

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            if job is None:
                return
            key, run = job
            try:
                self._ends.put(Done(key, value=run()))
            except BaseException as error:  # handed to the collector, who decides
                self._ends.put(Done(key, error=error))
