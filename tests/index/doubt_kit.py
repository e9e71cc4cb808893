"""Invented files with doubts in a store of its own."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from gongwen.acts import Review
from gongwen.document import Block, Document
from gongwen.record import Evidence, Issue, Reading, Record, empty_values, record_id
from gongwen.settings import Settings
from gongwen.store import Store
from gongwen.text import Span
from index.doubt_store import Doubts, open_doubts

TEXT = "云科协字〔2024〕12号\n关于举办科普日活动的通知\n云州市科学技术协会\n2024年5月30日\n主题科普惠民\n"


def sha(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def paper(name: str, serial: int = 12, **more: Any) -> Record:
    """A record without doubts; `more` are values, `issues`, `candidates` and `scores` by path."""
    values = empty_values() | {
        "id": record_id(sha(name), 1), "part": {"number": 1, "start": 0, "end": len(TEXT)},
        "document_number": f"云科协字〔2024〕{serial}号", "title": "关于举办科普日活动的通知",
        "number_parts": {"agency": "云科协字", "year": 2024, "serial": serial},
        "issuers": ["云州市科学技术协会"], "issue_date": "2024-05-30", "theme": "科普惠民", "disclosure": None,
    }  # fmt: skip
    issues, candidates, scores = (more.pop(key, {}) for key in ("issues", "candidates", "scores"))
    record = Record(values | more, issues=list(issues), candidates=dict(candidates))
    for at, (path, value) in enumerate(record.paths()):
        start = max(0, TEXT.find(str(value)))
        score = scores.get(path, 0.9)
        record.evidence[path] = [Evidence(start, start + 4, TEXT[start : start + 4], f"rule/{at % 2}", score)]
    return record


def put(store: Store, name: str, record: Record) -> str:
    sha256 = sha(name)
    store.put_text(Document(sha256, TEXT, (Block("paragraph", Span(0, len(TEXT))),), "kit/1", "text/plain"))
    store.put_reading(Reading(f"{name}.txt", sha256, "text/plain", True, [], [record], "f"))
    return sha256


def corpus(folder: Path, *records: tuple[str, Record]) -> tuple[Settings, Store, Doubts]:
    settings = Settings(corpus=folder, network_disk=True)
    store = Store(folder, network_disk=True)
    store.create()
    for name, record in records:
        put(store, name, record)
    return settings, store, open_doubts(settings)


def act(field: str, saw: Any, say: Any, serial: int = 12, **more: Any) -> Review:
    return Review(f"云科协字〔2024〕{serial}号", field, saw, say, "林若溪", "2024-10-01T09:00:00+08:00", **more)


def issue(field: str = "document_number", code: str = "bracket_variant", message: str = "括号不规范") -> Issue:
    return Issue(code, field, message)
