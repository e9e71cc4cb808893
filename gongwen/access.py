"""Rules of access: which papers are restricted, and who may see them. A YAML file of the office (setting `access`).

A paper is restricted by every rule that fits it, and seen by who passes all of those. Without rules everybody sees
all. Whoever sees everything of the office (auditors, administrators) is named by role, as anybody else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongwen import yamlio
from gongwen.errors import RuleError, SettingsError
from gongwen.record import Record

_KEYS = {"name", "disclosure", "issuers", "addressees", "types", "title", "roles", "units"}
_NONE = "未注明"
"""How a rule names papers that give no value."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """Fits a paper when each of its conditions does: one of the values stands in the field. `title`: words one of
    which stands in it."""

    name: str
    disclosure: frozenset[str] = frozenset()
    issuers: frozenset[str] = frozenset()
    addressees: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    title: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()

    def fits(self, record: Record) -> bool:
        return (
            _holds(self.disclosure, [record["disclosure"]])
            and _holds(self.issuers, record["issuers"])
            and _holds(self.addressees, record["addressees"])
            and _holds(self.types, [record["doc_type"]])
            and (not self.title or any(word in str(record["title"] or "") for word in self.title))
        )

    def lets_in(self, role: str, units: Iterable[str]) -> bool:
        return role in self.roles or not self.units.isdisjoint(units)


@dataclass(frozen=True, slots=True)
class Access:
    restrictions: tuple[Restriction, ...] = ()
    fingerprint: str = ""

    def passed(self, role: str, units: Iterable[str]) -> frozenset[str]:
        """Names of the rules that do not keep this reader out."""
        held = tuple(units)
        return frozenset(one.name for one in self.restrictions if one.lets_in(role, held))

    def is_limited(self, role: str, units: Iterable[str]) -> bool:
        return len(self.passed(role, units)) < len(self.restrictions)

    def may_see(self, record: Record, passed: frozenset[str]) -> bool:
        return all(one.name in passed for one in self.restrictions if one.fits(record))


def load_access(path: Path | None) -> Access:
    """Raises SettingsError: a rule that cannot be read must not open what it was to close."""
    if path is None:
        return Access()
    try:
        found = yamlio.load_file(path)
    except (RuleError, OSError) as error:
        raise SettingsError(f"访问规则读不出：{error}") from error
    if not isinstance(found, list):
        raise SettingsError(f"{path}: 访问规则应当是一列规则")
    made = tuple(_restriction(one, path) for one in found)
    if len({one.name for one in made}) < len(made):
        raise SettingsError(f"{path}: 访问规则的名称重复")
    text = json.dumps(found, ensure_ascii=False, sort_keys=True)
    return Access(made, hashlib.sha256(text.encode()).hexdigest()[:16])


def _restriction(found: Any, path: Path) -> Restriction:
    if not isinstance(found, dict) or not found.get("name") or not isinstance(found["name"], str):
        raise SettingsError(f"{path}: 每条访问规则都要有 name")
    unknown = set(found) - _KEYS
    if unknown:
        raise SettingsError(f"{path}: 规则“{found['name']}”里有不认识的项：{'、'.join(sorted(unknown))}")
    if not set(found) & {"disclosure", "issuers", "addressees", "types", "title"}:
        raise SettingsError(f"{path}: 规则“{found['name']}”没有写限制哪些公文")
    values = {key: _texts(found[key], path, str(found["name"])) for key in _KEYS - {"name"} if key in found}
    sets: dict[str, Any] = {key: frozenset(some) for key, some in values.items() if key != "title"}
    return Restriction(str(found["name"]), title=tuple(values.get("title", ())), **sets)


def _texts(value: Any, path: Path, name: str) -> list[str]:
    some = value if isinstance(value, list) else [value]
    if not some or not all(isinstance(one, str) and one.strip() for one in some):
        raise SettingsError(f"{path}: 规则“{name}”的每一项都应当是文字或一列文字")
    return [one.strip() for one in some]


def _holds(wanted: frozenset[str], values: Iterable[Any]) -> bool:
    given = {str(one) for one in values if one} or {_NONE}
    return not wanted or not wanted.isdisjoint(given)
