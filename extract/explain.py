"""Why a record says what it says: which rule took which place of the text, and what lost, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import regex

from extract.lines import Line, lines_of
from extract.patterns import OWN_READERS
from gongwen.document import Document
from gongwen.record import ROWS, Evidence, Record
from gongwen.rulebook import FieldRule, Rulebook
from gongwen.text import Span, close_gaps
from gongwen.values.dates import find_deadlines

_ATTRIBUTE = regex.compile(r"\s*[^，。；\n]{0,40}的")
_ZONES = {
    "meta": "网页信息", "header": "文首", "title": "标题", "addressees": "主送", "body": "正文",
    "annex_note": "附件说明", "signature": "落款", "imprint": "版记", "enclosure": "被印发件", "annex": "附件",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """One value or candidate of a field. `taken` False: it lost, `why` says in Chinese for what reason; `place` is
    None where the candidate came without evidence."""

    field: str
    path: str
    value: str
    rule: str
    score: float
    place: Evidence | None
    taken: bool
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "field": self.field, "path": self.path, "value": self.value, "rule": self.rule, "score": self.score,
            "start": self.place.start if self.place else None, "end": self.place.end if self.place else None,
            "page": self.place.page if self.place else None, "quote": self.place.quote if self.place else None,
            "taken": self.taken, "why": self.why,
        }  # fmt: skip


def explain(document: Document, rulebook: Rulebook, record: Record) -> list[Reason]:
    """What was taken, in the order of the record, then what lost: candidates, deadlines that are none, and places
    where a pattern of the rules holds outside the zones it is for."""
    taken = list(_taken(record))
    lost = [*_candidates(record), *_days(document, record), *_elsewhere(document, rulebook, record)]
    order = {name: at for at, name in enumerate(record.values)}
    return sorted([*taken, *lost], key=lambda one: (order.get(one.field, len(order)), not one.taken))


def _taken(record: Record) -> Iterator[Reason]:
    for path, value in record.paths():
        for place in record.evidence.get(path, []):
            field = path.partition("/")[0]
            yield Reason(field, path, _shown(value), place.rule, place.score, place, True)


def _shown(value: Any) -> str:
    return str(value.get("text") if isinstance(value, dict) else value)


def _candidates(record: Record) -> Iterator[Reason]:
    for field, losers in record.candidates.items():
        winners = [one for path, found in record.evidence.items() if path.partition("/")[0] == field for one in found]
        for loser in losers:
            places = [Evidence.from_json(one) for one in loser["evidence"]]
            place = places[0] if places else None
            rule, score = (place.rule, place.score) if place else ("", 0.0)
            yield Reason(field, field, _shown(loser["value"]), rule, score, place, False, _why(place, winners))


def _why(place: Evidence | None, winners: list[Evidence]) -> str:
    """Why a candidate gave way to the winners of its field."""
    if place is None or not winners:
        return "另有依据更充分的值"
    best = max(winners, key=lambda one: one.score)
    if place.score < best.score:
        return f"得分 {place.score} 低于 {best.rule} 的 {best.score}"
    if place.rule.endswith("/meta"):
        return f"正文所印（{best.rule}）优先于网页信息"
    if place.rule != best.rule:
        return f"{best.rule} 优先于 {place.rule}"
    return "同一规则已在前文取值" if place.start > best.start else "同一规则取了后文的值"


def _lines(document: Document, record: Record) -> list[Line]:
    """The paragraphs of this record's own part of the file."""
    part = Span(record["part"]["start"], record["part"]["end"])
    return [line for line in lines_of(document, document.flow()) if part.overlaps(line.span) and not line.is_table]


def _days(document: Document, record: Record) -> Iterator[Reason]:
    """Times with the words of a deadline that are none: before the signing, a state of things, no demand."""
    known = [one.span for path, found in record.evidence.items() for one in found
             if path.partition("/")[0] in {"deadlines", "activity_time", "activities", "tasks"}
             and path.rpartition("/")[2] in {"date", "text", "time", "recurrence", "activity_time"}]  # fmt: skip
    early = {issue.span: issue.message for issue in record.issues if issue.code == "deadline_before_signed"}
    year = int(record["issue_date"][:4]) if record["issue_date"] else None
    for line in _lines(document, record):
        for match in find_deadlines(line.folded, year):
            span = match.span.shifted(line.span.start)
            if any(span.overlaps(one) for one in known):
                continue
            rule, after = "deadlines/text", line.folded[match.span.end : match.span.end + 60]
            why = "所在句没有要求（请、须、报送等），或不在正文"
            if span in early:
                why = f"{early[span]}，只作疑点"
            elif _ATTRIBUTE.match(after):
                why = "后接“…的”，说的是状态，不是要求"
            place = Evidence.at(document, span, rule, 0.85)
            yield Reason("deadlines", "deadlines", match.text, rule, 0.85, place, False, why)


def _elsewhere(document: Document, rulebook: Rulebook, record: Record) -> Iterator[Reason]:
    """Matches of patterns where their field is not read."""
    fields = [rule for name, rule in rulebook.fields.items()
              if rule.patterns and "any" not in rule.zones and name in record.values
              and name not in OWN_READERS and name not in ROWS]  # fmt: skip
    for line in _lines(document, record):
        for rule in fields:
            yield from _outside(document, record, line, rule)


def _outside(document: Document, record: Record, line: Line, rule: FieldRule) -> Iterator[Reason]:
    told = [one.span for path, found in record.evidence.items() if path.partition("/")[0] == rule.name for one in found]
    told += [
        Evidence.from_json(place).span for one in record.candidates.get(rule.name, []) for place in one["evidence"]
    ]
    zones = "、".join(_ZONES[zone] for zone in sorted(rule.zones))
    for pattern in rule.patterns:
        group = "value" if "value" in pattern.compiled.groupindex else 0
        for match in pattern.finditer(line.folded):
            span = line.at(match.start(group), match.end(group))
            if any(span.overlaps(one) for one in told):
                continue
            place = Evidence.at(document, span, f"{rule.name}/{pattern.id}", pattern.score)
            value = close_gaps(place.quote)
            why = f"不在该规则限定的区域（{zones}），或与已取的值相同"
            yield Reason(rule.name, rule.name, value, place.rule, pattern.score, place, False, why)
