"""One name or one day in two forms, totals against the lists beside them, annexes that the text names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import regex

from draft.check.model import Checked, Finding
from gongwen.text import Span
from gongwen.values.numerals import read_count

_NAMED = regex.compile(r"[“《](?P<name>[^“”《》\n]{5,40})[”》]")
_COUNTED = regex.compile(
    r"(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?:个|家|名|项|所|类|条)(?P<what>\p{Han}{0,8})"
    r"(?:（(?P<a>[^（）\n]{4,300})）|[：:](?P<b>[^。；：\n]{4,300})[。；\n])"
)
_BEFORE = regex.compile(
    r"(?P<list>[^，。；：（）\n]{2,300}、[^，。；：（）\n]{2,40})等(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})个"
)
_SEE = regex.compile(r"附件[ \t\u3000]?(?P<n>\d{1,2})(?!\d|\s*[．.、]?\s*\n)")
_LABEL = regex.compile(r"(?m)^\s*附件\s*(?P<n>\d{1,2})\s*[：:]?\s*$")
MAX_NAMES = 200


def names(paper: Checked) -> Iterator[Finding]:
    """Quoted names of one length that differ in one character or two which are no figures: one of them is mistyped."""
    places: dict[str, list[tuple[int, int]]] = {}
    for match in _NAMED.finditer(paper.text):
        places.setdefault(match["name"], []).append(match.span("name"))
    known = list(places)[:MAX_NAMES]
    for one, other in combinations(known, 2):
        if len(one) != len(other):
            continue
        apart = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
        if _is_word(one, other, len(apart)):
            continue
        if 1 <= len(apart) <= max(1, len(one) // 6) and not any(_counts(a) or _counts(b) for a, b in apart):
            rare, usual = sorted((one, other), key=lambda name: len(places[name]))
            proposal = usual if len(places[usual]) > len(places[rare]) else ""  # of one against one nobody knows
            yield paper.found(*places[rare][0], "two_forms", "名称前后一致", f"别处写作“{usual}”", "ask", proposal)


def _is_word(one: str, other: str, apart: int) -> bool:
    """Two neighbours that differ are another word (公路…平台, 水运…平台), not a slip."""
    places = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return apart == 2 and places[1] == places[0] + 1


def _counts(char: str) -> bool:
    return not char.isalpha() or char in "〇一二三四五六七八九十百上下甲乙丙丁东西南北前后中"


def people(paper: Checked) -> Iterator[Finding]:
    """A person of one post in two spellings."""
    held: dict[str, tuple[str, str]] = {}
    for at, row in enumerate(paper.record["leading_group"]):
        name, post = str(row.get("name") or ""), str(row.get("post") or "")
        evidence = paper.record.evidence.get(f"leading_group/{at}/name")
        if len(name) < 2 or not post or not evidence:
            continue
        before = held.setdefault(post, (name, ""))[0]
        is_near = len(before) == len(name) and sum(a != b for a, b in zip(before, name, strict=True)) == 1
        if is_near and before[0] == name[0]:
            start = evidence[0].start - paper.begin
            yield paper.found(start, start + len(evidence[0].quote), "two_forms", "姓名前后一致",
                              f"同一职务别处写作“{before}”", "ask", before)  # fmt: skip


def days(paper: Checked) -> Iterator[Finding]:
    """One duty with two last days."""
    held: dict[tuple[str, str], str] = {}
    seen: set[Span] = set()
    for at, row in enumerate(paper.record["deadlines"]):
        action, day = str(row.get("action") or ""), str(row.get("date") or "")
        evidence = paper.record.evidence.get(f"deadlines/{at}/date")
        if len(action) < 4 or not day or not evidence:
            continue
        places = {one.span for one in paper.record.evidence.get(f"deadlines/{at}/action", ())}
        if places & seen:  # two days in one sentence are of two things
            continue
        seen |= places
        before = held.setdefault((action, str(row.get("to") or "")), day)
        if before != day:
            start = evidence[0].start - paper.begin
            yield paper.found(start, start + len(evidence[0].quote), "two_forms", "日期前后一致",
                              f"“{action[:20]}”的期限别处是{before}", "ask")  # fmt: skip


def counted(paper: Checked) -> Iterator[Finding]:
    """三个县（甲县、乙县） and 甲、乙、丙等2个单位."""
    for match in _COUNTED.finditer(paper.text):
        told = match["a"] or match["b"]
        count = read_count(match["n"])
        pieces = [one for one in regex.split("[、，；]", told) if one.strip()]
        is_list = len(pieces) >= 2 and "等" not in told and "、" in told and not regex.search(r"\d[.．)）]", told)
        if count is None or not is_list or len(pieces) == count:
            continue
        yield paper.found(match.start("n"), match.end("what"), "total", "总数与名单",
                          f"写的是{match['n']}，列出的是{len(pieces)}", "ask")  # fmt: skip
    for match in _BEFORE.finditer(paper.text):
        count, listed = read_count(match["n"]), match["list"].count("、") + 1
        if count is not None and listed > count:
            yield paper.found(match.start("n"), match.end(), "total", "总数与名单",
                              f"写的是{match['n']}个，列出的是{listed}", "ask")  # fmt: skip


def annex_numbers(paper: Checked) -> Iterator[Finding]:
    """见附件3 where there are two."""
    have = {int(match["n"]) for match in _LABEL.finditer(paper.text)}
    most = max([len(paper.record["annexes"]), *have])
    labels = [match.span() for match in _LABEL.finditer(paper.text)]
    missing = [
        match for match in _SEE.finditer(paper.text)
        if int(match["n"]) > most and all(not start <= match.start() < end for start, end in labels)
    ]  # fmt: skip
    for match in missing if most else missing[:1]:
        told = f"附件只有{most}个" if most else "文件里没有附件"
        yield paper.found(*match.span(), "annex", "附件", f"正文提到附件{match['n']}，{told}", "error")
