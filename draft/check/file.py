"""A file that was checked: its papers with what was found, and how its layout stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from draft.check.model import Finding
from gongwen.document import Document
from gongwen.record import Record

if TYPE_CHECKING:
    from draft.gb9704.layout import Item


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """`layout` is empty for what is no DOCX. `has_corpus`: citations were held against the corpus."""

    document: Document
    papers: tuple[tuple[Record, tuple[Finding, ...]], ...]
    layout: tuple[Item, ...]
    has_corpus: bool

    def to_json(self, source: str) -> dict[str, Any]:
        documents = [{"title": record["title"], "document_number": record["document_number"],
                      "findings": [one.to_json() for one in found]} for record, found in self.papers]  # fmt: skip
        return {"source": source, "documents": documents, "layout": [one.to_json() for one in self.layout],
                "corpus": self.has_corpus}  # fmt: skip


class Checker(Protocol):
    """Reads a file and checks it; keeps nothing. Raises SourceError when it cannot be read."""

    def check(self, path: Path, name: str) -> CheckedFile: ...
