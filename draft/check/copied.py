"""What stands word for word as in last year's paper although the rules of drafting say that it moves: the most frequent
error of published papers (drafting.md: a signature, a day, a number of the year before)."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from draft.changes import KINDS, Change, Step
from draft.check.model import Checked, Finding
from draft.compare import sentences
from draft.sentences import carry

RULE = "照抄上年"
_MOVES = frozenset({"stepped", "looked_up", "blank"})
_MAY_STAY = frozenset({"place", "person", "contact", "numbering"})
_SPACE = regex.compile(r"\s+")


def copied(paper: Checked) -> Iterator[Finding]:
    """Needs last year's paper (`paper.prior`). What people are only asked about (units, amounts) may well stay."""
    if paper.prior is None:
        return
    prior = paper.prior
    stood = {_tight(one) for one in prior.sentences}
    step = Step(prior.year, paper.year, paper.signing, paper.facts)
    for start, end in _sentences(paper.text):
        sentence = paper.text[start:end]
        if _tight(sentence) not in stood:
            continue
        for one in carry(sentence, step).changes:
            if one.act in _MOVES and one.new != one.old and one.kind not in _MAY_STAY:
                yield paper.found(start + one.span.start, start + one.span.end, "copied", RULE,
                                  f"与{prior.name}一字不差；{_told(one)}", "ask", one.new or "")  # fmt: skip


def _told(change: Change) -> str:
    if change.new is None:
        return f"{KINDS[change.kind]}每年另定"
    return change.why


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.splitlines(keepends=True):
        for start, end in sentences(line):
            yield at + start, at + end
        at += len(line)


def _tight(text: str) -> str:
    return _SPACE.sub("", text)
