"""A query answered by tantivy: hits, their number, facets. Facets are counted in another thread while hits are found
and their texts are read. Tantivy cannot be interrupted, so a search that is reckoned to take long is made piece by
piece, from the newest entries on, until its time is over."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from typing import Any, TypeVar, cast

import tantivy
from tantivy import Occur, Order

from index.asked import Asked
from index.clock import Clock
from index.engine import FACET_VALUES, IndexBroken
from index.query import Parsed
from index.stored_engine import Facets, Found
from index.tantivy_asking import Asker, Cut
from index.tantivy_documents import code_key, given_key, plain_name

_ALL_VALUES = 1_000_000  # each segment counts all; only the most frequent of all segments are told
_SECONDS_A_PLACE = 250e-9  # search and facets; measured: 120 ns each
_LONG = 0.2  # of the budget: what is reckoned to take longer is made in pieces
_PIECE = 0.05
_MOST_PIECES = 400
_MOST_KNOWN = 200_000  # values of facets

_counting = ThreadPoolExecutor(max_workers=8, thread_name_prefix="facets")

_T = TypeVar("_T")


Values = dict[tuple[str, int], str]
"""What the codes of facets stand for. A code is a hash: what is known of one commit holds in the next."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One commit: a searcher of tantivy (safe for threads), the names of facets there are, the last serial given."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    asker: Asker
    facets: tuple[str, ...]
    last: int
    values: Values

    @classmethod
    def of(cls, searcher: tantivy.Searcher, schema: tantivy.Schema, last: int, values: Values) -> Snapshot:
        given = searcher.terms_with_prefix("keys", given_key(""))
        names = tuple(sorted(name.removeprefix(given_key("")) for name, _ in given))
        return cls(searcher, schema, Asker(schema, searcher.doc_freq), names, last, values)

    def value(self, name: str, code: int) -> str:
        found = self.values.get((name, code))
        if found is None:
            key = code_key(name, code)
            found = self.searcher.terms_with_prefix("keys", key)[0][0].removeprefix(key)
            if len(self.values) >= _MOST_KNOWN:
                self.values.clear()
            self.values[name, code] = found
        return found


Counts = Mapping[str, Counter[int]]


@dataclass(slots=True)
class _Part:
    """`hits` are (sort key, serial), best first."""

    total: int
    hits: list[tuple[int | float, int]]
    counts: Future[Counts]


def answer(snapshot: Snapshot, asked: Asked, parsed: Parsed, clock: Clock, *, cut: Cut, budget: float) -> Found:
    clauses = (*asked.filters, *parsed.clauses)
    search = _Search(snapshot, asked, parsed, snapshot.asker.holding(clauses), cut)
    seconds = snapshot.asker.cost(clauses) * _SECONDS_A_PLACE
    if seconds <= _LONG * budget:
        part = search.part(offset=asked.offset)
        return search.found(part.total, part.hits, part.counts.result)
    pieces = min(_MOST_PIECES, snapshot.last, ceil(seconds / (_PIECE * budget)) if budget else 1)
    parts: list[_Part] = []
    for first, last in _ranges(snapshot.last, pieces):
        if clock.check():
            break
        parts.append(search.part(within=snapshot.asker.between(first, last)))
        parts[-1].counts.result()  # what the clock allows is all that is counted
    return search.found(sum(one.total for one in parts), _best(parts, asked), lambda: _summed(parts))


class _Search:
    """One query on one snapshot."""

    def __init__(self, snapshot: Snapshot, asked: Asked, parsed: Parsed, held: tantivy.Query, cut: Cut) -> None:
        self._snapshot = snapshot
        self._asked = asked
        self._parsed = parsed
        self._held = held
        self._cut = cut

    def part(self, *, within: tantivy.Query | None = None, offset: int = 0) -> _Part:
        """Of a whole index the page asked for; of a piece all that could get on it."""
        held = self._held
        if within is not None:
            held = tantivy.Query.boolean_query([(Occur.Must, within), (Occur.Must, held)])
        wanted = self._asked.limit + (self._asked.offset if within is not None else 0)
        counts = _counting.submit(spared, lambda: self._counts(held))
        found = self._searched(held, wanted, offset)
        total = int(cast(Any, found).count)  # its stub does not know it
        hits = found.hits if wanted and offset < self._snapshot.searcher.num_docs else []
        serials = self._snapshot.searcher.fast_field_values("serial", [address for _, address in hits])
        keyed = [(key, _whole(serial)) for (key, _), serial in zip(hits, serials, strict=True)]
        return _Part(total, keyed, counts)

    def _searched(self, held: tantivy.Query, wanted: int, offset: int) -> tantivy.SearchResult:
        searcher = self._snapshot.searcher
        most = max(1, searcher.num_docs)
        limit, offset = min(max(1, wanted), most), offset if offset < most else 0
        if self._asked.in_order_of_date:
            name, order = ("oldest", Order.Asc) if self._asked.sort == "oldest" else ("newest", Order.Desc)
            return searcher.search(held, limit=limit, offset=offset, order_by_field=name, order=order)
        ranked = self._snapshot.asker.ranked(held, self._parsed, self._cut)
        return searcher.search(ranked, limit=limit, offset=offset, weight_by_field="recency")

    def _counts(self, held: tantivy.Query) -> Counts:
        names = self._snapshot.facets
        asked = {
            name: {"terms": {"field": f"facets.{name}", "size": FACET_VALUES, "segment_size": _ALL_VALUES}}
            for name in names
        }
        counted = self._snapshot.searcher.aggregate(held, asked) if asked else {}
        return {
            name: Counter({int(one["key"]): int(one["doc_count"]) for one in counted[name]["buckets"]})
            for name in names
        }

    def found(self, total: int, hits: list[tuple[int | float, int]], counts: Callable[[], Counts]) -> Found:
        dated = self._asked.in_order_of_date
        shown = tuple((serial, 0.0 if dated else float(key)) for key, serial in hits)
        return Found(total, shown, lambda: spared(lambda: self._facets(counts())))

    def _facets(self, counts: Counts) -> Facets:
        facets = {plain_name(name): self._most(name, counted) for name, counted in counts.items() if counted}
        return dict(sorted(facets.items()))

    def _most(self, name: str, counted: Counter[int]) -> tuple[tuple[str, int], ...]:
        least = heapq.nlargest(FACET_VALUES, counted.values())[-1]
        counted = Counter({code: count for code, count in counted.items() if count >= least})
        valued = ((self._snapshot.value(name, code), count) for code, count in counted.items())
        return tuple(sorted(valued, key=lambda pair: (-pair[1], pair[0]))[:FACET_VALUES])


def _ranges(last: int, pieces: int) -> Iterator[tuple[int, int]]:
    """Serials from the last one given down to 1."""
    bounds = [last * at // pieces for at in range(pieces, -1, -1)]
    for high, low in itertools.pairwise(bounds):
        yield low + 1, high


def _best(parts: list[_Part], asked: Asked) -> list[tuple[int | float, int]]:
    sign = 1 if asked.in_order_of_date and asked.sort == "oldest" else -1
    hits = heapq.nsmallest(
        asked.offset + asked.limit, (hit for one in parts for hit in one.hits), key=lambda hit: (sign * hit[0], hit[1])
    )
    return hits[asked.offset :]


def _summed(parts: list[_Part]) -> Counts:
    counts: dict[str, Counter[int]] = {}
    for one in parts:
        for name, counted in one.counts.result().items():
            counts[name] = counts.get(name, Counter()) + counted
    return counts


def _whole(number: int | float | bool | None) -> int:
    if number is None:
        raise IndexBroken("a document of the index has no serial")
    return int(number)


def spared(work: Callable[[], _T]) -> _T:
    """A panic of Rust is no Exception and would end the thread that asked."""
    try:
        return work()
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise RuntimeError(f"tantivy: {str(error)[:200]}") from error
