"""Did you mean: other spellings of a query that found nothing or almost nothing.

Names and words of the corpus (and the names of its units in the register) that are near a word in characters or in
sound: people mistype 科谱 for 科普, and OCR reads 末 for 未. A part of a longer name or title counts too. Every
spelling that is offered was searched with the same filters and finds more than the query did; none is shown unasked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import regex

from index.analysis import fold
from index.distance import Fit, distance, fit
from index.engine import Page, Query
from index.lexer import Token, tokens
from index.lexicon import Lexicon, Visible
from index.numbers import NumberKey, typed_number
from index.pinyin import rough
from index.query import joined
from index.suggesting import UNIT_FIELDS, Register

MOST = 3
_TRIED = 6
_SECONDS = 0.5
_SHORTEST, _LONGEST = 2, 24
_SHARED = 600  # names that share sounds with a word
_TITLES = 200
_ALLOWED = ((5, 1.0), (7, 1.5), (_LONGEST, 2.0))
_HAN = regex.compile(r"\p{Han}")
_LETTERS = regex.compile(r"[a-z]{2,24}")
_WORDS = regex.compile(r"[\p{L}\p{N}]+")
_FIELDS = UNIT_FIELDS | {"person", "title", "theme", "addressee", "number"}


@dataclass(frozen=True, slots=True)
class Correction:
    """`text` is the whole query spelled otherwise, `word` the part that differs, `total` how many papers it finds."""

    text: str
    word: str
    total: int


@dataclass(frozen=True, slots=True, order=True)
class _Other:
    cost: float
    papers: int  # negative, so that more come first
    text: str


def corrected(
    query: Query, lexicon: Lexicon, register: Register, search: Callable[[Query], Page], visible: Visible | None = None
) -> tuple[Correction, ...]:
    """Best first, at most MOST. `search` answers a query as this reader would see it."""
    clock = _Clock()
    bare = replace(query, offset=0, limit=1)
    own = search(bare)
    least = own.total if own.exact else 0
    found: dict[str, Correction] = {}
    for token, other in _others(query, lexicon, register, search, clock, visible):
        text = _spelled(query.text, token, other.text)
        if clock.rung or len(found) == MOST:
            break
        if text == query.text or text in found:
            continue
        page = search(replace(bare, text=text))
        if page.exact and page.total > least:
            found[text] = Correction(text, other.text, page.total)
    return tuple(found.values())


def _others(
    query: Query, lexicon: Lexicon, register: Register, search: Callable[[Query], Page], clock: _Clock,
    visible: Visible | None,
) -> Iterator[tuple[Token, _Other]]:  # fmt: skip
    """Words that find nothing by themselves, with their other spellings; the rarest word first."""
    wanted = [one for one in joined(tokens(query.text)[0]) if _is_wanted(one)]
    counted = [(_alone(one, query, search), one) for one in wanted[:4]]
    for total, token in sorted(counted, key=lambda pair: pair[0]):
        if total > 2 and len(counted) > 1:
            continue
        for other in _near(token, lexicon, register, clock, visible)[:_TRIED]:
            yield token, other


def _is_wanted(token: Token) -> bool:
    if token.negated or token.kind == "or" or (token.kind == "field" and token.name_key not in _FIELDS):
        return False
    return _SHORTEST <= len(fold(token.text)) <= _LONGEST


def _alone(token: Token, query: Query, search: Callable[[Query], Page]) -> int:
    text = f"{token.name}:“{token.text}”" if token.kind == "field" else token.text
    page = search(Query(text, query.where, query.date_from, query.date_to, limit=1, today=query.today))
    return page.total if page.exact else 0


def _near(
    token: Token, lexicon: Lexicon, register: Register, clock: _Clock, visible: Visible | None
) -> list[_Other]:
    number = typed_number(token.text)
    if number is not None:
        return sorted(_numbers(number, lexicon, visible))
    word = fold(token.text)
    if _LETTERS.fullmatch(word):
        return sorted(_spoken(word, lexicon))
    if not _HAN.search(word):
        return []
    best: dict[str, _Other] = {}
    kind = "person" if token.kind == "field" and token.name_key == "person" else ""
    for one in _words(word, kind, lexicon, register, clock, visible):
        if one.text not in best or one < best[one.text]:
            best[one.text] = one
    return sorted(best.values())


def _words(
    word: str, kind: str, lexicon: Lexicon, register: Register, clock: _Clock, visible: Visible | None
) -> Iterator[_Other]:
    most = _allowed(len(word))
    for name in lexicon.sounding(list(dict.fromkeys(map(rough, word))), _least(word), _lengths(word), _SHARED):
        if clock.check() or (kind and name.kind != kind):
            continue
        cost = distance(word, name.folded, most)
        found = Fit(cost, name.text) if cost is not None else None
        if found is None and 2 < len(word) < len(name.folded):
            found = fit(word, name.folded, most)
        if found is not None and found.cost and (papers := lexicon.seen(name, visible)):
            yield from _part(found, -papers, len(found.text) < len(name.text))
    if kind:
        return
    for text, known in register.groups:
        cost = None if clock.check() or abs(len(text) - len(word)) > 1 else distance(word, fold(text), most)
        if cost:
            papers = sum(lexicon.seen(one, visible) for one in lexicon.known(known).values())
            if papers:
                yield _Other(cost, -papers, text)
    if len(word) >= 4:
        yield from _in_titles(word, lexicon, clock, visible, most)


def _in_titles(word: str, lexicon: Lexicon, clock: _Clock, visible: Visible | None, most: float) -> Iterator[_Other]:
    """Titles that hold a half of the word as it stands."""
    half = len(word) // 2
    roll = lexicon.rolls().titles
    places = {place for part in (word[:half], word[half:]) for place in roll.holding(part, _TITLES)}
    fits = {roll.keys[place]: found for place in places if (found := fit(word, roll.lines[place], most))}
    if visible is not None:
        seen = {one.serial for one in lexicon.titled(list(fits)) if visible(one.id)}
        fits = {serial: found for serial, found in fits.items() if serial in seen}
    for one in fits.values():
        if clock.check():
            return
        yield from _part(one, -1, True)


def _part(found: Fit, papers: int, is_part: bool) -> Iterator[_Other]:
    """A whole name is more likely meant than a part of one; a part with signs in it is none."""
    if found.cost and (not is_part or _WORDS.fullmatch(found.text)):
        yield _Other(found.cost + 0.1 * is_part, papers, found.text)


def _numbers(number: NumberKey, lexicon: Lexicon, visible: Visible | None) -> Iterator[_Other]:
    """Numbers of the same year and serial whose code is near, then neighbours in the same row."""
    for one in lexicon.numbered(f"{number.year}{number.serial}", _TITLES):
        known = typed_number(one.number)
        if known is None or known.tail != number.tail or (visible is not None and not visible(one.id)):
            continue
        cost = distance(number.agency, known.agency, 3.0)
        if cost is not None and 0 < cost < max(len(number.agency), 2):
            yield _Other(cost, -1, one.number)


def _spoken(letters: str, lexicon: Lexicon) -> Iterator[_Other]:
    """Pinyin typed without an input method: kepu, skx."""
    for kind in ("word", "unit", "person"):
        for one in lexicon.read_as(letters, kind, MOST):
            yield _Other(0.5 if letters in one.folded else 1.0, -one.papers, one.text)


def _spelled(text: str, token: Token, other: str) -> str:
    """With the word in place of what was typed, which may stand there with gaps."""
    typed = regex.compile(r"\s*".join(map(regex.escape, "".join(token.text.split()))))
    return typed.sub(lambda _: other, text, count=1)


def _allowed(length: int) -> float:
    """How far a word of this length may be off: two characters by sound or turned round, longer ones by a character,
    long ones by two."""
    if length <= 2:
        return 0.6
    return next(most for longest, most in _ALLOWED if length <= longest)


def _least(word: str) -> int:
    """Sounds that a near word must share."""
    sounds = len(set(map(rough, word)))
    return max(1, sounds - (1 if len(word) <= 5 else 2))


def _lengths(word: str) -> tuple[int, int]:
    off = 1 if len(word) <= 5 else 2
    return (len(word) - off, 40) if len(word) > 2 else (len(word), len(word))


class _Clock:
    def __init__(self) -> None:
        self._end = time.monotonic() + _SECONDS
        self.rung = False

    def check(self) -> bool:
        self.rung = self.rung or time.monotonic() > self._end
        return self.rung


__all__ = ["Correction", "corrected"]
