"""Papers of the corpus as the drafter takes them: with people's corrections."""

from __future__ import annotations

from typing import Protocol

from draft.build import Paper
from gongwen.document import Document
from gongwen.errors import StoreError
from gongwen.record import Reading, Record
from gongwen.review import Review, effective


class Shelf(Protocol):
    """Where papers are taken from; gongwen.store.Store is one."""

    def find(self, address: str) -> tuple[Reading, Record] | None: ...

    def text(self, sha256: str) -> Document | None: ...

    def reviews(self, sha256: str) -> list[Review]: ...


def load_paper(shelf: Shelf, address: str) -> Paper:
    """Raises StoreError in Chinese."""
    found = shelf.find(address)
    if found is None:
        raise StoreError(f"没有编号为 {address} 的公文。编号在检索结果每件末尾的方括号里：先运行 search 检索词")
    reading, record = found
    document = shelf.text(reading.sha256)
    if document is None:
        raise StoreError(f"编号 {address} 的正文不在库中，请运行 rebuild")
    reviewed, _ = effective(record, shelf.reviews(reading.sha256))
    return Paper(reviewed, document)
