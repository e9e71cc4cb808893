"""A typed query as tokens: words, quoted phrases, fields, OR. Never raises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import regex

from index.analysis import flat, fold
from index.fieldnames import FIELDS
from index.sealing import without_gaps

MAX_LENGTH = 200
"""Longer queries are cut: nothing a person types is longer, and no query may run long (design.md §6)."""

_OPENERS = '"“”„＂「『'
_CLOSERS = '"“”„＂」』'
_UNSEEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}]")
_OR = frozenset({"OR", "或", "或者", "|", "||", "｜"})
_AND = frozenset({"AND", "&&", "&", "+"})
_NOT = frozenset({"NOT", "不含", "不包含"})
_NOT_PREFIX = regex.compile(r"(?:不含|不包含)[:：]|[-－–−!！](?=[^\s\-－–−!！])")
_LATER_NOT = regex.compile(r"(?:不含|不包含)(?=\S)")
_FIELD = regex.compile(rf"(?P<label>{'|'.join(sorted(FIELDS, key=len, reverse=True))})[:：](?P<gap>\s*)")
_WORD = regex.compile(rf"[^\s{_OPENERS}{_CLOSERS}]+")
_SPACED_YEAR = regex.compile(r"[〔【［\[（(]\s{0,9}\p{Nd}(?:\s{0,9}\p{Nd}){3}\s{0,9}[〕】］\])）]")
_SERIAL_REST = regex.compile(r"(?:\s+[〔\[(（]?\d{4}[〕\])）]?)?\s+第?\d{1,5}\s*号?(?=\s|\Z)")
_NAME_REST = regex.compile(r"(?:\s+\p{Han}){1,3}(?=\s|\Z)")
_SINGLE = regex.compile(r"[\p{Han}\p{Nd}]")


@dataclass(frozen=True, slots=True)
class Token:
    """A field's text is '' where nothing stood behind its colon."""

    kind: Literal["word", "phrase", "field", "or"]
    text: str
    name: str = ""
    negated: bool = False

    @property
    def name_key(self) -> str:
        """The field as an engine knows it."""
        return FIELDS.get(self.name, "")

    @property
    def is_single(self) -> bool:
        """One Chinese character or digit, as in a name or a date printed with gaps."""
        return self.kind == "word" and _SINGLE.fullmatch(self.text) is not None


def tokens(text: str) -> tuple[list[Token], list[str]]:
    """The tokens in order, and what is to be said to the user."""
    warnings: list[str] = []
    clean = _UNSEEN.sub(" ", text)
    if len(clean) > MAX_LENGTH:
        warnings.append(f"查询超过 {MAX_LENGTH} 字，只用了前 {MAX_LENGTH} 字")
        clean = clean[:MAX_LENGTH]
    clean = _SPACED_YEAR.sub(lambda match: "".join(match.group().split()), clean)
    lexer = _Lexer(without_gaps(clean, flat(clean)), warnings)
    return lexer.run(), warnings


class _Lexer:
    def __init__(self, text: str, warnings: list[str]) -> None:
        self._text = text
        self._flat = flat(text)
        self._at = 0
        self._negate = False
        self._found: list[Token] = []
        self._warnings = warnings

    def run(self) -> list[Token]:
        while self._skip():
            self._one()
        if self._negate:
            self._warnings.append("“不含”后面没有词，这里已忽略")
        return self._found

    def _skip(self) -> bool:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._at < len(self._text)

    def _one(self) -> None:
        fresh = self._at == 0 or self._text[self._at - 1].isspace()
        negation = self._prefix() if fresh else None
        if negation is not None and negation.end() < len(self._text):
            self._negate = True
            self._at = negation.end()
        if self._text[self._at] in _OPENERS:
            self._add("phrase", self._quoted())
            return
        field = _FIELD.match(self._flat, self._at)
        if field is not None and (fresh or negation is not None):
            self._at = field.end()
            self._add("field", self._value_of(field), field["label"])
            return
        self._plain(self._run_of_word())

    def _value_of(self, field: regex.Match[str]) -> str:
        """'' where nothing follows; what follows a gap may be another field (牵头: 年:2024)."""
        if self._at == len(self._text) or (field["gap"] and _FIELD.match(self._flat, self._at)):
            return ""
        return self._quoted() if self._text[self._at] in _OPENERS else self._value(field["label"])

    def _prefix(self) -> regex.Match[str] | None:
        found = _NOT_PREFIX.match(self._text, self._at)
        if found is None and self._found:  # as the first word 不含… may be what is looked for
            found = _LATER_NOT.match(self._text, self._at)
        return found

    def _plain(self, word: str) -> None:
        if word in _OR:
            self._found.append(Token("or", word))
        elif word in _NOT:
            self._negate = True
        elif word not in _AND:
            self._add("word", word)

    def _add(self, kind: Literal["word", "phrase", "field"], text: str, name: str = "") -> None:
        if kind != "field" and not fold(text):
            return
        self._found.append(Token(kind, text.strip(), name, self._negate))
        self._negate = False

    def _run_of_word(self) -> str:
        match = _WORD.match(self._text, self._at)
        word = match.group() if match else self._text[self._at]
        self._at += len(word)
        return word

    def _value(self, label: str) -> str:
        """A field's value goes to the next blank; a number goes on while it reads 2021 14, and a name
        printed with gaps (人:何 立) is one value."""
        start = self._at
        self._run_of_word()
        shape = _SERIAL_REST if label == "文号" else _NAME_REST
        rest = shape.match(self._text, self._at) if label == "文号" or self._at - start == 1 else None
        self._at = rest.end() if rest else self._at
        return self._text[start : self._at]

    def _quoted(self) -> str:
        opener = self._at
        ends = [at for mark in _CLOSERS if (at := self._text.find(mark, opener + 1)) >= 0]
        if not ends:
            self._warnings.append("引号没有成对，后面的文字当作一个整体来查")
            self._at = len(self._text)
            return self._text[opener + 1 :]
        self._at = min(ends) + 1
        return self._text[opener + 1 : min(ends)]
