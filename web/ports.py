"""What the site asks of the other rooms. Views take their answers from `Services`; a test hands in what it likes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Protocol, cast

from flask import current_app

from gongwen.document import Document
from gongwen.labels import Labels
from gongwen.record import Reading, Record
from gongwen.review import Review
from index.catalogue.catalogue import Catalogue
from index.engine import EntryMeta, Page, Query
from ingest.accept import Accepted
from ingest.journal import Arrival
from ingest.pictures.wish import Drawn, Wish
from ingest.relations import Relations
from ingest.standing import Standing
from web.editions import Linked, Unlinked


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


class Inlet(Protocol):
    """Where files are handed in. What `receive` has returned from is safe on the disk; it raises SourceError."""

    def receive(self, stream: IO[bytes], name: str) -> Accepted: ...

    def standings(self, shas: list[str]) -> list[Standing]: ...


class Pictures(Protocol):
    """Pages of originals as pictures; ingest.pictures.gallery.Gallery is one."""

    def draws(self, media_type: str) -> bool: ...

    def failure(self, sha256: str, number: int) -> str | None: ...

    def page(self, sha256: str, wish: Wish) -> Drawn: ...


def no_relations(sha256: str) -> Relations:
    return Relations()


def no_arrivals(limit: int) -> list[Arrival]:
    return []


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was not read, or not wholly: `code` is a key of gongwen.errors.REASONS."""

    name: str
    sha256: str
    code: str
    at: str = ""
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """How the files stand: counts by state in Chinese, in the order to show, and the files to look after. `alarms` are
    sentences on the machine itself."""

    counts: tuple[tuple[str, int], ...] = ()
    failures: tuple[Failure, ...] = ()
    checked: str = ""
    alarms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Services:
    """`relations` tells by sha256 where a file lay and what lies in it. Without an `inlet` nothing can be uploaded.
    `token` gives the name that an API token was issued to; None: it is not valid. Without `pictures` papers are shown
    as text. `linked` tells which papers are copies or versions of each other. `catalogue` is what units,
    persons, series, calendar and overview are told from; `arrivals` gives the files that came in last."""

    papers: Papers
    finder: Finder
    intake: Callable[[], Intake]
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


def services() -> Services:
    """The services of the running app."""
    return cast(Services, current_app.extensions["gongwen"])
