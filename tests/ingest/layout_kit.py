"""Helpers of the layout tests: read a text, show its blocks as lines a person can compare."""

from __future__ import annotations

from gongwen.document import Block, Document, rows
from ingest.readers import choose
from ingest.source import Source


def read(text: str | bytes, media_type: str = "text/plain") -> Document:
    data = text.encode() if isinstance(text, str) else text
    source = Source.of("样本", data, media_type)
    return choose(source).read(source)


def paragraphs(text: str, media_type: str = "text/plain") -> list[str]:
    document = read(text, media_type)
    return [block.span.of(document.text) for block in document.blocks if block.kind == "paragraph"]


def meta(document: Document) -> list[tuple[str | None, str]]:
    return [(block.key, block.span.of(document.text)) for block in document.blocks if block.kind == "meta"]


def table(document: Document, number: int = 0) -> list[list[str]]:
    block = [block for block in document.blocks if block.kind == "table"][number]
    return [[cell.span.of(document.text) for cell in row] for row in rows(block)]


def outline(document: Document) -> str:
    """Blocks one a line: `¶` paragraph, `¶2` with its level, `^` centred, `*` bold, `[key] value`, `| cell | cell |`,
    `-> link`."""
    out = [line for block in document.blocks for line in _lines(document, block)]
    out += [f"-> {text} = {target}" for text, target in document.links]
    return "\n".join(out) + "\n"


def _lines(document: Document, block: Block) -> list[str]:
    if block.kind == "table":
        found = [[cell.span.of(document.text).replace("\n", "⏎") for cell in row] for row in rows(block)]
        return [f"| {' | '.join(row)} |" for row in found]
    text = block.span.of(document.text)
    if block.kind == "meta":
        return [f"[{block.key}] {text}"]
    marks = (str(block.level) if block.level else "") + ("^" if block.centred else "") + ("*" if block.bold else "")
    return [f"¶{marks} {text}"]


def check_way_back(document: Document, source: str) -> None:
    """Pieces are exact, in order, and cover every character that is no blank."""
    covered: set[int] = set()
    at = 0
    for start, origin, length in document.origin:
        assert start >= at and length > 0
        assert document.text[start : start + length] == source[origin : origin + length]
        at = start + length
        covered.update(range(start, at))
    assert [char for i, char in enumerate(document.text) if i not in covered and not char.isspace()] == []


def check_spans(document: Document) -> None:
    """Blocks are in order and do not overlap; cells stand inside their table; every word is in a block."""
    at = 0
    for block in document.blocks:
        assert block.span.start >= at
        assert block.span.end <= len(document.text)
        at = block.span.end
        assert all(block.span.holds(cell.span) for cell in block.cells)
    assert document == Document.from_json(document.to_json())
