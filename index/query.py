"""The query language (design.md §6): words, "…", OR / 或, - / 不含, fields, numbers and dates as people type them.

`parse` never raises: what it does not understand becomes plain words with a warning in Chinese. Its result is a
conjunction of clauses, each a choice of terms; every engine answers the same clauses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import regex

from gongwen.values.numerals import read_digits
from index.analysis import fold
from index.dates import DateRange, typed_dates
from index.fieldnames import EXACT_FIELDS, FIELDS, NO_NONE, NONE_WORD, ROLE_WORDS
from index.lexer import MAX_LENGTH, Token, tokens
from index.numbers import NumberKey, typed_number

_TRIED = 3  # a typed number may be parted by blanks: 云科协字 2021 14

Kind = Literal["text", "field", "facet", "date", "number"]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for. text: any of `needles` stands in the entry; field: any stands in a value of `name`;
    facet: the value `needles[0]` is given ('' for none given); date: between `start` and `end`, or missing when
    both are ''; number: the entry's own number (name `own`) or any number it has or cites."""

    kind: Kind
    needles: tuple[str, ...] = ()
    name: str = ""
    number: NumberKey | None = None
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """Any of the terms must hold (or none of them, when negated). `quoted` clauses are never relaxed."""

    terms: tuple[Term, ...]
    negated: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """All clauses must hold. `roles` are roles named beside words (市科协 牵头): they order, they do not filter.
    `today` is the day it was asked on."""

    clauses: tuple[Clause, ...] = ()
    roles: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    today: date | None = None

    def words(self) -> list[str]:
        """Folded needles of the text clauses that must hold: what is highlighted."""
        terms = (term for clause in self.clauses if not clause.negated for term in clause.terms)
        return list(dict.fromkeys(needle for term in terms for needle in term.needles if term.kind != "facet"))


Expand = Callable[[str], tuple[str, ...]]
"""Other spellings of a folded word: unit aliases and synonyms."""


def no_expansion(_word: str) -> tuple[str, ...]:
    return ()


def parse(text: str, expand: Expand = no_expansion, today: date | None = None) -> Parsed:
    """`today` is what 去年 is told from; without it such words are words."""
    found, warnings = tokens(text)
    parsed = _Reader(expand, warnings, today).read(_with_words(joined(found), warnings))
    rest = fold(text[:MAX_LENGTH])
    if parsed.clauses or not rest or any(token.kind == "field" for token in found):
        return parsed
    if _SIGNS.fullmatch(rest):
        parsed = replace(parsed, warnings=(*parsed.warnings, "查询里只有符号，没有可查的词，已按原样查找"))
    return replace(parsed, clauses=(Clause((Term("text", (rest,)),)),))


def relax(parsed: Parsed, cut: Callable[[str], list[str]]) -> Parsed | None:
    """The all-words answer: every unquoted word cut into its parts, all of which must stand in the entry; a date that
    a word begins with (去年科普日方案) is one of them. None when that asks nothing else."""
    clauses: list[Clause] = []
    searched = list(parsed.searched)
    for clause in parsed.clauses:
        parts = () if clause.negated or clause.quoted else _parts(clause, cut, parsed.today)
        clauses += parts or (clause,)
        dated = (one for part in parts for one in part.terms if one.kind == "date")
        searched += [f"日期 {DateRange(one.start, one.end)}" for one in dated]
    if tuple(clauses) == parsed.clauses:
        return None
    return replace(parsed, clauses=tuple(dict.fromkeys(clauses)), searched=tuple(dict.fromkeys(searched)))


def _parts(clause: Clause, cut: Callable[[str], list[str]], today: date | None) -> tuple[Clause, ...]:
    texts = [term for term in clause.terms if term.kind == "text"]
    if not texts or len(texts) != len(clause.terms):
        return ()
    whole = texts[0].needles[0]
    head = _dated_head(whole, today)
    rest = whole.removeprefix(head)
    words = [word for word in dict.fromkeys(cut(rest)) if len(word) > 1 or not _PARTICLE.match(word)]
    dated = (Clause(_date_terms(head, (head,), today)),) if head else ()
    return (*dated, *(Clause((Term("text", (word,)),)) for word in words))


def _dated_head(word: str, today: date | None) -> str:
    """The longest date that a word begins with, when two characters or more follow it."""
    for end in range(min(len(word) - 2, _LONGEST_DATE), 1, -1):
        if typed_dates(word[:end], strict=True, today=today) is not None:
            return word[:end]
    return ""


def _date_terms(text: str, needles: tuple[str, ...], today: date | None) -> tuple[Term, ...]:
    """What a word that may be a date asks for: itself as text, or the days that it names."""
    literal = Term("text", needles)
    dates = typed_dates(text, strict=True, today=today)
    if dates is None:
        return (literal,)
    told = Term("facet", (str(dates.year),), "year")
    return (literal, Term("date", start=dates.start, end=dates.end), *((told,) if dates.year else ()))


_LONGEST_DATE = 14


_PARTICLE = regex.compile(r"[的了和与及或在于为对将把被等]")


_SIGNS = regex.compile(r"[\p{P}\p{Sc}\p{Sk}\p{Sm}]+")


def _with_words(found: list[Token], warnings: list[str]) -> list[Token]:
    """Without words that are signs only (科普日 — 方案): nobody looks for them unless they are quoted."""
    kept = [one for one in found if one.kind != "word" or not _SIGNS.fullmatch(fold(one.text))]
    signs = dict.fromkeys(one.text for one in found if one not in kept)
    if signs and kept:
        warnings.append(f"“{' '.join(signs)}”只是符号，这里已忽略")
    return kept


def joined(found: list[Token]) -> list[Token]:
    """Single characters parted by blanks are one word (侯  刚, 科 学 技 术 协 会, 2 0 2 4 年); a number of a document
    may be parted too."""
    out: list[Token] = []
    at = 0
    while at < len(found):
        run = at
        while run < len(found) and found[run].is_single and (run == at or not found[run].negated):
            run += 1
        if run - at > 1 and not all(one.text.isdecimal() for one in found[at:run]):
            out.append(replace(found[at], text="".join(one.text for one in found[at:run])))
            at = run
            continue
        width = _number_width(found, at)
        out.append(replace(found[at], text=" ".join(one.text for one in found[at : at + width])))
        at += width
    return out


def _number_width(found: list[Token], at: int) -> int:
    for width in range(_TRIED, 1, -1):
        window = found[at : at + width]
        if len(window) < width or any(one.kind != "word" for one in window) or any(one.negated for one in window[1:]):
            continue
        if typed_number(" ".join(one.text for one in window)) is not None:
            return width
    return 1


class _Reader:
    """Tokens to clauses; collects what is to be said to the user."""

    def __init__(self, expand: Expand, warnings: list[str], today: date | None) -> None:
        self._expand = expand
        self._warnings = warnings
        self._today = today
        self._searched: list[str] = []

    def read(self, found: list[Token]) -> Parsed:
        clauses: list[Clause] = []
        roles: list[str] = []
        choice = False
        for at, token in enumerate(found):
            if token.kind == "or":
                choice = bool(clauses) and at + 1 < len(found)
                if not choice:
                    self._warnings.append("“或”的两边都要有词，这里已忽略")
                continue
            if token.kind == "field" and not fold(token.text):
                self._warnings.append(f"“{token.name}:”后面没有内容，这里已忽略")
                choice = False
                continue
            clause = self._clause(token)
            if choice and not clause.negated and not clauses[-1].negated:
                last = clauses.pop()
                clause = Clause(last.terms + clause.terms, quoted=last.quoted or clause.quoted)
            choice = False
            clauses.append(clause)
            if token.kind == "word" and fold(token.text) in ROLE_WORDS and not token.negated:
                roles.append(ROLE_WORDS[fold(token.text)])
        return Parsed(
            tuple(clauses), tuple(dict.fromkeys(roles)), tuple(dict.fromkeys(self._searched)), tuple(self._warnings),
            self._today,
        )  # fmt: skip

    def _clause(self, token: Token) -> Clause:
        if token.kind == "field":
            return Clause(self._field(token.name, token.text), token.negated, quoted=True)
        if token.kind == "phrase":
            return Clause((Term("text", (fold(token.text),)),), token.negated, quoted=True)
        return Clause(self._word(token.text), token.negated)

    def _word(self, text: str) -> tuple[Term, ...]:
        number = typed_number(text)
        if number is not None:
            self._searched.append(f"文号 {number}")
            return (Term("number", number=number), Term("text", _literals(text, number)))
        dates = typed_dates(text, strict=True, today=self._today)
        if dates is not None:
            self._searched.append(f"日期 {dates}，或文中有“{text}”")
        return _date_terms(text, self._needles(text), self._today)

    def _field(self, label: str, text: str) -> tuple[Term, ...]:
        name = FIELDS[label]
        if name == "date":
            return self._dates(label, text)
        if fold(text) == NONE_WORD and name not in NO_NONE:
            self._searched.append(f"{label}：未写明")
            return (Term("facet", ("",), name),)
        if name == "number":
            number = typed_number(text)
            if number is None:
                return (Term("field", (fold(text),), "number"),)
            self._searched.append(f"文号 {number}")
            return (Term("number", name="own", number=number),)
        year = read_digits(text.rstrip("年")) if name == "year" else None
        if year is not None:
            return (Term("facet", (str(year),), name),)
        if name in EXACT_FIELDS:
            return tuple(Term("facet", (value,), name) for value in dict.fromkeys((text, fold(text))))
        return (Term("field", self._needles(text), name),)

    def _dates(self, label: str, text: str) -> tuple[Term, ...]:
        if fold(text) == NONE_WORD:
            self._searched.append("日期：未写明")
            return (Term("date"),)
        dates = typed_dates(text, today=self._today)
        if dates is None:
            self._warnings.append(f"没有看懂日期“{text}”，已当作普通词")
            return (Term("text", (fold(f"{label}:{text}"), fold(text))),)
        if dates.swapped:
            self._warnings.append(f"日期“{text}”的起止颠倒了，已按 {dates} 来查")
        self._searched.append(f"日期 {dates}")
        return (Term("date", start=dates.start, end=dates.end),)

    def _needles(self, text: str) -> tuple[str, ...]:
        first = fold(text)
        others = [one for one in self._expand(first) if fold(one) != first]
        if others:
            self._searched.append(f"{text}（也查：{'、'.join(others)}）")
        return tuple(dict.fromkeys((first, *(fold(one) for one in others))))


def _literals(text: str, number: NumberKey) -> tuple[str, ...]:
    """The number as text: in its normal form, and as typed when that cannot be the head of a longer number."""
    typed = fold(text)
    whole = typed.endswith("号") or "（" in typed
    return tuple(dict.fromkeys((fold(str(number)), *((typed,) if whole else ()))))
