"""Answers clauses on a snapshot: which rows hold, and in what order they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import numpy.typing as npt

from index.asked import Asked
from index.clock import Clock
from index.columns import Ints, Mask, Values
from index.dates import day_number
from index.query import Clause, Parsed, Term
from index.scores import IN_DATE, K1, OWN_NUMBER, ROLE, TITLE, B
from index.similar import Similar, key_words, shown
from index.snapshot import Snapshot

Scores = npt.NDArray[np.float32]

_LATEST = 10**9
_PAIRS = 3  # the rarest of a needle bound it closely enough


def find(snapshot: Snapshot, clauses: Iterable[Clause], clock: Clock) -> Mask:
    """Rows for which all clauses hold. What is cheap comes first, so that little is left to prove."""
    wanted = list(clauses)
    mask = snapshot.alive
    needed = [one for one in wanted if not one.negated]
    for clause in sorted(needed, key=_cost) if len(needed) > 1 else ():
        mask = _all_possible(snapshot, clause, mask)
    for clause in sorted(wanted, key=lambda one: (one.negated, _cost(one))):
        holds = _clause(snapshot, clause, mask, clock)
        if clause.negated and clock.rung:  # what was not checked must not be shown as free of the word
            holds = holds | _all_possible(snapshot, clause, mask)
        mask = mask & ~holds if clause.negated else holds
    return mask


def _cost(clause: Clause) -> int:
    return sum(max(map(len, term.needles), default=0) > 2 for term in clause.terms if term.kind == "text")


def _all_possible(snapshot: Snapshot, clause: Clause, within: Mask) -> Mask:
    """An upper bound without checking any text."""
    mask = np.zeros(len(snapshot.columns), np.bool_)
    for term in clause.terms:
        if term.kind == "text":
            for needle in term.needles:
                mask |= snapshot.possible(needle, within, most=_PAIRS)
        else:
            mask |= _column(snapshot, term) & within
    return mask


def _clause(snapshot: Snapshot, clause: Clause, within: Mask, clock: Clock) -> Mask:
    mask = np.zeros(len(snapshot.columns), np.bool_)
    for term in sorted(clause.terms, key=lambda one: one.kind == "text"):
        if term.kind != "text":
            mask |= _column(snapshot, term) & within
            continue
        for needle in term.needles:
            mask |= snapshot.standing(needle, within & ~mask, clock)
    return mask


def _column(snapshot: Snapshot, term: Term) -> Mask:
    columns, size = snapshot.columns, len(snapshot.columns)
    match term.kind:
        case "facet":
            return _facet(columns.facets.get(term.name), term.needles[0], size)
        case "field" if term.name == "title":
            return np.asarray(np.logical_or.reduce([snapshot.titled(needle) for needle in term.needles]))
        case "field":
            values = columns.fields.get(term.name)
            return np.zeros(size, np.bool_) if values is None else values.containing(term.needles, size)
        case "date":
            return _dates(columns.days, term)
        case "number" if term.number is not None:
            return columns.numbered(term.number, own=term.name == "own")
    return np.zeros(size, np.bool_)


def _facet(values: Values | None, wanted: str, size: int) -> Mask:
    if not wanted:
        return np.ones(size, np.bool_) if values is None else ~values.given(size)
    code = None if values is None else values.codes.get(wanted)
    return np.zeros(size, np.bool_) if values is None or code is None else values.with_codes([code], size)


def _dates(days: Ints, term: Term) -> Mask:
    if not term.start and not term.end:
        return np.asarray(days == 0)
    end = day_number(term.end, pad=99) or _LATEST
    return np.asarray((days > 0) & (days >= day_number(term.start)) & (days <= end))


def order(
    snapshot: Snapshot, mask: Mask, asked: Asked, parsed: Parsed, cut: Callable[[str], list[str]]
) -> tuple[Ints, Scores]:
    """The rows of the mask that are shown, in order, with their scores (0 when in order of date)."""
    rows = np.flatnonzero(mask)
    days = snapshot.columns.days[rows]
    if asked.in_order_of_date:
        scores = np.zeros(len(rows), np.float32)
        keys = np.where(days == 0, _LATEST, days) if asked.sort == "oldest" else -days
    else:
        scores = _scores(snapshot, parsed, cut)[rows]
        keys = -(scores.view(np.int32).astype(np.int64) << 32 | days)  # bits of floats that are not negative keep order
    shown = _first(keys, asked.offset + asked.limit)[asked.offset :]
    return rows[shown], scores[shown]


def _first(keys: Ints, count: int) -> Ints:
    """Where the smallest keys stand, in order; of equal ones the first. A page needs no order of all hits."""
    if count >= len(keys):
        return np.argsort(keys, kind="stable")
    if not count:
        return np.zeros(0, np.int64)
    last = np.partition(keys, count - 1)[count - 1]
    sure = np.flatnonzero(keys < last)
    chosen = np.concatenate([sure, np.flatnonzero(keys == last)[: count - len(sure)]])
    return chosen[np.argsort(keys[chosen], kind="stable")]


def _scores(snapshot: Snapshot, parsed: Parsed, cut: Callable[[str], list[str]]) -> Scores:
    total = np.zeros(len(snapshot.columns), np.float32)
    for clause in parsed.clauses:
        if clause.negated:
            continue
        best = np.zeros(len(total), np.float32)
        for term in clause.terms:
            best = np.maximum(best, _term_scores(snapshot, term, cut))
        total += best
    for role in parsed.roles:
        values = snapshot.columns.fields.get(role)
        if values is not None:
            total[values.containing([one for one in parsed.words() if len(one) > 1], len(total))] += ROLE
    return total


def _term_scores(snapshot: Snapshot, term: Term, cut: Callable[[str], list[str]]) -> Scores:
    scores = np.zeros(len(snapshot.columns), np.float32)
    if term.kind == "number" and term.number is not None:
        scores[snapshot.columns.numbered(term.number, own=True)] = OWN_NUMBER
    if term.kind == "date":
        scores[_dates(snapshot.columns.days, term)] = IN_DATE
    if term.kind == "text":
        for needle in term.needles:
            scores = np.maximum(scores, _bm25(snapshot, cut(needle)) + _in_title(snapshot, needle))
    return scores


def resembling(
    snapshot: Snapshot, counts: Mapping[str, int], *, limit: int, leave_out: Callable[[str], bool]
) -> tuple[Similar, ...]:
    """The entries that have most of the rare words of these counts."""
    keys = key_words(counts, lambda word: snapshot.frequency(word, "words"), snapshot.count)
    scores, held = np.zeros(len(snapshot.columns), np.float32), []
    for word, weight in keys:
        rows, found = snapshot.postings("words", word)
        held.append((word, rows))
        norm = K1 * (1 - B + B * snapshot.columns.lengths[rows] / snapshot.mean_length)
        scores[rows] += (weight * found * (K1 + 1) / (found + norm)).astype(np.float32)
    similar: list[Similar] = []
    for row in np.lexsort((-snapshot.columns.days, -scores)).tolist():
        if len(similar) == limit or scores[row] <= 0:
            break
        if not leave_out(snapshot.columns.ids[row]):
            words = shown(word for word, rows in held if row in rows)
            similar.append(Similar(snapshot.columns.ids[row], round(float(scores[row]), 4), words))
    return tuple(similar)


def _in_title(snapshot: Snapshot, needle: str) -> Scores:
    share = len(needle) / np.maximum(1, snapshot.title_lengths)
    return np.where(snapshot.titled(needle), TITLE * (1 + share), 0.0).astype(np.float32)


def _bm25(snapshot: Snapshot, words: list[str]) -> Scores:
    scores = np.zeros(len(snapshot.columns), np.float32)
    for word in dict.fromkeys(words):
        rows, counts = snapshot.postings("words", word)
        if not len(rows):
            continue
        rarity = np.log1p((snapshot.count - len(rows) + 0.5) / (len(rows) + 0.5))
        norm = K1 * (1 - B + B * snapshot.columns.lengths[rows] / snapshot.mean_length)
        scores[rows] += (rarity * counts * (K1 + 1) / (counts + norm)).astype(np.float32)
    return scores
