"""The corpus as one group of readers may see it: a store that has no other files.

A file is hidden when any paper in it is, or any file that lies in it or was opened from it: its original would show
them. Whatever is derived from such a store (index, catalogue, editions, doubts) cannot tell of what is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gongwen.access import Access
from gongwen.document import Document
from gongwen.errors import StoreError
from gongwen.record import Reading, Record
from gongwen.review import Review, resolve_all
from gongwen.store import Store

Within = Callable[[str], Sequence[str]]
"""The files that lie in a file, or were opened from it."""
_DEEPEST = 8


def nothing_within(sha256: str) -> Sequence[str]:
    return ()


class SeenStore(Store):
    """Over the folders of another store. What is asked by hash is told only when it may be seen."""

    def __init__(
        self, store: Store, access: Access, passed: frozenset[str], *, within: Within = nothing_within
    ) -> None:
        super().__init__(store.root, network_disk=True)  # the corpus itself was checked already
        self._access = access
        self._passed = passed
        self._within = within
        self._known: dict[str, tuple[tuple[str, str], bool]] = {}

    def hides(self, sha256: str, depth: int = 0) -> bool:
        """What cannot be read, or lies too deep to be looked through, is hidden."""
        if self._bars(sha256):
            return True
        inner = [one for one in self._within(sha256) if one != sha256]
        return bool(inner) and (depth >= _DEEPEST or any(self.hides(one, depth + 1) for one in inner))

    def _bars(self, sha256: str) -> bool:
        """By its own papers; remembered while record and reviews stay the same."""
        stamps = super().stamps(sha256)
        known = self._known.get(sha256)
        if known is not None and known[0] == stamps:
            return known[1]
        try:
            reading = super().reading(sha256)
            found = resolve_all(reading.documents, super().reviews(sha256)) if reading is not None else []
            bars = any(not self._access.may_see(one.record, self._passed) for one in found)
        except StoreError:
            bars = True
        self._known[sha256] = stamps, bars
        return bars

    def has_object(self, sha256: str) -> bool:
        return super().has_object(sha256) and not self.hides(sha256)

    def objects(self) -> Iterator[str]:
        return (one for one in super().objects() if not self.hides(one))

    def reading(self, sha256: str) -> Reading | None:
        found = super().reading(sha256)
        return None if found is None or self.hides(sha256) else found

    def shas(self) -> list[str]:
        return [one for one in super().shas() if not self.hides(one)]

    def find(self, address: str) -> tuple[Reading, Record] | None:
        """By `reading`, so a hidden paper is not found; nor does another stand in its place."""
        return super().find(address)

    def text(self, sha256: str) -> Document | None:
        return None if self.hides(sha256) else super().text(sha256)

    def stamps(self, sha256: str) -> tuple[str, str]:
        return ("", "") if self.hides(sha256) else super().stamps(sha256)

    def reviewed(self) -> list[str]:
        return [one for one in super().reviewed() if not self.hides(one)]

    def reviews(self, sha256: str) -> list[Review]:
        return [] if self.hides(sha256) else super().reviews(sha256)
