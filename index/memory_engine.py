"""The oracle: plain substring search over folded text. Slow and obviously right; every engine must agree with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from index.analysis import fold, segmenter
from index.asked import Asked, ask
from index.dates import day_number
from index.engine import FACET_VALUES, Entry, EntryMeta, Hit, Page, Query
from index.highlight import mark, snippets
from index.query import Clause, Expand, Parsed, Term, no_expansion
from index.similar import Similar, is_of_file, key_words, shown


@dataclass(frozen=True, slots=True)
class _Held:
    entry: Entry
    text: str
    title: str
    number: str
    fields: dict[str, tuple[str, ...]]
    day: int

    @classmethod
    def of(cls, entry: Entry) -> _Held:
        fields = {name: tuple(fold(value) for value in values) for name, values in entry.fields.items()}
        values = [value for name in sorted(fields) for value in fields[name]]
        title, number = fold(entry.title), fold(entry.number)
        text = "\n".join([title, number, fold(entry.text), *values])
        return cls(entry, text, title, number, fields, day_number(entry.date))


class MemoryEngine:
    """Everything in a dict; for tests and as the measure of what is right."""

    def __init__(self, expand: Expand = no_expansion) -> None:
        self._held: dict[str, _Held] = {}
        self._expand = expand

    def update(self, entries: Iterable[Entry]) -> None:
        fresh = {entry.id: _Held.of(entry) for entry in entries}
        self._held = {**self._held, **fresh}

    def delete(self, ids: Iterable[str]) -> None:
        gone = set(ids)
        self._held = {name: held for name, held in self._held.items() if name not in gone}

    def ids(self) -> frozenset[str]:
        return frozenset(self._held)

    def entry_meta(self, entry_id: str) -> EntryMeta | None:
        held = self._held.get(entry_id)
        if held is None:
            return None
        one = held.entry
        return EntryMeta(one.id, one.title, one.number, one.date, one.facets, one.meta)

    def close(self) -> None:
        self._held = {}

    def search(self, query: Query) -> Page:
        asked = ask(query, self._expand, segmenter().plain)
        held = list(self._held.values())
        found, parsed, exact = self._found(held, asked, asked.parsed), asked.parsed, True
        if not found and asked.relaxed is not None:
            found = self._found(held, asked, asked.relaxed)
            if found:
                parsed, exact = asked.relaxed, False
        ranked = _ranked(found, parsed, asked)
        words = parsed.words()
        hits = tuple(
            Hit(one.entry.id, score, (), ()) if asked.bare
            else Hit(one.entry.id, score, mark(one.entry.title, words), snippets(one.entry.text, words))
            for score, one in ranked[asked.offset : asked.offset + asked.limit]
        )  # fmt: skip
        return Page(len(found), hits, _facets(found), exact, parsed.searched, parsed.warnings)

    def similar(self, entry_id: str, *, limit: int, leave_out: Collection[str] = ()) -> tuple[Similar, ...]:
        words = {one: Counter(segmenter().fine(held.text)) for one, held in self._held.items()}
        counts = words.get(entry_id, Counter[str]())
        keys = key_words(counts, lambda word: sum(word in other for other in words.values()), len(words))
        others = (one for one in words if not is_of_file(entry_id, one) and one not in leave_out)
        scored = [
            (sum(weight for word, weight in keys if word in words[one]), one,
             shown(word for word, _ in keys if word in words[one])) for one in others
        ]  # fmt: skip
        scored.sort(key=lambda found: (-found[0], found[1]))
        return tuple(Similar(one, score, shared) for score, one, shared in scored[:limit] if score > 0)

    def _found(self, held: list[_Held], asked: Asked, parsed: Parsed) -> list[_Held]:
        clauses = (*asked.filters, *parsed.clauses)
        return [one for one in held if all(_holds(one, clause) for clause in clauses)]


def _holds(held: _Held, clause: Clause) -> bool:
    return any(_matches(held, term) for term in clause.terms) != clause.negated


def _matches(held: _Held, term: Term) -> bool:
    match term.kind:
        case "text":
            return any(needle in held.text for needle in term.needles)
        case "field":
            return any(needle in value for value in _values(held, term.name) for needle in term.needles)
        case "facet":
            given = held.entry.facets.get(term.name, ())
            return term.needles[0] in given if term.needles[0] else not any(given)
        case "date":
            if not term.start and not term.end:
                return held.day == 0
            return held.day > 0 and day_number(term.start) <= held.day <= (day_number(term.end, pad=99) or 10**9)
        case "number":
            own = held.entry.number_keys
            keys = own if term.name == "own" else own + held.entry.cited_keys
            return term.number is not None and any(term.number.fits(key) for key in keys)


def _values(held: _Held, name: str) -> tuple[str, ...]:
    if name == "title":
        return (held.title,)
    if name == "number":
        return (held.number,)
    return held.fields.get(name, ())


def _ranked(found: list[_Held], parsed: Parsed, asked: Asked) -> list[tuple[float, _Held]]:
    if asked.in_order_of_date:
        newest = asked.sort != "oldest"
        dated = sorted(found, key=lambda one: (one.day == 0, -one.day if newest else one.day, one.entry.id))
        return [(0.0, one) for one in dated]
    scored = [(_score(one, parsed), one) for one in found]
    return sorted(scored, key=lambda pair: (-pair[0], -pair[1].day, pair[1].entry.id))


def _score(held: _Held, parsed: Parsed) -> float:
    score = 0.0
    for clause in parsed.clauses:
        for term in clause.terms:
            if term.kind == "number" and term.number is not None:
                score += 1000.0 * any(term.number.fits(key) for key in held.entry.number_keys)
            if term.kind == "text" and not clause.negated:
                score += 30.0 * any(needle in held.title for needle in term.needles)
                score += min(10, sum(held.text.count(needle) for needle in term.needles))
    needles = parsed.words()
    leads = (value for role in parsed.roles for value in held.fields.get(role, ()))
    return score + 20.0 * any(needle in value for value in leads for needle in needles)


def _facets(found: list[_Held]) -> dict[str, tuple[tuple[str, int], ...]]:
    counts: dict[str, Counter[str]] = {}
    for held in found:
        for name, values in held.entry.facets.items():
            counts.setdefault(name, Counter()).update(value for value in set(values) if value)
    return {
        name: tuple(sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))[:FACET_VALUES])
        for name, count in sorted(counts.items())
        if count
    }
