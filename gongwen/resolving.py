"""Resolution: a record with what people said of it: values in force, what became of every act, doubts still open.

The machine's record is never changed. Places (evidence, marks) are those of the values in force; a corrected value
keeps the place where the wrong one was read, an added one has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gongwen.acts import ISSUES, Review, State, standing
from gongwen.record import LISTS, ROW_LISTS, ROWS, SCALARS, Evidence, Issue, Record
from gongwen.row_names import split
from gongwen.slots import Line, Lines, Several, Slot
from gongwen.values.document_number import DocumentNumber

SINGLE = (*SCALARS, "activity_time")
REVIEWED = frozenset({*SINGLE, *LISTS, *ROWS})
"""Fields that people may speak of; the others are made of them."""


@dataclass(slots=True)
class Resolution:
    """`stale`: acts that hold no more, for extraction now says something else. `settled`: doubts that people have
    answered. `states`: of each field with acts, for lists."""

    machine: Record
    record: Record
    singles: dict[str, Slot]
    lists: dict[str, Several]
    tables: dict[str, Lines]
    acts: list[Review] = field(default_factory=list)
    stale: list[Review] = field(default_factory=list)
    settled: list[tuple[Issue, list[Review]]] = field(default_factory=list)
    states: dict[str, State] = field(default_factory=dict)

    def slots(self) -> Iterator[Slot]:
        yield from self.singles.values()
        for several in self.lists.values():
            yield from several.slots
        for lines in self.tables.values():
            for line in lines.lines:
                yield from line.slots()


def resolve(record: Record, reviews: Iterable[Review]) -> Resolution:
    """The record with these acts put to it. `reviews` are of this document alone, as `reviews_of` gives them."""
    found = Resolution(record, record, *_slots(record))
    found.acts = standing(reviews)
    said: list[Review] = []
    for review in found.acts:
        if review.field == ISSUES:
            said.append(review)
        elif not _put(found, review):
            found.stale.append(review)
    found.stale = [one for one in found.stale if not _is_answered(found, one)]
    if found.acts:
        found.record = _in_force(found)
        _settle(found, said)
        found.states = _states(found)
    return found


def _slots(record: Record) -> tuple[dict[str, Slot], dict[str, Several], dict[str, Lines]]:
    return (
        {name: Slot.of(record[name], name) for name in SINGLE},
        {name: Several(record[name] or [], name) for name in LISTS},
        {name: Lines(name, record[name] or []) for name in ROWS},
    )


def _put(found: Resolution, review: Review) -> bool:
    """False when no value takes it. What is said of a field that this version does not know holds no more."""
    steps = split(review.field)
    name = steps[0]
    if len(steps) == 3 and name in found.tables:
        return found.tables[name].take_cell(steps[1], steps[2], review)
    if len(steps) > 1:
        return False
    if name in found.singles:
        return found.singles[name].take(review)
    if name in found.lists:
        return found.lists[name].take(review)
    return name in found.tables and found.tables[name].take(review)


def _is_answered(found: Resolution, stale: Review) -> bool:
    """A single value that was spoken of again later asks no more. In lists nobody knows which value was meant: there
    the act is to be taken back or said anew."""
    steps = split(stale.field)
    if steps[0] not in found.singles and (len(steps) != 3 or steps[2] in ROW_LISTS):
        return False
    later = found.acts[found.acts.index(stale) + 1 :]
    return any(one.field == stale.field and one not in found.stale for one in later)


# --- what is in force -------------------------------------------------------------------------------------


def _in_force(found: Resolution) -> Record:
    values = dict(found.machine.values)
    for name, slot in found.singles.items():
        values[name] = slot.value
    for name, several in found.lists.items():
        values[name] = several.values
    for name, lines in found.tables.items():
        values[name] = lines.rows
    if values["document_number"] != found.machine["document_number"]:
        values["number_parts"] = _number_parts(values["document_number"])
    moved = _moved(found)
    values["same_tasks"] = list(_pairs(values["same_tasks"], moved))
    return Record(
        values, dict(_evidence(found.machine.evidence, moved)), found.machine.candidates, list(found.machine.issues)
    )


def _number_parts(number: Any) -> dict[str, Any] | None:
    parsed = DocumentNumber.parse(str(number)) if number else None
    return {"agency": parsed.agency, "year": parsed.year, "serial": parsed.serial} if parsed else None


def _moved(found: Resolution) -> dict[str, str | None]:
    """Where each place of the machine's record is now; None: nowhere."""
    moved: dict[str, str | None] = {
        name: name if slot.value is not None else None for name, slot in found.singles.items()
    }
    for name, several in found.lists.items():
        moved |= _moved_in(several, name)
    for name, lines in found.tables.items():
        kept = {id(line): at for at, line in enumerate(lines.kept)}
        for line in lines.lines:
            if line.path:
                at = kept.get(id(line))
                moved[line.path] = None if at is None else f"{name}/{at}"
                moved |= _moved_cells(line, moved[line.path])
    return moved


def _moved_in(several: Several, path: str) -> dict[str, str | None]:
    moved: dict[str, str | None] = {}
    at = 0
    for slot in several.slots:
        if slot.path:
            moved[slot.path] = None if slot.value is None else f"{path}/{at}"
        at += slot.value is not None
    return moved


def _moved_cells(line: Line, path: str | None) -> dict[str, str | None]:
    moved: dict[str, str | None] = {}
    for name, cell in line.cells.items():
        if path is None:
            continue
        if isinstance(cell, Several):
            moved |= _moved_in(cell, f"{path}/{name}")
        elif cell.path:
            moved[cell.path] = None if cell.value is None else f"{path}/{name}"
    return moved


def _evidence(before: dict[str, list[Evidence]], moved: dict[str, str | None]) -> Iterator[tuple[str, list[Evidence]]]:
    for path, places in before.items():
        now = _now(path, moved)
        if now is not None:
            yield now, places


def _now(path: str, moved: dict[str, str | None]) -> str | None:
    """By itself, else by what it stands in."""
    above = path
    while above:
        if above in moved:
            now = moved[above]
            return None if now is None else now + path[len(above) :]
        above = above.rpartition("/")[0]
    return path


def _pairs(pairs: Any, moved: dict[str, str | None]) -> Iterator[list[int]]:
    """Pairs of task rows of which both are still there."""
    for pair in pairs or []:
        now = [moved.get(f"tasks/{at}") for at in pair]
        if all(now):
            yield [int(str(one).rpartition("/")[2]) for one in now]


# --- doubts and states ------------------------------------------------------------------------------------


def place_of_issue(record: Record, issue: Issue) -> str:
    """The path of the value that a doubt is about: the field itself where it holds one value, else the value whose
    place in the text overlaps most; '' when there is none."""
    if issue.field in SINGLE:
        return issue.field
    best, path = (0, 0), ""
    if issue.span is None or not issue.field:
        return ""
    for held, places in record.evidence.items():
        if held != issue.field and not held.startswith(f"{issue.field}/"):
            continue
        for one in places:
            shared = min(one.end, issue.span.end) - max(one.start, issue.span.start)
            if shared > 0 and (shared, one.start - one.end) > best:
                best, path = (shared, one.start - one.end), held
    return path


def _settle(found: Resolution, said: list[Review]) -> None:
    """Doubts that were answered: looked at and let be, or their value was judged."""
    judged = {slot.path: slot.acts for slot in found.slots() if slot.path and slot.acts}
    for lines in found.tables.values():
        judged |= {line.path: line.acts for line in lines.lines if line.path and line.acts}
    let_be: dict[str, list[Review]] = {}
    for review in said:
        let_be.setdefault(str(review.saw), []).append(review)
    still: list[Issue] = []
    for issue in found.machine.issues:
        path = place_of_issue(found.machine, issue)
        acts = let_be.get(issue.message) or judged.get(path) or judged.get(_row_of(path))
        if acts:
            found.settled.append((issue, acts))
        else:
            still.append(issue)
    found.record.issues = still


def _row_of(path: str) -> str:
    return "/".join(path.split("/")[:2]) if path.count("/") > 1 else path


def _states(found: Resolution) -> dict[str, State]:
    """Of whole fields: out of date before corrected before confirmed."""
    states: dict[str, State] = {}
    for name, slot in found.singles.items():
        if slot.acts:
            states[name] = slot.state
    for name, several in found.lists.items():
        _tell(states, name, [*several.slots, several.whole])
    for name, lines in found.tables.items():
        _tell(states, name, [slot for line in lines.lines for slot in line.slots()])
        if any(line.acts and (line.gone or line.machine is None) for line in lines.lines):
            states[name] = "corrected"
    for review in found.stale:
        states[split(review.field)[0]] = "stale"
    return {name: state for name, state in states.items() if name in REVIEWED}


def _tell(states: dict[str, State], name: str, slots: Iterable[Slot]) -> None:
    seen = {slot.state for slot in slots if slot.acts}
    if seen:
        states[name] = "corrected" if "corrected" in seen else "confirmed"


# --- whose acts -------------------------------------------------------------------------------------------


def names_of(record: Record) -> set[str]:
    """What an act may call this document: its number, its title, and its place where it has neither."""
    found = {str(record[key]) for key in ("document_number", "title") if record[key]}
    return found | {place_name(record)}


def name_of(record: Record) -> str:
    """What an act calls it: as extraction says, for the people's words may change again."""
    return str(record["document_number"] or record["title"] or place_name(record))


def part_of(record: Record) -> int:
    return int((record["part"] or {}).get("number", 1))


def place_name(record: Record) -> str:
    return f"第{part_of(record)}件"


def resolve_all(records: list[Record], reviews: Iterable[Review]) -> list[Resolution]:
    """All documents of a file. Acts whose document is not there any more ask again at the document of their place,
    else at the first: none is ever lost from sight."""
    shared = share(records, reviews)
    found = [resolve(record, mine) for record, mine in zip(records, shared.of, strict=True)]
    for review in standing(shared.lost):
        at = next((at for at, one in enumerate(records) if part_of(one) == review.part), 0)
        if found:
            found[at].stale.append(review)
            found[at].states.setdefault(split(review.field)[0], "stale")
    return found


@dataclass(frozen=True, slots=True)
class Shared:
    """The acts of a file by document, and those whose document is not there any more."""

    of: tuple[list[Review], ...]
    lost: list[Review]


def share(records: list[Record], reviews: Iterable[Review]) -> Shared:
    """Which acts are of which document of a file. In a file of one document all are. Two documents of one name: the
    place in the file tells them apart, when the act knows it."""
    of: tuple[list[Review], ...] = tuple([] for _ in records)
    lost: list[Review] = []
    names = [names_of(record) for record in records]
    for review in reviews:
        named = [at for at, held in enumerate(names) if review.document in held] or ([0] if len(records) == 1 else [])
        if len(named) > 1 and review.part:
            named = [at for at in named if part_of(records[at]) == review.part] or named
        for at in named:
            of[at].append(review)
        if not named:
            lost.append(review)
    return Shared(of, lost)
