"""The names a unit of a paper is found by, and the one it is counted by.

A paper prints 市科协, and a person asks for 云州市科学技术协会 (or the other way round): beside the printed name
stand the unit that extraction told it to be, and the name with the place of the paper's issuer in front.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from gongwen import yamlio
from gongwen.errors import RuleError
from gongwen.record import Record
from gongwen.settings import ROOT
from gongwen.values.unit_places import Place, Places
from gongwen.values.units import is_group

LongForms = Mapping[str, str]
"""科协 → 科学技术协会: the endings that rules/vocab/unit_words.yml pairs."""

_PLACES = Places({}, {}, {})


def long_forms(office: Path | None = None) -> LongForms:
    """Ours, then the office's own. RuleError names a file that does not hold pairs."""
    return {**_pairs(ROOT / "rules"), **(_pairs(office) if office else {})}


@cache
def _pairs(rules: Path) -> LongForms:
    path = rules / "vocab" / "unit_words.yml"
    if not path.exists():
        return {}
    found = yamlio.load_file(path)
    pairs = found.get("pairs") if isinstance(found, dict) else None
    if not isinstance(pairs, list) or not all(isinstance(one, list) and len(one) >= 2 for one in pairs):
        raise RuleError(f"{path}: must have a list pairs of two or more words each")
    return {one[0]: one[1] for one in pairs}


class UnitNames:
    """The names of one paper's units."""

    def __init__(self, record: Record, longer: LongForms) -> None:
        self._told: Mapping[str, str] = record["units"] or {}
        self._longer = longer
        self._place = _place(self._told.get(name) or name for name in (*record["issuers"], *record["letterhead"]))

    def all(self, printed: str) -> tuple[str, ...]:
        """As printed, as told, with the place in front, and that in full."""
        told = self._told.get(printed) or printed
        placed = self._placed(printed)
        return tuple(dict.fromkeys((printed, told, *((placed, self._full(placed)) if placed else ()))))

    def one(self, printed: str) -> str:
        """The name the unit is counted by, the same however it is printed."""
        told = self._told.get(printed) or printed
        return self._full(self._placed(told) or told)

    def _placed(self, name: str) -> str:
        """云州市科协 for 市科协 in a paper of 云州市; '' for other names: a bare one (教育部) may be anybody's."""
        rung = self._place.rung
        if not rung or is_group(name) or not name.startswith(rung) or len(name) <= len(rung) + 1:
            return ""
        return self._place.name + name.removeprefix(rung)

    def _full(self, name: str) -> str:
        """With the kind of body at its end in full; the longest ending counts."""
        if is_group(name):
            return name
        ends = [end for end in self._longer if name.endswith(end) and not name.endswith(self._longer[end])]
        if not ends:
            return name
        end = max(ends, key=len)
        return name.removesuffix(end) + self._longer[end]


def _place(issuers: Iterable[str]) -> Place:
    return next((place for name in issuers if (place := _place_of(name)).name), Place())


@lru_cache(maxsize=4096)
def _place_of(name: str) -> Place:
    return _PLACES.of_name(name)
