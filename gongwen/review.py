"""Reviews: what people say of a record's values. A person's word wins while extraction still says what they saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from gongwen.record import Record

State = Literal["extracted", "confirmed", "corrected", "stale"]


@dataclass(frozen=True, slots=True)
class Review:
    """One act of one person. `document` is the number or title of the official document, `field` a path whose
    list steps are values, not positions (`contacts`, `tasks`), `saw` what extraction said, `say` what is right
    (equal to saw: confirmed; None: not in the text), `by` and `at` who and when (ISO 8601 with offset)."""

    document: str
    field: str
    saw: Any
    say: Any
    by: str
    at: str

    def to_json(self) -> dict[str, Any]:
        return {"document": self.document, "field": self.field, "saw": self.saw, "say": self.say, "by": self.by,
                "at": self.at}  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Review:
        return cls(data["document"], data["field"], data["saw"], data["say"], data["by"], data["at"])


@dataclass(frozen=True, slots=True)
class Field:
    """A record's value with what people said of it; losing candidates stay on the record."""

    name: str
    value: Any
    state: State = "extracted"


def apply(field: Field, reviews: Iterable[Review]) -> Field:
    """The field after all reviews, oldest first. A later review may answer what an earlier one said."""
    machine = field.value
    out = field
    for review in reviews:
        if review.field != field.name:
            continue
        out = _one(field.name, machine, out, review)
    return out


def _one(name: str, machine: Any, before: Field, review: Review) -> Field:
    if isinstance(machine, list) and not isinstance(review.saw, list):
        return _in_list(name, before, review)
    if review.saw not in (machine, before.value):
        return Field(name, before.value, "stale") if before.state == "extracted" else before
    if review.say == machine:
        return Field(name, machine, "confirmed")
    return Field(name, review.say, "corrected")


def _in_list(name: str, before: Field, review: Review) -> Field:
    """A list value is named by its text: saw None adds, say None removes, otherwise one is put for the other."""
    values = list(before.value)
    if review.saw is None:
        return before if review.say in values else Field(name, [*values, review.say], "corrected")
    if review.saw not in values:
        return before if review.say in values else Field(name, before.value, "stale")
    if review.say == review.saw:
        return Field(name, values, "confirmed" if before.state == "extracted" else before.state)
    at = values.index(review.saw)
    values[at : at + 1] = [] if review.say is None else [review.say]
    return Field(name, values, "corrected")


def names(record: Record) -> set[str]:
    """What a review may call this document: its number and its title."""
    return {str(record[key]) for key in ("document_number", "title") if record[key]}


def effective(record: Record, reviews: Iterable[Review]) -> tuple[Record, dict[str, State]]:
    """The record with people's words in place, and the state of every field that was reviewed."""
    mine = [review for review in reviews if review.document in names(record)]
    out = Record(deepcopy(record.values), record.evidence, record.candidates, record.issues)
    states: dict[str, State] = {}
    for name in dict.fromkeys(review.field for review in mine):
        if name not in out.values:
            continue
        field = apply(Field(name, out.values[name]), mine)
        out.values[name] = field.value
        states[name] = field.state
    return out, states
