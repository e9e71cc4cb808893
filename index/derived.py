"""All that is derived from the records for search and browsing, kept in step as one: the index and the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gongwen.document import Document
from gongwen.record import Reading
from gongwen.settings import Settings
from index.catalogue.catalogue import Catalogue, open_catalogue
from index.sync import Index, Outdated, open_index


class Derived:
    """What ingest feeds (ingest.indexing.Sink). An update is in both when it returns; one that died between them is
    given again, which does no harm."""

    def __init__(self, index: Index, catalogue: Catalogue) -> None:
        self.index = index
        self.catalogue = catalogue

    def update(self, readings: Iterable[Reading], texts: Mapping[str, Document], /) -> None:
        found = list(readings)
        self.catalogue.update(found)
        self.index.update(found, texts)

    def refresh(self, shas: Iterable[str], /) -> None:
        """Bring both up to what the disk holds of these files now: after a review."""
        held = list(shas)
        self.catalogue.refresh(held)
        self.index.refresh(held)

    def delete(self, sha256: str, /) -> None:
        self.catalogue.delete(sha256)
        self.index.delete(sha256)

    def close(self) -> None:
        self.catalogue.close()
        self.index.close()


def open_derived(settings: Settings, *, outdated: Outdated = "rebuild") -> Derived:
    """`outdated`: what to do with an index of another make, as of index.sync.open_index."""
    return Derived(open_index(settings, outdated=outdated), open_catalogue(settings))
