"""What the page of a paper shows of review: at every value whether it was judged, and in the mode of review the way to
judge it, to add what is missing and to bring back what was removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gongwen.labels import Labels
from gongwen.resolving import Resolution
from gongwen.targets import Target, targets
from web.cards import print_value
from web.facts import GROUPS, TABLES
from web.masking import mask
from web.told_acts import told_time, words_of

_UNASKED = frozenset({"forms", "letterhead"})
"""Fields that nobody misses."""


@dataclass(frozen=True, slots=True)
class Mark:
    """`word` is '' for a value nobody judged; `title` tells who and when."""

    key: str
    word: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A field without a value. `word`: people said that it is not in the text."""

    label: str
    key: str
    field: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    label: str
    text: str
    mark: str
    title: str


class Judged:
    """Asked by the templates. `reviewing`: the page is in the mode of review."""

    def __init__(self, found: Resolution, labels: Labels, *, reviewing: bool, covered: bool) -> None:
        self.reviewing = reviewing
        self.address = found.record.id
        self.acts = len(found.acts)
        self._labels = labels
        self._covered = covered
        self._marks: dict[str, Mark] = {}
        self._adds: dict[str, str] = {}
        self._targets = list(targets(found))
        self._read()

    def _read(self) -> None:
        for target in self._targets:
            if target.kind in {"list", "table"}:
                self._adds[target.field] = target.key
            elif target.kind in {"single", "item", "row", "cell", "cell_item"} and target.path:
                self._marks[target.path] = Mark(target.key, _word(target), self._title(target))

    def at(self, path: str) -> Mark | None:
        """Of a value; the two ends of a range are one."""
        above, _, last = path.rpartition("/")
        return self._marks.get(path) or (self._marks.get(above) if last.isdecimal() and above.count("/") == 2 else None)

    def adding(self, field: str) -> str:
        """The key of the place where a value of a list or a row of a table may be added; '' outside the mode."""
        return self._adds.get(field, "") if self.reviewing else ""

    def missing(self) -> Iterator[tuple[str, list[Missing]]]:
        """Fields without a value by group, in the order of the page."""
        empty = {target.field: target for target in self._targets if target.kind == "single" and target.value is None}
        empty |= {target.field: target for target in self._targets
                  if target.kind == "list" and target.machine is None}  # fmt: skip
        for name, keys in GROUPS:
            found = [self._missing(empty[key]) for key in keys if key in empty and key not in _UNASKED]
            if found:
                yield name, found
        held = {target.field for target in self._targets if target.kind == "row"}
        tables = [Missing(self._labels.field(key), self._adds[key], key) for key in TABLES if key not in held]
        if tables:
            yield "表格", tables

    def _missing(self, target: Target) -> Missing:
        word = "原文没有" if target.acts and target.state != "extracted" else ""
        return Missing(self._labels.field(target.field), target.key, target.field, word)

    def removed(self) -> Iterator[Removed]:
        for target in self._targets:
            if target.kind != "removed" or not target.acts:
                continue
            name = self._labels.field(target.field)
            label = f"{name} · {self._labels.column(target.field, target.column)}" if target.column else name
            text = target.row or (print_value(target, self._labels) if not isinstance(target.value, dict) else "")
            text = text or "、".join(str(one) for one in (target.value or {}).values() if one)[:60]
            shown = mask(text) if self._covered else text
            yield Removed(label, shown, target.acts[-1].mark, self._title(target))

    @property
    def stale(self) -> int:
        return sum(1 for one in self._targets if one.kind == "stale")

    def _title(self, target: Target) -> str:
        if not target.acts:
            return ""
        act = target.acts[-1]
        told = f"{act.by} {told_time(act.at)} {words_of(act, self._labels)}"
        return mask(told) if self._covered else told


def _word(target: Target) -> str:
    if target.kind == "row" or not target.acts:
        return ""
    if target.state == "confirmed":
        return "已确认"
    return "补充" if target.machine is None else "已更正"
