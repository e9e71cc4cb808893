"""Targets: everything of a record that a person may judge, each with a key that is made of its words.

A key names a value on a page and comes back with the act. When the value has changed meanwhile, nothing has that key
any more: so nobody judges what they have not seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from gongwen.acts import Review, State
from gongwen.record import Issue
from gongwen.resolving import Resolution, place_of_issue
from gongwen.row_names import join, names_among, names_of, split, text_of
from gongwen.slots import Line, Several, Slot

Kind = Literal["single", "item", "list", "row", "table", "cell", "cell_item", "cell_list", "removed", "stale", "issue"]
PLACES = frozenset({"list", "table", "cell_list"})
"""Not values but where one may be added."""


@dataclass(frozen=True, slots=True)
class Target:
    """`name` is the path of names that acts use, `path` the place in the record in force ('' nowhere), `value` what
    stands there (None: nothing). `row` is the name of the row a cell stands in. `acts` are those in force, oldest
    first; a stale act is the last of its own target."""

    kind: Kind
    field: str
    name: str
    path: str = ""
    value: Any = None
    machine: Any = None
    state: State = "extracted"
    acts: tuple[Review, ...] = ()
    column: str = ""
    row: str = ""
    source: str = ""
    """The place in the machine's record, where evidence and doubts are known by."""
    is_single: bool = True
    """Of an act out of date: whether it spoke of a place that holds one value."""
    home: str = ""
    """The place of the row that a cell stands in."""

    @property
    def key(self) -> str:
        told = self.value if self.kind not in {"removed", "stale"} else self.acts[-1].mark
        said = json.dumps([self.kind, self.name, told], ensure_ascii=True, sort_keys=True)
        return hashlib.sha256(said.encode("ascii")).hexdigest()[:16]

    @property
    def seen(self) -> str:
        """The last act that a page showed about it."""
        return self.acts[-1].mark if self.acts else ""

    @property
    def text(self) -> str:
        return text_of(self.value)


def targets(found: Resolution) -> Iterator[Target]:
    """All of them in the order of the record, what people removed behind what stands, then acts out of date and the
    doubts that concern no value."""
    for name, slot in found.singles.items():
        yield _single("single", name, name, name, slot)
    for name, several in found.lists.items():
        yield from _several("item", "list", name, name, name, several)
    for name, lines in found.tables.items():
        named = zip(lines.lines, names_among(name, [line.known_as for line in lines.lines]), strict=True)
        for at, (line, known) in enumerate((line, known) for line, known in named if not line.gone):
            yield from _line(line, f"{name}/{at}", known)
        for line in lines.lines:
            if line.gone:
                yield Target("removed", name, name, value=line.row, machine=line.machine, state="corrected",
                             acts=tuple(line.acts), source=line.path)  # fmt: skip
        yield Target("table", name, name, path=name)
    yield from _stale(found)
    loose = [issue for issue in found.record.issues if not is_of_value(found, issue)]
    for message, issue in {issue.message: issue for issue in reversed(loose)}.items():  # one answer for equal words
        yield Target("issue", issue.field, "issues", value=message)


def is_of_value(found: Resolution, issue: Issue) -> bool:
    """Whether judging a value answers this doubt."""
    return bool(place_of_issue(found.machine, issue))


def find(found: Resolution, key: str) -> Target | None:
    return next((one for one in targets(found) if one.key == key), None)


def _single(
    kind: Kind, field: str, name: str, path: str, slot: Slot, *, column: str = "", row: str = "", home: str = ""
) -> Target:
    return Target(kind, field, name, path if slot.value is not None else "", slot.value, slot.machine, slot.state,
                  tuple(slot.acts), column, row, slot.path, home=home)  # fmt: skip


def _several(
    kind: Kind, place: Kind, field: str, name: str, path: str, several: Several, *, column: str = "", row: str = "",
    home: str = "",
) -> Iterator[Target]:  # fmt: skip
    at = 0
    for slot in several.slots:
        if slot.value is not None:
            yield _single(kind, field, name, f"{path}/{at}", slot, column=column, row=row, home=home)
            at += 1
    for slot in several.slots:
        if slot.value is None and slot.acts:
            yield Target("removed", field, name, value=slot.machine, machine=slot.machine, state="corrected",
                         acts=tuple(slot.acts), column=column, row=row, source=slot.path, home=home)  # fmt: skip
    whole = several.whole
    yield Target(place, field, name, path, None, several.values or None, whole.state, tuple(whole.acts), column, row,
                 home=home)  # fmt: skip


def _line(line: Line, path: str, name: str) -> Iterator[Target]:
    shown = names_of(line.table, line.row)[0]
    yield Target("row", line.table, line.table, path, line.row, line.machine, line.state, tuple(line.acts), row=shown,
                 source=line.path)  # fmt: skip
    for column, cell in line.cells.items():
        named, place = join(line.table, name, column), f"{path}/{column}"
        if isinstance(cell, Several):
            yield from _several(
                "cell_item", "cell_list", line.table, named, place, cell, column=column, row=shown, home=path
            )
        else:
            yield _single("cell", line.table, named, place, cell, column=column, row=shown, home=path)


def _stale(found: Resolution) -> Iterator[Target]:
    for review in found.stale:
        steps = split(review.field)
        column, row = (steps[2], steps[1]) if len(steps) == 3 else ("", "")
        path, slot = _now(found, steps)
        value, machine, source = (slot.value, slot.machine, slot.path) if slot else (None, None, "")
        yield Target("stale", steps[0], review.field, path, value, machine, "stale", (review,), column, row, source,
                     is_single=slot is not None)  # fmt: skip


def _now(found: Resolution, steps: list[str]) -> tuple[str, Slot | None]:
    """Where the place that an act out of date spoke of is now ('' when it is not to be found), and its slot when it
    holds one value."""
    name = steps[0]
    if len(steps) == 1:
        known = name in found.singles or name in found.lists or name in found.tables
        return (name if known else ""), found.singles.get(name)
    lines = found.tables.get(name)
    if len(steps) != 3 or lines is None:
        return "", None
    named = [(at, line) for at, line in enumerate(lines.kept) if line.is_named(steps[1])]
    if len(named) != 1 or steps[2] not in named[0][1].cells:
        return "", None
    cell = named[0][1].cells[steps[2]]
    return f"{name}/{named[0][0]}/{steps[2]}", cell if isinstance(cell, Slot) else None
