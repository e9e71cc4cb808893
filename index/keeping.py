"""Keeps the lexicon of a generation in step with its index: written after it, whole again after a crash between."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from itertools import islice
from pathlib import Path

from gongwen.errors import IndexBusy
from index.engine import Entry
from index.lexicon import Lexicon, LexiconBroken

_BATCH = 2000

Ids = Callable[[], frozenset[str]]

log = logging.getLogger(__name__)


class LexiconKeeper:
    """`entries` gives the entries of records whose ids are named, without their texts; `writing` holds the lock of the
    index or raises IndexBusy at once."""

    def __init__(
        self, entries: Callable[[frozenset[str]], Iterator[Entry]], writing: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._entries = entries
        self._writing = writing
        self._lock = threading.Lock()
        self._open: Lexicon | None = None

    def of(self, folder: Path, ids: Ids) -> Lexicon:
        """For a reader. What a crash left out is put in, once a generation; while somebody writes it is as it is."""
        with self._lock:
            if self._open is not None and self._open.folder == folder:
                return self._open
            self._forget()
            try:
                with self._writing():
                    self._mend(folder, ids())
            except IndexBusy:
                log.info("names are checked later: the index is being written")
                return Lexicon(folder)
            self._open = Lexicon(folder)
            return self._open

    def remake(self, folder: Path) -> None:
        """It was found damaged: the next reader gathers it anew. IndexBusy while somebody writes."""
        with self._lock, self._writing():
            self._forget()
            Lexicon.create(folder).close()

    def close(self) -> None:
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        """Not closed: another thread may be reading."""
        self._open = None

    def write(self, folder: Path, ids: Ids, entries: Iterable[Entry], gone: Iterable[str]) -> None:
        """After the index was written, under its lock; `ids` are those it has now."""
        try:
            with closing(Lexicon(folder)) as lexicon:
                lexicon.update(list(entries), gone)
        except LexiconBroken as error:
            log.warning("names are gathered anew: %s", error)
            Lexicon.create(folder).close()
            self._mend(folder, ids())

    def _mend(self, folder: Path, ids: frozenset[str]) -> None:
        with closing(_whole_or_new(folder)) as lexicon:
            have = lexicon.ids()
            if have == ids:
                return
            lexicon.update([], have - ids)
            for batch in batched(self._entries(ids - have), _BATCH):
                lexicon.update(batch)


def _whole_or_new(folder: Path) -> Lexicon:
    try:
        return Lexicon(folder)
    except LexiconBroken as error:
        log.info("names are gathered: %s", error)
        return Lexicon.create(folder)


def batched(found: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    rest = iter(found)
    while batch := list(islice(rest, size)):
        yield batch
