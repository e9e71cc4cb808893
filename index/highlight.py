"""Snippets: windows of the printed text around what was searched, also where it is printed with gaps."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

import regex

from gongwen.text import Span
from index.analysis import DROPPED, printed_forms

Pieces = tuple[tuple[str, bool], ...]

_AROUND = 40
_MAX_SNIPPETS = 3
_MAX_MATCHES = 60
_SECONDS = 1.0
_GAP = DROPPED.pattern.removesuffix("+") + "*+"
_STOPS = "。！？；\n"
_PAUSES = "，、：）"
_LONGEST = 200  # of joined windows
_LEAST_LEFT_OUT = 8  # characters: less than that is not worth a gap
_LONGEST_WORD = 40  # what is longer is no number or word
_JOINED = regex.compile(
    r"[\p{Latin}\p{N}〔〕.．_@/%％\-－–—]{2}|\p{N}[年月日号时分点个项场次万亿余元%％]|[年月第,:]\p{N}|\p{N}[,:]"
)


def mark(text: str, needles: Iterable[str]) -> Pieces:
    """The whole text with its matches marked; for titles."""
    return _pieces(text, Span(0, len(text)), matches(text, needles))


def snippets(text: str, needles: Iterable[str]) -> tuple[Pieces, ...]:
    """Up to three windows in text order, those that show most of what was searched; none when nothing matches: the
    head of a paper is its letterhead and tells nothing."""
    found = matches(text, needles)
    windows = _windows(text, found)
    best = sorted(range(len(windows)), key=lambda at: (-windows[at][1], at))[:_MAX_SNIPPETS]
    return tuple(_pieces(text, windows[at][0], found) for at in sorted(best))


def matches(text: str, needles: Iterable[str]) -> list[Span]:
    """Where folded needles stand in the text, in order; overlapping places become one."""
    return _merged([span for needle in filter(None, needles) for span in _places(text, needle)])


def _places(text: str, needle: str) -> list[Span]:
    found = _spaced(needle).finditer(text, timeout=_SECONDS)
    return [Span(*match.span()) for match in islice(found, _MAX_MATCHES)]


@lru_cache(maxsize=512)
def _spaced(needle: str) -> regex.Pattern[str]:
    """The needle in every printed form, with what folding drops allowed between any two characters."""
    return regex.compile(_GAP.join(map(_any_form, needle)))


def _any_form(char: str) -> str:
    forms = printed_forms(char)
    return regex.escape(char) if len(forms) == 1 else f"[{''.join(map(regex.escape, forms))}]"


def _merged(spans: list[Span]) -> list[Span]:
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


def _windows(text: str, found: list[Span]) -> list[tuple[Span, int]]:
    """Windows around matches, with the number of different matched texts in each. Neighbours are one window while
    it stays short; between two windows text is always left out."""
    out: list[tuple[Span, set[str]]] = []
    for span in found:
        said = "".join(span.of(text).split())
        window = Span(_opening(text, span), _ending(text, span))
        if not out or window.start > out[-1][0].end + _LEAST_LEFT_OUT:
            out.append((window, {said}))
            continue
        last, texts = out[-1]
        if max(last.end, window.end) - last.start <= _LONGEST:
            out[-1] = (Span(last.start, max(last.end, window.end)), texts | {said})
        elif span.start < last.end:  # it stands there whole, or the place to cut is behind it
            out[-1] = (Span(last.start, max(last.end, span.end)), texts | {said})
    return [(whole(text, _trimmed(text, window)), len(texts)) for window, texts in out]


def _opening(text: str, span: Span) -> int:
    """After the last mark before the match: of a sentence's end, or else of a pause; never inside a number or word."""
    start = max(0, span.start - _AROUND)
    for marks in (_STOPS, _PAUSES) if start else (_STOPS,):
        at = max(text.rfind(mark, start, span.start) for mark in marks)
        if at >= 0:
            return at + 1
    least = max(0, start - _LONGEST_WORD)
    while start > least and _is_joined(text, start):
        start -= 1
    return start


def _ending(text: str, span: Span) -> int:
    """At the last mark behind the match, as `_opening`. A mark right behind it would leave nothing to read."""
    end = min(len(text), span.end + _AROUND)
    if end == len(text):
        return end
    for marks, least in ((_STOPS, span.end), (_PAUSES, span.end + _AROUND // 2)):
        at = max(text.rfind(mark, least, end) for mark in marks)
        if at >= 0:
            return at + 1
    most = min(len(text), end + _LONGEST_WORD)
    while end < most and _is_joined(text, end):
        end += 1
    return end


def whole(text: str, window: Span) -> Span:
    """The window, longer where it would cut a number or an address, also one printed with gaps or over two lines:
    pages star such numbers, and know one only when it is whole."""
    start, end = window.start, window.end
    while start > max(0, window.start - _LONGEST_WORD) and _cuts(text, start):
        start -= 1
    while end < min(len(text), window.end + _LONGEST_WORD) and _cuts(text, end):
        end += 1
    return Span(start, end)


def _cuts(text: str, at: int) -> bool:
    before = text[max(0, at - _MOST_GAPS) : at].rstrip(_GAPS)[-1:]
    behind = text[at : at + _MOST_GAPS].lstrip(_GAPS)[:1]
    if not before or not behind:
        return False
    is_number = before.isdigit() and behind.isdigit()
    return is_number or before in _AT or behind in _AT or _is_joined(text, at)


_MOST_GAPS = 4
_GAPS = " \t\n\u3000\u00a0-－–"
_AT = "@＠#＃"


def _trimmed(text: str, window: Span) -> Span:
    said = window.of(text)
    return Span(window.start + len(said) - len(said.lstrip()), window.end - len(said) + len(said.rstrip()))


def _is_joined(text: str, at: int) -> bool:
    """Whether a cut at this place goes through a number, a date, a number of a document or a Latin word."""
    return _JOINED.match(text, max(0, at - 1), at + 1) is not None


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
