"""Papers of hundreds of rows: a page shows the first of each table and the first paragraphs, and all of them when they
are asked for (`all=1`). A paper of 1,500 tasks is 1.8 MB of HTML and takes over a second."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for

from web.facts import Facts
from web.marked import MarkedBlock, MarkedText

ROWS = 100
BLOCKS = 300
ALL = "all"


@dataclass(frozen=True, slots=True)
class Whole:
    """Where the whole paper is shown, and the anchors that are only there. `url` is empty where nothing is left out."""

    url: str = ""
    absent: frozenset[str] = frozenset()


def whole_url(address: str) -> str:
    """The page as it is asked for now, but with nothing left out."""
    kept = {"view", "page", "full", "review"}
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if name in kept}
    return url_for("documents.show", address=address, **{**asked, ALL: "1"})


def shorten(address: str, facts: Facts, text: MarkedText | None) -> tuple[Facts, MarkedText | None, Whole]:
    """As little as is quick to read and to load; as it is when all is asked for."""
    if request.args.get(ALL) == "1":
        return facts, text, Whole()
    tables = tuple(replace(one, rows=one.rows[:ROWS], left=max(0, len(one.rows) - ROWS)) for one in facts.tables)
    kept = text
    absent: set[str] = set()
    if text is not None:
        kept = replace(text, flow=tuple(map(_short, text.flow[:BLOCKS])), left=max(0, len(text.flow) - BLOCKS))
        absent = {*_anchors(text.flow)} - {*_anchors(kept.flow)}
    is_cut = absent or any(one.left for one in tables) or (kept is not None and kept.left)
    if not is_cut:
        return facts, text, Whole()
    return replace(facts, tables=tables), kept, Whole(whole_url(address), frozenset(absent))


def lies_deep(path: str) -> bool:
    """Whether a value stands in a row that its paper's page leaves out at first."""
    _, _, rest = path.partition("/")
    row = rest.partition("/")[0]
    return row.isdecimal() and int(row) >= ROWS


def _short(block: MarkedBlock) -> MarkedBlock:
    return replace(block, rows=block.rows[:ROWS], left=max(0, len(block.rows) - ROWS))


def _anchors(blocks: Iterable[MarkedBlock]) -> Iterable[str]:
    for block in blocks:
        yield block.anchor
        for piece in block.pieces:
            yield piece.anchor
        for row in block.rows:
            for cell in row:
                yield from (piece.anchor for piece in cell.pieces)
