"""What the site asks of the other rooms. Views take their answers from `Services`; a test hands in what it likes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, cast

from flask import current_app

from gongwen.document import Document
from gongwen.labels import Labels
from gongwen.record import Reading, Record
from gongwen.review import Review
from index.engine import EntryMeta, Page, Query
from ingest.relations import Relations
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


def no_intake(code: str = "", page: int = 1) -> Intake:
    return Intake()


def no_relations(sha256: str) -> Relations:
    return Relations()


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
    them. `kinds` counts all of those by reason, `total` those of the reason asked for."""

    counts: tuple[tuple[str, int], ...] = ()
    failures: tuple[Failure, ...] = ()
    checked: str = ""
    kinds: tuple[tuple[str, int], ...] = ()
    total: int = 0
    page: int = 1
    pages: int = 1


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
    """`relations` tells by sha256 where a file lay and what lies in it; `linked` which papers are copies or versions
    of each other. Without a `desk` the site changes nothing."""

    papers: Papers
    finder: Finder
    intake: Intakes
    labels: Labels
    relations: Callable[[str], Relations] = no_relations
    linked: Linked = field(default_factory=Unlinked)
    desk: Desk | None = None


def services() -> Services:
    """The services of the running app."""
    return cast(Services, current_app.extensions["gongwen"])
