"""The way back from a text to the text it was made of: triples (offset, source offset, length), in order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

Piece = tuple[int, int, int]


def compose(outer: Sequence[Piece], inner: Sequence[Piece]) -> tuple[Piece, ...]:
    """text → middle and middle → source give text → source. What the middle text has of its own (a changed
    blank) has no source and leaves a hole."""
    starts = [piece[0] for piece in inner]
    out: list[Piece] = []
    for at, middle, length in outer:
        index = max(0, bisect_right(starts, middle) - 1)
        while index < len(inner) and inner[index][0] < middle + length:
            start, source, size = inner[index]
            first, last = max(start, middle), min(start + size, middle + length)
            if first < last:
                _append(out, (at + first - middle, source + first - start, last - first))
            index += 1
    return tuple(out)


def exact(pieces: Iterable[Piece], text: str, source: str) -> tuple[Piece, ...]:
    """The parts of the pieces where text and source are equal, character for character."""
    out: list[Piece] = []
    for at, origin, length in pieces:
        if text[at : at + length] == source[origin : origin + length]:
            _append(out, (at, origin, length))
            continue
        for step in range(length):
            if text[at + step] == source[origin + step]:
                _append(out, (at + step, origin + step, 1))
    return tuple(out)


def _append(out: list[Piece], piece: Piece) -> None:
    if out:
        at, source, length = out[-1]
        if at + length == piece[0] and source + length == piece[1]:
            out[-1] = (at, source, length + piece[2])
            return
    out.append(piece)
