"""What the site asks of the other rooms. Views take their answers from `Services`; a test hands in what it likes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from flask import current_app

from gongwen.document import Document
from gongwen.labels import Labels
from gongwen.record import Reading, Record
from gongwen.review import Review
from index.engine import EntryMeta, Page, Query
from ingest.relations import Relations


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


def no_relations(sha256: str) -> Relations:
    return Relations()


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
    """`relations` tells by sha256 where a file lay and what lies in it."""

    papers: Papers
    finder: Finder
    intake: Callable[[], Intake]
    labels: Labels
    relations: Callable[[str], Relations] = no_relations


def services() -> Services:
    """The services of the running app."""
    return cast(Services, current_app.extensions["gongwen"])
