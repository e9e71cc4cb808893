"""Fields that are nothing but their patterns: what rules/fields/ say, run over the zones they name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from extract.builder import Builder, Value
from extract.lines import Line
from extract.meta import Meta
from extract.zones import Zones
from gongwen.record import LISTS, ROWS
from gongwen.rulebook import FieldRule
from gongwen.text import Span, close_gaps
from gongwen.values.dates import parse_day

OWN_READERS = frozenset({"document_number", "title", "doc_type", "issuers", "issue_date", "print_date"})
"""Fields whose patterns others run, in the places they know."""


def read_patterns(
    builder: Builder, lines: Sequence[Line], zones: Zones, meta: Meta, names: Collection[str] | None = None
) -> None:
    """Fill the fields (all, or those named) that have patterns or metadata labels and no value yet; the best score
    wins, what loses stays as a candidate."""
    held = _zone_names(lines, zones)
    for name, rule in builder.rulebook.fields.items():
        if name in OWN_READERS or name in ROWS or name not in builder.record.values:
            continue
        if names is not None and name not in names:
            continue
        found = sorted(_found(builder, lines, held, meta, rule), key=lambda value: -value.score)
        if name in LISTS:
            if rule.type == "topics":
                builder.extend(name, found)
            continue
        for value in found:
            if builder.record[name] is None:
                builder.put(name, value)
            elif builder.record[name] != value.value:
                builder.candidate(name, value)


def _found(
    builder: Builder, lines: Sequence[Line], held: dict[int, frozenset[str]], meta: Meta, rule: FieldRule
) -> Iterator[Value]:
    for entry in meta.of(rule.name):
        if rule.type == "topics":
            yield from _topics(entry.text, entry.span.start, f"{rule.name}/meta", 0.9)
            continue
        value = _typed(rule, entry.text)
        if value is not None:
            yield Value(value, entry.span, f"{rule.name}/meta", 0.9)
    for at in (at for at, names in held.items() if rule.patterns and ("any" in rule.zones or names & rule.zones)):
        line = lines[at]
        for pattern in rule.patterns:
            if pattern.triggers and not builder.triggered(f"{rule.name}/{pattern.id}", line):
                continue
            try:
                for match in pattern.finditer(line.folded):
                    group = "value" if "value" in pattern.compiled.groupindex else 0
                    span = line.at(match.start(group), match.end(group))
                    if rule.type == "topics":
                        yield from _topics(builder.text(span), span.start, f"{rule.name}/{pattern.id}", pattern.score)
                        continue
                    value = _typed(rule, builder.text(span))
                    if value is not None:
                        yield Value(value, span, f"{rule.name}/{pattern.id}", pattern.score)
            except TimeoutError:
                message = f"规则 {rule.name}/{pattern.id} 在本文上超时，没有结果"
                builder.issue("rule_timeout", rule.name, message, line.span)


def _topics(text: str, start: int, rule: str, score: float) -> Iterator[Value]:
    at = 0
    for piece in text.replace("\u3000", " ").replace("\\", " ").split():
        for word in piece.replace("，", "、").replace(",", "、").split("、"):
            begin = text.find(word, at)
            if word and begin >= 0:
                yield Value(word, Span(start + begin, start + begin + len(word)), rule, score)
                at = begin + len(word)


def _typed(rule: FieldRule, text: str) -> str | None:
    value = close_gaps(text, couplet=rule.type == "text")
    if rule.type == "date":
        day = parse_day(text)
        return day.isoformat() if day else None
    if rule.type == "choice" and rule.values:
        return next((word for word in rule.values if word in value or value in word), None)
    return value or None


def _zone_names(lines: Sequence[Line], zones: Zones) -> dict[int, frozenset[str]]:
    """What zones each line that is no table lies in."""
    part = zones.part
    starts = [*zones.addressees, *(region.first for region in zones.regions)]
    head_end = min(starts, default=part.last)
    closing = {*zones.signature, *zones.imprint, *zones.closing_notes}
    if zones.date is not None:
        closing.add(zones.date)
    names: dict[int, frozenset[str]] = dict.fromkeys(range(part.first, head_end), frozenset({"header"}))
    for region in zones.regions:
        names |= dict.fromkeys(range(max(head_end, region.first), region.last), frozenset({region.kind, "body"}))
    names |= {at: frozenset({"imprint", "signature"}) for at in closing}
    return {at: held for at, held in names.items() if not lines[at].is_table}
