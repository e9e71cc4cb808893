"""What a question is answered with: rows of plain text, each with the places in the papers that bear it out. Commands,
pages, spreadsheets, reports and bundles are all made of the same answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gongwen.phrases import brief, chinese_date, in_book_marks


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place in one paper. `part`: where in the paper, in words (附件2，第3行); `quote` is the text there; `path`
    the value in the record, which is also the anchor of the paper's page. `derived`: the group or post in the text
    that a rule read the value from; '' for what is printed."""

    record_id: str
    path: str
    sha256: str
    source: str
    issuers: tuple[str, ...]
    title: str
    number: str
    date: str
    part: str = ""
    page: int | None = None
    cell: str = ""
    quote: str = ""
    derived: str = ""

    @property
    def cited(self) -> str:
        """发文机关《标题》（文号，成文日期）."""
        told = "，".join(one for one in (self.number, chinese_date(self.date)) if one)
        named = in_book_marks(self.title) if self.title else self.source
        return f"{brief(self.issuers)}{named}{f'（{told}）' if told else ''}"

    @property
    def place(self) -> str:
        """附件2，第3项，第4页."""
        page = f"第{self.page}页" if self.page else ""
        return "，".join(one for one in (self.part, self.cell, page) if one)

    @property
    def line(self) -> str:
        """All of it in one line, as a report prints it."""
        place = f"，{self.place}" if self.place else ""
        quote = f"：“{self.quote}”" if self.quote else ""
        derived = f"（推定自“{self.derived}”）" if self.derived else ""
        return f"{self.cited}{place}{quote}{derived}"

    def to_json(self) -> dict[str, Any]:
        return {
            "record_id": self.record_id, "path": self.path, "sha256": self.sha256, "source": self.source,
            "issuers": list(self.issuers), "title": self.title, "document_number": self.number, "date": self.date,
            "part": self.part, "page": self.page, "cell": self.cell, "quote": self.quote, "derived": self.derived,
            "cited": self.cited,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters, as a sheet shows it."""

    key: str
    name: str
    width: int = 20


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` in the order of the columns. `group` is the heading it stands under, `tone` how it is shown ('',
    derived, doubt, good), `marks` what should be known of it, `key` what a person who acts on the row names it by."""

    cells: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()
    group: str = ""
    tone: str = ""
    marks: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`asked` are the conditions in words, `searched` the years and papers that were looked through, `notes` what the
    corpus does not bear out. `total` counts all rows, also those that were not fetched."""

    question: str
    title: str
    asked: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    searched: str
    notes: tuple[str, ...] = ()
    total: int = -1
    hints: tuple[str, ...] = field(default=())
    """How to ask when nothing is found."""

    @property
    def count(self) -> int:
        return max(self.total, len(self.rows))

    @property
    def empty(self) -> str:
        """What is said in place of rows: absence is not proof."""
        return f"无记录：{self.searched}"

    def evidence(self) -> Iterator[Evidence]:
        """Every place once, in order."""
        seen: set[tuple[str, str]] = set()
        for row in self.rows:
            for one in row.evidence:
                if (one.record_id, one.path) not in seen:
                    seen.add((one.record_id, one.path))
                    yield one

    def to_json(self) -> dict[str, Any]:
        return {
            "question": self.question, "title": self.title, "asked": dict(self.asked), "searched": self.searched,
            "total": self.count, "notes": list(self.notes),
            "columns": [{"key": one.key, "name": one.name} for one in self.columns],
            "rows": [self._row(row) for row in self.rows],
        }  # fmt: skip

    def _row(self, row: Row) -> dict[str, Any]:
        cells = {column.key: cell for column, cell in zip(self.columns, row.cells, strict=True)}
        return {
            "group": row.group, "cells": cells, "marks": list(row.marks), "tone": row.tone,
            "evidence": [one.to_json() for one in row.evidence],
        }  # fmt: skip
