"""Sights: for each group of readers that may not see all papers, everything the site needs, over a corpus that has only
what they may see (gongwen.seen).

Not one index with a filter: whatever ranks, counts, suggests or links papers looks at the whole corpus, and tells by it
(the weight of a word, the best copy, the next in a series, a count). An index of its own cannot, nor can a page that is
added later. The price is the room and the time of one more index for each group (docs/accounts.md); without rules of
access there is none."""

from __future__ import annotations

import hashlib
import logging
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import IO

from gongwen.access import Access, load_access
from gongwen.accounts.users import User
from gongwen.cli.sinks import Sinks
from gongwen.errors import GongwenError, IndexBusy
from gongwen.rulebook import load_rulebook
from gongwen.seen import SeenStore
from gongwen.settings import Settings
from gongwen.store import Store, open_store
from index.aliases import load_aliases
from index.catalogue.catalogue import Catalogue
from index.derived import Derived
from index.doubt_store import Doubts
from index.editions.database import EditionsFile
from index.editions.ledger import Editions
from index.engines import engine_class
from index.sync import Index
from index.unit_names import long_forms
from ingest.accept import Accepted
from ingest.journal import Arrival
from ingest.relations import Relations, Relative
from ingest.standing import Standing
from ingest.withdraw import vacuum
from web.ports import Inlet, Intake, Services
from web.review_desk import ReviewDesk

FOLDER = "sights"
DATABASES = ("catalog.db", "editions.db", "doubts.db")
_EVERY = 3.0
"""Seconds between looks at what came in."""
PATIENCE = 15.0
"""Seconds that a page waits for an index that is made for the first time; then its reader is asked to come again."""
_BUSY = "正在为您的权限范围整理索引，请稍后再试"

log = logging.getLogger(__name__)


class Sight:
    """One group of readers. Brought up to the corpus by a thread of its own; nothing is told before that was done once,
    for a paper may have been restricted since the last time."""

    def __init__(self, settings: Settings, store: Store, access: Access, passed: frozenset[str]) -> None:
        name = folder_name(access, passed)
        self.folder = store.root / FOLDER / name
        self.store = SeenStore(store, access, passed, within=Within(store.journal))
        self.handed: dict[str, str] = {}
        """Names of what its readers handed in, by hash, since the site was started."""
        self._settings = settings
        self._closing = threading.Event()
        self._ready = threading.Event()
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._thread = threading.Thread(target=self._run, name=f"sight-{name}", daemon=True)
        self._thread.start()

    def wait(self, patience: float | None = None) -> None:
        """Raises IndexBusy."""
        if not self._ready.wait(PATIENCE if patience is None else patience):
            raise IndexBusy(_BUSY)

    def catch_up(self) -> int:
        """Gives how many files had changed, come or gone."""
        with self._lock:
            files = self.doubts.behind().files
            if files:
                self._sinks.refresh(files)
                for one in files:
                    if self.store.hides(one):
                        self.editions.delete(one)
            return len(files)

    def purge(self) -> None:
        """Made anew, so that nothing of what went is left between what stayed."""
        with self._lock:
            self.index.rebuild(self.store)
            for name in DATABASES:
                vacuum(self.folder / name)

    def close(self) -> None:
        self._closing.set()
        self._thread.join(PATIENCE)
        if self._index is not None:
            self._sinks.close()
            self.doubts.close()

    def _open(self) -> None:
        settings, folder = self._settings, self.folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        longer = long_forms(settings.rules)
        self.doubts = Doubts(folder / "doubts.db", self.store, longer)
        self.catalogue = Catalogue(self.store, load_rulebook(settings), longer, path=folder / "catalog.db")
        self.editions = Editions(EditionsFile(folder / "editions.db"), self.store)
        if not self.editions.is_current:
            self.editions.rebuild()
        self.catalogue.prepare()
        self._index = Index(
            folder / "index", self.store, load_aliases(settings.rules), engine=engine_class(settings.engine),
            longer=longer, followers=(self.doubts,),
        )  # fmt: skip
        self.index = self._index
        self._sinks = Sinks(Derived(self.index, self.catalogue), self.editions, self.store)

    def _run(self) -> None:
        opened = False
        while not self._closing.is_set():
            try:
                if not opened:
                    self._open()
                    opened = True
                self.catch_up()
                self._ready.set()
            except (GongwenError, OSError, sqlite3.Error) as error:
                log.warning("a sight is not up to date: %s", error)
            self._closing.wait(_EVERY)


def folder_name(access: Access, passed: frozenset[str]) -> str:
    return hashlib.sha256("\n".join([access.fingerprint, *sorted(passed)]).encode()).hexdigest()[:16]


class Sights:
    """web.ports.Audiences."""

    def __init__(self, settings: Settings, access: Access) -> None:
        self._settings = settings
        self._access = access
        self._store = open_store(settings)
        self._lock = threading.Lock()
        self._held: dict[frozenset[str], Sight] = {}

    def is_limited(self, user: User) -> bool:
        return self._access.is_limited(user.role, user.units)

    def services(self, user: User, whole: Services) -> Services:
        return limited(whole, self._sight(user))

    def desk(self, user: User, whole: ReviewDesk) -> ReviewDesk:
        sight = self._sight(user)
        return replace(whole, store=sight.store, doubts=sight.doubts)

    def refresh(self, shas: Iterable[str], /) -> None:
        """After a review: a paper that was restricted by it is gone for the others before the page answers."""
        for one in list(self._held.values()):
            one.catch_up()

    def sweep(self, users: Iterable[User]) -> None:
        """Remove what was made for groups that none of these is in any more: nobody would take out of it what is
        withdrawn."""
        kept = {folder_name(self._access, self._access.passed(one.role, one.units)) for one in users}
        for folder in (self._store.root / FOLDER).glob("*/"):
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def purge(self, users: Iterable[User], patience: float) -> None:
        """Bring those up that were made for these users, also where no site is running, and leave nothing in them of
        what went. Raises IndexBusy."""
        for one in users:
            passed = self._access.passed(one.role, one.units)
            if self.is_limited(one) and (self._store.root / FOLDER / folder_name(self._access, passed)).is_dir():
                sight = self._opened(passed)
                sight.wait(patience)
                sight.purge()

    def close(self) -> None:
        for one in self._held.values():
            one.close()

    def _sight(self, user: User) -> Sight:
        sight = self._opened(self._access.passed(user.role, user.units))
        sight.wait()
        return sight

    def _opened(self, passed: frozenset[str]) -> Sight:
        with self._lock:
            if passed not in self._held:
                self._held[passed] = Sight(self._settings, self._store, self._access, passed)
            return self._held[passed]


def open_sights(settings: Settings) -> Sights | None:
    """None: there are no rules of access, and nobody is limited."""
    access = load_access(settings.access)
    return Sights(settings, access) if access.restrictions else None


class Followed:
    """The sinks of the whole corpus and the sights, as one that follows reviews."""

    def __init__(self, sinks: Sinks, sights: Sights | None) -> None:
        self._all = (sinks,) if sights is None else (sinks, sights)

    def refresh(self, shas: Iterable[str], /) -> None:
        held = list(shas)
        for one in self._all:
            one.refresh(held)


class Within:
    """The files that lie in a file, or were opened from it: read from the journal again when that has changed."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._seen: list[tuple[int, int] | None] = []
        self._held: dict[str, list[str]] = {}

    def __call__(self, sha256: str) -> Sequence[str]:
        now = [_state(self._journal), _state(self._journal.with_name(f"{self._journal.name}-wal"))]
        if now != self._seen:
            self._held = self._read()
            self._seen = now
        return self._held.get(sha256, ())

    def _read(self) -> dict[str, list[str]]:
        held: dict[str, list[str]] = {}
        if not self._journal.exists():
            return held
        with closing(sqlite3.connect(f"file:{self._journal}?mode=ro", uri=True, timeout=30)) as db:
            found = db.execute(
                "SELECT parent, sha256 FROM members WHERE sha256 IS NOT NULL"
                " UNION SELECT original, opened FROM openings"
            )
            for parent, inner in found:
                held.setdefault(str(parent), []).append(str(inner))
        return held


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


# --- the services of the site, over what is seen ---

_SAME = ("labels", "max_file_mb", "token", "pictures", "today", "saved")
"""What tells nothing of papers by itself: pictures are drawn of papers that were found. All others are made anew here;
one that is added to Services later is left out, and its pages say that there is nothing, until it stands here."""


def limited(whole: Services, sight: Sight) -> Services:
    known = {one.name for one in fields(Services)}
    same = {name: getattr(whole, name) for name in _SAME if name in known}
    return Services(
        papers=sight.store, finder=sight.index, intake=_no_intake, aids=sight.index, linked=sight.editions,
        catalogue=None if whole.catalogue is None else sight.catalogue,
        relations=lambda sha256: _seen_relations(whole.relations(sha256), sight.store),
        arrivals=lambda limit: _seen_arrivals(whole.arrivals, sight.store, limit),
        came=lambda: _seen_heads(whole.came(), sight.store),
        inlet=None if whole.inlet is None else _Inlet(whole.inlet, sight), **same,
    )  # fmt: skip


def _no_intake(code: str = "", page: int = 1) -> Intake:
    return Intake()


class _Inlet:
    """Files may be handed in. Who has a file in hand must not learn by it whether the office has it too: one that is
    hidden was never there before, and whatever was handed in and may not be seen waits for ever."""

    def __init__(self, inlet: Inlet, sight: Sight) -> None:
        self._inlet = inlet
        self._store = sight.store
        self._handed = sight.handed

    def receive(self, stream: IO[bytes], name: str) -> Accepted:
        accepted = self._inlet.receive(stream, name)
        self._handed[accepted.sha256] = name
        return replace(accepted, is_new=True) if self._store.hides(accepted.sha256) else accepted

    def standings(self, shas: list[str]) -> list[Standing]:
        return list(self._seen(shas))

    def _seen(self, shas: list[str]) -> Iterator[Standing]:
        for one in self._inlet.standings(shas):
            if not self._store.hides(one.sha256):
                yield one
            elif one.sha256 in self._handed:
                yield Standing(one.sha256, self._handed[one.sha256], "stored")


def _seen_relations(found: Relations, store: SeenStore) -> Relations:
    """Without files that are hidden, and without counts and names that they would change."""

    def seen(one: Relative) -> bool:
        return bool(one.address) and store.find(one.address) is not None

    return Relations(
        containers=tuple(filter(seen, found.containers)), members=tuple(filter(seen, found.members)),
        arrived=found.arrived,
    )  # fmt: skip


def _seen_arrivals(arrivals: Callable[[int], list[Arrival]], store: SeenStore, limit: int) -> list[Arrival]:
    most = 4 * limit
    while True:
        found = arrivals(most)
        seen = [one for one in found if store.reading(one.sha256) is not None]
        if len(seen) >= limit or len(found) < most:
            return seen[:limit]
        most *= 4


def _seen_heads(found: Mapping[str, str], store: SeenStore) -> Mapping[str, str]:
    heads = {one[:16] for one in store.shas()}
    return {head: at for head, at in found.items() if head in heads}
