"""Doubts: what of a record a person should look at, worst first.

The order, and why: first what people said and extraction has since contradicted, for a decision is not in force; then
what the paper itself contradicts; then what can be read in two ways; then what OCR is not sure of; last what a rule
gives a low score. Within a kind the fields by which papers are found come first (number, title, issuers, dates), then
the lower score, then the newer paper. A value is asked for once, whatever the number of its doubts; one that a person
has judged is not asked for again, until extraction changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gongwen.acts import Review
from gongwen.record import LISTS, ORDER, Evidence, Issue
from gongwen.resolving import SINGLE, Resolution, place_of_issue
from gongwen.row_names import text_of
from gongwen.targets import PLACES, Target, targets

DOUBTS_REVISION = 1
"""Goes up when the same records and reviews give other doubts: the table is then made anew."""

KINDS = ("stale", "issue", "disputed", "ocr", "low")
"""Worst first."""
OCR = frozenset({"ocr_doubtful"})
"""Codes of issues that are told by OCR."""

NEAR = 0.25
"""How much lower the score of a losing candidate may be to be in dispute: a title printed again over its enclosure
(0.4 against 0.9) is none, a signature against a letterhead (0.9 against 0.85) is one."""
LOW = 0.7
"""Score up to which a value of a paper is doubted. In 64 sample papers and 32 public ones 3 values of the head have
one; rules of tables give 0.7 to what they read as a matter of course, so those are doubted from LOW_CELL down."""
LOW_CELL = 0.6

_FIRST = ("document_number", "title", "issuers", "issue_date", "doc_type", "addressees", "print_date", "publish_date",
          "effective_date", "security", "urgency", "disclosure", "status")  # fmt: skip
_RANKS = {name: at for at, name in enumerate(dict.fromkeys((*_FIRST, *ORDER)))}


@dataclass(frozen=True, slots=True)
class Reason:
    """One doubt about a value: `code` of an issue, else the kind; `about` is what the sentence needs to be told."""

    kind: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value in doubt, with all reasons."""

    key: str
    target: str
    field: str
    column: str
    row: str
    value: str
    rule: str
    score: float
    reasons: tuple[Reason, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        told = {one.kind for one in self.reasons}
        return tuple(kind for kind in KINDS if kind in told)

    @property
    def rank(self) -> int:
        """Smaller is worse: kind, then field, then score."""
        return KINDS.index(self.kinds[0]) * 1_000_000 + _RANKS.get(self.field, 999) * 1_000 + round(self.score * 100)


def doubts_of(found: Resolution) -> list[Doubt]:
    """All doubts of a document that are open, in the order of the record."""
    told: dict[str, list[Reason]] = {}
    for issue in found.record.issues:
        path = place_of_issue(found.machine, issue)
        kind = "ocr" if issue.code in OCR else "issue"
        told.setdefault(path, []).append(Reason(kind, issue.code, issue.message))
    for path, reason in _disputes(found):
        told.setdefault(path, []).append(reason)
    weak = _weak(found)
    if not (told or weak or found.stale):
        return []
    out: list[Doubt] = []
    for target in targets(found):
        reasons = list(_reasons(target, told, found.record.issues))
        score = _score(found, target)
        if score is not None and target.source in weak and not target.acts:
            reasons.append(Reason("low", "low", f"规则把握不大（{score}）"))
        if reasons:
            out.append(_doubt(found, target, reasons, score))
    return out


_HEAD = frozenset({*SINGLE, *LISTS})


def _weak(found: Resolution) -> frozenset[str]:
    """Places of which no reading has a good score."""
    limit = {True: LOW, False: LOW_CELL}
    return frozenset(
        path for path, places in found.machine.evidence.items()
        if places and max(one.score for one in places) <= limit[path.partition("/")[0] in _HEAD]
    )  # fmt: skip


def _reasons(target: Target, told: Mapping[str, list[Reason]], issues: Iterable[Issue]) -> Iterator[Reason]:
    if target.kind == "stale":
        yield Reason("stale", "stale", _past(target.acts[-1]))
    elif target.kind == "issue":
        code = next(one.code for one in issues if one.message == target.value)
        yield Reason("ocr" if code in OCR else "issue", code, str(target.value))
    elif target.source and target.kind not in PLACES and target.kind != "removed":
        yield from told.get(target.source, ())


def _past(act: Review) -> str:
    """What was decided, in words."""
    day = act.at[:10]
    if act.saw is None or act.saw == []:
        return f"{act.by}（{day}）曾补充“{_short(act.say)}”"
    if act.say is None or act.say == []:
        return f"{act.by}（{day}）曾认为原文没有“{_short(act.saw)}”"
    if act.say == act.saw:
        return f"{act.by}（{day}）曾确认“{_short(act.saw)}”"
    return f"{act.by}（{day}）曾把“{_short(act.saw)}”改为“{_short(act.say)}”"


def _short(value: Any) -> str:
    text = text_of(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _disputes(found: Resolution) -> Iterator[tuple[str, Reason]]:
    """Candidates that came near, by the place of the value they dispute."""
    machine = found.machine
    for field, losers in machine.candidates.items():
        if field not in _HEAD:
            continue
        judged = {slot.path for slot in _slots(found, field) if slot.acts}
        held = {path: places for path, places in machine.evidence.items() if path.partition("/")[0] == field}
        best = max((one.score for places in held.values() for one in places), default=None)
        for loser in losers:
            places = [Evidence.from_json(one) for one in loser.get("evidence") or ()]
            score = max((one.score for one in places), default=0.0)
            if best is None or score < best - NEAR:
                continue
            path = _disputed(held, places, field)
            if path not in judged:
                yield path, Reason("disputed", "disputed", f"另有一种读法：“{_short(loser['value'])}”")


def _slots(found: Resolution, field: str) -> Iterator[Any]:
    if field in found.singles:
        yield found.singles[field]
    elif field in found.lists:
        yield from found.lists[field].slots


def _disputed(held: Mapping[str, list[Evidence]], places: list[Evidence], field: str) -> str:
    """The value that a candidate stands against: where they overlap, else the first one."""
    for path, mine in held.items():
        if any(one.span.overlaps(other.span) for one in mine for other in places):
            return path
    return next(iter(held), field)


def _score(found: Resolution, target: Target) -> float | None:
    """How sure extraction was; None for what has no place in the text."""
    if not target.source or target.kind in {*PLACES, "removed", "row", "stale"} or target.value is None:
        return None
    return max((one.score for one in found.machine.evidence.get(target.source, ())), default=None)


def _doubt(found: Resolution, target: Target, reasons: list[Reason], score: float | None) -> Doubt:
    places = found.machine.evidence.get(target.source, ())
    rule = max(places, key=lambda one: one.score).rule if places else ""
    shown = "" if target.kind == "issue" else target.text
    return Doubt(target.key, target.kind, target.field, target.column, target.row, shown, rule,
                 1.0 if score is None else score, tuple(dict.fromkeys(reasons)))  # fmt: skip
