"""One commit of the index as a reader sees it: columns, posting lists, folded texts. Immutable but for its caches."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from index.columns import Columns, Ints, Mask
from index.entrystore import EntryStore, FoldedTexts
from index.segments import SegmentReader, Weights

_KEPT_POSTINGS = 256
_KEPT_CHECKS = 64
_FEW = 64  # checking so many texts costs less than reading another posting list
_MAX_GRAMS = 16  # of a long needle: the check on the text makes it exact
_CLOCK_EVERY = 128

_UNKNOWN, _YES, _NO = 0, 1, 2
_T = TypeVar("_T")


class Clock:
    """When a search must end; once it has rung, everything unchecked is left out."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self.rung = False

    def check(self) -> bool:
        self.rung = self.rung or time.monotonic() > self._end
        return self.rung


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
        self._postings: OrderedDict[tuple[str, str], tuple[Ints, Weights]] = OrderedDict()
        self._checked: OrderedDict[str, npt.NDArray[np.int8]] = OrderedDict()
        self._titles: OrderedDict[str, Mask] = OrderedDict()
        self._title_text = "\n".join(columns.folded_titles)
        lengths = np.fromiter(map(len, columns.folded_titles), np.int64, len(columns))
        self._title_starts = np.cumsum(lengths + 1) - lengths - 1
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
        return sum(reader.frequency(field, term) for reader, _ in self._segments)

    def folded(self, serial: int) -> str:
        """All that is searched of a live entry; '' when there is none."""
        at = int(np.searchsorted(self.columns.serials, serial))
        if at == len(self.columns) or self.columns.serials[at] != serial:
            return ""
        return self._texts.read(int(self.columns.starts[at]), int(self.columns.sizes[at])).decode()

    def standing(self, needle: str, within: Mask, clock: Clock) -> Mask:
        """Exactly the rows of `within` in whose folded text the needle stands (fewer when the clock rings)."""
        possible = self.possible(needle, within)
        if len(needle) <= 2:
            return possible
        with self._lock:
            known = _kept(self._checked, needle, lambda: np.zeros(len(self.columns), np.int8), _KEPT_CHECKS)
        wanted = needle.encode()
        rows = np.flatnonzero(possible & (known == _UNKNOWN))
        starts, ends = self.columns.starts[rows], (self.columns.starts + self.columns.sizes)[rows]
        for at in range(0, len(rows), _CLOCK_EVERY):
            if clock.check():
                break
            part = slice(at, at + _CLOCK_EVERY)
            stands = self._texts.containing(wanted, starts[part].tolist(), ends[part].tolist())
            known[rows[part]] = np.where(stands, _YES, _NO)
        return np.asarray(possible & (known == _YES))

    def possible(self, needle: str, within: Mask) -> Mask:
        """Rows of `within` that have all pairs of characters of the needle (or most of them): never too few."""
        grams = list(dict.fromkeys(needle[at : at + 2] for at in range(max(1, len(needle) - 1))))
        if len(grams) > _MAX_GRAMS:
            grams = [grams[at * len(grams) // _MAX_GRAMS] for at in range(_MAX_GRAMS)]
        frequencies = {gram: self.frequency(gram) for gram in grams}
        mask = within
        for gram in sorted(grams, key=frequencies.__getitem__):
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
        """All titles are one text with line breaks: one scan finds them all."""
        mask = np.zeros(len(self.columns), np.bool_)
        at = self._title_text.find(needle) if needle else -1
        while at >= 0:
            row = int(np.searchsorted(self._title_starts, at, side="right")) - 1
            mask[row] = True
            line_end = self._title_text.find("\n", at)
            at = self._title_text.find(needle, line_end) if line_end >= 0 else -1
        return mask


def load(store: EntryStore, before: Snapshot | None, readers: Callable[[str], SegmentReader]) -> Snapshot:
    """The last commit; columns of `before` are taken over as long as few of its rows are dead."""
    with store.reading():
        live = store.serials()
        columns = before.columns if before is not None else Columns()
        last = int(columns.serials[-1]) if len(columns) else 0
        fresh = sum(1 for serial in live if serial > last)
        if len(columns) and len(live) - fresh < len(columns) * 0.7:
            columns, last = Columns(), 0
        for rows in store.rows(after=last):
            columns = columns.extended(rows)
        segments = [(readers(one.segid), one.serials) for one in store.segments()]
        return Snapshot(store.state("commit"), columns, live, segments, store.map_texts())


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
