"""Rules as data: loads rules/, merges an office's own folder, and refuses rules that do not do what they say.

A field file (rules/fields/NAME.yml) has: field, label, type, and optionally facet, zones, labels, patterns,
examples, counterexamples. A pattern is {id, score, regex, zones, triggers}; its group `value` (or the whole match) is
the value; it is tried only where one of its `triggers` stands (none given: everywhere). Every pattern file
carries examples (must match, `value` as said) and counterexamples (must not match).
Patterns see width-folded text (gongwen.text.fold_width) and run with a time limit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import regex

from gongwen import yamlio
from gongwen.errors import RuleError
from gongwen.settings import SHIPPED, Settings
from gongwen.text import close_gaps, fold_width
from gongwen.triggers import Triggers
from gongwen.values.unit_entries import read_unit_list
from gongwen.values.unit_register import Register

Made = TypeVar("Made")
TIMEOUT = 0.2
"""Seconds a pattern may take on one document (reliability.md row 26)."""

TYPES = frozenset({"text", "texts", "number", "date", "period", "kind", "unit", "units", "topics", "rows", "choice"})
ZONES = frozenset({"meta", "header", "title", "addressees", "body", "annex_note", "signature", "imprint", "enclosure",
                   "annex", "any"})  # fmt: skip
ROOMS = ("fields", "vocab", "units", "facts")
"""Folders of a rules folder: fields and their patterns, word lists, units, facts such as holidays."""
_FIELD_KEYS = {"field", "label", "type", "facet", "zones", "labels", "patterns", "examples", "counterexamples",
               "values"}  # fmt: skip
_PATTERN_KEYS = {"id", "score", "regex", "zones", "triggers"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One rule: `id` is unique within its field; `score` 0..1 ranks findings of the same field."""

    id: str
    compiled: regex.Pattern[str]
    score: float
    zones: frozenset[str]
    triggers: tuple[str, ...] = ()

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
            raise RuleError(f"vocab/{name}.yml: 应当是词语的列表，每行一个“- 词语”")
        return tuple(str(one) for one in found)

    def labels(self, name: str) -> tuple[str, ...]:
        rule = self.fields.get(name)
        return rule.labels if rule else ()

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What is built from the rules alone, built at the first call for this name and kept."""
        if name not in self._cache:
            self._cache[name] = make()
        found: Made = self._cache[name]
        return found

    @property
    def register(self) -> Register:
        """Units and families as one register. RuleError when they contradict each other."""
        return self.once("register", lambda: Register(self.units, self.vocab.get("unit_families", {})))

    @property
    def triggers(self) -> Triggers:
        """Sets `field/pattern` of the patterns that name triggers, and `reader/NAME` of rules/vocab/triggers.yml."""
        return self.once("triggers", self._triggers)

    def _triggers(self) -> Triggers:
        sets = {f"reader/{name}": words for name, words in self.vocab.get("triggers", {}).items()}
        for rule in self.fields.values():
            sets |= {f"{rule.name}/{one.id}": one.triggers for one in rule.patterns if one.triggers}
        return Triggers(sets)


def load_rulebook(settings: Settings | None = None) -> Rulebook:
    """Our rules and the office's own. Raises RuleError naming file and rule."""
    office = settings.rules if settings else None
    return _load(SHIPPED, office)


def forget_rulebooks() -> None:
    """Read the files again at the next call: somebody has saved one."""
    _load.cache_clear()


@lru_cache(maxsize=4)
def _load(ours: Path, office: Path | None) -> Rulebook:
    folders = [ours, *([office] if office else [])]
    if office and not office.is_dir():
        raise RuleError(f"规则文件夹不存在：{office}。请检查设置 rules（GONGWEN_RULES）")
    digest = hashlib.sha256()
    fields: dict[str, FieldRule] = {}
    vocab: dict[str, Any] = {}
    units: list[dict[str, Any]] = []
    files: dict[str, Path] = {}
    for folder in folders:
        for path in _rule_files(folder):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
            room = path.relative_to(folder).parts[0]
            found = yamlio.load_file(path)
            if room == "fields":
                rule = read_field(found, str(path))
                fields[rule.name] = _merged(fields.get(rule.name), rule, str(path))
                files[rule.name] = path
            elif room == "vocab":
                vocab[path.stem] = _joined(vocab.get(path.stem), found, str(path))
            elif room == "units":
                units += _unit_list(found, str(path))
    book = Rulebook(fields, vocab, tuple(units), digest.hexdigest()[:16])
    for rule in fields.values():
        check_examples(rule, f"{files[rule.name]}: ")
    _ = book.register
    return book


def _rule_files(folder: Path) -> list[Path]:
    """RuleError for a file that nothing would read: its author believes that it works."""
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".yml", ".yaml"})
    for path in found:
        parts = path.relative_to(folder).parts
        if len(parts) < 2 or parts[0] not in ROOMS:
            raise RuleError(f"{path}: 放错了位置，不会被读取。规则文件应放在 {_listed(ROOMS)} 这几个文件夹里")
        if path.suffix != ".yml":
            raise RuleError(f"{path}: 规则文件的扩展名应当是 .yml，请改名")
    return found


def read_field(found: Any, name: str) -> FieldRule:
    """One field file as a FieldRule; RuleError for unknown keys, types, zones, or a regex that does not compile."""
    if not isinstance(found, dict) or not {"field", "label", "type"} <= found.keys():
        raise RuleError(f"{name}: 缺少必写的项，请写明 field（字段）、label（中文名称）、type（类型）")
    if unknown := found.keys() - _FIELD_KEYS:
        raise RuleError(f"{name}: 不认识的项 {sorted(unknown)[0]}，可用：{_listed(sorted(_FIELD_KEYS))}")
    for key in ("field", "label", "type"):
        if not isinstance(found[key], str):
            raise RuleError(f"{name}: {key} 应当是一个词，不是列表")
    where = f"{name}: 字段 {found['field']}"
    if found["type"] not in TYPES:
        raise RuleError(f"{where}：不认识的类型 {found['type']}，可用：{_listed(sorted(TYPES))}")
    zones = _zones(found, where)
    patterns = tuple(_pattern(one, zones, where) for one in _list(found, "patterns", where))
    if patterns and not found.get("examples"):
        raise RuleError(f"{where}：写了模式（patterns）就要有正例，请在 examples 中写一句能匹配的原文")
    return FieldRule(
        found["field"], found["label"], found["type"], found.get("facet") == "yes", zones,
        _texts(found, "labels", where), _texts(found, "values", where),
        tuple(sorted(patterns, key=lambda one: -one.score)),
        tuple(_example(one, where) for one in _list(found, "examples", where)),
        _texts(found, "counterexamples", where),
    )  # fmt: skip


def _list(found: dict[str, Any], key: str, where: str) -> list[Any]:
    value = found.get(key, [])
    if not isinstance(value, list):
        raise RuleError(f"{where}：{key} 应当是列表，每行以“- ”开头")
    return value


def _texts(found: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = _list(found, key, where)
    for one in values:
        if not isinstance(one, str):
            raise RuleError(f"{where}：{key} 的每一项应当是文字，{str(one)[:40]} 不是")
    return tuple(values)


def _zones(found: dict[str, Any], where: str) -> frozenset[str]:
    zones = frozenset(_texts(found, "zones", where)) if "zones" in found else frozenset({"any"})
    if unknown := zones - ZONES:
        raise RuleError(f"{where}：不认识的区域 {sorted(unknown)[0]}，可用：{_listed(sorted(ZONES))}")
    return zones


def _listed(words: Iterable[str]) -> str:
    return "、".join(words)


def _pattern(found: Any, zones: frozenset[str], where: str) -> Pattern:
    if not isinstance(found, dict) or not {"id", "regex"} <= found.keys() or found.keys() - _PATTERN_KEYS:
        raise RuleError(f"{where}：每条模式写 id、regex，还可以写 score、zones，不能有别的项：{str(found)[:60]}")
    at = f"{where}：模式 {found['id']}"
    if not isinstance(found["regex"], str) or not isinstance(found["id"], str):
        raise RuleError(f"{at}：id 和 regex 应当是文字")
    try:
        compiled = regex.compile(found["regex"], regex.VERSION1)
    except regex.error as error:
        raise RuleError(f"{at}：正则表达式写错了（{error}），请检查括号和转义") from error
    hostile(compiled, at)
    triggers = tuple("".join(fold_width(word).split()) for word in _texts(found, "triggers", at))
    zones = _zones(found, at) if "zones" in found else zones
    return Pattern(found["id"], compiled, _score(found, at), zones, triggers)


def _score(found: dict[str, Any], where: str) -> float:
    try:
        score = float(found.get("score", "0.5"))
    except (ValueError, TypeError) as error:
        raise RuleError(f"{where}：score 应当是 0 到 1 之间的数，现在是 {found['score']}") from error
    if not 0 <= score <= 1:
        raise RuleError(f"{where}：score 应当是 0 到 1 之间的数，现在是 {found['score']}")
    return score


def _example(found: Any, where: str) -> tuple[str, str | None]:
    if isinstance(found, str):
        return found, None
    if isinstance(found, dict) and found.keys() == {"text", "value"} and all(map(_is_text, found.values())):
        return found["text"], found["value"]
    raise RuleError(f"{where}：正例应当是一句原文，或者写明 text（原文）和 value（应得的值）：{str(found)[:60]}")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


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
            raise RuleError(f"{where}：匹配“{text[:8]}…”超过 {TIMEOUT} 秒，请避免嵌套的重复（如 (…+)+）") from error


def check_examples(rule: FieldRule, where: str = "") -> None:
    """RuleError when an example is not found (with its value) or a counterexample is. `where` names the file."""
    at = f"{where}字段 {rule.name}"
    for text, value in rule.examples if rule.patterns else ():
        found = [_value(match) for pattern in rule.patterns for match in _matches(pattern, text, at)]
        wanted = None if value is None else close_gaps(fold_width(value))
        if not found:
            raise RuleError(f"{at}：正例“{text}”没有一条模式能匹配，请修改模式、触发词（triggers）或正例")
        if wanted is not None and wanted not in found:
            raise RuleError(f"{at}：正例“{text}”应得“{value}”，却得到 {_listed(found)}，请修改模式或正例")
    for text in rule.counterexamples:
        for pattern in rule.patterns:
            if _matches(pattern, text, at):
                raise RuleError(f"{at}：反例“{text}”被模式 {pattern.id} 匹配了，请修改模式")


def _matches(pattern: Pattern, text: str, where: str) -> list[regex.Match[str]]:
    folded = fold_width(text)
    if pattern.triggers and not any(word in "".join(folded.split()) for word in pattern.triggers):
        return []
    try:
        return list(pattern.finditer(folded))
    except TimeoutError as error:
        raise RuleError(f"{where}：模式 {pattern.id} 匹配“{text[:20]}”超过 {TIMEOUT} 秒，请简化") from error


def _value(match: regex.Match[str]) -> str:
    return close_gaps(match["value"] if "value" in match.re.groupindex else match[0])


def _merged(old: FieldRule | None, new: FieldRule, name: str) -> FieldRule:
    if old is None:
        return new
    if old.type != new.type:
        raise RuleError(f"{name}: 字段 {new.name}：类型应当与本系统的一致（{old.type}），现在是 {new.type}")
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
    raise RuleError(f"{name}: 与本系统的同名词表形式不一致，请照原来的写法（列表或“名称: 值”）")


def _unit_list(found: Any, name: str) -> list[dict[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(one, dict) and "name" in one for one in found):
        raise RuleError(f"{name}: 应当是机构的列表，每个机构写明 name（全称）")
    read_unit_list(found, name)
    return found
