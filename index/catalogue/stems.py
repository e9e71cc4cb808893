"""What stays of a title from year to year: the stem of an activity, and how alike two stems are.

《2021年全国科普日云州活动方案》 and 《2025年全国科普月云州活动方案》 are years of one activity, 工作要点 and 工作总结
of one year are not. The words are data (rules/vocab/series.yml)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import regex

from gongwen.text import fold_width
from gongwen.values.unit_words import looks_like_unit

LIKELY = 0.5
"""The longer core may be twice the shorter one. Measured on the made-up titles of tests/index/catalogue/
series_names.yml and the sample: docs/catalogue.md."""

_PIECES = 3
"""In so many places words may have been put in: more is chance."""

_LEAST = 4
_VERB = 4
TURNED = 0.9
"""How alike two cores are of which one has the verb behind."""

_SHORTEST = 2
_LONGEST = 120
_INNER = regex.compile(r"^(?P<before>[^《]{0,60})《(?P<inner>.{4,160})》(?P<after>[^《》]{0,20})$")
_ORDINAL = r"第?[0-9一二三四五六七八九十百〇零]{1,4}"
_TIMES = tuple(
    regex.compile(pattern)
    for pattern in (
        r"[（(]?(?:19|20)\d\d年?(?:-{1,2}|—{1,2}|~|至)(?:(?:19|20)?\d\d)年?度?[）)]?",  # 2021—2035年
        r"(?:19|20)\d\d年?度?",
        r"[二一][〇零九][〇零一二三四五六七八九]{2}年度?",
        r"“?十[一二三四五六七八九]五”?(?:时期|期间)?",
        r"(?:1[0-2]|[1-9])(?:-|—|至)(?:1[0-2]|[1-9])月份?|(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(?![\p{Han}]{0,2}[节会])",
        rf"{_ORDINAL}(?:季度|周年|次全体)|[上下]半年|(?:今|本|上|去|明|次)年度?",
        rf"第{_ORDINAL[1:]}(?:届|次|期|批|轮|季|个|号|阶段|学期)",
        r"(?:19|20)?\d\d-(?:19|20)?\d\d学年(?:度)?",
    )
)
_ORGANS = regex.compile(r"^(?P<organs>.{2,60}?)(?=关于)")
_MANY = regex.compile(r"(?:等\d{0,2}个?(?:部门|单位|部委|厅局))$")
_NOT_WORD = regex.compile(r"[^\p{Han}A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Stem:
    """`text` is the key, `core` what is left of it without words that name no subject, `kind` of paper where it counts,
    `stages` what is done (申报, 公布), `marks` the words of the contrasts that stand in it."""

    text: str
    core: str
    kind: str
    stages: frozenset[str]
    marks: tuple[frozenset[str], ...]


class Stemmer:
    """Built from the vocabulary `series` and the kinds of paper of a rulebook."""

    def __init__(self, vocab: Mapping[str, Any], kinds: Iterable[str]) -> None:
        self._openers = regex.compile(f"(?:{_any(vocab.get('openers', ())).pattern})+")
        self._closers = _longest(vocab.get("closers", ()))
        self._own_kinds = frozenset(vocab.get("own_kinds", ()))
        self._kinds = _longest(kinds)
        self._same = {word: words[0] for words in vocab.get("same", ()) for word in words}
        self._words = _any(self._same)
        self._stages = _any(vocab.get("stages", ()))
        self._forms = _any(vocab.get("forms", ()))
        self._contrasts = (self._forms, *(_any(words) for words in vocab.get("contrasts", ())))
        self._fillers = _any(vocab.get("fillers", ()))

    def stem(self, title: str, issuers: Iterable[str] = (), place: str = "") -> str:
        """'' when nothing is left that could name an activity. `issuers`: their names, short ones too; `place`: theirs,
        which goes wherever it stands."""
        if not title or len(title) > 4 * _LONGEST:
            return ""
        folded = "".join(fold_width(title).split())
        names = sorted({one for one in issuers if one}, key=len, reverse=True)
        kind, name = self._unwrapped(_without_organs(_without_issuer(folded, names)))
        for pattern in _TIMES:
            name = pattern.sub("", name)
        name = self._opened(_without_issuer(_NOT_WORD.sub("", name), names))
        name = _without_issuer(name, names)
        name = name.replace(place, "") if place and len(name) >= len(place) + _SHORTEST else name
        name = self._trimmed(self._joined(name))[:_LONGEST]
        if len(name) < _SHORTEST or (name in self._kinds and not self._forms.fullmatch(name)):
            return ""  # 公告 alone names nothing, 要点 of an office is its yearly plan
        return f"{name}:{kind}" if kind else name

    def name(self, title: str, issuers: Iterable[str] = ()) -> str:
        """What a paper is about, as a list of activities names it, with its year: 关于举办2021年科技活动周的通知 is
        2021年科技活动周."""
        folded = "".join(fold_width(title[: 4 * _LONGEST]).split())
        names = sorted({one for one in issuers if one}, key=len, reverse=True)
        _, name = self._unwrapped(_without_organs(_without_issuer(folded, names)))
        name = self._opened(name)
        return name if len(name) >= _LEAST else title

    def read(self, text: str) -> Stem:
        """A stem taken apart for `likeness`."""
        name, _, kind = text.partition(":")
        stages = frozenset(self._stages.findall(name))
        marks = tuple(frozenset(words.findall(name)) for words in self._contrasts)
        core = self._fillers.sub("", self._forms.sub("", self._stages.sub("", name)))
        return Stem(text, core or name, kind, stages, marks)

    def _unwrapped(self, name: str) -> tuple[str, str]:
        """The kind that counts (请示, 函; '' for notices and the like), and the name of what is issued."""
        kind = next((one for one in self._kinds if name.endswith(one)), "")
        told = kind if kind in self._own_kinds else ""
        wrapped = _INNER.match(name)
        if wrapped and (wrapped["after"] == f"的{kind}" or not wrapped["after"]):
            before = self._opened(wrapped["before"])
            return told, before + wrapped["inner"]
        if name.endswith(f"的{kind}") and kind:
            name = name.removesuffix(f"的{kind}")
        return told, name

    def _trimmed(self, name: str) -> str:
        before = ""
        while before != name:
            before = name
            name = self._opened(name)
            closer = next((one for one in self._closers if name.endswith(one) and len(name) > len(one) + 2), "")
            name = name.removesuffix(closer)
        return name

    def _opened(self, name: str) -> str:
        opened = self._openers.match(name)
        return name[opened.end() :] if opened else name

    def _joined(self, name: str) -> str:
        """Words that stand for each other read as one; longest first, so that 工作方案 is not 工作 and 方案."""
        return self._words.sub(lambda match: self._same[match.group()], name)


def likeness(one: Stem, other: Stem) -> float:
    """How much of the longer core the shorter one is, where the one is the other with words put in (高考会议,
    高考考务会议); 0.0 for all else: 高考 for 中考 is another matter, however much the rest agrees."""
    if one.kind != other.kind or one.stages != other.stages:
        return 0.0
    if any(a != b and a and b for a, b in zip(one.marks, other.marks, strict=True)):
        return 0.0
    if one.core == other.core:
        return 1.0
    short, long = sorted((one.core, other.core), key=len)
    if len(short) < _LEAST or len(short) < LIKELY * len(long):
        return 0.0
    if len(short) == len(long):
        return TURNED if _is_turned(short, long) else 0.0
    return len(short) / len(long) if _is_within(short, long) else 0.0


def _is_turned(one: str, other: str) -> bool:
    """选派科技特派员 and 科技特派员选派."""
    return any(one[at:] + one[:at] == other for at in (*range(1, _VERB + 1), *range(-_VERB, 0)))


def _is_within(short: str, long: str) -> bool:
    """All of the short one in order, with at most _PIECES places where something was put in; one character at the end
    makes another name (安全生产, 安全生产月)."""
    if long[:-1] == short:
        return False
    at, pieces = 0, 0
    for char in short:
        found = long.find(char, at)
        if found < 0:
            return False
        pieces += found > at
        at = found + 1
    return pieces + (at < len(long)) <= _PIECES


def _without_issuer(name: str, issuers: Iterable[str]) -> str:
    """`issuers` longest first, so that the place of one is taken off where it stands alone."""
    for own in issuers:
        if name.startswith(own) and len(name) >= len(own) + _SHORTEST:
            name = name.removeprefix(own)
    return name


def _without_organs(name: str) -> str:
    """Without what reads as names of units in front of 关于."""
    match = _ORGANS.match(name)
    if match is None or "《" in match["organs"]:
        return name
    organs = _MANY.sub("", match["organs"])
    is_organs = organs != match["organs"] or looks_like_unit(organs) or "、" in organs
    return name[match.end() :] if is_organs else name


def _longest(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(found), key=lambda word: (-len(word), word)))


def _any(words: Iterable[str]) -> regex.Pattern[str]:
    """Any of the words, not overlapping: 高中学校 has no 中学."""
    return regex.compile("|".join(regex.escape(word) for word in _longest(words)) or r"(?!)")
