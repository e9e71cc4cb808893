"""The register of units: which unit a printed name stands for, relative to who issued the paper and when.

A listed name or alias (rules/units) beats what is constructed from families and places (rules/vocab/unit_families.yml).
An old name leads to the same unit; the record keeps it as printed (domain.md §5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import regex

from gongwen.errors import RuleError
from gongwen.values.unit_entries import Named, Unit, When, closed_name, read_unit
from gongwen.values.unit_families import Families, Family
from gongwen.values.unit_groups import expand_group
from gongwen.values.unit_levels import owner_and_department
from gongwen.values.unit_places import Place, Places, rung_of
from gongwen.values.unit_words import is_bare, is_group, looks_like_unit, without_bracket

How = Literal["listed", "renamed", "derived", "printed"]
_RANK = {"name": 0, "alias": 1, "former": 2}
_STARTS = ("自治区", *(own + rung for own in ("我", "本", "全", "") for rung in "省市县区州盟旗"))
_OWNERS = ("局", "厅", "协", "联", "协会", "联合会", "委员会", "常委会", "总工会")
"""Ends of units whose name stands in front of their own parts; not 政府: 市政府采购中心 is no part of 市政府."""
_RELATIVE = regex.compile(rf"(?:团|共青团|中共|政协)?(?:{'|'.join(_STARTS)})")


@dataclass(frozen=True, slots=True)
class Resolved:
    """`how`: listed in rules/units; renamed: an old name of the unit; derived: constructed by the rules of the genre;
    printed: nothing is known of it. `derived` is true whenever `canonical` itself is constructed. `successors` took
    its duties over and are other units."""

    canonical: str
    how: How
    derived: bool = False
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    unit: Unit
    named: Named
    role: str


class Register:
    """Built once from the units and families of a rulebook; knows no document. RuleError when units contradict."""

    def __init__(self, units: Iterable[Mapping[str, Any]], families: Mapping[str, Any]) -> None:
        self.units = _merged(read_unit(one, "rules/units") for one in units)
        self.families = Families(families)
        self._by_ref = {unit.id: unit for unit in self.units} | {unit.name: unit for unit in self.units}
        self._entries: dict[str, list[_Entry]] = {}
        self._skeletons: dict[str, list[Unit]] = {}
        for unit in self.units:
            self._enter(unit)
        self._refuse_conflicts()
        levels, parents = self._regions()
        self.places = Places(levels, parents, self.families.provinces)

    def unit(self, ref: str) -> Unit | None:
        """A listed unit by its name or id."""
        return self._by_ref.get(ref)

    def place_of(self, issuer: str) -> Place:
        """The place a unit belongs to, as it is listed or as its name tells; empty when neither does."""
        closed = closed_name(issuer)
        entries = self._entries.get(closed, [])
        regions = {entry.unit.region for entry in entries if entry.unit.region}
        if len(regions) == 1:
            region = regions.pop()
            return self.places.read(region) or Place()
        for middle, _ in self.families.match(closed):
            if place := self.places.read(middle) or self.places.relative(middle, Place()):
                return place
        return self.places.of_name(closed)

    def resolve(self, name: str, issuer: str = "", when: When = None) -> Resolved:
        """The unit a name stands for in a paper of `issuer` of that time. Never fails: an unknown name is itself."""
        return self.at(name, self.place_of(issuer) if issuer else Place(), when)

    def at(self, name: str, place: Place, when: When = None) -> Resolved:
        """As `resolve`, for a place already known."""
        closed = closed_name(name)
        found = self._listed(closed, place, when)
        if found is None and (plain := without_bracket(closed)) != closed and plain:
            found = self._listed(plain, place, when)
        if found is not None:
            return found
        if is_group(closed):
            return Resolved(closed, "printed")
        return self._by_family(closed, place, when) or self._by_owner(closed, place, when) or self._by_place(
            closed, place, when
        )

    def expand(self, name: str, issuer: str = "", when: When = None) -> list[str] | None:
        """The units a group reference stands for (各县（区）科协, 领导小组各成员单位): what an office lists, else what
        members and regions tell. Derived: a record keeps the printed group. None when it is no known group."""
        return expand_group(self, name, issuer, when)

    # --- what is listed ---

    def _listed(self, closed: str, place: Place, when: When) -> Resolved | None:
        entries = [one for one in self._entries.get(closed, ()) if _fits(one, place, when)]
        if not entries:
            return None
        own = [one for one in entries if one.unit.region in place.chain] or entries
        best = min(_RANK[one.role] for one in own)
        units = list({one.unit.name: one.unit for one in own if _RANK[one.role] == best}.values())
        if len(units) > 1:
            return None  # two places have such a unit and the paper does not say which
        return self._found(units[0], "renamed" if best == _RANK["former"] else "listed")

    def _found(self, unit: Unit, how: How) -> Resolved:
        successors = (self._by_ref[one].name if one in self._by_ref else one for one in unit.successors)
        return Resolved(unit.name, how, successors=tuple(successors))

    # --- what is constructed ---

    def _by_family(self, closed: str, issuer: Place, when: When) -> Resolved | None:
        for middle, family in self.families.match(closed):
            place = self.places.relative(middle, issuer) or self.places.read(middle)
            if place is None or not place.name or not family.stands_at(place.level):
                continue
            return self._of_family(family, place, issuer, when)
        return None

    def _of_family(self, family: Family, place: Place, issuer: Place, when: When) -> Resolved:
        shown = _shown(place, issuer)
        listed = next(self._known(family, place, shown, when), None)
        if listed is not None:
            return replace(listed, how="renamed") if family.new else listed
        own = Resolved(family.forms[0].of(shown), "derived", derived=True)
        if not family.new:
            return own
        targets = [self._target(form.of(shown), place, when) for form in family.new]
        now = next((one for one in targets if not one.derived), targets[0])
        if family.merged:
            return replace(own, successors=(now.canonical,))
        return replace(now, how="renamed")

    def _known(self, family: Family, place: Place, shown: str, when: When) -> Iterator[Resolved]:
        for form in family.forms:
            full = form.of(shown)
            if listed := self._listed(full, place, when) or self._like(full, place):
                yield listed

    def _target(self, full: str, place: Place, when: When) -> Resolved:
        """The new body of a renamed one: listed, or constructed in its full form."""
        return self._listed(full, place, when) or self._like(full, place) or Resolved(full, "derived", derived=True)

    def _like(self, full: str, place: Place) -> Resolved | None:
        """A listed unit whose name differs by 和 only (发展改革 for 发展和改革)."""
        units = self._skeletons.get(_skeleton(full), [])
        return self._found(units[0], "listed") if len(units) == 1 else None

    def _by_owner(self, closed: str, place: Place, when: When) -> Resolved | None:
        """市科协科普部 is the 科普部 of whatever 市科协 is, 市科协机关党委 its 机关党委."""
        for owner, inner in _owners(closed):
            found = self.at(owner, place, when)
            if found.how != "printed":
                return self._constructed(found.canonical + inner, place, when)
        return None

    def _by_place(self, closed: str, issuer: Place, when: When) -> Resolved:
        for start in _STARTS:
            rest = closed.removeprefix(start)
            if rest == closed or not self._is_name(closed, rest):
                continue
            place = self.places.relative(start, issuer)
            if place is not None and place.name:
                return self._constructed(_shown(place, issuer) + rest, place, when)
        place = self.places.of_name(closed)
        rest = _after(closed, place)
        if not rest or not is_bare(rest):
            return Resolved(closed, "printed")
        return self._constructed(_shown(place, issuer) + rest, place, when)

    def _is_name(self, closed: str, rest: str) -> bool:
        """Whether what follows the rung is a name, not the rest of a word (市场监管局, 区块链研究会, 县区科协)."""
        if is_bare(closed) or len(rest) < 2:
            return False
        if is_bare(rest):
            return True
        if rest[0] in "（市县区州旗" or closed.startswith(self.families.not_rungs):
            return False
        return looks_like_unit(rest)

    def _constructed(self, full: str, place: Place, when: When) -> Resolved:
        listed = self._listed(full, place, when) or self._like(full, place)
        return listed or Resolved(full, "derived", derived=True)

    # --- how the register is built ---

    def _enter(self, unit: Unit) -> None:
        entries = [(Named(unit.name), "name"), *((one, "alias") for one in unit.aliases)]
        entries += [(one, "former") for one in unit.former]
        for named, role in entries:
            self._entries.setdefault(named.name, []).append(_Entry(unit, named, role))
        self._skeletons.setdefault(_skeleton(unit.name), []).append(unit)

    def _refuse_conflicts(self) -> None:
        for name, entries in self._entries.items():
            current = [one for one in entries if one.role != "former"]
            for at, one in enumerate(current):
                for other in current[at + 1 :]:
                    if one.unit is not other.unit and one.unit.region == other.unit.region and _overlap(one, other):
                        raise RuleError(
                            f"rules/units: {name} 同时是 {one.unit.name} 和 {other.unit.name} 的名称，"
                            "请用 from、to 写明年份"
                        )

    def _regions(self) -> tuple[dict[str, str], dict[str, str]]:
        """Level and parent of every region the units name."""
        levels: dict[str, str] = {}
        parents: dict[str, str] = {}
        for unit in self.units:
            if not unit.region or not unit.level:
                continue
            if levels.setdefault(unit.region, unit.level) != unit.level:
                raise RuleError(
                    f"rules/units: 机构 {unit.name}：{unit.region} 在这里是 {unit.level} 级，"
                    f"别处是 {levels[unit.region]} 级，请统一"
                )
            above = self._by_ref.get(unit.parent)
            if above is not None and above.region and above.region != unit.region:
                parents.setdefault(unit.region, above.region)
        return levels, parents


def _owners(closed: str) -> Iterator[tuple[str, str]]:
    """Where a name may part into a unit and what belongs to it, the likeliest first."""
    if parts := owner_and_department(closed):
        yield parts
    for cut in range(len(closed) - 3, 2, -1):
        owner = closed[:cut]
        if owner.endswith(_OWNERS) and looks_like_unit(closed[cut:]):
            yield owner, closed[cut:]


def _fits(entry: _Entry, place: Place, when: When) -> bool:
    """An alias holds in its years only, one that begins with a rung (市科协) only in papers of its own place or where
    the paper does not tell its place. A former name stays one for ever."""
    if entry.role == "name":
        return True
    if entry.role == "alias" and not entry.named.in_force(when):
        return False
    region = entry.unit.region
    if not region or region in place.chain or not place.name or _RELATIVE.match(entry.named.name) is None:
        return True
    unknown = {"prefecture": not place.prefecture, "province": not place.province}.get(entry.unit.level, False)
    return unknown and place.level == "county"


def _overlap(one: _Entry, other: _Entry) -> bool:
    a, b = one.named, other.named
    return not (_ends_before(a, b) or _ends_before(b, a))


def _ends_before(a: Named, b: Named) -> bool:
    return bool(a.until and b.since and a.until[: len(b.since)] < b.since[: len(a.until)])


def _shown(place: Place, issuer: Place) -> str:
    """A place as names show it: a province is dropped in front of a city, a city in front of its own county."""
    if not place.county or not place.prefecture:
        return place.name
    district = rung_of(place.county) == "区"
    known = issuer.prefecture in ("", place.prefecture)
    return place.county if known or not district else place.prefecture + place.county


def _after(closed: str, place: Place) -> str:
    """The name without its place, '' when the place does not stand in front."""
    rest = closed
    for name in place.chain:
        rest = rest.removeprefix(name)
    return rest if rest != closed else ""


def _skeleton(name: str) -> str:
    return name.replace("和", "").replace("与", "")


def _merged(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """A unit listed again (by an office over ours) adds its names and says anew what it says."""
    out: dict[str, Unit] = {}
    for unit in units:
        old = out.get(unit.name)
        out[unit.name] = unit if old is None else Unit(
            unit.name, unit.id if unit.id != unit.name else old.id, (*old.aliases, *unit.aliases),
            unit.kind or old.kind, unit.level or old.level, unit.region or old.region, unit.parent or old.parent,
            (*old.former, *unit.former), unit.successors or old.successors, unit.members or old.members,
            (*old.groups, *unit.groups),
        )  # fmt: skip
    return tuple(out.values())
