"""Cited papers: 《…》（文号） in running text, each once, with relation and in-document short name."""

from __future__ import annotations

import regex

from extract.builder import Builder, Value
from extract.lines import Line
from extract.regions import Running
from gongwen.record import ROWS
from gongwen.text import close_gaps, fold_width
from gongwen.values.citations import CitationMatch, find_citations

_RULE = "citations/text"


def read_citations(builder: Builder, running: Running) -> None:
    """In order of print. The document itself, what it encloses and its annexes are no citations; nor are short
    names after their definition (以下简称)."""
    reader = _Reader(builder)
    for _, _, line in running.text_lines():
        if not builder.triggered("reader/citations", line):
            continue
        for match in find_citations(line.folded):
            if match.kind == "document":
                reader.take(line, match)


class _Reader:
    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        record = builder.record
        self.own = {_bare(one) for one in [record["title"], *record["enclosures"]] if one}
        self.forwards = regex.search(r"转发|批转", record["title"] or "") is not None
        self.annexes = {_bare(one) for one in record["annexes"]}
        self.own_number = record["document_number"]
        self.seen: dict[str, int] = {}
        self.aliases: set[str] = set()

    def take(self, line: Line, match: CitationMatch) -> None:
        title = self._title(line, match)
        key = _bare(title) if title else str(match.number)
        if self._is_own(key, match.number) or key in self.aliases:
            return
        if match.alias:
            self.aliases.add(_bare(match.alias))
        if key in self.seen:
            self._complete(self.seen[key], line, match)
        else:
            self.seen[key] = self._add(line, match, title)

    def _title(self, line: Line, match: CitationMatch) -> str | None:
        if match.title_span is None:
            return match.title
        return close_gaps(self.builder.text(match.title_span.shifted(line.span.start)), couplet=True)

    def _is_own(self, key: str, number: str | None) -> bool:
        if self.own_number and number == self.own_number:
            return True
        if self.forwards and key not in self.own:
            return False
        own = self.own if number else self.own | self.annexes
        return any(key == one or (len(key) >= 6 and key in one) for one in own)

    def _add(self, line: Line, match: CitationMatch, title: str | None) -> int:
        span = match.span.shifted(line.span.start)
        row: dict[str, Value | list[Value] | None] = {}
        if title:
            place = match.title_span.shifted(line.span.start) if match.title_span else span
            row["title"] = Value(title, place, _RULE, 0.9)
        if match.number:
            place = match.number_span.shifted(line.span.start) if match.number_span else span
            row["document_number"] = Value(match.number, place, _RULE, 0.9)
        if match.relation:
            row["relation"] = Value(match.relation, span, _RULE, 0.7)
        if match.alias:
            row["alias"] = Value(match.alias, span, _RULE, 0.9)
        return self.builder.add_row("citations", row, ROWS["citations"])

    def _complete(self, at: int, line: Line, match: CitationMatch) -> None:
        """A later mention may bring the number that the first one lacked."""
        row = self.builder.record["citations"][at]
        if match.number and not row["document_number"] and match.number_span is not None:
            row["document_number"] = match.number
            value = Value(match.number, match.number_span.shifted(line.span.start), _RULE, 0.8)
            self.builder.prove(f"citations/{at}/document_number", value)


def _bare(title: str) -> str:
    return regex.sub(r"[\s《》〈〉“”\"]", "", fold_width(title))
