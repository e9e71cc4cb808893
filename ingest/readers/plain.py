"""Plain text: decode strictly, then let the layout put lines together."""

from __future__ import annotations

from typing import ClassVar

from gongwen.document import Document
from gongwen.errors import SourceError
from ingest.layout import lay_out
from ingest.layout.decode import decode
from ingest.source import Reader, Source


class PlainReader:
    name: ClassVar[str] = "plain"
    revision: ClassVar[int] = 5

    def claim(self, source: Source) -> int:
        return 50 if source.media_type == "text/plain" else 0

    def read(self, source: Source) -> Document:
        return document(source, f"{self.name}/{self.revision}", markdown=None)


def document(source: Source, reader: str, *, markdown: bool | None) -> Document:
    """The Document of a text or Markdown source; SourceError `encoding`, `empty` or `no_text`."""
    if not source.data:
        raise SourceError("empty", source.name)
    decoded = decode(source.data, source.name)
    layout = lay_out(decoded.text, markdown=markdown)
    if not layout.text.strip():
        raise SourceError("no_text", source.name)
    return Document(
        sha256=source.sha256,
        text=layout.text,
        blocks=layout.blocks,
        reader=reader,
        media_type=source.media_type,
        origin=layout.origin,
        warnings=(*source.warnings, *decoded.warnings),
        links=layout.links,
    )


READER: Reader = PlainReader()
