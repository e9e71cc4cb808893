"""Following: after an act of review the index and the queue are brought up to it at once, in a thread of their own.

Another process may be writing the index: the thread waits and tries again, and the page need not. What a crash leaves
undone is found by the stamps of the queue, which are written last, when the next process starts."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from gongwen.errors import GongwenError, IndexBusy
from index.doubt_store import Doubts

Progress = Callable[[int, int], None]
_AGAIN = 1.0
_BATCH = 100

log = logging.getLogger(__name__)


class Refreshed(Protocol):
    """The index: puts in what the disk holds now of these files, and tells the queue."""

    def refresh(self, shas: Iterable[str], /) -> None: ...


def catch_up(index: Refreshed, doubts: Doubts, progress: Progress | None = None) -> int:
    """Bring in what changed while nobody followed. Gives how many files that were."""
    behind = doubts.behind()
    total = len(behind.files)
    for at in range(0, len(behind.reviewed), _BATCH):
        index.refresh(behind.reviewed[at : at + _BATCH])
        if progress is not None:
            progress(min(at + _BATCH, len(behind.reviewed)), total)
    told = frozenset(behind.reviewed)
    rest = [one for one in behind.files if one not in told]
    for at in range(0, len(rest), _BATCH):
        doubts.refresh(rest[at : at + _BATCH])
        if progress is not None:
            progress(min(at + _BATCH, len(rest)) + len(told), total)
    return total


class Following:
    """`tell` it of files that were reviewed."""

    def __init__(self, index: Refreshed, doubts: Doubts) -> None:
        self._index = index
        self._doubts = doubts
        self._news = threading.Condition()
        self._waiting: dict[str, None] = {}
        self._told = 0
        self._done = 0
        self._is_closing = False
        self.is_catching_up = True
        """Until the first look at the whole corpus has ended."""
        self._thread = threading.Thread(target=self._run, name="following", daemon=True)
        self._thread.start()

    def tell(self, shas: Iterable[str], *, patience: float = 1.0) -> bool:
        """True when search shows it already; otherwise it soon will."""
        with self._news:
            self._waiting |= dict.fromkeys(shas)
            self._told += 1
            mine = self._told
            self._news.notify_all()
            return self._news.wait_for(lambda: self._done >= mine, timeout=patience)

    def close(self, timeout: float = 10.0) -> None:
        with self._news:
            self._is_closing = True
            self._news.notify_all()
        self._thread.join(timeout)

    def _run(self) -> None:
        self._try(lambda: catch_up(self._index, self._doubts, lambda done, total: self._follow()))
        self.is_catching_up = False
        while True:
            with self._news:
                self._news.wait_for(lambda: self._told > self._done or self._is_closing)
                if self._told == self._done:
                    return
            self._follow()

    def _follow(self) -> None:
        """What waits, if anything does."""
        with self._news:
            shas, mine = list(self._waiting), self._told
            self._waiting.clear()
        if shas:
            self._refresh(shas)
        with self._news:
            self._done = mine
            self._news.notify_all()

    def _refresh(self, shas: list[str]) -> None:
        """A file that is damaged must not keep the others waiting."""
        if self._try(lambda: self._index.refresh(shas)) or len(shas) == 1:
            return
        for one in shas:
            self._try(lambda one=one: self._index.refresh([one]))  # type: ignore[misc]

    def _try(self, work: Callable[[], object]) -> bool:
        """Until it is done, can never be, or this process ends: what is then undone is found at the next start."""
        while True:
            try:
                work()
                return True
            except (IndexBusy, OSError) as error:
                log.info("not brought up to the reviews yet: %s", error)
            except GongwenError as error:
                log.warning("not brought up to the reviews: %s", error)
                return False
            if self._is_closing:
                return False
            time.sleep(_AGAIN)
