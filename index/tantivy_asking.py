"""Clauses as tantivy queries: which documents hold, and the scores that order them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Sought

from index.covering import cover
from index.dates import day_number
from index.numbers import NumberKey
from index.query import Clause, Parsed, Term
from index.scores import IN_DATE, OWN_NUMBER, ROLE, TITLE
from index.tantivy_documents import (
    TITLE_LENGTHS,
    facet_key,
    facet_name,
    given_key,
    length_key,
    number_key,
    prefix,
)

_LATEST = 10**9
_TITLE_TIMES = 4  # a title that is longer than so many times what is asked for gets nothing for being short

Cut = Callable[[str], list[str]]


class Asker:
    """Queries for one schema; `frequency` tells in how many documents a term stands."""

    def __init__(self, schema: tantivy.Schema, frequency: Callable[[str, str], int]) -> None:
        self._schema = schema
        self._frequency = lru_cache(maxsize=4096)(frequency)

    # --- what holds ---

    def holding(self, clauses: Iterable[Clause]) -> Sought:
        parts: list[tuple[Occur, Sought]] = []
        for clause in clauses:
            choice = either([self._term(term) for term in clause.terms])
            parts.append((Occur.MustNot if clause.negated else Occur.Must, choice))
        if not any(occur == Occur.Must for occur, _ in parts):
            parts.append((Occur.Must, Sought.all_query()))
        return Sought.boolean_query(parts)

    def _term(self, term: Term) -> Sought:
        match term.kind:
            case "text":
                return either([self._standing(needle) for needle in term.needles])
            case "field":
                return either([self._standing(needle, prefix(term.name)) for needle in term.needles])
            case "facet":
                return self._facet(term.name, term.needles[0])
            case "date":
                return self._dates(term)
            case "number" if term.number is not None:
                return self._number(term.number, own=term.name == "own")
        return Sought.empty_query()

    def _standing(self, needle: str, lead: str = "") -> Sought:
        """Exactly the documents in which the needle stands: pairs that cover it, in their places."""
        if len(needle) < 2:
            return self._is("chars", lead + needle) if needle else Sought.empty_query()
        if len(needle) == 2:
            return self._is("grams", lead + needle)
        pairs: list[str | tuple[int, str]] = [(at, lead + pair) for at, pair, _ in self._cover(needle, lead)]
        return Sought.phrase_query(self._schema, "grams", pairs)

    def _cover(self, needle: str, lead: str) -> list[tuple[int, str, int]]:
        return cover(needle, lambda pair: self._frequency("grams", lead + pair))

    def cost(self, clauses: Iterable[Clause]) -> int:
        """How many places of pairs have to be looked at for the phrases of the clauses, about."""
        total = 0
        for term in (term for clause in clauses for term in clause.terms if term.kind in {"text", "field"}):
            lead = prefix(term.name) if term.kind == "field" else ""
            for needle in term.needles:
                if len(needle) > 2:
                    pairs = self._cover(needle, lead)
                    total += len(pairs) * min(count for _, _, count in pairs)
        return total

    def between(self, first: int, last: int) -> Sought:
        """Documents with these serials."""
        return Sought.range_query(self._schema, "serial", FieldType.Integer, first, last)

    def _facet(self, name: str, value: str) -> Sought:
        if not value:
            return Sought.boolean_query(
                [(Occur.Must, Sought.all_query()), (Occur.MustNot, self._is("keys", given_key(facet_name(name))))]
            )
        return self._is("keys", facet_key(facet_name(name), value))

    def _dates(self, term: Term) -> Sought:
        start, end = 0, 0
        if term.start or term.end:
            start, end = max(1, day_number(term.start)), day_number(term.end, pad=99) or _LATEST
        return Sought.range_query(self._schema, "day", FieldType.Unsigned, start, end)

    def _number(self, number: NumberKey, *, own: bool) -> Sought:
        kinds = ("own",) if own else ("own", "cited")
        return either([self._is("keys", number_key(kind, number.agency, number.tail)) for kind in kinds])

    def _is(self, field: str, term: str) -> Sought:
        return Sought.term_query(self._schema, field, term, index_option="basic")

    # --- in what order ---

    def ranked(self, held: Sought, parsed: Parsed, cut: Cut) -> Sought:
        """`held` with scores: all have one point, so that equal ones can be told apart by their recency."""
        parts = [(Occur.Must, Sought.const_score_query(held, 1.0))]
        for clause in parsed.clauses:
            scores = [] if clause.negated else [one for term in clause.terms for one in self._scores(term, cut)]
            if scores:
                parts.append((Occur.Should, Sought.disjunction_max_query(scores)))
        words = [word for word in parsed.words() if len(word) > 1]
        for role in parsed.roles:
            named = either([self._standing(word, prefix(role)) for word in words])
            parts.append((Occur.Should, Sought.const_score_query(named, ROLE)))
        return Sought.boolean_query(parts)

    def _scores(self, term: Term, cut: Cut) -> list[Sought]:
        if term.kind == "number" and term.number is not None:
            return [Sought.const_score_query(self._number(term.number, own=True), OWN_NUMBER)]
        if term.kind == "date":
            return [Sought.const_score_query(self._dates(term), IN_DATE)]
        if term.kind == "text":
            return [self._text_score(needle, cut) for needle in term.needles]
        return []

    def _text_score(self, needle: str, cut: Cut) -> Sought:
        words = [
            (Occur.Should, Sought.term_query(self._schema, "words", word, index_option="freq"))
            for word in dict.fromkeys(cut(needle))
        ]
        return Sought.boolean_query([*words, (Occur.Should, self._title_score(needle))])

    def _title_score(self, needle: str) -> Sought:
        """More the more of the title the needle is, in steps."""
        parts = [(Occur.Must, Sought.const_score_query(self._standing(needle, prefix("title")), TITLE))]
        fitting = [
            Sought.const_score_query(self._is("keys", length_key(limit)), TITLE * len(needle) / limit)
            for limit in TITLE_LENGTHS
            if len(needle) <= limit <= len(needle) * _TITLE_TIMES
        ]
        if fitting:
            parts.append((Occur.Should, Sought.disjunction_max_query(fitting)))
        return Sought.boolean_query(parts)


def either(choices: Sequence[Sought]) -> Sought:
    if len(choices) == 1:
        return choices[0]
    if not choices:
        return Sought.empty_query()
    return Sought.boolean_query([(Occur.Should, one) for one in choices])
