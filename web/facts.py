"""A Record as a person reads it: named values with the way to their place in the text, tables, what was not found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gongwen.labels import Labels
from gongwen.phrases import brief as brief
from gongwen.phrases import chinese_date as chinese_date
from gongwen.phrases import in_book_marks as in_book_marks
from gongwen.record import ROWS, Evidence, Record
from gongwen.review import State

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("公文要素", (
        "document_number", "title", "doc_type", "issuers", "letterhead", "addressees", "copied_to", "signatory",
        "issue_date", "publish_date", "print_date", "effective_date", "security", "urgency", "disclosure",
        "index_code", "status", "topics",
    )),
    ("活动概况", ("theme", "activity_time", "locations", "hosts", "organizers", "co_organizers")),
    ("印发件与附件", ("enclosures", "annexes", "forms")),
)  # fmt: skip
TABLES = ("activities", "tasks", "leading_group", "contacts", "deadlines", "targets", "citations")
"""Tables of a record in the order of reading."""
EXPECTED = ("document_number", "title", "issuers", "addressees", "issue_date")
"""What nearly every official document has: only these are missed where they are not found."""

DATES = frozenset({"issue_date", "publish_date", "print_date", "effective_date", "date", "time"})
WIDE = 4
"""A table of more columns than this does not fit beside the text and is shown as a list of entries."""

STATES: dict[State, str] = {"confirmed": "已确认", "corrected": "已更正", "stale": "待重新核对"}


def value_anchor(path: str) -> str:
    """Where the page shows the value of a path; notes (issues) have places of their own."""
    return ("n-" + path[7:]) if path.startswith("issues/") else "v-" + path.replace("/", "-")


@dataclass(frozen=True, slots=True)
class Value:
    """`path` is the record's, `place` the anchor in the text ('' when there is no evidence)."""

    text: str
    path: str
    place: str = ""
    page: int | None = None
    cell: str = ""
    """Of sheets: 分工表!C7, which says more than a page."""

    @property
    def anchor(self) -> str:
        return value_anchor(self.path)


@dataclass(frozen=True, slots=True)
class Fact:
    key: str
    label: str
    values: tuple[Value, ...]
    state: str = ""
    candidates: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` hold, for every column in order, the values of that cell."""

    key: str
    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[Value, ...], ...], ...]
    state: str = ""
    left: int = 0
    """Rows that the page leaves out (web.long)."""

    @property
    def wide(self) -> bool:
        return len(self.columns) > WIDE


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    groups: tuple[Group, ...]
    tables: tuple[Table, ...]
    missing: tuple[str, ...]

    def texts(self) -> dict[str, str]:
        """What is shown for the path of each value."""
        values = [value for group in self.groups for fact in group.facts for value in fact.values]
        values += [value for table in self.tables for row in table.rows for cell in row for value in cell]
        return {value.path: value.text for value in values}

    def anchors(self) -> frozenset[str]:
        """Where the page has a place for a path: every value, list, table and row."""
        found: set[str] = set()
        for fact in (fact for group in self.groups for fact in group.facts):
            found |= {value_anchor(fact.key), *(value.anchor for value in fact.values)}
        for table in self.tables:
            found |= {value_anchor(table.key), *(value_anchor(f"{table.key}/{at}") for at in range(len(table.rows)))}
            found |= {value.anchor for row in table.rows for cell in row for value in cell}
        return frozenset(found)


class _Teller:
    def __init__(self, record: Record, places: Mapping[str, str], states: Mapping[str, State], labels: Labels) -> None:
        self._record = record
        self._places = places
        self._states = states
        self._labels = labels

    def fact(self, key: str) -> Fact | None:
        value = self._record[key]
        if value is None or value == []:
            return None
        printed = tuple(self._values(key, key, value))
        return Fact(key, self._labels.field(key), printed, self._state(key), tuple(self._candidates(key)))

    def table(self, key: str) -> Table | None:
        found: list[Mapping[str, Any]] = [row for row in self._record[key] or [] if isinstance(row, dict)]
        known = (*ROWS[key], *dict.fromkeys(name for row in found for name in row if name not in ROWS[key]))
        known = tuple(sorted(known, key=lambda name: name != "title"))
        columns = [name for name in known if any(row.get(name) not in (None, "", []) for row in found)]
        if not columns:
            return None
        rows = tuple(
            tuple(tuple(self._values(name, f"{key}/{at}/{name}", row.get(name))) for name in columns)
            for at, row in enumerate(found)
        )
        named = tuple(self._labels.column(key, name) for name in columns)
        return Table(key, self._labels.field(key), named, rows, self._state(key))

    def _state(self, key: str) -> str:
        return STATES.get(self._states.get(key, "extracted"), "")

    def _values(self, column: str, path: str, value: Any) -> Iterator[Value]:
        if value is None or value == "":
            return
        if isinstance(value, list):
            for at, one in enumerate(value):
                yield from self._values(column, f"{path}/{at}", one)
            return
        found = self._evidence(path)
        place = self._place(path)
        first = found[0] if found and place else None
        page, cell = (first.page, first.cell or "") if first else (None, "")
        yield Value(self._print(column, value), path, place, page, cell)

    def _print(self, column: str, value: Any) -> str:
        if isinstance(value, dict):
            return print_rich(value)
        if column in DATES:
            return chinese_date(str(value))
        return self._labels.word(column, value)

    def _evidence(self, path: str) -> list[Evidence]:
        """A value's own evidence, else that of the row or list it stands in."""
        while path:
            if path in self._record.evidence:
                return self._record.evidence[path]
            path = path.rpartition("/")[0]
        return []

    def _place(self, path: str) -> str:
        while path:
            if path in self._places:
                return self._places[path]
            path = path.rpartition("/")[0]
        return ""

    def _candidates(self, key: str) -> Iterator[Value]:
        chosen = self._record[key]
        seen = {str(one) for one in chosen} if isinstance(chosen, list) else {str(chosen)}
        for one in self._record.candidates.get(key, ()):
            text = str(one.get("value") or "")
            if text and text not in seen:
                seen.add(text)
                yield Value(chinese_date(text) if key in DATES else text, f"candidates/{key}")


def tell(record: Record, places: Mapping[str, str], states: Mapping[str, State], labels: Labels) -> Facts:
    """Everything the record holds in the order of reading; `missing` names what a clerk expects and does not find."""
    teller = _Teller(record, places, states, labels)
    groups: list[Group] = []
    for name, keys in GROUPS:
        facts = tuple(fact for fact in map(teller.fact, keys) if fact is not None)
        if facts:
            groups.append(Group(name, facts))
    tables = tuple(table for table in map(teller.table, TABLES) if table is not None)
    missing = tuple(labels.field(key) for key in EXPECTED if record[key] in (None, "", []))
    return Facts(tuple(groups), tables, missing)


def print_rich(value: Mapping[str, Any]) -> str:
    """A value with parts ({text, start, end, precision} or {text, value, op, unit}) in one line."""
    text = str(value.get("text") or "")
    start, end = value.get("start"), value.get("end")
    if not start and not end:
        return text or "；".join(str(one) for one in value.values() if one not in (None, "", []))
    exact = chinese_range(str(start or end), str(end or start))
    return f"{text}（{exact}）" if text and exact not in _tight(text) else text or exact


def chinese_range(start: str, end: str) -> str:
    """2024-05-20, 2024-05-27 as 2024年5月20日至27日: what both share is said once."""
    first, last = chinese_date(start), chinese_date(end)
    if first == last:
        return first
    shared = 8 if start[:7] == end[:7] and len(start) == len(end) == 10 else 5 if start[:4] == end[:4] else 0
    cut = len(chinese_date(end[: shared - 1])) if shared else 0
    return f"{first}至{last[cut:]}"


def _tight(text: str) -> str:
    return "".join(text.split()).replace("—", "至").replace("-", "至")



def chinese_dates(text: str) -> str:
    """The text with every day written 2024-05-08 in Chinese. What stands in quotation marks is what was typed."""
    out: list[str] = []
    at, quoted = 0, False
    while at < len(text):
        quoted = text[at] == "“" or (quoted and text[at] != "”")
        length = 1 if quoted or text[max(0, at - 1) : at].isdecimal() else _day_length(text, at)
        piece = text[at : at + length]
        out.append(chinese_date(piece) if length > 1 else piece)
        at += length
    return "".join(out)


def _day_length(text: str, at: int) -> int:
    """Ten where a day stands, else one."""
    parts = text[at : at + 10].split("-")
    is_day = [len(part) for part in parts] == [4, 2, 2] and all(part.isdecimal() for part in parts)
    return 10 if is_day and not text[at + 10 : at + 11].isdecimal() else 1


def citation(record: Record) -> str:
    """How another paper cites this one: 《标题》（文号）."""
    title = in_book_marks(record["title"]) if record["title"] else ""
    number = f"（{record['document_number']}）" if record["document_number"] else ""
    return title + number
