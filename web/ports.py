"""What the site asks of the other rooms. Views take their answers from `Services`; a test hands in what it likes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, cast

from flask import current_app

from gongwen.document import Document
from gongwen.labels import Labels
from gongwen.record import Reading, Record
from gongwen.review import Review
from gongwen.saved import SavedSearches
from index.engine import EntryMeta, Page, Query
from index.lexicon import Visible
from index.similar import Similar
from index.spelling import Correction
from index.suggesting import Suggestion
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
    """How the files stand: counts by state in Chinese, in the order to show, and the files to look after."""

    counts: tuple[tuple[str, int], ...] = ()
    failures: tuple[Failure, ...] = ()
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Services:
    """`relations` tells by sha256 where a file lay and what lies in it; `arrivals` by the head of its hash when it
    came. Without `saved` nobody can keep a search."""

    papers: Papers
    finder: Finder
    intake: Callable[[], Intake]
    labels: Labels
    relations: Callable[[str], Relations] = no_relations
    aids: Aids = field(default_factory=NoAids)
    saved: SavedSearches | None = None
    arrivals: Callable[[], Mapping[str, str]] = dict


def services() -> Services:
    """The services of the running app."""
    return cast(Services, current_app.extensions["gongwen"])
