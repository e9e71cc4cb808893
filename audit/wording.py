"""Wordings of tasks as they are compared: what is left of 进一步加强科普教育基地建设工作 when all that changes
from year to year is taken away, and how alike two such wordings are.

The words are data (rules/vocab/audit.yml). What is common to many tasks of the same papers counts less: 科学素质 says
little in a plan where every task has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Any

import regex

from gongwen.text import fold_width

_MARKER = regex.compile(
    r"^(?:第?[一二三四五六七八九十百]+[、.．章节条项]|[（(][一二三四五六七八九十\d]+[）)]|\d{1,3}[、.．)）]|[①-⑳])"
)
_PASSING = regex.compile(
    r"(?:19|20)\d\d(?:年度?|—|-)?|[二一][〇零九][〇零一二三四五六七八九]{2}年度?|第?[0-9一二三四五六七八九十百]+(?:届|次|期|批|轮|季)"
    r"|“?十[一二三四五六七八九]五”?|(?:不少于|不低于|达到|超过|力争)?\d[\d.,]*(?:万|亿|千|百)?(?:余|多)?(?:人次|场次|[\p{Han}%％])?"
)
_NOT_WORD = regex.compile(r"[^\p{Han}A-Za-z]+")
_LONGEST = 200
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Words:
    """`core`: the wording without what changes; `grams`: its characters and pairs of characters; `marks`: the words
    of the contrasts in it (小学, 市级)."""

    core: str
    grams: frozenset[str]
    marks: tuple[frozenset[str], ...]


class Wording:
    """Built from the vocabularies `audit` and `series`."""

    def __init__(self, vocab: Mapping[str, Any], series: Mapping[str, Any]) -> None:
        same = {str(word): str(words[0]) for words in vocab.get("task_same", ()) for word in words}
        self._same = same
        self._words = _any(same)
        self._fillers = _any(str(one) for one in vocab.get("task_fillers", ()))
        self._contrasts = tuple(_any(str(one) for one in words) for words in series.get("contrasts", ()))
        self.read = lru_cache(maxsize=50_000)(self._read)

    def _read(self, text: str) -> Words:
        folded = "".join(fold_width(text[: 4 * _LONGEST]).split())
        before = ""
        while before != folded:
            before, folded = folded, _MARKER.sub("", folded)
        marks = tuple(frozenset(words.findall(folded)) for words in self._contrasts)
        bare = _NOT_WORD.sub("", _PASSING.sub("", folded))
        bare = self._words.sub(lambda match: self._same[match.group()], bare)[:_LONGEST]
        core = self._fillers.sub("", bare)
        core = core if len(core) >= _SHORTEST else bare
        return Words(core, frozenset(_grams(core)), marks)


class Scale:
    """How much each gram tells, from how many of the tasks that are compared have it."""

    def __init__(self, found: Iterable[Words]) -> None:
        held = list(found)
        self._many = max(1, len(held))
        self._counts = Counter(gram for one in held for gram in one.grams)

    def weight(self, gram: str) -> float:
        rare = log(1 + self._many / (1 + self._counts[gram])) + 0.2
        return rare * (1.0 if len(gram) > 1 else 0.35)

    def sum(self, grams: Iterable[str]) -> float:
        return sum(self.weight(gram) for gram in grams)


def likeness(one: Words, other: Words, scale: Scale) -> float:
    """0.0 to 1.0: what both have, of what each has, and of what the shorter one has. 0.0 where one has a word of a
    contrast and the other another (小学, 中学)."""
    if any(a != b and a and b for a, b in zip(one.marks, other.marks, strict=True)):
        return 0.0
    if one.core == other.core:
        return 1.0 if one.core else 0.0
    both = scale.sum(one.grams & other.grams)
    mine, theirs = scale.sum(one.grams), scale.sum(other.grams)
    if not both or not mine or not theirs:
        return 0.0
    dice = 2 * both / (mine + theirs)
    return 0.6 * dice + 0.4 * both / min(mine, theirs)


def overlap(one: Sequence[str], other: Sequence[str]) -> float:
    """How much of all of them both have; 0.0 when either is empty."""
    a, b = set(one), set(other)
    return len(a & b) / len(a | b) if a and b else 0.0


def _grams(text: str) -> Iterable[str]:
    yield from text
    yield from (text[at : at + 2] for at in range(len(text) - 1))


def _any(found: Iterable[str]) -> regex.Pattern[str]:
    words = sorted(set(found), key=lambda word: (-len(word), word))
    return regex.compile("|".join(regex.escape(word) for word in words) or r"(?!)")
