"""What the site asks of the other rooms. Views take their answers from `Services`; a test hands in what it likes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Protocol, cast

from flask import current_app
from werkzeug.wrappers import Response

from gongwen.accounts.users import User
from gongwen.document import Document
from gongwen.labels import Labels
from gongwen.record import Reading, Record
from gongwen.review import Review
from gongwen.saved import SavedSearches
from index.catalogue.catalogue import Catalogue
from index.engine import EntryMeta, Page, Query
from index.lexicon import Visible
from index.similar import Similar
from index.spelling import Correction
from index.suggesting import Suggestion
from ingest.accept import Accepted
from ingest.journal import Arrival
from ingest.pictures.wish import Drawn, Wish
from ingest.relations import Relations
from ingest.standing import Standing
from web.editions import Linked, Unlinked
from web.signed import signed


class Papers(Protocol):
    """The corpus as the site sees it; gongwen.store.Store is one."""

    def find(self, address: str) -> tuple[Reading, Record] | None: ...

    def text(self, sha256: str) -> Document | None: ...

    def reviews(self, sha256: str) -> list[Review]: ...

    def object_path(self, sha256: str) -> Path: ...


class Finder(Protocol):
    """The index as the site sees it; index.sync.Index is one."""

    def search(self, query: Query) -> Page: ...

    def entry_meta(self, record_id: str) -> EntryMeta | None: ...


class Aids(Protocol):
    """What helps to ask, as the site sees it; index.sync.Index is one. `visible` says which papers a reader may see."""

    def suggest(self, text: str, visible: Visible | None = None) -> tuple[Suggestion, ...]: ...

    def corrections(self, query: Query, visible: Visible | None = None) -> tuple[Correction, ...]: ...

    def similar(
        self, record_id: str, *, limit: int = 5, leave_out: Collection[str] = ()
    ) -> tuple[Similar, ...]: ...


class NoAids:
    """For a site over an index that has none."""

    def suggest(self, text: str, visible: Visible | None = None) -> tuple[Suggestion, ...]:
        return ()

    def corrections(self, query: Query, visible: Visible | None = None) -> tuple[Correction, ...]:
        return ()

    def similar(self, record_id: str, *, limit: int = 5, leave_out: Collection[str] = ()) -> tuple[Similar, ...]:
        return ()


class Inlet(Protocol):
    """Where files are handed in. What `receive` has returned from is safe on the disk; it raises SourceError."""

    def receive(self, stream: IO[bytes], name: str) -> Accepted: ...

    def standings(self, shas: list[str]) -> list[Standing]: ...


class Pictures(Protocol):
    """Pages of originals as pictures; ingest.pictures.gallery.Gallery is one."""

    def draws(self, media_type: str) -> bool: ...

    def failure(self, sha256: str, number: int) -> str | None: ...

    def page(self, sha256: str, wish: Wish) -> Drawn: ...


def no_intake(code: str = "", page: int = 1) -> Intake:
    return Intake()


def no_relations(sha256: str) -> Relations:
    return Relations()


def no_arrivals(limit: int) -> list[Arrival]:
    return []


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was not read, or not wholly: `code` is a key of gongwen.errors.REASONS. `is_locked`: a password would
    help. `likely`: name and address of a paper that may be the same one without its password."""

    name: str
    sha256: str
    code: str
    at: str = ""
    partly: bool = False
    is_locked: bool = False
    is_secret: bool = False
    likely: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """How the files stand: counts by state in Chinese, in the order to show, and the files to look after, a page of
    them. `kinds` counts all of those by reason, `total` those of the reason asked for. `alarms` are sentences on the
    machine itself."""

    counts: tuple[tuple[str, int], ...] = ()
    failures: tuple[Failure, ...] = ()
    checked: str = ""
    kinds: tuple[tuple[str, int], ...] = ()
    total: int = 0
    page: int = 1
    pages: int = 1
    alarms: tuple[str, ...] = ()


class Intakes(Protocol):
    """Asked anew for each page: another process writes the journal meanwhile."""

    def __call__(self, code: str = "", page: int = 1) -> Intake: ...


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it came in."""

    path: Path
    name: str
    media_type: str


class Desk(Protocol):
    """What the site may do about files that were not read; gongwen.cli.desk.Desk is one. `works`: this process takes
    up what is queued; else the next ingest run does."""

    @property
    def works(self) -> bool: ...

    def original(self, sha256: str) -> Original | None:
        """Of a file that waits, failed or was opened; None for one that is not there or may not be handed out."""
        ...

    def retry(self, shas: Sequence[str]) -> int:
        """Queue them again; gives how many were."""
        ...

    def retry_kind(self, code: str) -> int: ...

    def unlock(self, sha256: str, password: str) -> None:
        """Raises SourceError when it does not open."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """`relations` tells by sha256 where a file lay and what lies in it. Without an `inlet` nothing can be uploaded.
    `token` gives the name that an API token was issued to; None: it is not valid. Without `pictures` papers are shown
    as text. `linked` tells which papers are copies or versions of each other. `catalogue` is what units,
    persons, series, calendar and overview are told from; `arrivals` gives the files that came in last. Without a
    `desk` the site changes nothing. `came` tells by the head of a file's hash when it came in. Without `saved` nobody
    can keep a search."""

    papers: Papers
    finder: Finder
    intake: Intakes
    labels: Labels
    relations: Callable[[str], Relations] = no_relations
    inlet: Inlet | None = None
    max_file_mb: int = 100
    token: Callable[[str], str | None] | None = None
    pictures: Pictures | None = None
    linked: Linked = field(default_factory=Unlinked)
    catalogue: Catalogue | None = None
    arrivals: Callable[[int], list[Arrival]] = no_arrivals
    today: Callable[[], date] = date.today
    desk: Desk | None = None
    aids: Aids = field(default_factory=NoAids)
    saved: SavedSearches | None = None
    came: Callable[[], Mapping[str, str]] = dict


class Provider(Protocol):
    """A provider of the office that signs people in (OIDC); web.sso.Oidc is one."""

    @property
    def label(self) -> str: ...

    def begin(self, back: str) -> Response:
        """Sends the browser to the provider, which sends it to `back`."""
        ...

    def end(self) -> str:
        """The name that the provider vouches for. Raises Refusal."""
        ...


class Audiences(Protocol):
    """Who may see less than all papers, and the services over what they may see; gongwen.cli.sights.Sights is one."""

    def is_limited(self, user: User) -> bool: ...

    def services(self, user: User, whole: Services) -> Services: ...


def services() -> Services:
    """The services of the running app, as far as the reader of this request may see."""
    whole = cast(Services, current_app.extensions["gongwen"])
    held = cast("Audiences | None", current_app.extensions.get("gongwen.audiences"))
    who = signed()
    return whole if held is None or who is None or not held.is_limited(who.user) else held.services(who.user, whole)
