"""Group references and whom they stand for at a time: 各县（区）科协, 领导小组各成员单位 (domain.md §5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import regex

from gongwen.values.unit_entries import Named, Unit, When, closed_name
from gongwen.values.unit_levels import complete_names
from gongwen.values.unit_places import Place

if TYPE_CHECKING:
    from gongwen.values.unit_register import Register

_MEMBERS = regex.compile(r"(?P<body>\p{Han}*?)(?:办公室|办)?的?各?(?:有关|相关)?成员单位")
_OF_REGIONS = regex.compile(
    r"(?:(?:全|我|本)?[省市州区]|\p{Han}{2,12}[省市州区])?各(?P<rungs>[省市县区州盟旗（）、乡镇街道]{1,9}|设区市|地级市)"
    r"(?P<bodies>\p{Han}[\p{Han}、]*)"
)
_COORDINATING = regex.compile(r"\p{Han}{4,}(?:领导小组|联席会议|指挥部|委员会)(?:办公室)?")
_RUNG_WORDS = ("街道", "省", "市", "县", "区", "州", "盟", "旗", "乡", "镇")


def expand_group(register: Register, name: str, issuer: str, when: When) -> list[str] | None:
    """See Register.expand."""
    closed = closed_name(name)
    place = register.place_of(issuer)
    home = register.unit(register.at(issuer, place, when).canonical) if issuer else None
    for unit in _offices(register, home, place):
        for group, members in unit.groups:
            if group == closed:
                return _names(register, members, unit, when)
    if match := _MEMBERS.fullmatch(closed):
        body = _body(register, match["body"], home, place, when)
        return None if body is None else _names(register, body.members, body, when)
    if match := _OF_REGIONS.fullmatch(closed):
        return _of_regions(register, match["rungs"], match["bodies"], place, when)
    return None


def _offices(register: Register, home: Unit | None, place: Place) -> Iterator[Unit]:
    """Whose group names count in a paper: the issuer's, of what stands above it, of the units of its place."""
    seen: set[str] = set()
    unit = home
    while unit is not None and unit.name not in seen:
        seen.add(unit.name)
        yield unit
        unit = register.unit(unit.parent)
    if place.name:
        yield from (one for one in register.units if one.region == place.name and one.name not in seen)


def _names(register: Register, members: Iterable[Named], unit: Unit, when: When) -> list[str] | None:
    """The members in force, by the names their own unit's place gives them. None when none is known for the time."""
    place = register.place_of(unit.name)
    found = [_member(register, one.name, place, when) for one in members if one.in_force(when)]
    return list(dict.fromkeys(found)) or None


def _member(register: Register, name: str, place: Place, when: When) -> str:
    listed = register.unit(name)
    return listed.name if listed else register.at(name, place, when).canonical


def _body(register: Register, printed: str, home: Unit | None, place: Place, when: When) -> Unit | None:
    """The committee or group that is meant: named, the issuer itself (or what its office serves), or the one of the
    issuer's place that fits."""
    named = register.unit(register.at(printed, place, when).canonical) if printed else None
    if named is not None and named.members:
        return named
    if printed in {"", "领导小组", "委员会", "联席会议", "指挥部"}:
        served = register.unit(home.name.removesuffix("办公室")) if home else None
        for unit in (home, served, register.unit(home.parent) if home else None):
            if unit is not None and unit.members and unit.name.endswith(printed):
                return unit
    if not printed:
        return None
    bare = regex.sub(r"^(?:[全我本]?[省市县区州]|自治区)", "", printed) or printed
    fits = [one for one in register.units
            if one.members and one.region in place.chain and bare in one.name]  # fmt: skip
    return fits[0] if len(fits) == 1 else None


def _of_regions(register: Register, rungs: str, bodies: str, place: Place, when: When) -> list[str] | None:
    """The bodies of every region of that rung right under the issuer's place. None when no region is listed or a body
    cannot be told."""
    endings = tuple(word for word in _RUNG_WORDS if word in rungs)
    if rungs in {"设区市", "地级市"}:
        endings = ("市",)
    names = bodies.split("、")
    out: list[str] = []
    for region in _regions(register, place, endings):
        inner = register.places.named(region)
        for full in complete_names([region + names[0], *names[1:]]):
            found = register.at(full, inner, when)
            if found.how == "printed" and _COORDINATING.fullmatch(bodies) is None:
                return None  # 各县（区）学校: each region has many
            out.append(found.canonical)
    return list(dict.fromkeys(out)) or None


def _regions(register: Register, place: Place, endings: tuple[str, ...]) -> list[str]:
    """Of the place of the issuer; of its city where a county's own paper or an office says 各县（区）."""
    for name in reversed(place.chain):
        if found := [one for one in register.places.under(name) if one.endswith(endings)]:
            return found
    return []
