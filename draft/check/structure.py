"""Tasks, annexes, numbering of sections, contradictions that extraction has seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import regex

from draft.check.model import Checked, Finding
from gongwen.text import Span
from gongwen.values.numerals import read_count

_LABEL = regex.compile(r"(?m)^\s*附件\s*(?P<n>\d{1,2}|[一二三四五六七八九十])?\s*[：:]?\s*$")
_NUMBER = regex.compile(r"\s*(?:（(?P<a>[一二三四五六七八九十]{1,3})）|(?P<b>[一二三四五六七八九十]{1,3})、)")
MAX_TASKS = 50
MOST_TOLD = 3


def tasks(paper: Checked) -> Iterator[Finding]:
    """Tasks without a lead, and without a time; many that lack the same are told once, at the first."""
    lacking: dict[str, list[tuple[str, Span]]] = {}
    for at, row in enumerate(paper.record["tasks"][:MAX_TASKS]):
        title = str(row.get("title") or row.get("detail") or "")
        evidence = paper.record.evidence.get(f"tasks/{at}/title") or paper.record.evidence.get(f"tasks/{at}/detail")
        missing = [name for name, keys in (("牵头或责任单位", ("lead", "responsible")), ("时间", ("time",)))
                   if not any(row.get(key) for key in keys)]  # fmt: skip
        if missing and evidence:
            lacking.setdefault("、".join(missing), []).append((title[:20], evidence[0].span))
    for lack, found in lacking.items():
        for title, span in found if len(found) <= MOST_TOLD else found[:1]:
            start = span.start - paper.begin
            others = f"等{len(found)}项" if len(found) > MOST_TOLD else ""
            yield paper.found(start, start + min(40, span.end - span.start), "task", "任务要有单位和时间",
                              f"“{title}”{others}没有写{lack}", "ask")  # fmt: skip


def annexes(paper: Checked) -> Iterator[Finding]:
    """Annexes that are named must be there, and those that are there must be named."""
    named = list(paper.record["annexes"])
    labels = list(_LABEL.finditer(paper.text))
    if named and not labels:
        yield Finding("annex", "附件", f"附件说明列了{len(named)}个附件，文件里没有附件", "ask")
    elif labels and not named and len(labels) > 0 and "附件" not in paper.text[: labels[0].start()]:
        yield paper.found(*labels[0].span(), "annex", "附件", "有附件而正文后没有附件说明", "ask")
    elif named and len(labels) < len(named):
        yield Finding("annex", "附件", f"附件说明列了{len(named)}个附件，文件里只有{len(labels)}个", "ask")


def numbering(paper: Checked) -> Iterator[Finding]:
    yield from _numbering(paper, paper.record["sections"])


def _numbering(paper: Checked, sections: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    """Numbers of one parent go up by one: a jump or a repeat."""
    last: dict[int, int] = {}
    for section in sections:
        start = int(section["span"][0]) - paper.begin
        match = _NUMBER.match(paper.text, start)
        number = read_count(match["a"] or match["b"]) if match else None
        level = int(section["level"])
        if match is not None and number is not None:
            if level in last and number not in {last[level] + 1, 1}:
                what = "重复" if number == last[level] else "跳号"
                yield paper.found(*match.span(), "numbering", "序号", f"序号{what}：上一个是第{last[level]}", "error")
            last[level] = number
        yield from _numbering(paper, section.get("sections") or [])


def contradictions(paper: Checked) -> Iterator[Finding]:
    """What extraction found to contradict itself."""
    for issue in paper.record.issues:
        page = None if issue.span is None else paper.document.page_of(issue.span)
        quote = "" if issue.span is None else " ".join(issue.span.of(paper.document.text).split())[:80]
        yield Finding(issue.code, "前后一致", issue.message, "ask", issue.span, quote, page)
