"""Papers with pages: PDF files drawn for the test and read, with records that say where their values stand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "ingest"))

from corpus_kit import Made, PlainFinder, _complete, _put, new_store
from flask.testing import FlaskClient
from picture_kit import BAR, PHONE, contacts, covered, ink, pixels, places, sheet_pdf

from gongwen.document import Block, Box, Document, PageSize, Run
from gongwen.record import Evidence, Reading, Record, empty_values, record_id
from gongwen.settings import Settings
from gongwen.store import Store
from gongwen.text import Span
from ingest.pictures.drawing import draw
from ingest.pictures.gallery import Gallery
from ingest.pictures.wish import Wish
from ingest.readers.pdf import READER
from ingest.source import Source
from web.app import create_app

__all__ = [
    "BAR", "PHONE", "TITLE", "VALUES", "address", "contacts", "covered", "draw_here", "ink", "letter", "long_paper",
    "made_of", "pixels", "places", "read_pdf", "sheet_pdf", "site",
]  # fmt: skip

TITLE = "关于报送联络员名单的通知"
VALUES = {"title": TITLE, "addressees/0": "各县（区）科协", "contacts/0/name": "李明远", "contacts/0/phones/0": PHONE,
          "deadlines/0/text": "九月十日前"}  # fmt: skip


def made_of(
    document: Document, data: bytes, *papers: tuple[Mapping[str, str], Span | None, str | None],
    source: str = "收件/联络员.pdf", reasons: Sequence[str] = (),
) -> Made:  # fmt: skip
    """`papers`: values by path as printed, the part of the text, how it is disclosed."""
    records = [_record(document, *paper, number) for number, paper in enumerate(papers, 1)]
    reading = Reading(source, document.sha256, document.media_type, not reasons, list(reasons), records, "kit")
    return Made(replace(document, complete=not reasons, reasons=tuple(reasons)), reading, data)


def _record(
    document: Document, values: Mapping[str, str], part: Span | None, disclosure: str | None, number: int
) -> Record:
    record = Record(empty_values())
    part = part or Span(0, len(document.text))
    record.values |= {"id": record_id(document.sha256, number), "disclosure": disclosure,
                      "part": {"start": part.start, "end": part.end, "number": number}}  # fmt: skip
    for path, words in values.items():
        at = document.text.index(words, part.start)
        record.evidence[path] = [Evidence.at(document, Span(at, at + len(words)), "kit")]
        _put(record.values, path.split("/"), words)
    _complete(record)
    return record


def read_pdf(data: bytes) -> Document:
    return READER.read(Source.of("a.pdf", data, "application/pdf"))


def letter(disclosure: str | None = None, pages: int = 1) -> Made:
    data = sheet_pdf(contacts, pages=pages)
    return made_of(read_pdf(data), data, (VALUES, None, disclosure))


def long_paper(count: int, values: Mapping[str, str]) -> Made:
    """Pages of one line each, without a file behind them."""
    lines = [f"第{number}页的工作记录事项" for number in range(1, count + 1)]
    text, at, runs, blocks = "\n".join(lines) + "\n", 0, [], []
    for number, line in enumerate(lines, 1):
        span = Span(at, at + len(line))
        runs.append(Run(span, Box(number, 80, 100, 80 + 16 * len(line), 116)))
        blocks.append(Block("paragraph", span, page=number))
        at = span.end + 1
    data = text.encode()
    sha256 = Source.of("a", data, "application/pdf").sha256
    sizes = tuple(PageSize(number, 595.0, 842.0) for number in range(1, count + 1))
    document = Document(sha256, text, tuple(blocks), "pdf/3", "application/pdf", runs=tuple(runs), pages=sizes)
    return made_of(document, data, (values, None, None))


def draw_here(path: Path, wish: Wish) -> bytes:
    """Without a sandbox."""
    return draw(wish, path.read_bytes(), lambda module: None)


def site(
    folder: Path, *made: Made, draw: Callable[[Path, Wish], bytes] = draw_here, **more: Any
) -> tuple[FlaskClient, Store]:
    store = new_store(folder, list(made))
    app = create_app(
        Settings(), papers=store, finder=PlainFinder(list(made)), pictures=Gallery(store, draw=draw, **more)
    )
    return app.test_client(), store


def address(made: Made, number: int = 1) -> str:
    return f"/d/{made.reading.documents[number - 1].id}"
