"""One commit of the index as a reader sees it: columns, posting lists, folded texts. Immutable but for its caches."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from index.clock import Clock
from index.columns import Columns, Ints, Mask
from index.covering import cover
from index.engine import IndexBroken
from index.entrystore import EntryStore, FoldedTexts, Segment
from index.postings import SegmentReader, Weights

_KEPT_POSTINGS = 256
_KEPT_CHECKS = 64
_KEPT_FREQUENCIES = 50_000
_FEW = 64  # checking so many texts costs less than reading another posting list
_MAX_GRAMS = 16  # of a long needle: the look into the text makes it exact
_CLOCK_EVERY = 128
_LEAST_ALIVE = 0.7

_UNKNOWN, _YES, _NO = 0, 1, 2
_T = TypeVar("_T")


class Snapshot:
    """`segments` are the readers with the serials of their documents."""

    def __init__(
        self, commit: int, columns: Columns, live: Sequence[int], segments: Sequence[tuple[SegmentReader, Ints]],
        texts: FoldedTexts,
    ) -> None:  # fmt: skip
        self.commit = commit
        self.columns = columns
        self.alive: Mask = _among(columns.serials, np.array(live, np.int64))
        self.count = int(self.alive.sum())
        self._texts = texts
        self._segments = [(reader, self._rows_of(serials)) for reader, serials in segments]
        self._lock = threading.Lock()
        self._frequencies: dict[tuple[str, str], int] = {}
        self._postings: OrderedDict[tuple[str, str], tuple[Ints, Weights]] = OrderedDict()
        self._checked: OrderedDict[str, npt.NDArray[np.int8]] = OrderedDict()
        self._titles: OrderedDict[str, Mask] = OrderedDict()
        self._title_codes = _codes("\n".join(columns.folded_titles))
        self.title_lengths = np.fromiter(map(len, columns.folded_titles), np.int64, len(columns))
        self._title_starts = np.cumsum(self.title_lengths + 1) - self.title_lengths - 1
        alive_lengths = columns.lengths[self.alive]
        self.mean_length = float(alive_lengths.mean()) if len(alive_lengths) else 1.0

    def _rows_of(self, serials: Ints) -> Ints:
        """The row of each document of a segment, -1 for dead ones."""
        own = self.columns.serials
        if not len(own):
            return np.full(len(serials), -1, np.int64)
        at = np.minimum(np.searchsorted(own, serials), len(own) - 1)
        return np.where((own[at] == serials) & self.alive[at], at, -1)

    def postings(self, field: str, term: str) -> tuple[Ints, Weights]:
        """Live rows and frequencies of a term."""
        with self._lock:
            return _kept(self._postings, (field, term), lambda: self._read(field, term), _KEPT_POSTINGS)

    def _read(self, field: str, term: str) -> tuple[Ints, Weights]:
        rows: list[Ints] = [np.zeros(0, np.int64)]
        weights: list[Weights] = [np.zeros(0, np.float32)]
        for reader, row_of in self._segments:
            documents, counts = reader.postings(field, term)
            found = row_of[documents]
            rows.append(found[found >= 0])
            weights.append(counts[found >= 0])
        return np.concatenate(rows), np.concatenate(weights)

    def frequency(self, term: str, field: str = "grams") -> int:
        """In how many entries a term stands, dead ones included."""
        found = self._frequencies.get((field, term))
        if found is None:
            if len(self._frequencies) > _KEPT_FREQUENCIES:
                self._frequencies = {}
            found = sum(reader.frequency(field, term) for reader, _ in self._segments)
            self._frequencies[field, term] = found
        return found

    def folded(self, serial: int) -> str:
        """All that is searched of a live entry; '' when there is none."""
        at = int(np.searchsorted(self.columns.serials, serial))
        if at == len(self.columns) or self.columns.serials[at] != serial:
            return ""
        return self._texts.read(int(self.columns.starts[at]), int(self.columns.sizes[at])).decode()

    def standing(self, needle: str, within: Mask, clock: Clock) -> Mask:
        """Exactly the rows of `within` in whose folded text the needle stands (fewer when the clock rings)."""
        if len(needle) <= 2:
            return self.possible(needle, within)
        if int(within.sum()) <= _FEW:
            known = np.zeros(len(self.columns), np.int8)
        elif clock.check():
            return np.zeros(len(self.columns), np.bool_)
        else:
            with self._lock:
                known = _kept(self._checked, needle, lambda: self._placed(needle), _KEPT_CHECKS)
        self._look(needle, self.possible(needle, within & (known == _UNKNOWN)), known, clock)
        return np.asarray(within & (known == _YES))

    def _placed(self, needle: str) -> npt.NDArray[np.int8]:
        """What the places of its pairs tell of the needle; unknown where they are not kept, or not worth reading."""
        known = np.zeros(len(self.columns), np.int8)
        pairs = cover(needle, self.frequency)
        if min(count for _, _, count in pairs) <= _FEW:
            return known
        for reader, row_of in self._segments:
            documents = reader.phrase([(at, pair) for at, pair, _ in pairs])
            if documents is None:
                continue
            known[row_of[row_of >= 0]] = _NO
            rows = row_of[documents]
            known[rows[rows >= 0]] = _YES
        return known

    def _look(self, needle: str, possible: Mask, known: npt.NDArray[np.int8], clock: Clock) -> None:
        """Into the text of each possible row."""
        wanted = needle.encode()
        rows = np.flatnonzero(possible)
        starts, ends = self.columns.starts[rows], (self.columns.starts + self.columns.sizes)[rows]
        for at in range(0, len(rows), _CLOCK_EVERY):
            if clock.check():
                return
            part = slice(at, at + _CLOCK_EVERY)
            stands = self._texts.containing(wanted, starts[part].tolist(), ends[part].tolist())
            known[rows[part]] = np.where(stands, _YES, _NO)

    def possible(self, needle: str, within: Mask, *, most: int = _MAX_GRAMS) -> Mask:
        """Rows of `within` that have all pairs of characters of the needle (or the rarest of them): never too few."""
        if not within.any():
            return within
        grams = dict.fromkeys(needle[at : at + 2] for at in range(max(1, len(needle) - 1)))
        frequencies = {gram: self.frequency(gram) for gram in grams}
        mask = within
        for gram in sorted(grams, key=frequencies.__getitem__)[:most]:
            if not frequencies[gram]:
                return np.zeros(len(self.columns), np.bool_)
            mask = self._with_gram(gram) & mask
            if len(needle) > 2 and int(mask.sum()) <= _FEW:
                break
        return mask

    def _with_gram(self, gram: str) -> Mask:
        mask = np.zeros(len(self.columns), np.bool_)
        mask[self.postings("grams", gram)[0]] = True
        return mask

    def titled(self, needle: str) -> Mask:
        """Rows in whose title the needle stands."""
        with self._lock:
            return _kept(self._titles, needle, lambda: self._title_mask(needle), _KEPT_CHECKS)

    def _title_mask(self, needle: str) -> Mask:
        """All titles are one text with line breaks: its first character finds few places, the others fewer."""
        mask = np.zeros(len(self.columns), np.bool_)
        wanted, codes = _codes(needle), self._title_codes
        if not 0 < len(wanted) <= len(codes):
            return mask
        places = np.flatnonzero(codes[: len(codes) - len(wanted) + 1] == wanted[0])
        for at in range(1, len(wanted)):
            places = places[codes[places + at] == wanted[at]]
        mask[np.searchsorted(self._title_starts, places, side="right") - 1] = True
        return mask


def load(store: EntryStore, known: Columns, readers: Callable[[Segment], SegmentReader]) -> Snapshot:
    """The last commit, with the columns that are known brought up to it."""
    with store.reading():
        live = store.serials()
        columns = extended(store, known, live)
        segments = [(readers(one), one.serials) for one in store.segments()]
        if not np.isin(live, np.concatenate([np.zeros(0, np.int64), *(serials for _, serials in segments)])).all():
            raise IndexBroken("entries are missing from the index")
        return Snapshot(store.state("commit"), columns, live, segments, store.map_texts())


def extended(store: EntryStore, known: Columns, live: Sequence[int]) -> Columns:
    """The columns of all live entries; those that are known are taken over as long as few of their rows are dead."""
    last = int(known.serials[-1]) if len(known) else 0
    fresh = len(live) - bisect_right(live, last)
    if len(known) and len(live) - fresh < len(known) * _LEAST_ALIVE:
        known, last = Columns(), 0
    for rows in store.rows(after=last):
        known = known.extended(rows)
    return known


def _codes(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def _among(own: Ints, wanted: Ints) -> Mask:
    if not len(wanted) or not len(own):
        return np.zeros(len(own), np.bool_)
    at = np.minimum(np.searchsorted(wanted, own), len(wanted) - 1)
    return np.asarray(wanted[at] == own)


_K = TypeVar("_K")


def _kept(cache: OrderedDict[_K, _T], key: _K, make: Callable[[], _T], limit: int) -> _T:
    if key in cache:
        cache.move_to_end(key)
        return cache[key]
    made = make()
    cache[key] = made
    while len(cache) > limit:
        cache.popitem(last=False)
    return made
