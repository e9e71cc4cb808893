"""`python -m gongwen.cli.rule_trial`: one pattern tried on the whole corpus, and what it would change, without
writing anything. Runs in the sandbox: a pattern may hang or eat memory, and only this process dies of it.

One JSON request on standard input, JSON lines out: `problem` (the draft is refused), `step`, `hit` (at most MAX_HITS
are shown), `change` (at most MAX_CHANGES papers), `end` with the sums. A paper in which neither the new pattern nor
the one it replaces holds anywhere cannot change, so only the others are extracted, under both sets of rules.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extract.explain import explain
from extract.lines import Line, lines_of
from extract.pipeline import extract
from gongwen.cli.rule_diff import compare_files
from gongwen.document import Document
from gongwen.errors import RuleError, StoreError
from gongwen.record import Record
from gongwen.rule_draft import Draft, compiled, problems
from gongwen.rulebook import Pattern, Rulebook, load_rulebook
from gongwen.settings import Settings
from gongwen.store import Store
from gongwen.text import close_gaps
from ingest.isolation import confine

MEMORY = 2 << 30
CPU = 3600
MAX_HITS = 60
HITS_A_PAPER = 2
MAX_CHANGES = 100
CHANGES_A_PAPER = 20
AROUND = 40
_STEP_SECONDS = 0.3


def main() -> int:
    asked = json.loads(sys.stdin.readline())
    confine(memory_bytes=MEMORY, cpu=CPU)
    draft = Draft.from_json(asked["draft"]) if asked["draft"] else None
    replaced = Draft.from_json(asked["replaced"]) if asked["replaced"] else None
    office = Path(asked["office"]) if asked["office"] else None
    try:
        old = load_rulebook(Settings(rules=office))
        if draft is not None and (found := problems(draft, old)):
            for one in found:
                _say("problem", **one.to_json())
            return 0
        new = load_rulebook(Settings(rules=Path(asked["trial"])))
    except RuleError as error:
        _say("problem", place="规则文件", message=str(error).replace(asked["trial"], "").lstrip("/"))
        return 0
    _Trial(Store(Path(asked["corpus"])), old, new, draft, replaced).run()
    return 0


class _Trial:
    def __init__(self, store: Store, old: Rulebook, new: Rulebook, draft: Draft | None, replaced: Draft | None) -> None:
        self._store = store
        self._old, self._new = old, new
        self._draft = draft
        self._field = (draft or replaced).field  # type: ignore[union-attr]
        self._pattern = compiled(draft) if draft else None
        self._before = compiled(replaced) if replaced else None
        self._sums: Counter[str] = Counter()
        self._told = 0.0

    def run(self) -> None:
        shas = self._store.shas()
        for at, sha256 in enumerate(shas):
            self._step(at, len(shas))
            try:
                document = self._store.text(sha256)
            except StoreError:
                document = None
            if document is None:
                self._sums["unread"] += 1
                continue
            self._sums["files"] += 1
            if not self._paper(document):
                return
        _say("end", **self._sums)

    def _paper(self, document: Document) -> bool:
        """False when the pattern was too slow: it is then refused."""
        lines = lines_of(document, document.blocks)
        try:
            hits = list(_hits(self._pattern, lines))
            touched = bool(hits) or any(True for _ in _hits(self._before, lines))
        except TimeoutError:
            title = document.text[:40].replace("\n", " ").strip()
            _say("problem", place="正则表达式", message=f"在“{title}…”上匹配超时，请避免嵌套的重复（如 (…+)+）")
            return False
        self._sums["hits"] += len(hits)
        self._sums["papers"] += bool(hits)
        if touched:
            self._compare(document, hits)
        return True

    def _compare(self, document: Document, hits: list[tuple[int, int]]) -> None:
        before, after = extract(document, self._old), extract(document, self._new)
        for start, end in hits[:HITS_A_PAPER]:
            if self._sums["shown"] < MAX_HITS:
                self._sums["shown"] += 1
                self._hit(document, after, start, end)
        for values, changes in compare_files([one.values for one in before], [one.values for one in after]):
            self._sums.update(change.kind for change in changes)
            self._sums["changed_papers"] += 1
            if self._sums["changed_papers"] <= MAX_CHANGES:
                _say("change", id=values["id"], number=values["document_number"], title=values["title"],
                     more=max(0, len(changes) - CHANGES_A_PAPER),
                     changes=[change.to_json() for change in changes[:CHANGES_A_PAPER]])  # fmt: skip

    def _hit(self, document: Document, records: list[Record], start: int, end: int) -> None:
        record = next((one for one in records if one["part"]["start"] <= start < one["part"]["end"]), records[0])
        rule = f"{self._field}/{self._draft.id}" if self._draft else ""
        taken, why = False, "这个值没有被采用（已有更可信的值，或不在该规则限定的区域）"
        for reason in explain(document, self._new, record):
            place = reason.place
            if reason.rule == rule and place is not None and place.start < end and start < place.end:
                taken, why = reason.taken, "" if reason.taken else reason.why
                break
        text = document.text
        _say("hit", id=record.id, number=record["document_number"], title=record["title"],
             before=_line(text[max(0, start - AROUND) : start]), quote=_line(text[start:end]),
             after=_line(text[end : end + AROUND]), value=close_gaps(text[start:end]), taken=taken, why=why,
             )  # fmt: skip

    def _step(self, at: int, total: int) -> None:
        if time.monotonic() - self._told > _STEP_SECONDS:
            self._told = time.monotonic()
            _say("step", done=at, total=total, hits=self._sums["hits"], papers=self._sums["papers"],
                 changed=self._sums["changed_papers"])  # fmt: skip


def _hits(pattern: Pattern | None, lines: tuple[Line, ...]) -> Iterator[tuple[int, int]]:
    """Where the pattern holds, as extraction would try it on lines of running text. Raises TimeoutError."""
    if pattern is None:
        return
    group = "value" if "value" in pattern.compiled.groupindex else 0
    for line in lines:
        if line.is_table or (pattern.triggers and not any(word in line.tight for word in pattern.triggers)):
            continue
        for match in pattern.finditer(line.folded):
            if match.end(group) > match.start(group):
                span = line.at(match.start(group), match.end(group))
                yield span.start, span.end


def _line(text: str) -> str:
    return " ".join(text.split())


def _say(kind: str, **told: Any) -> None:
    print(json.dumps({"kind": kind, **told}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
