"""What ingest feeds: index and catalogue, and the links between copies and versions. One sink, so that all are in
step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gongwen.document import Document
from gongwen.record import Reading
from gongwen.store import Store
from index.derived import Derived
from index.editions.ledger import Editions


class Sinks:
    """Used from one thread. What the first has taken and the second has not is given to both again."""

    def __init__(self, derived: Derived, editions: Editions, store: Store) -> None:
        self._derived = derived
        self._editions = editions
        self._store = store

    def update(self, readings: Iterable[Reading], texts: Mapping[str, Document], /) -> None:
        found = list(readings)
        self._derived.update(found, texts)
        self._editions.update(found, texts)

    def refresh(self, shas: Iterable[str], /) -> None:
        """Bring all up to what the disk holds of these files now: after a review. Gives up nothing on the way: what one
        of them could not take is given to all again."""
        held = list(shas)
        self._derived.refresh(held)
        self._editions.update([one for one in map(self._store.reading, held) if one is not None], {})

    def delete(self, sha256: str, /) -> None:
        self._derived.delete(sha256)
        self._editions.delete(sha256)

    def close(self) -> None:
        self._derived.close()
