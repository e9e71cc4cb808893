"""Families of bodies (rules/vocab/unit_families.yml): the full and the short forms that are the same in every place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gongwen.errors import RuleError
from gongwen.values.unit_entries import KINDS, LEVELS

_FILE = "vocab/unit_families.yml"
_PARTY = ("中共{{}}委员会{0}", "{{}}委{0}", "中共{{}}委{0}", "{{}}委员会{0}", "{{}}党委{0}")
_LONGEST_TAIL = 30


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a name around its place: 共青团{}委员会."""

    head: str
    tail: str

    def of(self, place: str) -> str:
        return f"{self.head}{place}{self.tail}"


@dataclass(frozen=True, slots=True)
class Family:
    """`forms`: the full one first. `new` are the forms a renamed body has now, since `year`; `merged`: several bodies
    became one, so the new one is another unit."""

    forms: tuple[Form, ...]
    kind: str = ""
    levels: tuple[str, ...] = ()
    new: tuple[Form, ...] = ()
    year: int = 0
    merged: bool = False

    def stands_at(self, level: str) -> bool:
        return not self.levels or level in self.levels


class Families:
    """Of several families with one form the later stands first: an office's own rules come after ours."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        if not isinstance(found, Mapping):
            raise RuleError(f"{_FILE}: 应当写成“名称: 值”")
        self._by_tail: dict[str, list[tuple[Form, Family]]] = {}
        self.not_rungs = tuple(_texts(found.get("not_rungs", []), "not_rungs"))
        provinces = found.get("provinces", {})
        if not isinstance(provinces, dict) or not all(isinstance(one, str) for one in provinces.values()):
            raise RuleError(f"{_FILE}: provinces 应当写成“全称: 简称”")
        self.provinces: dict[str, str] = provinces
        families = list(_read(found))
        self.renames = tuple(family for family in families if family.new)
        for family in families:
            for form in family.forms:
                self._by_tail.setdefault(form.tail, []).insert(0, (form, family))
        for forms in self._by_tail.values():
            forms.sort(key=lambda pair: -len(pair[0].head))

    def match(self, name: str) -> Iterator[tuple[str, Family]]:
        """Each way to read a name as a place and a form, longest form first: 团市委 is (市, 共青团)."""
        for cut in range(max(1, len(name) - _LONGEST_TAIL), len(name)):
            for form, family in self._by_tail.get(name[cut:], ()):
                if name.startswith(form.head) and (place := name[len(form.head) : cut]):
                    yield place, family


def _read(found: Mapping[str, Any]) -> Iterator[Family]:
    if unknown := found.keys() - {"families", "party", "renames", "not_rungs", "provinces"}:
        raise RuleError(f"{_FILE}: 不认识的项 {sorted(unknown)[0]}")
    for one in _rows(found, "families", {"names"}, {"kind", "levels"}):
        yield Family(_forms(one["names"], "families"), _kind(one), _levels(one))
    for one in _rows(found, "party", {"names"}, {"levels"}):
        yield Family(_party(_texts(one["names"], "party")), "party", _levels(one))
    for one in _rows(found, "renames", {"old", "new", "year"}, {"merged", "levels"}):
        if not str(one["year"]).isdigit():
            raise RuleError(f"{_FILE}: renames：{one['old']}：year 应当是四位年份，现在是 {one['year']}")
        yield Family(
            _forms(one["old"], "renames"), "", _levels(one), _forms(one["new"], "renames"), int(one["year"]),
            one.get("merged") == "yes",
        )  # fmt: skip


def _rows(found: Mapping[str, Any], key: str, needed: set[str], more: set[str]) -> Iterator[dict[str, Any]]:
    rows = found.get(key, [])
    if not isinstance(rows, list):
        raise RuleError(f"{_FILE}: {key} 应当是列表")
    for row in rows:
        if not isinstance(row, dict) or not needed <= row.keys() <= needed | more:
            raise RuleError(f"{_FILE}: {key}：{str(row)[:60]} 应当写明 {'、'.join(sorted(needed))}，不能有不认识的项")
        yield row


def _texts(found: Any, key: str) -> list[str]:
    if not isinstance(found, list) or not all(isinstance(one, str) and one for one in found):
        raise RuleError(f"{_FILE}: {key}：{str(found)[:60]} 应当是词语的列表")
    return found


def _forms(found: Any, key: str) -> tuple[Form, ...]:
    names = _texts(found, key)
    if not names or any(name.count("{}") > 1 or name == "{}" for name in names):
        raise RuleError(f"{_FILE}: {key}：{names} 每个写法最多有一个 {{}}，而且不能只有 {{}}")
    return tuple(_form(name) for name in names)


def _form(name: str) -> Form:
    head, mark, tail = name.partition("{}")
    return Form(head, tail) if mark else Form("", name)


def _party(names: list[str]) -> tuple[Form, ...]:
    """The forms of each name around the committee, the first name's full form first."""
    out = [_form(pattern.format(name)) for name in names if "{}" not in name for pattern in _PARTY]
    return tuple(dict.fromkeys(out + [_form(name) for name in names if "{}" in name]))


def _kind(found: Mapping[str, Any]) -> str:
    if found.get("kind", "") not in ("", *KINDS):
        raise RuleError(f"{_FILE}: kind 不能是 {found['kind']}，可用：{'、'.join(KINDS)}")
    return str(found.get("kind", ""))


def _levels(found: Mapping[str, Any]) -> tuple[str, ...]:
    levels = tuple(_texts(found.get("levels", []), "levels"))
    if unknown := set(levels) - set(LEVELS):
        raise RuleError(f"{_FILE}: levels 不能有 {sorted(unknown)[0]}，可用：{'、'.join(LEVELS)}")
    return levels
