"""Kind of document, replaced names, gaps, totals of those who sign (drafting.md)."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from draft.check.model import Checked, Finding, Weight
from draft.renamed import renamed

_CLOSING = regex.compile(r"特此(?P<kind>通知|公告|通告|通报|函告|函复|批复|报告|请示)")
_SELF = regex.compile(r"(?:现将|本)(?P<kind>公告|通告|通知|通报)(?=如下|自|发布|由|所称)")
_GAP = regex.compile(r"【待核[^】]*】|__+|〔\s*〕|×{2,}|X{3,}|（此处[^）]*）")
_TOTAL = regex.compile(r"等(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})个?(?:部门|单位)")
_SAYS_KIND = {"函告": "函", "函复": "函"}


def kinds(paper: Checked) -> Iterator[Finding]:
    """Title, body and closing say the same kind."""
    kind = str(paper.record["doc_type"] or "")
    if not kind:
        yield from _untitled(paper)
        return
    for form, rule in ((_CLOSING, "文种与结语"), (_SELF, "文种与正文")):
        for match in form.finditer(paper.text):
            said = _SAYS_KIND.get(match["kind"], match["kind"])
            if said != kind and not _encloses(paper, match.start()):
                proposal = match.group().replace(match["kind"], kind)
                yield paper.found(
                    *match.span(), "kind", rule, f"标题的文种是“{kind}”，这里写“{match.group()}”", "error", proposal
                )


def _untitled(paper: Checked) -> Iterator[Finding]:
    """公告 and 通告 are taken for one another; without a title nothing tells which is meant."""
    for match in _CLOSING.finditer(paper.text):
        if match["kind"] in {"公告", "通告"}:
            told = f"没有读到标题，请核对文种是不是“{match['kind']}”"
            yield paper.found(*match.span(), "kind", "文种与结语", told, "ask")


def _encloses(paper: Checked, at: int) -> bool:
    """Whether the place lies in what the paper appends: another paper's words."""
    signed = [one.end - paper.begin for one in paper.record.evidence.get("issue_date", [])]
    return bool(signed) and at > max(signed)


def replaced(paper: Checked) -> Iterator[Finding]:
    for match, one in renamed(paper.text, paper.facts, paper.signing):
        weight: Weight = "ask" if one.ask else "error"
        told = f"{one.since.year}年起为“{one.new}”（{one.source}）"
        yield paper.found(*match.span(), "replaced", "名称已更换", told, weight, one.new)


def gaps(paper: Checked) -> Iterator[Finding]:
    for match in _GAP.finditer(paper.text):
        yield paper.found(*match.span(), "gap", "还有空缺", "这里还没有填写", "ask")


def totals(paper: Checked) -> Iterator[Finding]:
    """等14个部门 in the text against the issuers that sign."""
    from gongwen.values.numerals import read_count

    signed = len(paper.record["issuers"])
    title = str(paper.record["title"] or "")
    match = _TOTAL.search(title)
    count = read_count(match["n"]) if match else None
    if match is None or count is None or signed < 2 or count == signed:
        return
    at = paper.text.find(match.group())
    if at >= 0:
        yield paper.found(at, at + len(match.group()), "total", "总数与名单", f"落款有{signed}个单位", "error")
