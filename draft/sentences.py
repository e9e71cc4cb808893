"""One sentence of last year's paper in this year's draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from draft.changes import Change, Finding, Step
from draft.finders.alone import find_alone, find_of_its_time
from draft.finders.formulas import find_anniversaries, find_meetings, find_ordinals, find_plans, find_replaced
from draft.finders.holiday_lines import find_holiday_lines
from draft.finders.hours import find_hours
from draft.finders.names import (
    find_amounts,
    find_cited,
    find_contacts,
    find_numbers_of_papers,
    find_one_off,
    find_places,
    find_themes,
    find_units,
)
from draft.finders.people import find_accounts, find_people
from draft.finders.times import find_times
from draft.finders.years import find_years

FINDERS = (
    find_holiday_lines, find_numbers_of_papers, find_cited, find_themes, find_of_its_time, find_replaced,
    find_meetings, find_plans, find_contacts, find_people, find_anniversaries, find_ordinals, find_years, find_times,
    find_hours, find_places, find_units, find_amounts, find_accounts, find_one_off, find_alone,
)  # fmt: skip
"""In this order: what an earlier one has found the later ones leave alone, so that a year inside a cited title or a
number does not step."""


@dataclass(frozen=True, slots=True)
class Carried:
    """`new` is what stands in the draft, gaps as 【待核：…】; '' when the sentence is dropped."""

    old: str
    new: str
    changes: tuple[Change, ...]

    @property
    def is_flagged(self) -> bool:
        return any(one.is_flagged for one in self.changes)

    @property
    def is_dropped(self) -> bool:
        return any(one.act == "dropped" for one in self.changes)


def carry(sentence: str, step: Step, given: Iterable[Change] = ()) -> Carried:
    """Nothing of the sentence is changed but what a finding names. `given`: what the record knows of it."""
    found = Finding(sentence, given)
    for find in FINDERS:
        find(found, step)
    changes = tuple(sorted(found.changes, key=lambda one: one.span))
    out: list[str] = []
    at = 0
    for one in changes:
        out += [sentence[at : one.span.start], one.printed]
        at = one.span.end
    return Carried(sentence, "".join([*out, sentence[at:]]), changes)
