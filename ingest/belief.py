"""What the records of a child process must be before they are believed: it has read foreign bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gongwen.document import Document
from gongwen.record import LISTS, ROW_LISTS, ROWS, SCALARS, Record, record_id


def check_records(document: Document, records: Iterable[Record]) -> None:
    """Raises ValueError when a record has another file's id, a value of a wrong type, or a quote that is not the
    text at its span."""
    for number, record in enumerate(records, 1):
        if record.values["id"] != record_id(document.sha256, number):
            raise ValueError("id")
        _check_values(record.values)
        for found in record.evidence.values():
            if any(document.text[one.start : one.end] != one.quote for one in found):
                raise ValueError("quote")
        if any(issue.span is not None and issue.span.end > len(document.text) for issue in record.issues):
            raise ValueError("issue")


def _check_values(values: dict[str, Any]) -> None:
    for name in (*SCALARS, "within"):
        _require(values[name] is None or isinstance(values[name], str), name)
    for name in LISTS:
        _require(_is_texts(values[name]), name)
    for name, columns in ROWS.items():
        _require(isinstance(values[name], list), name)
        for row in values[name]:
            _require(isinstance(row, dict) and row.keys() <= set(columns), name)
            _require(all(_is_texts(row[column]) for column in ROW_LISTS & row.keys()), name)
    for name in ("part", "number_parts", "activity_time", "units", "groups"):
        _require(values[name] is None or isinstance(values[name], dict), name)
    part = values["part"]
    _require(0 <= int(part["start"]) <= int(part["end"]) and int(part["number"]) > 0, "part")
    _require(isinstance(values["sections"], list), "sections")
    _require(all(_is_texts(names) for names in values["groups"].values()), "groups")
    rows = range(len(values["tasks"]))
    pairs = values["same_tasks"]
    _require(isinstance(pairs, list) and all(len(pair) == 2 and {*pair} <= {*rows} for pair in pairs), "same_tasks")


def _is_texts(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(one, str) for one in found)


def _require(holds: bool, name: str) -> None:
    if not holds:
        raise ValueError(name)
