"""Slots: the places of a record that hold one value each, with what extraction said, what stands there now and the
acts that made it so. Acts are put to a slot one by one, oldest first; one that no slot takes is out of date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongwen.acts import Review, State
from gongwen.row_names import names_of


@dataclass(slots=True)
class Slot:
    """One value. `machine` is what extraction said, `value` what stands now, None: nothing. `path` is the place in
    the machine's record ('' for what people added)."""

    machine: Any
    value: Any
    path: str = ""
    state: State = "extracted"
    acts: list[Review] = field(default_factory=list)

    @classmethod
    def of(cls, value: Any, path: str) -> Slot:
        return cls(value, value, path)

    def holds(self, saw: Any) -> bool:
        return same(saw, self.value) or same(saw, self.machine)

    def take(self, review: Review) -> bool:
        """The person's word, when they saw what is here or was read here, or when it is what stands here anyway."""
        if not self.holds(review.saw) and not same(review.say, self.value):
            return False
        self.put(review.say, review)
        return True

    def put(self, value: Any, review: Review) -> None:
        self.value = value
        self.state = "confirmed" if same(value, self.machine) else "corrected"
        self.acts.append(review)


class Several:
    """The values of a list: each in a slot of its own; what people removed stays as a slot without a value."""

    def __init__(self, values: Sequence[Any], path: str) -> None:
        self.path = path
        self.slots = [Slot.of(value, f"{path}/{at}") for at, value in enumerate(values)]
        self.whole = Slot.of(list(values), path)
        """Takes the acts about the list as a whole."""

    @property
    def values(self) -> list[Any]:
        return [slot.value for slot in self.slots if slot.value is not None]

    def take(self, review: Review) -> bool:
        if isinstance(review.saw, list):
            return self._take_all(review)
        if review.saw is None:
            return self._add(review)
        slot = self._find(review)
        if slot is None:
            return review.say is None  # what is not in the text is not here either
        say = review.say
        doubled = any(other is not slot and same(say, other.value) for other in self.slots if other.value is not None)
        slot.put(None if doubled else say, review)
        return True

    def _find(self, review: Review) -> Slot | None:
        for wanted, key in ((review.saw, "value"), (review.saw, "machine"), (review.say, "value")):
            found = next((one for one in self.slots if wanted is not None and same(wanted, getattr(one, key))), None)
            if found is not None:
                return found
        return None

    def _add(self, review: Review) -> bool:
        if review.say is None:
            return False
        for key in ("value", "machine"):
            for slot in self.slots:
                if same(review.say, getattr(slot, key)):
                    slot.put(review.say, review)
                    return True
        slot = Slot(None, None)
        slot.put(review.say, review)
        self.slots.append(slot)
        return True

    def _take_all(self, review: Review) -> bool:
        say = review.say if isinstance(review.say, list) else []
        if not same(review.saw, self.values) and not self.whole.holds(review.saw) and not same(say, self.values):
            return False
        self.put(say, review)
        return True

    def put(self, values: Sequence[Any], review: Review) -> None:
        """Another list for this one, or this one again."""
        left = list(values)
        for slot in self.slots:
            kept = next((one for one in left if same(one, slot.value) or same(one, slot.machine)), None)
            if kept is not None:
                left.remove(kept)
            slot.put(kept, review)
        for one in left:
            slot = Slot(None, None)
            slot.put(one, review)
            self.slots.append(slot)
        self.whole.put(list(values), review)


class Line:
    """A row of a table: a slot, or several, for each column. `gone`: people said that the row is not in the text."""

    def __init__(self, table: str, row: Mapping[str, Any], path: str = "", *, added: bool = False) -> None:
        self.table = table
        self.path = path
        self.machine: dict[str, Any] | None = None if added else dict(row)
        self.gone = False
        self.acts: list[Review] = []
        self.cells: dict[str, Slot | Several] = {
            name: Several(cell, f"{path}/{name}") if isinstance(cell, list) and _is_plain(cell)
            else Slot.of(cell, f"{path}/{name}")
            for name, cell in row.items()
        }  # fmt: skip
        if added:
            self._forget_machine()

    def _forget_machine(self) -> None:
        for slot in self.slots():
            slot.machine, slot.path = None, ""
        for cell in self.cells.values():
            if isinstance(cell, Several):
                cell.whole.machine = []

    def slots(self) -> list[Slot]:
        found: list[Slot] = []
        for cell in self.cells.values():
            found += cell.slots if isinstance(cell, Several) else [cell]
        return found

    @property
    def row(self) -> dict[str, Any]:
        """As it stands now; a row that is gone still says what it said."""
        return {name: cell.values if isinstance(cell, Several) else cell.value for name, cell in self.cells.items()}

    @property
    def known_as(self) -> dict[str, Any]:
        """The row that names it in acts: as extraction read it, so that a corrected name changes no address."""
        return self.row if self.machine is None else self.machine

    @property
    def state(self) -> State:
        if self.gone or self.machine is None:
            return "corrected"
        filled = [slot for slot in self.slots() if slot.value is not None]
        if any(slot.state == "corrected" for slot in self.slots()):
            return "corrected"
        return "confirmed" if filled and all(slot.state == "confirmed" for slot in filled) else "extracted"

    def is_row(self, said: Any) -> bool:
        return same_row(said, self.row) or (self.machine is not None and same_row(said, self.machine))

    def is_named(self, name: str) -> bool:
        now = names_of(self.table, self.row)
        return name in now or (self.machine is not None and name in names_of(self.table, self.machine))

    def put(self, say: Mapping[str, Any] | None, review: Review) -> None:
        """Another row for this one, this one again, or none."""
        self.acts.append(review)
        self.gone = say is None
        if say is None:
            return
        for name, cell in self.cells.items():
            wanted = say.get(name)
            if isinstance(cell, Several):
                cell.put(wanted if isinstance(wanted, list) else [], review)
            elif wanted not in (None, "", []) or cell.value is not None:
                cell.put(None if wanted in ("", []) else wanted, review)

    def take(self, column: str, review: Review) -> bool:
        """An act about one cell."""
        cell = self.cells.get(column)
        return cell is not None and not self.gone and cell.take(review)

    def would_take(self, column: str, review: Review) -> bool:
        cell = self.cells.get(column)
        if cell is None or self.gone:
            return False
        if isinstance(cell, Slot):
            return cell.holds(review.saw) or same(review.say, cell.value)
        if review.saw is None:
            return review.say is not None
        if isinstance(review.saw, list):
            return same(review.saw, cell.values) or cell.whole.holds(review.saw)
        return any(slot.holds(review.saw) or same(review.say, slot.value) for slot in cell.slots)


class Lines:
    """The rows of a table."""

    def __init__(self, table: str, rows: Sequence[Any]) -> None:
        self.table = table
        self.lines = [Line(table, row, f"{table}/{at}") for at, row in enumerate(rows) if isinstance(row, Mapping)]

    @property
    def kept(self) -> list[Line]:
        return [line for line in self.lines if not line.gone]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [line.row for line in self.kept]

    def take(self, review: Review) -> bool:
        """An act about a whole row, or about the table as it stands."""
        if isinstance(review.saw, list):
            return self._take_all(review)
        say = review.say if isinstance(review.say, Mapping) else None
        if review.saw is None:
            if say is None:
                return False
            known = next((line for line in self.lines if line.is_row(say)), None)
            if known is None:
                known = Line(self.table, say, added=True)
                self.lines.append(known)
            known.put(say, review)
            return True
        line = next((one for one in self.lines if one.is_row(review.saw)), None)
        if line is None and say is not None:
            line = next((one for one in self.lines if one.is_row(say)), None)
        if line is None:
            return say is None
        line.put(say, review)
        return True

    def _take_all(self, review: Review) -> bool:
        """Only confirmed as a whole: what is to change is said row by row."""
        is_same = len(review.saw) == len(self.rows) and all(map(same_row, review.saw, self.rows))
        if not is_same or not same(review.saw, review.say):
            return False
        for line in self.kept:
            line.put(line.row, review)
        return True

    def take_cell(self, name: str, column: str, review: Review) -> bool:
        """The row of that name that holds what was seen; of rows that differ none, for nobody knows which was
        meant."""
        named = [line for line in self.lines if line.is_named(name) and line.would_take(column, review)]
        if not named or any(not same_row(line.row, named[0].row) for line in named[1:]):
            return False
        return named[0].take(column, review)


def same(one: Any, other: Any) -> bool:
    """Equal as values; an empty list is no value."""
    return (None if one == [] else one) == (None if other == [] else other)


def same_row(one: Any, other: Any) -> bool:
    """Equal in all that they say: a column that is empty or not known yet is not told apart."""
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return False
    return _told(one) == _told(other)


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value not in (None, "", [])}


def _is_plain(cell: Sequence[Any]) -> bool:
    """A list of names or numbers to be judged one by one; the two ends of a range (`targets.value`) are one value."""
    return all(isinstance(one, str) for one in cell)
