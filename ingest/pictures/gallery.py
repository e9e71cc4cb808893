"""Pages as pictures for the site: from the shelf, else drawn, a bounded number at a time. What cannot be drawn is
remembered and not tried at each click."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from gongwen.errors import SourceError
from gongwen.store import Store
from ingest.pictures.shelf import Shelf
from ingest.pictures.wish import DRAWN, Busy, Drawn, Wish
from ingest.sandbox import draw_page, prepare_pictures

_log = logging.getLogger("gongwen.pictures")

REVISION = 1
"""Goes up when pages are drawn otherwise."""
AT_ONCE = 2
WAITING = 4
"""Requests that may wait for their turn: more of them would take all threads of the site (cli.serve.THREADS)."""
PATIENCE = 12.0
_COSTLY = frozenset({"cpu", "timeout", "memory", "crash"})
"""What may come of a busy machine as well: tried again after a day."""
_FLEETING = frozenset({"no_font", "unreadable", "changed"})
"""What is found out at once, and may be put right at any time."""
_COSTLY_NOTE = f".{REVISION}.costly"
_ENOUGH = 3
"""Pages that failed so; the other pages of the file are not tried then."""
_DAY = 86_400.0
_REMEMBERED = 10_000


class Gallery:
    def __init__(
        self, store: Store, *, room: int = 1 << 30, draw: Callable[[Path, Wish], bytes] = draw_page,
        patience: float = PATIENCE, waiting: int = WAITING,
    ) -> None:  # fmt: skip
        self._store = store
        self._shelf = Shelf(store, room)
        self._draw = draw
        self._patience = patience
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._line = threading.BoundedSemaphore(AT_ONCE + waiting)
        self._failed: dict[tuple[str, int], str] = {}
        """Of a disk that takes no notes."""

    def warm(self) -> None:
        """In a thread of its own: the first picture then comes as quickly as the others."""
        threading.Thread(target=prepare_pictures, name="pictures", daemon=True).start()

    def draws(self, media_type: str) -> bool:
        return media_type in DRAWN

    def failure(self, sha256: str, number: int) -> str | None:
        """Why a page cannot be shown, when that is known: a key of REASONS."""
        own = self._failed.get((sha256, number)) or self._shelf.failure(sha256, _note(number, lasting=True))
        own = own or self._shelf.failure(sha256, _note(number, lasting=False), most=_DAY)
        if own is not None:
            return own
        costly = [name for name in self._shelf.names(sha256) if name.endswith(_COSTLY_NOTE)]
        if len(costly) < _ENOUGH:
            return None
        known = [code for name in costly if (code := self._shelf.failure(sha256, name, most=_DAY)) is not None]
        return known[0] if len(known) >= _ENOUGH else None

    def page(self, sha256: str, wish: Wish) -> Drawn:
        """Raises SourceError for what cannot be drawn, Busy when it is not its turn, KeyError for a file that is not
        in the corpus (any more)."""
        name = _name(wish)
        found = self._shelf.get(sha256, name)
        if found is None:
            found = self._new(sha256, wish, name)
        return Drawn(found, hashlib.sha256(f"{sha256}/{name}".encode()).hexdigest()[:32])

    def _new(self, sha256: str, wish: Wish, name: str) -> bytes:
        self._check(sha256, wish.number)
        until = time.monotonic() + self._patience
        if not self._line.acquire(blocking=False):
            raise Busy
        try:
            if not self._places.acquire(timeout=max(0.0, until - time.monotonic())):
                raise Busy
            try:
                # Another thread may have drawn it, or failed, while this one waited.
                found = self._shelf.get(sha256, name)
                if found is not None:
                    return found
                self._check(sha256, wish.number)
                return self._drawn(sha256, wish, name)
            finally:
                self._places.release()
        finally:
            self._line.release()

    def _check(self, sha256: str, number: int) -> None:
        code = self.failure(sha256, number)
        if code is not None:
            raise SourceError(code, "as before")

    def _drawn(self, sha256: str, wish: Wish, name: str) -> bytes:
        try:
            found = self._draw(self._store.object_path(sha256), wish)
        except SourceError as error:
            _log.warning("no picture of %s page %d: %s", sha256[:16], wish.number, error)
            if error.code == "missing":
                raise KeyError(sha256) from error
            if error.code not in _FLEETING:
                self._remember(sha256, wish.number, error.code)
            raise
        self._shelf.put(sha256, name, found)
        if not self._store.record_path(sha256).exists():
            # Withdrawn meanwhile, for a secret mark perhaps: nothing of it may stay.
            self._shelf.drop(sha256)
            raise KeyError(sha256)
        return found

    def _remember(self, sha256: str, number: int, code: str) -> None:
        if not self._shelf.fail(sha256, _note(number, lasting=code not in _COSTLY), code):
            if len(self._failed) >= _REMEMBERED:
                self._failed.clear()
            self._failed[sha256, number] = code


def _name(wish: Wish) -> str:
    """Pictures with other bars, and with none, are other files."""
    told = json.dumps([REVISION, wish.to_json()], sort_keys=True)
    return f"{wish.number}-{wish.width}-{hashlib.sha256(told.encode()).hexdigest()[:20]}.webp"


def _note(number: int, *, lasting: bool) -> str:
    return f"{number}.{REVISION}.failed" if lasting else f"{number}{_COSTLY_NOTE}"
