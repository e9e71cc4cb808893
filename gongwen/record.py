"""Record: what one official document says, every value with its evidence (design.md §3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gongwen.document import Box, Document
from gongwen.text import Span

SCALARS = (
    "document_number", "title", "doc_type", "signatory", "issue_date", "publish_date", "print_date", "effective_date",
    "security", "urgency", "disclosure", "index_code", "status", "theme",
)  # fmt: skip
LISTS = (
    "issuers", "letterhead", "addressees", "copied_to", "topics", "locations", "hosts", "organizers", "co_organizers",
    "enclosures", "annexes", "forms",
)  # fmt: skip
ROWS: dict[str, tuple[str, ...]] = {
    "activities": ("title", "time", "location", "hosts", "organizers", "co_organizers"),
    "tasks": ("group", "title", "detail", "lead", "responsible", "cooperate", "time", "targets", "location"),
    "leading_group": ("group", "role", "name", "post"),
    "contacts": ("name", "unit", "phones", "fax", "email", "address"),
    "deadlines": ("date", "text", "recurrence", "who", "action", "to", "kind"),
    "targets": ("value", "op", "unit", "text"),
    "citations": ("title", "document_number", "relation", "alias"),
}
ROW_LISTS = frozenset({"hosts", "organizers", "co_organizers", "lead", "responsible", "cooperate", "phones", "who"})

ORDER = (
    "id", "part", "within", "document_number", "number_parts", "title", "doc_type", "issuers", "letterhead",
    "addressees", "copied_to", "signatory", "issue_date", "publish_date", "print_date", "effective_date", "security",
    "urgency", "disclosure", "index_code", "status", "topics", "theme", "activity_time", "locations", "hosts",
    "organizers", "co_organizers", "activities", "tasks", "leading_group", "contacts", "deadlines", "targets",
    "citations", "enclosures", "annexes", "forms", "sections", "units", "groups", "same_tasks",
)  # fmt: skip
"""Keys of a record in the order of print; `evidence`, `candidates` and `issues` follow."""
DERIVED = frozenset({"id", "part", "within", "number_parts", "sections", "units", "groups", "same_tasks"})
"""Keys that are made of other values and have no evidence of their own. `groups`: {printed group reference: the units
it stood for, by the register}; `same_tasks`: pairs of task rows, text and table, that tell of one task."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value was read: quote == document.text[start:end]."""

    start: int
    end: int
    quote: str
    rule: str
    score: float = 1.0
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    cell: str | None = None
    """Of sheets: 分工表!C7."""

    @classmethod
    def at(cls, document: Document, span: Span, rule: str, score: float = 1.0) -> Evidence:
        boxes = document.boxes(span)
        return cls(
            span.start, span.end, span.of(document.text), rule, round(score, 3),
            document.page_of(span), _union(boxes) if boxes else None, document.cell_of(span),
        )  # fmt: skip

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"start": self.start, "end": self.end, "page": self.page}
        out["box"] = [round(one, 1) for one in self.box] if self.box else None
        if self.cell:
            out["cell"] = self.cell
        return out | {"quote": self.quote, "rule": self.rule, "score": self.score}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Evidence:
        box = data.get("box")
        return cls(
            int(data["start"]), int(data["end"]), str(data["quote"]), str(data["rule"]), float(data["score"]),
            None if data.get("page") is None else int(data["page"]),
            None if not box else (float(box[0]), float(box[1]), float(box[2]), float(box[3])),
            None if data.get("cell") is None else str(data["cell"]),
        )  # fmt: skip


def _union(boxes: tuple[Box, ...]) -> tuple[float, float, float, float]:
    first = [box for box in boxes if box.page == boxes[0].page]
    return (
        min(box.x0 for box in first), min(box.top for box in first),
        max(box.x1 for box in first), max(box.bottom for box in first),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a person should look at: a contradiction, a doubt, a thing not understood. Message in Chinese."""

    code: str
    field: str
    message: str
    span: Span | None = None

    def to_json(self) -> dict[str, Any]:
        span = None if self.span is None else [self.span.start, self.span.end]
        return {"code": self.code, "field": self.field, "message": self.message, "span": span}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Issue:
        span = data.get("span")
        return cls(data["code"], data["field"], data["message"], Span(int(span[0]), int(span[1])) if span else None)


def empty_values() -> dict[str, Any]:
    """All keys of a record, absent: None or []."""
    lists = {*LISTS, *ROWS, "sections", "same_tasks"}
    values: dict[str, Any] = {key: [] if key in lists else None for key in ORDER}
    values["units"] = {}
    values["groups"] = {}
    return values


@dataclass(slots=True)
class Record:
    """One official document. `values` holds the keys of ORDER; `evidence` is keyed by path (`tasks/3/lead/0`);
    `candidates` keeps the losing values of a field as {value, evidence}."""

    values: dict[str, Any] = field(default_factory=empty_values)
    evidence: dict[str, list[Evidence]] = field(default_factory=dict)
    candidates: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def get(self, key: str) -> Any:
        return self.values.get(key)

    @property
    def id(self) -> str:
        return str(self.values["id"])

    def paths(self) -> Iterator[tuple[str, Any]]:
        """Every single value with its path; what evidence is asked for."""
        for key in ORDER:
            if key in DERIVED:
                continue
            yield from _walk(key, self.values[key])

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {key: self.values[key] for key in ORDER}
        out["evidence"] = {path: [one.to_json() for one in found] for path, found in self.evidence.items()}
        out["candidates"] = self.candidates
        out["issues"] = [one.to_json() for one in self.issues]
        return out

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Record:
        values = empty_values()
        values.update({key: data[key] for key in ORDER if key in data})
        evidence = {
            path: [Evidence.from_json(one) for one in found] for path, found in data.get("evidence", {}).items()
        }
        issues = [Issue.from_json(one) for one in data.get("issues", [])]
        return cls(values, evidence, dict(data.get("candidates", {})), issues)


def _walk(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if value is None or value == []:
        return
    if isinstance(value, list):
        for at, one in enumerate(value):
            yield from _walk(f"{path}/{at}", one)
    elif isinstance(value, dict) and "precision" not in value:
        for key, one in value.items():
            yield from _walk(f"{path}/{key}", one)
    else:
        yield path, value


def record_id(sha256: str, part: int) -> str:
    """Address of one official document inside a file: first 16 hex digits of the file, part from 1."""
    return f"{sha256[:16]}-{part}"


@dataclass(slots=True)
class Reading:
    """All that extraction found in one file: what `extract --json` prints and records/<sha256>.yml holds."""

    source: str
    sha256: str
    media_type: str
    complete: bool
    reasons: list[str]
    documents: list[Record]
    fingerprint: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source, "sha256": self.sha256, "media_type": self.media_type, "complete": self.complete,
            "reasons": self.reasons, "fingerprint": self.fingerprint,
            "documents": [one.to_json() for one in self.documents],
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reading:
        return cls(
            data["source"], data["sha256"], data["media_type"], bool(data["complete"]), list(data["reasons"]),
            [Record.from_json(one) for one in data["documents"]], str(data.get("fingerprint", "")),
        )  # fmt: skip
