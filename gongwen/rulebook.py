"""Rules as data: loads rules/, merges an office's own folder, and refuses rules that do not do what they say.

A field file (rules/fields/NAME.yml) has: field, label, type, and optionally facet, zones, labels, patterns,
examples, counterexamples. A pattern is {id, score, regex, zones}; its group `value` (or the whole match) is the
value. Every pattern file carries examples (must match, `value` as said) and counterexamples (must not match).
Patterns see width-folded text (gongwen.text.fold_width) and run with a time limit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import regex

from gongwen import yamlio
from gongwen.errors import RuleError
from gongwen.settings import ROOT, Settings
from gongwen.text import close_gaps, fold_width
from gongwen.values.unit_entries import read_unit_list
from gongwen.values.unit_register import Register

TIMEOUT = 0.2
"""Seconds a pattern may take on one document (reliability.md row 26)."""

TYPES = frozenset({"text", "texts", "number", "date", "period", "kind", "unit", "units", "topics", "rows", "choice"})
ZONES = frozenset({"meta", "header", "title", "addressees", "body", "annex_note", "signature", "imprint", "enclosure",
                   "annex", "any"})  # fmt: skip
_FIELD_KEYS = {"field", "label", "type", "facet", "zones", "labels", "patterns", "examples", "counterexamples",
               "values"}  # fmt: skip
_PATTERN_KEYS = {"id", "score", "regex", "zones"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One rule: `id` is unique within its field; `score` 0..1 ranks findings of the same field."""

    id: str
    compiled: regex.Pattern[str]
    score: float
    zones: frozenset[str]

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[regex.Match[str]]:
        """Matches in folded text; raises TimeoutError past TIMEOUT seconds."""
        yield from self.compiled.finditer(text, start, len(text) if end is None else end, timeout=TIMEOUT)


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What is known of one field: Chinese label, type, whether it is a facet, the printed labels that introduce it
    (主办单位), the words it may take (`values`, for choices) and its patterns, best first."""

    name: str
    label: str
    type: str
    facet: bool = False
    zones: frozenset[str] = frozenset({"any"})
    labels: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    examples: tuple[tuple[str, str | None], ...] = ()
    counterexamples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rulebook:
    fields: dict[str, FieldRule]
    vocab: dict[str, Any]
    units: tuple[dict[str, Any], ...]
    fingerprint: str
    _cache: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def words(self, name: str) -> tuple[str, ...]:
        """A vocabulary that is a plain list: rules/vocab/NAME.yml."""
        found = self.vocab.get(name, [])
        if not isinstance(found, list):
            raise RuleError(f"rules/vocab/{name}.yml: a list of words is expected")
        return tuple(str(one) for one in found)

    def labels(self, name: str) -> tuple[str, ...]:
        rule = self.fields.get(name)
        return rule.labels if rule else ()

    @property
    def register(self) -> Register:
        """Units and families as one register, built once. RuleError when they contradict each other."""
        if "register" not in self._cache:
            self._cache["register"] = Register(self.units, self.vocab.get("unit_families", {}))
        found: Register = self._cache["register"]
        return found

    def any_of(self, *names: str) -> str:
        """A regex alternation of the labels of fields, longest first."""
        words = {label for name in names for label in self.labels(name)}
        return "|".join(regex.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def load_rulebook(settings: Settings | None = None) -> Rulebook:
    """Our rules and the office's own. Raises RuleError naming file and rule."""
    office = settings.rules if settings else None
    return _load(ROOT / "rules", office)


@lru_cache(maxsize=4)
def _load(ours: Path, office: Path | None) -> Rulebook:
    folders = [ours, *([office] if office else [])]
    if office and not office.is_dir():
        raise RuleError(f"规则文件夹不存在：{office}")
    digest = hashlib.sha256()
    fields: dict[str, FieldRule] = {}
    vocab: dict[str, Any] = {}
    units: list[dict[str, Any]] = []
    for folder in folders:
        for path in sorted(folder.rglob("*.yml")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
            room = path.relative_to(folder).parts[0]
            found = yamlio.load_file(path)
            if room == "fields":
                rule = read_field(found, str(path))
                fields[rule.name] = _merged(fields.get(rule.name), rule)
            elif room == "vocab":
                vocab[path.stem] = _joined(vocab.get(path.stem), found, str(path))
            elif room == "units":
                units += _unit_list(found, str(path))
    book = Rulebook(fields, vocab, tuple(units), digest.hexdigest()[:16])
    for rule in fields.values():
        check_examples(rule)
    _ = book.register
    return book


def read_field(found: Any, name: str) -> FieldRule:
    """One field file as a FieldRule; RuleError for unknown keys, types, zones, or a regex that does not compile."""
    if not isinstance(found, dict) or not {"field", "label", "type"} <= found.keys():
        raise RuleError(f"{name}: needs the keys field, label, type")
    if unknown := found.keys() - _FIELD_KEYS:
        raise RuleError(f"{name}: unknown key {sorted(unknown)[0]!r}")
    if found["type"] not in TYPES:
        raise RuleError(f"{name}: unknown type {found['type']!r}")
    zones = _zones(found, name)
    patterns = tuple(_pattern(one, zones, f"{name}: {found['field']}") for one in found.get("patterns", []))
    if patterns and not found.get("examples"):
        raise RuleError(f"{name}: a pattern needs an example")
    return FieldRule(
        found["field"], found["label"], found["type"], found.get("facet") == "yes", zones,
        tuple(found.get("labels", [])), tuple(found.get("values", [])),
        tuple(sorted(patterns, key=lambda one: -one.score)),
        tuple(_example(one, name) for one in found.get("examples", [])), tuple(found.get("counterexamples", [])),
    )  # fmt: skip


def _zones(found: dict[str, Any], name: str) -> frozenset[str]:
    zones = frozenset(found.get("zones", ["any"]))
    if unknown := zones - ZONES:
        raise RuleError(f"{name}: unknown zone {sorted(unknown)[0]!r}")
    return zones


def _pattern(found: Any, zones: frozenset[str], name: str) -> Pattern:
    if not isinstance(found, dict) or not {"id", "regex"} <= found.keys() or found.keys() - _PATTERN_KEYS:
        raise RuleError(f"{name}: a pattern has id, score, regex, zones")
    where = f"{name}: pattern {found['id']}"
    try:
        compiled = regex.compile(found["regex"], regex.VERSION1)
        score = float(found.get("score", "0.5"))
    except (regex.error, ValueError) as error:
        raise RuleError(f"{where}: {error}") from error
    hostile(compiled, where)
    return Pattern(found["id"], compiled, score, _zones(found, where) if "zones" in found else zones)


def _example(found: Any, name: str) -> tuple[str, str | None]:
    if isinstance(found, str):
        return found, None
    if isinstance(found, dict) and found.keys() == {"text", "value"}:
        return found["text"], found["value"]
    raise RuleError(f"{name}: an example is a text, or text and value")


_TAIL = "X。）》：，；号日前）"
"""Closes a hostile string with what patterns often require, out of reach: the library gives up at once on a text
that lacks a required character."""
_HOSTILE = tuple(
    body + _TAIL
    for body in ("科" * 2000, "1月1日至" * 500, "（" * 2000, "甲、" * 1000, " " * 2000, "《" * 1000, "单位：" * 600,
                 "第1条" * 500, "1" * 2000)
)  # fmt: skip


def hostile(compiled: regex.Pattern[str], where: str) -> None:
    """Refuses a pattern that backtracks past TIMEOUT on any of a few adversarial strings."""
    for text in _HOSTILE:
        try:
            for _ in compiled.finditer(text, timeout=TIMEOUT):
                pass
        except TimeoutError as error:
            raise RuleError(f"{where}: takes more than {TIMEOUT} s on {text[:8]!r}…") from error


def check_examples(rule: FieldRule) -> None:
    """RuleError when an example is not found (with its value) or a counterexample is."""
    for text, value in rule.examples:
        found = [_value(match) for pattern in rule.patterns for match in pattern.finditer(fold_width(text))]
        wanted = None if value is None else close_gaps(fold_width(value))
        if rule.patterns and (not found or (wanted is not None and wanted not in found)):
            raise RuleError(f"{rule.name}: example {text!r} gives {found}, not {value or 'a match'}")
    for text in rule.counterexamples:
        for pattern in rule.patterns:
            if any(True for _ in pattern.finditer(fold_width(text))):
                raise RuleError(f"{rule.name}: counterexample {text!r} is matched by {pattern.id}")


def _value(match: regex.Match[str]) -> str:
    return close_gaps(match["value"] if "value" in match.re.groupindex else match[0])


def _merged(old: FieldRule | None, new: FieldRule) -> FieldRule:
    if old is None:
        return new
    if old.type != new.type:
        raise RuleError(f"{new.name}: the office's rule has type {new.type}, ours {old.type}")
    return replace(
        old, label=new.label, labels=old.labels + new.labels, values=old.values + new.values,
        patterns=tuple(sorted(old.patterns + new.patterns, key=lambda one: -one.score)),
        examples=old.examples + new.examples, counterexamples=old.counterexamples + new.counterexamples,
    )  # fmt: skip


def _joined(old: Any, new: Any, name: str) -> Any:
    if old is None:
        return new
    if isinstance(old, list) and isinstance(new, list):
        return old + [one for one in new if one not in old]
    if isinstance(old, dict) and isinstance(new, dict):
        return {key: _joined(old.get(key), new[key], name) if key in new else old[key] for key in {**old, **new}}
    raise RuleError(f"{name}: does not fit the vocabulary of the same name")


def _unit_list(found: Any, name: str) -> list[dict[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(one, dict) and "name" in one for one in found):
        raise RuleError(f"{name}: a list of units, each with a name, is expected")
    read_unit_list(found, name)
    return found
