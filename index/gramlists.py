"""Characters and pairs of neighbouring characters of many texts, sorted: where each stands.

All occurrences of a segment are sorted as numbers made of both characters and the place, a few million at a time;
that is several times faster than sorting keys and carrying their documents along, and needs as much memory however
many texts there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int64]

_BREAK = 10
_CODES = 0x110000
_AT_ONCE = 2_000_000  # occurrences; about 100 bytes each while they are sorted


@dataclass(frozen=True, slots=True)
class Lists:
    """Terms in the order of their UTF-8. `documents[bounds[i]:bounds[i + 1]]` are those of term i, ascending;
    `places[at[i]:at[i + 1]]` where it stands in all texts one after another."""

    terms: list[bytes]
    documents: npt.NDArray[np.uint32]
    bounds: list[int]
    places: Codes
    at: list[int]


def codes_of(folded: str) -> Codes:
    return np.frombuffer(folded.encode("utf-32-le"), np.uint32)


def starts_of(texts: Sequence[Codes]) -> Codes:
    """Where each text begins when they stand one after another, a line break behind each."""
    lengths = np.fromiter((len(one) + 1 for one in texts), np.int64, len(texts))
    return (np.cumsum(lengths) - lengths).astype(np.uint32)


def gram_lists(texts: Sequence[Codes]) -> Iterator[Lists]:
    """Nothing spans a line break."""
    codes = np.concatenate([part for one in texts for part in (one, np.array([_BREAK], np.uint32))])
    document_of = np.repeat(np.arange(len(texts), dtype=np.uint32), [len(one) + 1 for one in texts])
    chars, ranks = _ranked(codes)
    place_bits, char_bits = np.uint64(max(1, len(codes).bit_length())), np.uint64(max(1, (len(chars) + 1).bit_length()))
    if int(place_bits) + 2 * int(char_bits) > 64:
        raise ValueError(f"{len(codes)} characters, {len(chars)} different ones: too many for a segment")
    for low, high in _shares(ranks, len(chars)):
        places = np.flatnonzero((ranks >= low) & (ranks < high)).astype(np.uint64)
        first = (ranks[places].astype(np.uint64) << char_bits) << place_bits
        second = ranks[np.minimum(places + np.uint64(1), len(codes) - 1)].astype(np.uint64)
        paired = second > 0
        found = np.concatenate([first | places, (first | second << place_bits | places)[paired]])
        found.sort()
        yield _lists(found, place_bits, char_bits, chars, document_of)


def _ranked(codes: Codes) -> tuple[Codes, Codes]:
    """The different characters in order, and for each character its place among these from 1; 0 for a line break."""
    present = np.zeros(_CODES, np.bool_)
    present[codes] = True
    present[_BREAK] = False
    chars = np.flatnonzero(present).astype(np.uint32)
    rank_of = np.zeros(_CODES, np.uint32)
    rank_of[chars] = np.arange(1, len(chars) + 1)
    return chars, rank_of[codes]


def _shares(ranks: Codes, count: int) -> Iterator[tuple[int, int]]:
    """Ranges of first characters that stand in about as many places as are sorted at once."""
    totals = np.cumsum(np.bincount(ranks, minlength=count + 1)[1:])
    low = 1
    while low <= count:
        done = int(totals[low - 2]) if low > 1 else 0
        high = max(low + 1, int(np.searchsorted(totals, done + _AT_ONCE, side="right")) + 1)
        yield low, min(high, count + 1)
        low = high


def _lists(
    found: npt.NDArray[np.uint64], place_bits: np.uint64, char_bits: np.uint64, chars: Codes,
    document_of: npt.NDArray[np.uint32],
) -> Lists:  # fmt: skip
    places = (found & ((np.uint64(1) << place_bits) - np.uint64(1))).astype(np.uint32)
    keys = found >> place_bits
    documents = document_of[places]
    is_term = np.concatenate([np.ones(1, np.bool_), keys[1:] != keys[:-1]])
    is_posting = is_term.copy()
    is_posting[1:] |= documents[1:] != documents[:-1]
    at = np.flatnonzero(is_term)
    bounds = np.append(np.cumsum(is_posting)[at] - 1, is_posting.sum())
    first, second = keys[at] >> char_bits, keys[at] & ((np.uint64(1) << char_bits) - np.uint64(1))
    letters = ["", *(chr(code) for code in chars.tolist())]
    terms = [(letters[one] + letters[two]).encode() for one, two in zip(first.tolist(), second.tolist(), strict=True)]
    return Lists(terms, documents[is_posting], bounds.tolist(), places, [*at.tolist(), len(found)])
