"""Builder: fills a Record so that no value can enter without its place in the text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from extract.lines import Line
from gongwen.document import Document
from gongwen.record import Evidence, Issue, Record
from gongwen.rulebook import Rulebook
from gongwen.text import Span


class Value:
    """A value with the spans it was read from. Strings, numbers, dicts with a `text`; rows hold Values."""

    __slots__ = ("rule", "score", "spans", "value")

    def __init__(self, value: Any, spans: Span | Iterable[Span], rule: str, score: float = 1.0) -> None:
        self.value = value
        self.spans = [spans] if isinstance(spans, Span) else list(spans)
        self.rule = rule
        self.score = score

    def __repr__(self) -> str:
        return f"Value({self.value!r}, {self.rule})"


Row = Mapping[str, "Value | list[Value] | None"]


class Builder:
    """One record in the making. `put` sets a field, `extend` appends to a list field, `add_row` appends a row."""

    def __init__(self, document: Document, rulebook: Rulebook) -> None:
        self.document = document
        self.rulebook = rulebook
        self.record = Record()
        self._held: dict[int, frozenset[str]] = {}

    def triggered(self, name: str, line: Line) -> bool:
        """Whether a trigger word of a pattern (`field/id`) or a reader (`reader/NAME`) stands on the line."""
        held = self._held.get(line.span.start)
        if held is None:
            held = self._held[line.span.start] = self.rulebook.triggers.held(line.tight)
        return name in held

    def put(self, name: str, value: Value | None) -> None:
        """Set a single-valued field; what stood there before becomes a losing candidate."""
        if value is None:
            return
        before = self.record.values[name]
        if before is not None and before != value.value:
            self._lose(name, before, self.record.evidence.get(name, []))
        self.record.values[name] = value.value
        self.prove(name, value)

    def extend(self, name: str, values: Iterable[Value]) -> None:
        """Append to a list field; a value that is there already gains evidence instead."""
        held: list[Any] = self.record.values[name]
        for value in values:
            if value.value in held:
                self.prove(f"{name}/{held.index(value.value)}", value, more=True)
                continue
            held.append(value.value)
            self.prove(f"{name}/{len(held) - 1}", value)

    def replace(self, name: str, values: Iterable[Value]) -> None:
        """Set a list field anew."""
        for path in [path for path in self.record.evidence if path.startswith(f"{name}/")]:
            del self.record.evidence[path]
        self.record.values[name] = []
        self.extend(name, values)

    def add_row(self, name: str, row: Row, keys: Iterable[str]) -> int:
        """Append a row with all `keys`; list cells hold Values too. Returns its position."""
        out: dict[str, Any] = {}
        path = f"{name}/{len(self.record.values[name])}"
        for key in keys:
            cell = row.get(key)
            if isinstance(cell, list):
                out[key] = [one.value for one in cell]
                for at, one in enumerate(cell):
                    self.prove(f"{path}/{key}/{at}", one)
            elif cell is None:
                out[key] = None
            else:
                out[key] = cell.value
                self.prove(f"{path}/{key}", cell)
        self.record.values[name].append(out)
        return len(self.record.values[name]) - 1

    def candidate(self, name: str, value: Value) -> None:
        """Keep a value that did not win."""
        self._lose(name, value.value, [self._evidence(span, value) for span in value.spans])

    def issue(self, code: str, field: str, message: str, span: Span | None = None) -> None:
        issue = Issue(code, field, message, span)
        if issue not in self.record.issues:
            self.record.issues.append(issue)

    def text(self, span: Span) -> str:
        return span.of(self.document.text)

    def prove(self, path: str, value: Value, *, more: bool = False) -> None:
        """Evidence for a path that is already set."""
        found = [self._evidence(span, value) for span in value.spans]
        before = self.record.evidence.get(path, []) if more else []
        self.record.evidence[path] = before + [one for one in found if one not in before]

    def _evidence(self, span: Span, value: Value) -> Evidence:
        return Evidence.at(self.document, span, value.rule, value.score)

    def _lose(self, name: str, value: Any, evidence: list[Evidence]) -> None:
        held = self.record.candidates.setdefault(name, [])
        if all(one["value"] != value for one in held):
            held.append({"value": value, "evidence": [one.to_json() for one in evidence]})
