"""Formulas that belong to other years: congresses and plenums, phrases of a plan's years, anniversaries."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from draft.changes import Finding as Found
from draft.changes import Step
from draft.check.model import Checked, Finding, outside
from draft.finders.formulas import ANNIVERSARY, CONGRESS, PLENARY, find_plans
from gongwen.values.numerals import read_count

_SINCE = regex.compile(r"\s*以来")


def meetings(paper: Checked) -> Iterator[Finding]:
    """An older congress, or a plenum that another has followed by the day of signing. …以来 looks back on purpose."""
    congress, plenums = paper.facts.congress_at(paper.signing), paper.facts.plenums_at(paper.signing)
    cited = paper.cited()
    if congress is None:
        return
    for match in PLENARY.finditer(paper.text):
        if _SINCE.match(paper.text, match.end()) or not outside(cited, *match.span()):
            continue
        if match["congress"] != congress.congress:
            told = f"最近一次党代会是党的{congress.congress}大"
        elif plenums and plenums[-1].name not in match["list"] and "历次" not in match["list"]:
            told = f"{congress.congress}届{plenums[-1].name}全会已经召开"
        else:
            continue
        names = "、".join(one.name for one in plenums)
        proposal = f"{congress.congress}届{names}全会" if names else f"党的{congress.congress}大"
        yield paper.found(*match.span(), "meeting", "会议提法", told, "ask", proposal)
    for match in CONGRESS.finditer(paper.text):
        is_past = match["congress"] == congress.congress and not match["head"].startswith("党的")
        is_old = match["congress"] != congress.congress and match["head"].startswith("党的")
        skip = _SINCE.match(paper.text, match.end()) or not outside(cited, *match.span())
        if (is_past or is_old) and not skip:
            told = f"党的{congress.congress}大已于{congress.closed.isoformat()}闭幕"
            yield paper.found(*match.span(), "meeting", "会议提法", told, "ask", f"党的{congress.congress}大")


def plans(paper: Checked) -> Iterator[Finding]:
    """“十三五” in 2023, 收官之年 in the third year of a plan."""
    cited = paper.cited()
    found = Found(paper.text)
    find_plans(found, Step(paper.year, paper.year, paper.signing, paper.facts))
    for one in sorted(found.changes, key=lambda change: change.span):
        if one.act == "asked" and outside(cited, one.span.start, one.span.end):
            yield paper.found(one.span.start, one.span.end, "plan", "规划提法", one.why, "ask")


def anniversaries(paper: Checked) -> Iterator[Finding]:
    """Only those whose first year is known."""
    for match in ANNIVERSARY.finditer(paper.text):
        count = read_count(match["number"])
        before = paper.text[max(0, match.start() - 16) : match.start()]
        base = next((base for word, base in paper.facts.anniversaries if word in before), None)
        if base is not None and count is not None and paper.year - base != count:
            told = f"{paper.year}年是{paper.year - base}周年"
            yield paper.found(*match.span(), "anniversary", "周年", told, "ask", f"{paper.year - base}周年")
