"""Titles as they are compared: a red head prints 关于…的通知, a web page and a citation put the organ in front, and
brackets, blanks and quotation marks differ (domain.md §1)."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from gongwen.text import fold_width
from gongwen.values.unit_words import looks_like_unit

_NOT_WORD = regex.compile(r"[^\p{Han}A-Za-z0-9]+")
_ORGANS = regex.compile(r"^(?P<organs>[^《]{2,80}?)(?=关于|印发|转发|批转)")
_MANY = regex.compile(r"等?\d{0,2}个?(?:部门|单位|部委|厅局)(?:联合)?$|联合$|办公厅$")
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Title:
    """`key` is what is compared, `organs` the names in front that the other one may lack."""

    key: str
    organs: str = ""


def read_title(text: str) -> Title:
    """The key is '' for what is too short to name a paper (通知)."""
    folded = "".join(fold_width(text).split())
    organs = ""
    match = _ORGANS.match(folded)
    if match is not None and _are_organs(match["organs"]):
        organs = match["organs"]
        folded = folded[match.end() :]
    key = _NOT_WORD.sub("", folded).lower()
    return Title(key if len(key) >= _SHORTEST else "", organs)


def _are_organs(text: str) -> bool:
    bare = _MANY.sub("", text)
    return bare != text or looks_like_unit(bare) or "、" in bare


def may_be(organs: str, issuers: str) -> bool:
    """Whether the organs a citation names may be these issuers: every character of the first organ stands in them in
    order (海西省科协 in 海西省科学技术协会)."""
    first = _MANY.sub("", organs).split("、")[0]
    rest = iter(issuers)
    return not first or not issuers or all(char in rest for char in first)
