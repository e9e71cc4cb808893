"""What a reader gets: one file's bytes with the type its content shows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from gongwen.document import Document
from gongwen.errors import SourceError

Ocr = Literal["none", "later", "now"]
"""Pictures of text: cannot be read here; are read by a child that may cost more (say so by OcrWanted); are read now."""


class OcrWanted(SourceError):  # noqa: N818  (a request, not a fault of the file)
    """There are pictures of text in the file, and this child is not the one that may read them."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("no_text_needs_ocr", detail)


@dataclass(frozen=True, slots=True)
class Source:
    """`media_type` comes from the content (ingest.sniff); `name` is a label for messages, never a path to open."""

    name: str
    data: bytes
    media_type: str
    sha256: str
    warnings: tuple[str, ...] = ()
    converted: bytes | None = None
    """The same document as DOCX, for a reader that raised `NeedsConversion`."""
    ocr: Ocr = "none"

    @classmethod
    def of(cls, name: str, data: bytes, media_type: str, warnings: tuple[str, ...] = ()) -> Source:
        return cls(name, data, media_type, hashlib.sha256(data).hexdigest(), warnings)


class NeedsConversion(Exception):  # noqa: N818  (a wish, not an error)
    """Raised by a reader that can only read what the converter makes of the file; it is called again with
    `source.converted`. `form`: a key of ingest.convert.FORMS."""

    def __init__(self, form: str) -> None:
        super().__init__(form)
        self.form = form


class Reader(Protocol):
    """One format. `revision` goes up when the text it yields changes. Heavy libraries are imported inside `read`."""

    name: ClassVar[str]
    revision: ClassVar[int]

    def claim(self, source: Source) -> int:
        """0: not mine; the highest claim reads."""
        ...

    def read(self, source: Source) -> Document:
        """Raises SourceError; runs only inside the child process."""
        ...
