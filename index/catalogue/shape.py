"""Values of a record as the catalogue takes them. Extraction writes the schema's shapes; a person's word may be of
another shape, and costs then its own row, not the paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gongwen.record import LISTS, ROWS, SCALARS, Record, empty_values

Row = Mapping[str, Any]


def complete(record: Record) -> Record:
    """With every value in the schema's shape: what a person has taken out is as empty as what was never there."""
    for key, nothing in empty_values().items():
        if record.values.get(key) is None:
            record.values[key] = nothing
    record.values |= {key: text(record, key) or None for key in SCALARS}
    record.values |= {key: names(record, key) for key in LISTS}
    record.values |= {key: [dict(row) for row in rows(record, key)] for key in ROWS}
    record.values["activity_time"] = dict(time(record, "activity_time")) or None
    return record


def rows(record: Record, key: str) -> list[Row]:
    """The rows of a table; one that is none stands as an empty one, so that the others keep their places."""
    found = record[key]
    return [one if isinstance(one, dict) else {} for one in found] if isinstance(found, list) else []


def names(row: Row | Record, key: str) -> list[str]:
    """A list of names, or one name alone."""
    found = row.get(key)
    if isinstance(found, str):
        return [found] if found else []
    return [one for one in found if isinstance(one, str) and one] if isinstance(found, list) else []


def text(row: Row | Record, key: str) -> str:
    value = row.get(key)
    return "" if value is None or isinstance(value, dict | list) else str(value)


def texts(row: Row | Record, *keys: str) -> dict[str, str]:
    return {key: text(row, key) for key in keys}


def time(row: Row | Record, key: str = "time") -> Row:
    """{text, start, end, precision}; of a bare day or words what they tell."""
    value = row.get(key)
    if isinstance(value, dict):
        return value
    return {"text": str(value)} if value and isinstance(value, str) else {}
