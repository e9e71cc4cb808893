"""RAR: known, and not opened here. The person is told what to do."""

from __future__ import annotations

from typing import ClassVar

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.source import Reader, Source


class UnopenedReader:
    name: ClassVar[str] = "unopened"
    revision: ClassVar[int] = 1

    def claim(self, source: Source) -> int:
        return 10 if source.media_type == "application/vnd.rar" else 0

    def read(self, source: Source) -> Document:
        raise SourceError("needs_unpacker", source.media_type)


READER: Reader = UnopenedReader()
