"""A query answered by tantivy: hits, their number, facets. Tantivy cannot be interrupted, so a search that is reckoned
to take long is made piece by piece, from the newest entries on, until its time is over."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any, TypeVar, cast

import tantivy
from tantivy import Occur, Order

from index.asked import Asked
from index.clock import Clock
from index.engine import FACET_VALUES, IndexBroken
from index.query import Parsed
from index.stored_engine import Found
from index.tantivy_asking import Asker, Cut
from index.tantivy_documents import given_key, plain_name

_ALL_VALUES = 1_000_000  # each segment counts all; only the most frequent of all segments are told
_SECONDS_A_PLACE = 250e-9  # search and facets; measured: 120 ns each
_LONG = 0.2  # of the budget: what is reckoned to take longer is made in pieces
_PIECE = 0.05
_MOST_PIECES = 400

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One commit: a searcher of tantivy (safe for threads), the names of facets there are, the last serial given."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    asker: Asker
    facets: tuple[str, ...]
    last: int

    @classmethod
    def of(cls, searcher: tantivy.Searcher, schema: tantivy.Schema, last: int) -> Snapshot:
        given = searcher.terms_with_prefix("keys", given_key(""))
        names = tuple(sorted(name.removeprefix(given_key("")) for name, _ in given))
        return cls(searcher, schema, Asker(schema, searcher.doc_freq), names, last)


@dataclass(slots=True)
class _Part:
    """`hits` are (sort key, serial), best first."""

    total: int = 0
    hits: list[tuple[int | float, int]] = field(default_factory=list)
    facets: Mapping[str, Counter[str]] = field(default_factory=dict)


def answer(snapshot: Snapshot, asked: Asked, parsed: Parsed, clock: Clock, *, cut: Cut, budget: float) -> Found:
    clauses = (*asked.filters, *parsed.clauses)
    search = _Search(snapshot, asked, parsed, snapshot.asker.holding(clauses), cut)
    seconds = snapshot.asker.cost(clauses) * _SECONDS_A_PLACE
    if seconds <= _LONG * budget:
        return search.found(search.part(offset=asked.offset), skip=0)
    pieces = min(_MOST_PIECES, snapshot.last, ceil(seconds / (_PIECE * budget)) if budget else 1)
    parts: list[_Part] = []
    for first, last in _ranges(snapshot.last, pieces):
        if clock.check():
            break
        parts.append(search.part(within=snapshot.asker.between(first, last)))
    return search.found(_joined(parts, asked), skip=asked.offset)


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
        found = self._searched(held, wanted, offset)
        total = int(cast(Any, found).count)  # its stub does not know it
        hits = found.hits if wanted and offset < self._snapshot.searcher.num_docs else []
        serials = self._snapshot.searcher.fast_field_values("serial", [address for _, address in hits])
        keyed = [(key, _whole(serial)) for (key, _), serial in zip(hits, serials, strict=True)]
        return _Part(total, keyed, self._facets(held) if total else {})

    def _searched(self, held: tantivy.Query, wanted: int, offset: int) -> tantivy.SearchResult:
        searcher = self._snapshot.searcher
        most = max(1, searcher.num_docs)
        limit, offset = min(max(1, wanted), most), offset if offset < most else 0
        if self._asked.in_order_of_date:
            name, order = ("oldest", Order.Asc) if self._asked.sort == "oldest" else ("newest", Order.Desc)
            return searcher.search(held, limit=limit, offset=offset, order_by_field=name, order=order)
        ranked = self._snapshot.asker.ranked(held, self._parsed, self._cut)
        return searcher.search(ranked, limit=limit, offset=offset, weight_by_field="recency")

    def _facets(self, held: tantivy.Query) -> dict[str, Counter[str]]:
        names = self._snapshot.facets
        asked = {
            name: {"terms": {"field": f"facets.{name}", "size": FACET_VALUES, "segment_size": _ALL_VALUES}}
            for name in names
        }
        counted = self._snapshot.searcher.aggregate(held, asked) if asked else {}
        return {
            name: Counter({str(one["key"])[1:]: int(one["doc_count"]) for one in counted[name]["buckets"]})
            for name in names
        }

    def found(self, part: _Part, *, skip: int) -> Found:
        dated = self._asked.in_order_of_date
        shown = [(serial, 0.0 if dated else float(key)) for key, serial in part.hits[skip : skip + self._asked.limit]]
        facets = {plain_name(name): _most(counts) for name, counts in part.facets.items() if counts}
        return Found(part.total, tuple(shown), dict(sorted(facets.items())))


def _ranges(last: int, pieces: int) -> Iterator[tuple[int, int]]:
    """Serials from the last one given down to 1."""
    bounds = [last * at // pieces for at in range(pieces, -1, -1)]
    for high, low in itertools.pairwise(bounds):
        yield low + 1, high


def _joined(parts: list[_Part], asked: Asked) -> _Part:
    sign = 1 if asked.in_order_of_date and asked.sort == "oldest" else -1
    hits = heapq.nsmallest(
        asked.offset + asked.limit, (hit for one in parts for hit in one.hits), key=lambda hit: (sign * hit[0], hit[1])
    )
    facets: dict[str, Counter[str]] = {}
    for one in parts:
        for name, counts in one.facets.items():
            facets[name] = facets.get(name, Counter()) + counts
    return _Part(sum(one.total for one in parts), hits, facets)


def _most(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:FACET_VALUES])


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
