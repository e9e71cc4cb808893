"""Length, reporting duties, matching papers, orders of coordinating bodies: rules/facts/relief.yml."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import regex

from draft.check.model import Checked, Finding
from gongwen.values.vocab import vocab

_REPORTS = (
    regex.compile(r"(?:每[日周旬月季]度?|按[日周旬月季]度?|逐[日周旬月])[^。；\n]{0,24}(?:报送|上报|报告|报市|填报|一报)"),
    regex.compile(r"(?:实行|建立)?[日周旬月]报(?:告)?制度|零报告"),
    regex.compile(r"(?:报送|上报|报告)[^。；，\n]{0,16}(?:贯彻)?落实情况|落实情况[^。；，\n]{0,16}(?:报送|上报|书面报告)"),
)
_MATCHING = regex.compile(r"制[定发订](?:相应的?|配套的?)\p{Han}{0,6}(?:文件|细则|方案|办法)")


@cache
def _rules() -> dict[str, Any]:
    return dict(vocab("relief", "facts"))


def length(paper: Checked) -> Iterator[Finding]:
    """Han characters of the paper with what it issues."""
    rules = _rules()
    title = str(paper.record["title"] or "")
    is_special = any(word in title for word in rules["special"])
    limit = int(rules["limits"]["special" if is_special else "general"])
    count = len(regex.findall(r"\p{Han}", paper.text))
    if count > limit:
        kind = "专项工作文件" if is_special else "文件"
        told = f"全文{count}字，{kind}一般不超过{limit}字（{rules['source']}）"
        yield Finding("length", "篇幅", told, "ask", proposal="精简正文，或把具体安排列为附表")


def reports(paper: Checked) -> Iterator[Finding]:
    source = _rules()["source"]
    for form in _REPORTS:
        for match in form.finditer(paper.text):
            told = f"要求报送的内容，请核对是否确有必要（{source}）"
            yield paper.found(*match.span(), "report_duty", "报送要求", told, "ask", "能不报的不报，能并入总结的并入")
    for match in _MATCHING.finditer(paper.text):
        told = f"一般不要求下级制定配套文件（{source}）"
        yield paper.found(*match.span(), "matching_paper", "配套文件", told, "ask", "写明由本级直接安排的事项")


def orders(paper: Checked) -> Iterator[Finding]:
    """A coordinating body may not give orders to lower Party committees and governments."""
    rules = _rules()
    issuers = [str(one) for one in paper.record["issuers"]]
    if not issuers or not all(any(word in one for word in rules["coordinating"]) for one in issuers):
        return
    for at, unit in enumerate(paper.record["addressees"]):
        evidence = paper.record.evidence.get(f"addressees/{at}")
        if evidence and any(word in str(unit) for word in rules["commanded"]):
            start, end = evidence[0].start - paper.begin, evidence[0].end - paper.begin
            told = f"议事协调机构不得向下级党委、政府发号施令（{rules['source']}）"
            yield paper.found(start, end, "orders", "行文关系", told, "ask", "由有权机关发文，或改为函商")
