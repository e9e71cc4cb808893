"""Units as an office writes them down (rules/units/*.yml): strict keys, years of validity, members of groups.

- name: 云州市数据局             # the canonical name, and what others refer to (or `id`)
  aliases: [市数据局, {name: 云数局, from: 2024, to: 2025}]
  kind: government                level: prefecture
  region: 云州市                  parent: 云州市人民政府
  renamed_from: [{name: 云州市大数据发展局, until: 2024}]
  succeeded_by: …                 # another unit took its duties over
  members: [{name: …, from: 2020, to: 2022, by: 云政办〔2020〕31号}]
  groups: {各县（区）科协: [东山区科协, …]}

A date is a year, a month or a day (2024, 2024-03, 2024-03-05); both ends are included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import regex

from gongwen.errors import RuleError
from gongwen.text import close_gaps, fold_width

KINDS = ("party", "government", "group", "institution", "office", "committee", "association", "company")
LEVELS = ("national", "province", "prefecture", "county", "township")

When = int | str | None
"""A year, or an ISO date as far as it is known; None: not known, so nothing is out of force."""

_KEYS = {"name", "id", "aliases", "kind", "level", "region", "parent", "renamed_from", "succeeded_by", "members",
         "groups"}  # fmt: skip
_DATE = regex.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Named:
    """A name and when it holds. `by` is the number of the document that says so."""

    name: str
    since: str = ""
    until: str = ""
    by: str = ""

    def in_force(self, when: When) -> bool:
        """Dates are compared as far as both are known: within the year of a change old and new are in force."""
        if when is None:
            return True
        day = str(when)
        after = not self.since or self.since[: len(day)] <= day[: len(self.since)]
        return after and (not self.until or day[: len(self.until)] <= self.until[: len(day)])


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of rules/units. `former` are its own earlier names, `successors` other units."""

    name: str
    id: str
    aliases: tuple[Named, ...] = ()
    kind: str = ""
    level: str = ""
    region: str = ""
    parent: str = ""
    former: tuple[Named, ...] = ()
    successors: tuple[str, ...] = ()
    members: tuple[Named, ...] = ()
    groups: tuple[tuple[str, tuple[Named, ...]], ...] = ()


def closed_name(text: str) -> str:
    """A name as names are compared: one width, no gaps."""
    return close_gaps(fold_width(text))


def read_unit_list(found: Any, where: str) -> tuple[Unit, ...]:
    """The units of one file; RuleError naming file, unit and key for whatever is not as it should be."""
    if not isinstance(found, list):
        raise RuleError(f"{where}: 应当是机构的列表，每个机构写明 name（全称）")
    units = tuple(read_unit(one, where) for one in found)
    seen: set[str] = set()
    for unit in units:
        for mark in {unit.name, unit.id}:
            if mark in seen:
                raise RuleError(f"{where}: 机构 {mark}：写了两次，请合并成一项")
            seen.add(mark)
    return units


def read_unit(found: Any, where: str) -> Unit:
    if not isinstance(found, Mapping) or not isinstance(found.get("name"), str) or not found["name"].strip():
        raise RuleError(f"{where}: 每个机构应当写明 name（全称），这一项没有：{str(found)[:40]}")
    at = f"{where}: 机构 {found['name']}"
    if unknown := found.keys() - _KEYS:
        raise RuleError(f"{at}：不认识的项 {sorted(unknown)[0]}")
    name = closed_name(found["name"])
    return Unit(
        name=name,
        id=_text(found, "id", at) or name,
        aliases=_all_named(found.get("aliases"), f"{at}：aliases", {"from", "to"}),
        kind=_choice(found, "kind", KINDS, at),
        level=_choice(found, "level", LEVELS, at),
        region=_text(found, "region", at),
        parent=_text(found, "parent", at),
        former=_all_named(found.get("renamed_from"), f"{at}：renamed_from", {"until"}),
        successors=_successors(found.get("succeeded_by"), at),
        members=_all_named(found.get("members"), f"{at}：members", {"from", "to", "by"}),
        groups=_groups(found.get("groups"), at),
    )


def _text(found: Mapping[str, Any], key: str, at: str) -> str:
    value = found.get(key, "")
    if not isinstance(value, str):
        raise RuleError(f"{at}：{key} 应当是一个词，不是列表")
    return closed_name(value)


def _choice(found: Mapping[str, Any], key: str, choices: tuple[str, ...], at: str) -> str:
    value = _text(found, key, at)
    if value and value not in choices:
        raise RuleError(f"{at}：{key} 不能是 {value}，可用：{'、'.join(choices)}")
    return value


def _successors(found: Any, at: str) -> tuple[str, ...]:
    names = [found] if isinstance(found, str) else found or []
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise RuleError(f"{at}：succeeded_by 应当是一个名称或名称的列表")
    return tuple(closed_name(one) for one in names if one.strip())


def _groups(found: Any, at: str) -> tuple[tuple[str, tuple[Named, ...]], ...]:
    if not found:
        return ()
    if not isinstance(found, Mapping):
        raise RuleError(f"{at}：groups 应当写成“统称: 机构的列表”")
    keys = {"from", "to", "by"}
    return tuple((closed_name(key), _all_named(value, f"{at}：groups：{key}", keys)) for key, value in found.items())


def _all_named(found: Any, at: str, keys: set[str]) -> tuple[Named, ...]:
    if not found:
        return ()
    if not isinstance(found, list):
        raise RuleError(f"{at}：应当是列表")
    return tuple(_named(one, at, keys) for one in found)


def _named(found: Any, at: str, keys: set[str]) -> Named:
    if isinstance(found, str) and found.strip():
        return Named(closed_name(found))
    if not isinstance(found, Mapping) or not isinstance(found.get("name"), str) or not found["name"].strip():
        raise RuleError(f"{at}：{str(found)[:40]} 应当是名称，或者写明 name")
    if unknown := found.keys() - keys - {"name"}:
        raise RuleError(f"{at}：{found['name']}：不认识的项 {sorted(unknown)[0]}")
    since, until = _date(found, "from", at), _date(found, "to" if "to" in keys else "until", at)
    if since and until and until[: len(since)] < since[: len(until)]:
        raise RuleError(f"{at}：{found['name']}：止于 {until}，早于起始 {since}")
    return Named(closed_name(found["name"]), since, until, _text(found, "by", f"{at}：{found['name']}"))


def _date(found: Mapping[str, Any], key: str, at: str) -> str:
    value = found.get(key) or ""
    if not isinstance(value, str) or (value and _DATE.fullmatch(value) is None):
        raise RuleError(f"{at}：{found['name']}：{key} {value} 不是日期，请写成 2024、2024-03 或 2024-03-05")
    return value
