"""What a row of a table is known by when people speak of it: its own words, never its place (design.md §4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

KEYS: dict[str, tuple[str, ...]] = {
    "activities": ("title", "time", "location"),
    "tasks": ("title", "group", "detail", "time"),
    "leading_group": ("name", "role", "group", "post"),
    "contacts": ("name", "unit", "phones", "email"),
    "deadlines": ("text", "action", "to"),
    "targets": ("text", "unit"),
    "citations": ("title", "document_number", "relation", "alias"),
}
"""Columns that name a row, the telling one first; the next ones are added where two rows share it."""

_BETWEEN = "｜"


def names_of(table: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """All names the row answers to, shortest first: 科普进校园, 科普进校园｜重点活动, …. A row without words has none
    but ''."""
    words = [text for key in KEYS[table] if (text := text_of(row.get(key)))]
    return tuple(_BETWEEN.join(words[: at + 1]) for at in range(len(words))) or ("",)


def names_among(table: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """For each row the shortest name that no other of them answers to; the longest one for rows that say the same.
    Rosters and task tables have thousands of rows: each is looked at once."""
    found = [names_of(table, row) for row in rows]
    held = Counter(name for names in found for name in names)
    return [next((name for name in names if held[name] == 1), names[-1]) for names in found]


def text_of(value: Any) -> str:
    """A value in one line."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return str(value.get("text") or "、".join(text_of(one) for one in value.values() if one))
    if isinstance(value, list | tuple):
        return "、".join(text_of(one) for one in value)
    return str(value)


def join(*steps: str) -> str:
    """A path of names; a / or ~ inside a name is written as in JSON pointers (~1, ~0)."""
    return "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)


def split(path: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")]
