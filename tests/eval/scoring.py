"""Counting hits, missed and surplus values of records against gold records (schema: docs/gold.md).

White space, width and kinds of brackets and dashes never count; a printed short name and its completed form (科协,
市科协) are one unit; rows are matched by title, then their cells are compared.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import regex

SCALARS = ("document_number", "title", "doc_type", "issue_date", "publish_date", "print_date", "theme")
UNITS = ("issuers", "addressees", "hosts", "organizers", "co_organizers", "copied_to")
TEXTS = ("locations", "annexes", "enclosures")
HEADER = ("document_number", "title", "issuers", "addressees", "issue_date", "publish_date", "print_date")
_SIGNS = str.maketrans("【】[]﹝﹞—–－~～•・<>〈〉“”‘’", "〔〕〔〕〔〕-----··《》《》\"\"''")
_PREFIX = regex.compile(r"\p{Han}{0,8}?(?:自治区|省|市|县|区|市委|县委|区委|县\(区\)|县\(区\)委|各)")
_MARK = regex.compile(r"^(?:[一二三四五六七八九十]+、|〔?\(?[一二三四五六七八九十\d]+\)|\d+[.、])")


def fold(value: Any) -> str:
    text = "".join(unicodedata.normalize("NFKC", str(value if value is not None else "")).split())
    return text.translate(_SIGNS).strip("。;；,，:：")


def same_unit(gold: Any, found: Any) -> bool:
    short, long = sorted((fold(gold), fold(found)), key=len)
    if short == long:
        return True
    return len(short) >= 2 and long.endswith(short) and bool(_PREFIX.fullmatch(long[: -len(short)]))


def same_title(gold: Any, found: Any, least: float = 0.86) -> bool:
    one, other = (_MARK.sub("", fold(text)).strip("《》") for text in (gold, found))
    if not one or not other or one == other:
        return one == other
    if min(len(one), len(other)) >= 6 and (one.startswith(other) or other.startswith(one)):
        return True
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= least


def pair(gold: list[Any], found: list[Any], same: Callable[[Any, Any], bool]) -> tuple[list[Any], list[Any], list[Any]]:
    """One to one, first come: (pairs, gold left over, found left over)."""
    rest, pairs, missed = list(found), [], []
    for wanted in gold:
        hit = next((other for other in rest if same(wanted, other)), None)
        if hit is None:
            missed.append(wanted)
        else:
            rest.remove(hit)
            pairs.append((wanted, hit))
    return pairs, missed, rest


@dataclass(slots=True)
class Count:
    hits: int = 0
    missed: int = 0
    surplus: int = 0

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.surplus) if self.hits + self.surplus else 1.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    @property
    def f1(self) -> float:
        return (
            2 * self.hits / (2 * self.hits + self.missed + self.surplus)
            if self.hits or self.missed or self.surplus
            else 1.0
        )


@dataclass(slots=True)
class Score:
    """Counts by field over all documents; `errors` are (case, field, kind, value)."""

    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    errors: list[tuple[str, str, str, str]] = field(default_factory=list)
    documents: int = 0
    whole_headers: int = 0

    def total(self) -> Count:
        counts = self.counts.values()
        return Count(sum(c.hits for c in counts), sum(c.missed for c in counts), sum(c.surplus for c in counts))

    def add(self, case: str, name: str, hits: int, missed: Iterable[Any], surplus: Iterable[Any]) -> bool:
        gone, extra = list(missed), list(surplus)
        count = self.counts[name]
        count.hits += hits
        count.missed += len(gone)
        count.surplus += len(extra)
        self.errors += [(case, name, "missed", str(one)) for one in gone]
        self.errors += [(case, name, "surplus", str(one)) for one in extra]
        return not gone and not extra

    def add_pairs(self, case: str, name: str, matched: tuple[list[Any], list[Any], list[Any]]) -> bool:
        return self.add(case, name, len(matched[0]), matched[1], matched[2])

    def compare(self, case: str, gold: dict[str, Any], record: dict[str, Any]) -> None:
        """Count one document. `skip_fields` of the gold are left out."""
        one = _Comparison(self, case, gold, record)
        right = {**one.scalars(), **one.lists()}
        one.activity_time()
        one.contacts()
        one.citations()
        one.deadlines()
        one.rows("tasks", ("lead", "responsible"), ("time",))
        one.rows("activities", ("hosts", "organizers", "co_organizers"), ("time", "location"))
        one.leading_group()
        self.documents += 1
        self.whole_headers += all(right.get(name, True) for name in HEADER)


class _Comparison:
    def __init__(self, score: Score, case: str, gold: dict[str, Any], record: dict[str, Any]) -> None:
        self.score, self.case, self.gold, self.record = score, case, gold, record
        self.skip = set(gold.get("skip_fields") or [])

    def both(self, name: str) -> tuple[list[Any], list[Any]]:
        return _listed(self.gold.get(name)), _listed(self.record.get(name))

    def value(self, name: str, wanted: Any, found: Any, accepted: Iterable[Any] = ()) -> bool:
        hit = bool(wanted and found and any(fold(found) == fold(one) for one in (wanted, *accepted)))
        return self.score.add(
            self.case, name, int(hit), [wanted] if wanted and not hit else [], [found] if found and not hit else []
        )

    def scalars(self) -> dict[str, bool]:
        return {
            name: self.value(name, self.gold.get(name), self.record.get(name), _listed(self.gold.get(f"{name}_alt")))
            for name in SCALARS
            if name not in self.skip
        }

    def lists(self) -> dict[str, bool]:
        right = {}
        for name in UNITS + TEXTS:
            if name in self.skip or name not in self.gold:
                continue
            same = same_unit if name in UNITS else same_title
            wanted, found = self.both(name)
            pairs, missed, surplus = pair(wanted, found, same)
            spare = _listed(self.gold.get(f"{name}_alt"))
            surplus = [one for one in surplus if not any(same(other, one) for other in spare)]
            right[name] = self.score.add_pairs(self.case, name, (pairs, missed, surplus))
        return right

    def activity_time(self) -> None:
        wanted, found = self.gold.get("activity_time") or {}, self.record.get("activity_time") or {}
        if "activity_time" in self.skip or not (wanted or found):
            return
        keys = ("start", "end") if wanted.get("start") else ("text",)
        hit = bool(wanted) and all(fold(wanted.get(key)) == fold(found.get(key)) for key in keys)
        missed, surplus = [wanted] if wanted and not hit else [], [found] if found and not hit else []
        self.score.add(self.case, "activity_time", int(hit), missed, surplus)

    def contacts(self) -> None:
        if "contacts" not in self.skip:
            wanted, found = (_contact_facts(rows) for rows in self.both("contacts"))
            self.score.add_pairs(self.case, "contacts", pair(wanted, found, _same_contact))

    def citations(self) -> None:
        if "citations" in self.skip:
            return
        wanted, found = self.both("citations")
        pairs, missed, surplus = pair(wanted, found, _same_citation)
        neutral = [*_listed(self.gold.get("citations_optional")), self.gold.get("title")]
        neutral += [*_listed(self.gold.get("enclosures")), *_listed(self.gold.get("annexes"))]
        names = [one.get("title") if isinstance(one, dict) else one for one in neutral]
        surplus = [one for one in surplus if not _is_neutral(one.get("title"), [name for name in names if name])]
        self.score.add(self.case, "citations", len(pairs), map(_citation_name, missed), map(_citation_name, surplus))
        for one, other in pairs:
            self.value("citations.number", one.get("document_number"), other.get("document_number"))

    def deadlines(self) -> None:
        if "deadlines" not in self.skip:
            wanted, found = (
                sorted({str(row.get("date") or fold(row.get("text"))) for row in rows})
                for rows in self.both("deadlines")
            )
            self.score.add_pairs(self.case, "deadlines", pair(wanted, found, lambda one, other: one == other))

    def rows(self, name: str, units: tuple[str, ...], texts: tuple[str, ...]) -> None:
        if name in self.skip or name not in self.gold:
            return
        wanted, found = self.both(name)
        pairs, missed, surplus = pair(wanted, found, _same_row)
        titles = [[row.get("title") for row in rows] for rows in (missed, surplus)]
        self.score.add(self.case, name, len(pairs), *titles)
        for one, other in pairs:
            for key in units:
                matched = pair(_listed(one.get(key)), _listed(other.get(key)), same_unit)
                self.score.add_pairs(self.case, f"{name}.{key}", matched)
            for key in texts:
                value = other.get(key)
                self.value(f"{name}.{key}", one.get(key), value.get("text") if isinstance(value, dict) else value)

    def leading_group(self) -> None:
        if "leading_group" in self.skip:
            return
        wanted, found = self.both("leading_group")
        pairs, missed, surplus = pair(wanted, found, lambda one, other: _member(one) == _member(other))
        self.score.add(self.case, "leading_group", len(pairs), map(_member, missed), map(_member, surplus))
        for one, other in pairs:
            self.value("leading_group.post", one.get("post"), other.get("post"))


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _contact_facts(rows: list[dict[str, Any]]) -> list[str]:
    facts: set[str] = set()
    for row in rows:
        facts |= {f"name {fold(row['name'])}"} if row.get("name") else set()
        facts |= {f"phone {regex.sub(r'[^0-9]', '', str(one))[-11:]}" for one in _listed(row.get("phones"))}
        facts |= {f"mail {fold(row['email']).lower()}"} if row.get("email") else set()
    return sorted(facts)


def _same_contact(one: str, other: str) -> bool:
    if one.startswith("phone") and other.startswith("phone"):
        return one[-7:] == other[-7:]
    return one == other


def _citation_name(row: dict[str, Any]) -> str:
    return str(row.get("title") or row.get("document_number") or "")


def _same_citation(one: dict[str, Any], other: dict[str, Any]) -> bool:
    number = one.get("document_number")
    if number and fold(number) == fold(other.get("document_number")):
        return True
    return same_title(_citation_name(one), _citation_name(other), 0.9)


def _is_neutral(title: Any, names: list[Any]) -> bool:
    return any(same_title(name, title or "") or (len(fold(title)) >= 4 and fold(title) in fold(name)) for name in names)


def _same_row(one: dict[str, Any], other: dict[str, Any]) -> bool:
    start = fold(one.get("detail"))[:12]
    if not same_title(one["title"], other.get("title") or ""):
        return False
    return not start or start in fold(f"{other.get('title')}{other.get('detail')}{other.get('text')}")


def _member(row: dict[str, Any]) -> str:
    return f"{fold(row.get('role'))} {fold(row.get('name'))}"
