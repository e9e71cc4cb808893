"""The Document of an archive: its members' names, beside the running text, for an archive says nothing itself."""

from __future__ import annotations

from collections.abc import Iterable

from gongwen.document import Block, Document, TextBuilder
from gongwen.errors import SourceError
from ingest.basket import Basket, listing
from ingest.safety import clean_text
from ingest.source import Source


def listed_document(source: Source, reader: str, basket: Basket, warnings: Iterable[str] = ()) -> Document:
    """SourceError `password` or `needs_unpacker` when nothing comes out for that reason, `no_text` when there is
    nothing."""
    reasons = {one.reason for one in basket.listed} - {"empty"}
    if not basket.listed:
        raise SourceError("no_text", "an archive without files")
    for reason in ("password", "needs_unpacker"):
        if reasons == {reason}:
            raise SourceError(reason, "all members")
    out = TextBuilder()
    blocks: list[Block] = []
    for line in listing(basket):
        blocks.append(Block("note", out.add(clean_text(line).replace("\n", " "))))
        out.add("\n")
    why = basket.reasons()
    return Document(
        sha256=source.sha256, text=out.text(), blocks=tuple(blocks), reader=reader, media_type=source.media_type,
        complete=not why, reasons=why, warnings=(*source.warnings, *dict.fromkeys(warnings)),
    )  # fmt: skip
