"""Snippets: windows of the printed text around what was searched, also where it is printed with gaps."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

import regex

from gongwen.text import Span
from index.analysis import DROPPED, flat

Pieces = tuple[tuple[str, bool], ...]

_AROUND = 40
_MAX_SNIPPETS = 3
_MAX_MATCHES = 60
_SECONDS = 1.0
_HAN = regex.compile(r"\p{Han}+")
_GAP = DROPPED.pattern.removesuffix("+") + "*+"
_STOPS = "。；！？\n"


def mark(text: str, needles: Iterable[str]) -> Pieces:
    """The whole text with its matches marked; for titles."""
    return _pieces(text, Span(0, len(text)), matches(text, needles))


def snippets(text: str, needles: Iterable[str]) -> tuple[Pieces, ...]:
    """Up to three windows in text order, those that show most of what was searched; the head when nothing matches."""
    wanted = list(needles)
    found = matches(text, wanted)
    if not found:
        head = _plain(text)
        return ((head,),) if head[0] else ()
    windows = _windows(text, found)
    best = sorted(range(len(windows)), key=lambda at: (-windows[at][1], at))[:_MAX_SNIPPETS]
    return tuple(_pieces(text, windows[at][0], found) for at in sorted(best))


def matches(text: str, needles: Iterable[str]) -> list[Span]:
    """Where folded needles stand in the text, in order; overlapping places become one."""
    folded = ""
    spans: list[Span] = []
    for needle in filter(None, needles):
        found = _places(text, needle) if _HAN.fullmatch(needle) else []  # folding leaves nearly all Han as they are
        if not found:
            folded = folded or flat(text)
            found = _places(folded, needle)
        spans += found
    return _merged(spans)


def _places(text: str, needle: str) -> list[Span]:
    found = _spaced(needle).finditer(text, timeout=_SECONDS)
    return [Span(*match.span()) for match in islice(found, _MAX_MATCHES)]


@lru_cache(maxsize=512)
def _spaced(needle: str) -> regex.Pattern[str]:
    """The needle with what folding drops allowed between any two characters."""
    return regex.compile(_GAP.join(map(regex.escape, needle)))


def _merged(spans: list[Span]) -> list[Span]:
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


def _windows(text: str, found: list[Span]) -> list[tuple[Span, int]]:
    """Windows around matches, with the number of different matched texts in each."""
    out: list[tuple[Span, set[str]]] = []
    for span in found:
        said = "".join(span.of(text).split())
        if out and span.start <= out[-1][0].end:
            last, texts = out[-1]
            grown = min(len(text), max(last.end, span.end + _AROUND // 2))
            out[-1] = (Span(last.start, max(grown, span.end)), texts | {said})
            continue
        start = max(out[-1][0].end if out else 0, span.start - _AROUND)
        out.append((Span(start, min(len(text), span.end + _AROUND)), {said}))
    return [(_trimmed(text, span, found), len(texts)) for span, texts in out]


def _trimmed(text: str, window: Span, found: list[Span]) -> Span:
    """Begin after the last sentence end before the first match; never cut a match."""
    inside = [span for span in found if window.overlaps(span)]
    head = max((text.rfind(stop, window.start, inside[0].start) for stop in _STOPS), default=-1) if inside else -1
    return Span(max(window.start, head + 1), max(window.end, inside[-1].end if inside else 0))


def _pieces(text: str, window: Span, found: list[Span]) -> Pieces:
    out: list[tuple[str, bool]] = []
    at = window.start
    for span in found:
        if span.end <= window.start or span.start >= window.end:
            continue
        start, end = max(span.start, window.start), min(span.end, window.end)
        if start > at:
            out.append((text[at:start], False))
        out.append((text[start:end], True))
        at = end
    if at < window.end:
        out.append((text[at : window.end], False))
    return tuple(out)


def _plain(text: str) -> tuple[str, bool]:
    return (" ".join(text[: 4 * _AROUND].split())[: 2 * _AROUND], False)
