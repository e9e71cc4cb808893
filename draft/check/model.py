"""Findings of the checker, and what they are read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import regex

from draft.check.library import Library
from draft.facts import Facts
from gongwen.document import Document
from gongwen.record import Record
from gongwen.text import Span

Weight = Literal["error", "ask"]
"""`error`: the paper contradicts itself, the calendar or the law; `ask`: a person should look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule` names the check in Chinese; `proposal` what to write or do instead, '' when only a person can tell."""

    code: str
    rule: str
    message: str
    weight: Weight
    span: Span | None = None
    quote: str = ""
    page: int | None = None
    proposal: str = ""

    def to_json(self) -> dict[str, Any]:
        span = None if self.span is None else [self.span.start, self.span.end]
        return {"code": self.code, "rule": self.rule, "weight": self.weight, "message": self.message,
                "proposal": self.proposal or None, "quote": self.quote or None, "page": self.page,
                "span": span}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prior:
    """Last year's paper of the same title: its name as it is cited, and its sentences."""

    name: str
    year: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A paper under the checker. `signing`: the day of its signature, or the day of checking where it is left open;
    `year` the year it is for,
    `named` all years that its title names."""

    document: Document
    record: Record
    facts: Facts
    signing: date
    year: int
    named: frozenset[int] = frozenset()
    library: Library | None = None
    """The corpus, where there is one to be asked."""
    prior: Prior | None = None
    """Last year's paper, where it is known."""

    @property
    def begin(self) -> int:
        return int(self.record["part"]["start"])

    @property
    def text(self) -> str:
        """Of this official document alone; offsets count from `begin`."""
        return self.document.text[self.begin : int(self.record["part"]["end"])]

    def found(
        self, start: int, end: int, code: str, rule: str, message: str, weight: Weight, proposal: str = ""
    ) -> Finding:
        """At offsets of `text`."""
        span = Span(self.begin + start, self.begin + end)
        quote = " ".join(span.of(self.document.text).split())
        return Finding(code, rule, message, weight, span, quote, self.document.page_of(span), proposal)

    def cited(self) -> list[tuple[int, int]]:
        """Where titles in 《》 and numbers in 〔〕 stand: other papers' words."""
        return [match.span() for match in regex.finditer(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〔\d{4}〕", self.text)]


def outside(places: list[tuple[int, int]], start: int, end: int) -> bool:
    return all(end <= one or start >= other for one, other in places)


def first_of(findings: Iterator[Finding]) -> list[Finding]:
    """One finding a place and code."""
    seen: dict[tuple[str, Span | None, str], Finding] = {}
    for one in findings:
        seen.setdefault((one.code, one.span, one.message if one.span is None else ""), one)
    return list(seen.values())
