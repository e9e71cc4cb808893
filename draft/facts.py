"""Public facts that a draft is computed from or checked against: rules/facts, each with the source that prints it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from gongwen.errors import RuleError
from gongwen.values.vocab import vocab

UNSOURCED = "通行说法，未见原文"


@dataclass(frozen=True, slots=True)
class Plenum:
    congress: str
    name: str
    closed: date
    source: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A five-year plan; both years belong to it."""

    name: str
    first: int
    last: int
    source: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """A name that another has taken the place of. `ask`: the new one is proposed, not put in."""

    old: str
    new: str
    since: date
    kind: str
    source: str
    ask: bool


@dataclass(frozen=True, slots=True)
class Event:
    """What is held every year: its number in a year is year - base; None where sources count differently."""

    name: str
    base: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar that is an occasion; one of `words` beside it says that it is meant."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfItsTime:
    """What is said in the years from `first` to `last` only."""

    words: tuple[str, ...]
    first: int
    last: int
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    congresses: tuple[Plenum, ...]
    """Congresses stand as plenums without a name."""
    plenums: tuple[Plenum, ...]
    all_sessions_after: dict[str, str]
    """By congress: the plenum after which one says 历次全会."""
    plans: tuple[Plan, ...]
    phrases: dict[str, int]
    """Which year of a plan a phrase belongs to, from 1."""
    loose: tuple[str, ...]
    events: tuple[Event, ...]
    days: dict[tuple[int, int], Day]
    anniversaries: tuple[tuple[str, int], ...]
    """(word before the number, base year), longest word first."""
    replaced: tuple[Replaced, ...]
    blocks: dict[int, dict[str, tuple[date, date]]]
    one_off: tuple[str, ...]
    of_its_time: tuple[OfItsTime, ...]
    holiday_lines: dict[int, dict[frozenset[str], str]]
    """By year and festivals, what the notice of the year prints behind their names."""
    holiday_numbers: dict[int, str]

    def congress_at(self, day: date) -> Plenum | None:
        """The last congress that had closed by this day."""
        closed = [one for one in self.congresses if one.closed <= day]
        return max(closed, key=lambda one: one.closed, default=None)

    def plenums_at(self, day: date) -> list[Plenum]:
        """Plenums of that congress that had closed by this day, from the second on, oldest first."""
        congress = self.congress_at(day)
        found = [one for one in self.plenums if congress and one.congress == congress.congress and one.closed <= day]
        return sorted(found, key=lambda one: one.closed)

    def plan_of(self, year: int) -> Plan | None:
        return next((one for one in self.plans if one.first <= year <= one.last), None)

    def event_in(self, text: str) -> Event | None:
        return next((one for one in self.events if one.name in text), None)


@cache
def load_facts() -> Facts:
    """Raises RuleError naming the file that is wrong."""
    try:
        return _load()
    except (KeyError, TypeError, ValueError) as error:
        raise RuleError(f"rules/facts: {error!r}") from error


def _load() -> Facts:
    sessions = vocab("congresses", "facts")
    plans = vocab("plans", "facts")
    yearly = vocab("yearly_events", "facts")
    words = [(word, int(one["base"])) for one in _list("anniversaries") for word in one["words"]]
    return Facts(
        tuple(Plenum(one["name"], "", _day(one["closed"]), _source(one)) for one in sessions["congresses"]),
        tuple(
            Plenum(one["congress"], one["name"], _day(one["closed"]), _source(one)) for one in sessions["plenums"]
        ),
        dict(sessions["all_sessions_after"]),
        tuple(Plan(one["name"], int(one["first"]), int(one["last"]), _source(one)) for one in plans["plans"]),
        {phrase: int(number) for phrase, number in plans["phrases"].items()},
        tuple(plans["loose"]),
        (*(Event(one["name"], int(one["base"])) for one in yearly["events"]),
         *(Event(name, None) for name in yearly["asked"])),
        {(int(one["day"][:2]), int(one["day"][3:])): Day(one["name"], tuple(one["words"])) for one in yearly["days"]},
        tuple(sorted(words, key=lambda one: -len(one[0]))),
        tuple(_replaced()),
        dict(_blocks()),
        tuple(word for found in vocab("one_off", "facts").values() for word in found),
        tuple(OfItsTime(tuple(one["words"]), int(one["first"]), int(one["last"]), _source(one))
              for one in _list("of_its_time")),
        {int(year): {frozenset(names.split("、")): line for names, line in named.items()}
         for year, named in vocab("holiday_lines", "facts")["lines"].items()},
        {int(year): number for year, number in vocab("holiday_lines", "facts")["numbers"].items()},
    )  # fmt: skip


def _replaced() -> Iterator[Replaced]:
    """The longest old names first, so that a part of one does not stand for it."""
    for one in sorted(_list("replaced"), key=lambda one: -len(one["old"])):
        yield Replaced(one["old"], one["new"], _day(one["since"]), one["kind"], _source(one), "ask" in one)


def _blocks() -> Iterator[tuple[int, dict[str, tuple[date, date]]]]:
    for year, named in vocab("holiday_blocks", "facts").items():
        yield int(year), {name: (_day(first), _day(last)) for name, (first, last) in named.items()}


def _list(name: str) -> list[dict[str, Any]]:
    """A facts file that is a list of entries."""
    found = vocab(name, "facts")
    return list(found["entries"])


def _source(one: dict[str, Any]) -> str:
    return str(one["source"] or UNSOURCED)


def _day(text: str) -> date:
    return date.fromisoformat(text)
