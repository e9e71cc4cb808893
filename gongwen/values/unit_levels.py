"""Names of a list completed from the names before them: 市教育局、科协 → 市教育局, 市科协 (domain.md §5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import regex

from gongwen.text import close_gaps, fold_width
from gongwen.values.unit_words import is_bare, looks_like_unit
from gongwen.values.vocab import words


@dataclass(frozen=True, slots=True)
class _Level:
    """What the names read so far hand down: the rung (市, 云州市) and the body whose departments follow (市科协)."""

    prefix: str
    owner: str


def complete_names(names: Iterable[str], default_prefix: str = "", default_owner: str = "") -> list[str]:
    """The names with what they lean on written out. `default_prefix` is the level of the issuer (市) and
    `default_owner` the issuer itself, whose departments (科普部) are named without it. A name whose level no name
    before it tells stays as printed when there is no default."""
    level = _Level(default_prefix, default_owner)
    out: list[str] = []
    for name in names:
        closed = close_gaps(fold_width(name))
        full = _complete(closed, level)
        level = _handed_down(full, closed, level)
        out.append(full)
    return out


def owner_and_department(name: str) -> tuple[str, str] | None:
    """市科协科普部 → (市科协, 科普部); None when the name is no department of a unit."""
    match = _department().fullmatch(name)
    if match is None or _is_party(match["department"]) or not looks_like_unit(match["owner"]):
        return None
    return match["owner"], match["department"]


@cache
def _department() -> regex.Pattern[str]:
    owners = (*words("units", "bare_bodies"), "局", "委", "厅", "办公室", "协会", "学会")
    bodies = "|".join(regex.escape(word) for word in owners)
    return regex.compile(rf"(?P<owner>\p{{Han}}{{0,30}}(?:{bodies}))(?P<department>\p{{Han}}{{1,4}}[部室科处])")


def _is_party(name: str) -> bool:
    return name in words("units", "party_bodies")


_INNER = regex.compile(r"(?!全|内)\p{Han}{2,4}(?:部|室|科|处)")
_PROVINCIAL = ("省", "自治区")
_RUNGS = ("省", "自治区", "市", "县", "区", "州", "盟", "旗")
_LONGEST_LEVEL = 20


def _complete(name: str, level: _Level) -> str:
    if _is_inner(name) or (_is_party(name) and level.owner and not level.prefix):
        return level.owner + name
    if not is_bare(name):
        return name
    if name.startswith(("党委", "政府")):
        return level.prefix + name
    if _is_party(name):
        return f"{level.prefix}委{name}" if level.prefix else name
    if name.endswith("厅") and not level.prefix.endswith(_PROVINCIAL):
        return name
    return level.prefix + name


def _is_inner(name: str) -> bool:
    """A department's own name (科普部, 办公室) and no bureau, no body of the Party."""
    if _INNER.fullmatch(name) is None or is_bare(name):
        return False
    return not name.startswith(words("units", "own_starts")) and not _prefix_of(name)


def _handed_down(full: str, printed: str, level: _Level) -> _Level:
    parts = owner_and_department(full)
    if parts is not None:
        return replace(level, owner=parts[0], prefix=_prefix_of(parts[0]) or level.prefix)
    return replace(level, prefix=_prefix_of(full) or level.prefix)


def _prefix_of(name: str) -> str:
    """The level in front of a bare name: 市 of 市教育局, 云州市 of 云州市教育局, 市 of 市委宣传部."""
    for cut in range(1, min(len(name), _LONGEST_LEVEL)):
        if not is_bare(name[cut:]):
            continue
        head = name[:cut].removeprefix("中共")
        if _is_party(name[cut:]):
            head = head.removesuffix("委员会").removesuffix("委")
        return head if head in words("units", "levels") or head.endswith(_RUNGS) else ""
    return ""
