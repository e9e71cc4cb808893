"""What makes records of a Document, as ingest sees it: given by name, for ingest knows no extractor."""

from __future__ import annotations

from typing import Protocol

from gongwen.document import Document
from gongwen.record import Record


class Derive(Protocol):
    """`fingerprint` says by which rules."""

    @property
    def fingerprint(self) -> str: ...

    def __call__(self, document: Document, /) -> list[Record]: ...
