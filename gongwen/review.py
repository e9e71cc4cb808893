"""Reviews: what people say of a record's values. A person's word wins while extraction still says what they saw, or
has come to say what they said; else it is out of date (stale) and the value asks again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gongwen.acts import Review, State, standing
from gongwen.record import Record
from gongwen.resolving import Resolution, Shared, names_of, resolve, resolve_all, share
from gongwen.slots import Several, Slot

__all__ = ["Field", "Resolution", "Review", "Shared", "State", "apply", "effective", "names", "resolve", "resolve_all",
           "share", "standing"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """A record's value with what people said of it; losing candidates stay on the record."""

    name: str
    value: Any
    state: State = "extracted"


def apply(field: Field, reviews: Iterable[Review]) -> Field:
    """The field after all reviews, oldest first. A later review may answer what an earlier one said."""
    slot = Several(field.value, field.name) if isinstance(field.value, list) else Slot.of(field.value, field.name)
    missed = False
    for review in standing(reviews):
        if review.field == field.name:
            missed = not slot.take(review) or (missed and isinstance(slot, Several))
    if isinstance(slot, Slot):
        is_stale = missed and not slot.acts
        return Field(field.name, slot.value, "stale" if is_stale else slot.state)
    seen = {one.state for one in (*slot.slots, slot.whole) if one.acts}
    state: State = "corrected" if "corrected" in seen else "confirmed" if seen else field.state
    return Field(field.name, slot.values, "stale" if missed else state)


def names(record: Record) -> set[str]:
    """What a review may call this document."""
    return names_of(record)


def effective(record: Record, reviews: Iterable[Review]) -> tuple[Record, dict[str, State]]:
    """The record with people's words in place, and the state of every field that was reviewed. Acts about other
    documents of the file are passed over; who has the whole file asks `resolve_all`, which loses none."""
    named = names_of(record)
    found = resolve(record, [review for review in reviews if review.document in named])
    return found.record, found.states
