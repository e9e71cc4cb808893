"""Rules of retention: after how many years papers of a kind are due to be withdrawn. A YAML file of the office (setting
`retention`). Rules propose, a person carries out: nothing is withdrawn by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from gongwen import yamlio
from gongwen.errors import RuleError, SettingsError
from gongwen.record import Record

_KEYS = {"name", "years", "types", "disclosure", "title"}
_DATES = ("issue_date", "print_date", "publish_date")


@dataclass(frozen=True, slots=True)
class Retention:
    name: str
    years: int
    types: frozenset[str] = frozenset()
    disclosure: frozenset[str] = frozenset()
    title: tuple[str, ...] = ()

    def due(self, record: Record, today: date) -> bool:
        """A paper that gives no date is never due: nobody knows its age."""
        told = next((str(record[key]) for key in _DATES if record[key]), "")
        if not told or not self._fits(record):
            return False
        try:
            issued = date.fromisoformat(told)
        except ValueError:
            return False
        return (today.year - issued.year, today.month, today.day) >= (self.years, issued.month, issued.day) or (
            today.year - issued.year > self.years
        )

    def _fits(self, record: Record) -> bool:
        return (
            (not self.types or str(record["doc_type"] or "") in self.types)
            and (not self.disclosure or str(record["disclosure"] or "未注明") in self.disclosure)
            and (not self.title or any(word in str(record["title"] or "") for word in self.title))
        )


def load_retention(path: Path | None) -> tuple[Retention, ...]:
    """In order: the first that fits a paper holds for it. Raises SettingsError."""
    if path is None:
        return ()
    try:
        found = yamlio.load_file(path)
    except (RuleError, OSError) as error:
        raise SettingsError(f"保存期限规则读不出：{error}") from error
    if not isinstance(found, list):
        raise SettingsError(f"{path}: 保存期限应当是一列规则")
    return tuple(_rule(one, path) for one in found)


def due_rule(rules: tuple[Retention, ...], record: Record, today: date) -> Retention | None:
    first = next((one for one in rules if one._fits(record)), None)
    return first if first is not None and first.due(record, today) else None


def _rule(found: Any, path: Path) -> Retention:
    if not isinstance(found, dict) or not found.get("name") or not str(found.get("years", "")).isdigit():
        raise SettingsError(f"{path}: 每条规则都要有 name 和 years（整数）")
    unknown = set(found) - _KEYS
    if unknown:
        raise SettingsError(f"{path}: 规则“{found['name']}”里有不认识的项：{'、'.join(sorted(unknown))}")
    some = {key: [one] if isinstance(one := found[key], str) else list(one)
            for key in ("types", "disclosure", "title") if key in found}  # fmt: skip
    return Retention(
        str(found["name"]), int(found["years"]), frozenset(some.get("types", ())),
        frozenset(some.get("disclosure", ())), tuple(some.get("title", ())),
    )  # fmt: skip
