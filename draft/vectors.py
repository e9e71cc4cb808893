"""Lists of short changes between two years' papers, tried on the carry rules (shared/rollforward.yaml has the form)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import regex

from draft.changes import Step
from draft.check.model import Checked, Finding, Prior
from draft.check.run import CHECKS
from draft.facts import load_facts
from draft.sentences import Carried, carry
from gongwen import yamlio
from gongwen.document import Block, Document
from gongwen.errors import RuleError, SettingsError
from gongwen.record import Record, empty_values
from gongwen.text import Span, fold_width

Outcome = Literal["new", "flagged", "unflagged", "nothing"]
"""`new`: the carried sentence is the one of the newer paper; `nothing`: the old paper had no such sentence."""
NOT_CHANGED = "NOT changed"
_SIGNING = (9, 1)
_WEEKDAY = regex.compile(r"（(?:星期|周)[一二三四五六日天]）")


@dataclass(frozen=True, slots=True)
class Tried:
    entry: Mapping[str, Any]
    carried: Carried
    outcome: Outcome

    def to_json(self) -> dict[str, Any]:
        return {"old": self.entry["old"], "new": self.entry["new"], "gave": self.carried.new, "outcome": self.outcome,
                "predictable": self.entry["predictable"], "kind": self.entry.get("kind"),
                "flags": [{"old": one.old, "why": one.why, "source": one.source or None}
                          for one in self.carried.changes if one.is_flagged]}  # fmt: skip


def load(path: Path) -> list[Mapping[str, Any]]:
    """Entries {from, to, old, new, predictable}. Raises SettingsError naming what is wrong."""
    try:
        found = yamlio.load_file(path)
    except (RuleError, OSError) as error:
        raise SettingsError(f"对照表读不了：{error}") from error
    if not isinstance(found, list):
        raise SettingsError(f"{path}: 应当是一个列表")
    for at, entry in enumerate(found, 1):
        missing = {"from", "to", "old", "new", "predictable"} - set(entry if isinstance(entry, dict) else ())
        if missing:
            raise SettingsError(f"{path}: 第{at}项缺少 {'、'.join(sorted(missing))}")
    return found


def run(entries: Sequence[Mapping[str, Any]]) -> Iterator[Tried]:
    """Each `old` as a sentence of a `from`-year paper that is drafted for `to`."""
    for entry in entries:
        old, new = int(entry["from"]), int(entry["to"])
        step = Step(old, new, date(new, *_SIGNING), load_facts(), alone=True)
        carried = carry(str(entry["old"] or ""), step)
        yield Tried(entry, carried, _outcome(entry, carried))


def not_changed(entries: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[Finding]]]:
    """What a published paper copied by mistake (`why` begins with NOT changed), with what the checker says of it as a
    sentence of the `to`-year paper."""
    found = []
    for entry in entries:
        if str(entry.get("why") or "").startswith(NOT_CHANGED):
            found.append((entry, _checked(entry)))
    return found


def _checked(entry: Mapping[str, Any]) -> list[Finding]:
    """Of a sentence alone, last year's beside it: the checks that need a paper round it find nothing."""
    sentence, year = str(entry["new"] or entry["old"]), int(entry["to"])
    prior = Prior(f"{entry['from']}年的公文", int(entry["from"]), (str(entry["old"] or ""),))
    block = Block("paragraph", Span(0, len(sentence)))
    document = Document("", sentence, (block,), "vectors", "text/plain")
    record = Record(empty_values())
    record.values["part"] = {"start": 0, "end": len(sentence), "number": 1}
    paper = Checked(document, record, load_facts(), date(year, *_SIGNING), year, prior=prior)
    return [one for find in CHECKS for one in find(paper)]


def counts(tried: Sequence[Tried]) -> dict[str, dict[str, int]]:
    """{predictable: {outcome: count}}."""
    found = Counter((str(one.entry["predictable"]), one.outcome) for one in tried)
    kinds = dict.fromkeys(str(one.entry["predictable"]) for one in tried)
    return {kind: {name: found[kind, name] for name in ("new", "flagged", "unflagged", "nothing")} for kind in kinds}


def _outcome(entry: Mapping[str, Any], carried: Carried) -> Outcome:
    if not str(entry["old"] or "").strip():
        return "nothing"
    if _same(carried.new, str(entry["new"] or "")):
        return "new"
    return "flagged" if carried.is_flagged else "unflagged"


def _same(gave: str, new: str) -> bool:
    """Equal but for blanks and widths; where the new paper prints no weekday at all, but for ours too."""
    gave, new = ("".join(fold_width(one).split()) for one in (gave, new))
    return gave == new or (not _WEEKDAY.search(new) and _WEEKDAY.sub("", gave) == new)
