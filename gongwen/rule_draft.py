"""A pattern in the making: typed by an administrator, checked line by line, kept in a file of its own in the office's
folder (`fields/FIELD.ID.yml`), with the examples it must find and those it must not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import regex

from gongwen import yamlio
from gongwen.errors import RuleError
from gongwen.record import LISTS, SCALARS
from gongwen.rulebook import TIMEOUT, ZONES, FieldRule, Pattern, Rulebook, hostile
from gongwen.text import close_gaps, fold_width

MAX_REGEX = 500
MAX_LINES = 100
MAX_LINE = 400
_ID = regex.compile(r"[a-z][a-z0-9_]{0,30}")
_NOTE = "# 说明："
_BY = "# 保存："
_ARROW = regex.compile(r"\s*(?:=>|⇒|→)\s*")
_OWN = frozenset({"document_number", "title", "doc_type", "issuers", "issue_date", "print_date"})
"""Fields that readers of their own read (extract.patterns.OWN_READERS): patterns of a rule file do nothing there."""

_WRONG: tuple[tuple[str, str], ...] = (
    ("missing )", "少了右括号 )"), ("unbalanced parenthesis", "多了右括号 )"),
    ("unterminated character set", "方括号 [ 没有闭合"), ("nothing to repeat", "重复号（*、+、?、{}）前面没有内容"),
    ("multiple repeat", "重复号连写了"), ("unknown property", "\\p{…} 里的名称不存在"),
    ("bad escape", "反斜杠后的字符不能这样用"), ("missing >", "组名少了 >"), ("missing <", "组名少了 <"),
    ("bad character in group name", "组名只能用英文字母、数字和下划线"), ("unknown group", "引用了没有的组"),
    ("bad set", "方括号里的写法不对"), ("bad character range", "方括号里的范围前后颠倒"),
    ("duplicate group", "组名重复"), ("unknown extension", "(? 后面的写法不对"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """`place` says where in the form: 正则表达式第 12 个字符, 正例第 2 行."""

    place: str
    message: str

    def to_json(self) -> dict[str, str]:
        return {"place": self.place, "message": self.message}


@dataclass(frozen=True, slots=True)
class Draft:
    """One pattern of one field as it was typed. `examples` hold (text, value to be found or None)."""

    field: str
    id: str
    regex: str
    score: str = "0.7"
    zones: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    examples: tuple[tuple[str, str | None], ...] = ()
    counterexamples: tuple[str, ...] = ()
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "field": self.field, "id": self.id, "regex": self.regex, "score": self.score, "zones": list(self.zones),
            "triggers": list(self.triggers), "examples": [list(one) for one in self.examples],
            "counterexamples": list(self.counterexamples), "note": self.note,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Draft:
        return cls(
            data["field"], data["id"], data["regex"], data["score"], tuple(data["zones"]), tuple(data["triggers"]),
            tuple((text, value) for text, value in data["examples"]), tuple(data["counterexamples"]), data["note"],
        )  # fmt: skip

    @property
    def file_name(self) -> str:
        return f"{self.field}.{self.id}.yml"


def takes_patterns(rule: FieldRule) -> bool:
    """Whether a pattern of a rule file does anything in this field."""
    if rule.name in LISTS:
        return rule.type == "topics"
    return rule.name in SCALARS and rule.name not in _OWN and rule.type in {"text", "date", "choice"}


def read_examples(typed: str) -> tuple[tuple[str, str | None], ...]:
    """One a line; behind => the value that must be found: 主题为“甲” => 甲."""
    found: list[tuple[str, str | None]] = []
    for line in read_lines(typed):
        text, *value = _ARROW.split(line, maxsplit=1)
        found.append((text, value[0] if value and value[0] else None))
    return tuple(found)


def read_lines(typed: str) -> tuple[str, ...]:
    lines = (line.strip() for line in typed.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return tuple(line for line in lines if line)


def read_words(typed: str) -> tuple[str, ...]:
    """Words parted by 、, commas or space."""
    for mark in "、，,；;\n\t":
        typed = typed.replace(mark, " ")
    return tuple(dict.fromkeys(typed.split()))


def problems(draft: Draft, book: Rulebook) -> list[Problem]:
    """Everything that is wrong with it, place by place. Runs the pattern, so only in a process that may die."""
    found = list(_form(draft, book))
    if found:
        return found
    try:
        pattern = compiled(draft)
    except regex.error as error:
        place = getattr(error, "pos", None)
        at = "" if place is None else "末尾" if place >= len(draft.regex) else f"第 {place + 1} 个字符"
        return [Problem(f"正则表达式{at}", _told(error))]
    try:
        hostile(pattern.compiled, "正则表达式")
    except RuleError as error:
        return [Problem("正则表达式", str(error).partition("：")[2])]
    return list(_examples(draft, pattern))


def compiled(draft: Draft) -> Pattern:
    """Raises regex.error."""
    triggers = tuple("".join(fold_width(word).split()) for word in draft.triggers)
    return Pattern(
        draft.id, regex.compile(draft.regex, regex.VERSION1), float(draft.score), frozenset(draft.zones), triggers
    )


def _told(error: regex.error) -> str:
    message = str(error)
    return next((told for words, told in _WRONG if words in message), f"写错了（{message}），请检查括号和转义")


def _form(draft: Draft, book: Rulebook) -> Iterator[Problem]:
    rule = book.fields.get(draft.field)
    if rule is None or not takes_patterns(rule):
        yield Problem("字段", "这个字段由专门的程序读取，写模式不起作用")
    if not _ID.fullmatch(draft.id):
        yield Problem("代号", "代号用小写英文字母、数字和下划线，以字母开头，例如 theme_line")
    if not draft.regex.strip():
        yield Problem("正则表达式", "请写出正则表达式")
    if len(draft.regex) > MAX_REGEX:
        yield Problem("正则表达式", f"超过 {MAX_REGEX} 个字符，请拆成几条")
    yield from _score(draft.score)
    if unknown := set(draft.zones) - ZONES:
        yield Problem("区域", f"没有名为 {sorted(unknown)[0]} 的区域")
    if not draft.examples:
        yield Problem("正例", "请至少写一句应当匹配的原文")
    for name, lines in (("正例", [text for text, _ in draft.examples]), ("反例", list(draft.counterexamples))):
        if len(lines) > MAX_LINES:
            yield Problem(name, f"超过 {MAX_LINES} 行，请删减")
        for number, line in enumerate(lines[:MAX_LINES], 1):
            if len(line) > MAX_LINE:
                yield Problem(f"{name}第 {number} 行", f"超过 {MAX_LINE} 个字，请只留相关的一句")


def _score(typed: str) -> Iterator[Problem]:
    try:
        is_right = 0 <= float(typed) <= 1
    except ValueError:
        is_right = False
    if not is_right:
        yield Problem("得分", "应当是 0 到 1 之间的数，例如 0.7")


def _examples(draft: Draft, pattern: Pattern) -> Iterator[Problem]:
    for number, (text, value) in enumerate(draft.examples, 1):
        place = f"正例第 {number} 行"
        try:
            values = matched(pattern, text)
        except TimeoutError:
            yield Problem(place, f"匹配超过 {TIMEOUT} 秒，请避免嵌套的重复（如 (…+)+）")
            continue
        if not values:
            yield Problem(place, f"“{text}”没有匹配，请修改正则表达式、触发词或这一句")
        elif value is not None and close_gaps(fold_width(value)) not in values:
            yield Problem(place, f"“{text}”应得“{value}”，却得到“{'、'.join(values)}”")
    for number, text in enumerate(draft.counterexamples, 1):
        try:
            values = matched(pattern, text)
        except TimeoutError:
            yield Problem(f"反例第 {number} 行", f"匹配超过 {TIMEOUT} 秒，请避免嵌套的重复（如 (…+)+）")
            continue
        if values:
            yield Problem(f"反例第 {number} 行", f"“{text}”不应当匹配，却得到“{'、'.join(values)}”")


def matched(pattern: Pattern, text: str) -> list[str]:
    """The values that the pattern finds in a line. Raises TimeoutError."""
    folded = fold_width(text)
    if pattern.triggers and not any(word in "".join(folded.split()) for word in pattern.triggers):
        return []
    group = "value" if "value" in pattern.compiled.groupindex else 0
    return [close_gaps(match[group]) for match in pattern.finditer(folded) if match[group]]


# --- the office's folder ----------------------------------------------------------------------------------


def as_yaml(draft: Draft, rule: FieldRule, by: str = "") -> str:
    """The file: what `rules check` reads, with the note and who saved it as comments."""
    pattern: dict[str, Any] = {"id": draft.id, "score": draft.score, "regex": draft.regex}
    if draft.triggers:
        pattern["triggers"] = list(draft.triggers)
    if draft.zones:
        pattern["zones"] = list(draft.zones)
    examples = [text if value is None else {"text": text, "value": value} for text, value in draft.examples]
    found: dict[str, Any] = {"field": rule.name, "label": rule.label, "type": rule.type, "patterns": [pattern],
                             "examples": examples}  # fmt: skip
    if draft.counterexamples:
        found["counterexamples"] = list(draft.counterexamples)
    head = f"{_NOTE}{' '.join(draft.note.split())}\n" if draft.note.strip() else ""
    signed = f"{_BY}{' '.join(by.split())}\n" if by else ""
    return f"{head}{signed}{yamlio.dump(found)}"


def saved_drafts(office: Path | None) -> list[Draft]:
    """The patterns that were saved from the site, by field and id. Files of another shape are the office's own work:
    they are left to it."""
    found: list[Draft] = []
    for path in sorted((office / "fields").glob("*.*.yml")) if office else []:
        draft = read_saved(path)
        if draft is not None:
            found.append(draft)
    return found


def read_saved(path: Path) -> Draft | None:
    try:
        text = path.read_text(encoding="utf-8")
        found = yamlio.load(text, str(path))
        patterns = found["patterns"]
        if len(patterns) != 1 or path.name != f"{found['field']}.{patterns[0]['id']}.yml":
            return None
        examples = tuple((one, None) if isinstance(one, str) else (one["text"], one["value"])
                         for one in found["examples"])  # fmt: skip
    except (RuleError, OSError, UnicodeDecodeError, KeyError, TypeError):
        return None
    one = patterns[0]
    note = next((line.removeprefix(_NOTE) for line in text.splitlines() if line.startswith(_NOTE)), "")
    return Draft(
        found["field"], one["id"], one["regex"], one.get("score", "0.5"), tuple(one.get("zones", ())),
        tuple(one.get("triggers", ())), examples, tuple(found.get("counterexamples", ())), note,
    )  # fmt: skip


def free_id(draft_field: str, book: Rulebook) -> str:
    """An id that no pattern of the field has."""
    known = {one.id for one in book.fields[draft_field].patterns}
    number = 1
    while f"site_{number}" in known:
        number += 1
    return f"site_{number}"
