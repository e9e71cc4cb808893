"""A made-up record with values of every shape, and acts about it."""

from __future__ import annotations

from typing import Any

from gongwen.acts import Review
from gongwen.record import ROW_LISTS, ROWS, Evidence, Issue, Record, empty_values

NUMBER = "云科协字〔2024〕12号"
TIME = {"text": "9月15日至25日", "start": "2024-09-15", "end": "2024-09-25", "precision": "day"}


def row(table: str, **cells: Any) -> dict[str, Any]:
    """A row with all columns."""
    return {name: cells.get(name, [] if name in ROW_LISTS else None) for name in ROWS[table]}


def paper(**changes: Any) -> Record:
    values = empty_values() | {
        "id": "0123456789abcdef-1", "part": {"number": 1, "start": 0, "end": 500}, "document_number": NUMBER,
        "number_parts": {"agency": "云科协字", "year": 2024, "serial": 12}, "title": "关于举办科普日活动的通知",
        "theme": "科普惠民", "issuers": ["云州市科协", "云州市教育局"], "hosts": [], "activity_time": TIME,
        "tasks": [
            row("tasks", title="科普进校园", group="重点活动", lead=["市教育局"], responsible=["市科协", "各县区"]),
            row("tasks", title="启动仪式", group="重点活动", lead=["市科协"]),
            row("tasks", title="启动仪式", group="县区活动", lead=["市科协"]),
        ],
        "contacts": [row("contacts", name="何立", phones=["0999-5550123", "13900000001"])],
        "same_tasks": [[0, 2]],
    }  # fmt: skip
    record = Record(values | changes)
    for at, (path, _) in enumerate(record.paths()):
        record.evidence[path] = [Evidence(at * 10, at * 10 + 4, "四字原文", "kit", 0.9)]
    record.issues.append(Issue("bracket_variant", "document_number", "文号的括号不规范"))
    record.issues.append(Issue("loose", "", "“（”不成对"))
    return record


def act(field: str, saw: Any, say: Any, by: str = "林若溪", document: str = NUMBER, **more: Any) -> Review:
    return Review(document, field, saw, say, by, "2024-10-01T09:00:00+08:00", **more)


def back(review: Review) -> Review:
    return act(review.field, review.say, review.saw, takes_back=review.mark)
