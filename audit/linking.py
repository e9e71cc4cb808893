"""The same task from year to year, although its wording, its units and its place in the plan move.

Papers are taken in the order of their years; the tasks of each are matched one to one with the tasks that are known so
far, the surest pair first. Measured on made-up plans: docs/audit.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from audit.taskfacts import TaskFact
from audit.wording import Scale, Wording, Words, likeness, overlap

LEAST = 0.3
"""So alike two tasks of one series must be."""

LEAST_OUTSIDE = 0.66
"""… and two tasks of papers that are no years of one another: much is alike in all plans of an office."""

LEAST_WORDS = 0.12
"""Whatever else agrees: units and group alone make no task the same."""

_TITLE, _DETAIL, _UNITS, _GROUP = 0.64, 0.16, 0.12, 0.08
_NEAR = 24
_RARE = 0.15
_RECENT = 3
"""A task is compared with how it was called the last so many times."""


@dataclass(slots=True)
class Thread:
    """One task over the years, oldest first. Two rows of one paper that tell of it both stand here."""

    at: int
    tasks: list[TaskFact] = field(default_factory=list)

    @property
    def years(self) -> list[int]:
        return sorted({one.year for one in self.tasks})

    @property
    def name(self) -> str:
        return self.tasks[-1].name


@dataclass(frozen=True, slots=True)
class _Read:
    title: Words
    detail: Words
    group: Words


class Linker:
    """Compares tasks of one set: how much a word tells is counted over all of them."""

    def __init__(self, wording: Wording, found: Sequence[TaskFact]) -> None:
        self._wording = wording
        self._read = {(one.paper.id, one.row): self._words(one) for one in found}
        self._titles = Scale(words.title for words in self._read.values())
        self._details = Scale(words.detail for words in self._read.values())
        self._found = found
        self._leading = Counter(unit for one in found for unit in one.leads)
        self._plans = len({one.paper.id for one in found})
        self._held: dict[str, dict[int, None]] = {}

    def threads(self) -> list[Thread]:
        """Every task in exactly one thread, in the order in which the tasks came up."""
        out: list[Thread] = []
        ordered = sorted(self._found, key=lambda one: (one.year, one.paper.date, one.paper.id, one.row))
        for _, group in groupby(ordered, key=lambda one: one.paper.id):
            of_paper = list(group)
            twins = {one.row: one.twin for one in of_paper if one.twin is not None and one.twin != one.row}
            chosen = [one for one in of_paper if one.row not in twins]
            held = self._match(out, chosen)
            by_row: dict[int, Thread] = {}
            by_row = {task.row: self._enter(out, held.get(task.row), task) for task in chosen}
            for task in of_paper:
                if task.row in twins:
                    by_row[task.row] = self._enter(out, by_row.get(twins[task.row] or 0), task)
        return out

    def score(self, one: TaskFact, other: TaskFact) -> float:
        """0.0 where the words are too far apart or the papers are strangers to one another."""
        a, b = self._read[one.paper.id, one.row], self._read[other.paper.id, other.row]
        words = likeness(a.title, b.title, self._titles)
        inner = likeness(a.detail, b.detail, self._details) if a.detail.core and b.detail.core else words
        if max(words, 0.8 * inner) < LEAST_WORDS or not any((words, inner)):
            return 0.0
        units = overlap((*one.leads, *one.leads, *one.helpers), (*other.leads, *other.leads, *other.helpers))
        group = likeness(a.group, b.group, self._titles) if a.group.core and b.group.core else 0.0
        told = _TITLE * max(words, 0.8 * inner) + _DETAIL * inner + _UNITS * units + _GROUP * group
        told /= 1.0 - (0.0 if a.group.core and b.group.core else _GROUP)
        return told + _RARE * self._rarity(one, other)

    def _rarity(self, one: TaskFact, other: TaskFact) -> float:
        """How much it tells that the same units lead both: all when they lead hardly anything else in a plan."""
        both = set(one.leads) & set(other.leads)
        if not both:
            return 0.0
        share = len(both) / len({*one.leads, *other.leads})
        return share * max(min(1.0, self._plans / self._leading[unit]) for unit in both) ** 2

    def _match(self, threads: Sequence[Thread], found: Sequence[TaskFact]) -> dict[int, Thread]:
        pairs: list[tuple[float, int, int]] = []
        for task in found:
            for at in self._near(task):
                recent = [one for one in threads[at].tasks[-_RECENT:] if one.paper.id != task.paper.id]
                best = max((self._sure(one, task) for one in recent), default=0.0)
                if best > 0:
                    pairs.append((best, at, task.row))
        out: dict[int, Thread] = {}
        taken: set[int] = set()
        for _, at, row in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
            if at not in taken and row not in out:
                taken.add(at)
                out[row] = threads[at]
        return out

    def _near(self, task: TaskFact) -> list[int]:
        """The threads that share most with a task: comparing all with all is too slow for thousands."""
        told: dict[int, float] = {}
        for gram in self._grams(task):
            for at in self._held.get(gram, ()):
                told[at] = told.get(at, 0.0) + self._titles.weight(gram)
        return sorted(told, key=lambda at: (-told[at], at))[:_NEAR]

    def _grams(self, task: TaskFact) -> set[str]:
        read = self._read[task.paper.id, task.row]
        return {gram for gram in read.title.grams | read.detail.grams if len(gram) > 1} or set(read.title.grams)

    def _enter(self, out: list[Thread], thread: Thread | None, task: TaskFact) -> Thread:
        """A thread of its own for a task without one; what it is called is looked for from now on."""
        if thread is None:
            thread = Thread(len(out))
            out.append(thread)
        thread.tasks.append(task)
        for gram in self._grams(task):
            self._held.setdefault(gram, {})[thread.at] = None
        return thread

    def _sure(self, one: TaskFact, other: TaskFact) -> float:
        """The score where it is enough; what is of one series comes first."""
        score = self.score(one, other)
        if one.series and one.series == other.series:
            return score + 0.05 if score >= LEAST else 0.0
        return score if score >= LEAST_OUTSIDE else 0.0

    def _words(self, task: TaskFact) -> _Read:
        read = self._wording.read
        return _Read(read(task.name), read(task.detail), read(task.group))


def link(wording: Wording, found: Sequence[TaskFact]) -> list[Thread]:
    return Linker(wording, found).threads()


def pairs_of(threads: Iterable[Thread]) -> set[tuple[tuple[str, int], tuple[str, int]]]:
    """All pairs of rows that are said to be the same task."""
    out: set[tuple[tuple[str, int], tuple[str, int]]] = set()
    for thread in threads:
        rows = sorted((one.paper.id, one.row) for one in thread.tasks)
        out |= {(a, b) for at, a in enumerate(rows) for b in rows[at + 1 :]}
    return out
