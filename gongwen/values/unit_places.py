"""Places as names of units carry them (海西省云州市东山区), told by their last character and by what is listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import regex

from gongwen.values.unit_words import is_bare

_LEVELS = ("province", "prefecture", "county")
_RUNGS = ("自治区", "自治州", "自治县", "自治旗", "省", "市", "县", "区", "州", "盟", "旗")
_OWN = ("我", "本", "全", "")  # 我市, 本市, 全市, 市


@dataclass(frozen=True, slots=True)
class Place:
    """The rungs a name tells; what it does not tell is empty."""

    province: str = ""
    prefecture: str = ""
    county: str = ""

    @property
    def name(self) -> str:
        return self.county or self.prefecture or self.province

    @property
    def level(self) -> str:
        return "county" if self.county else "prefecture" if self.prefecture else "province" if self.province else ""

    @property
    def chain(self) -> tuple[str, ...]:
        return tuple(one for one in (self.province, self.prefecture, self.county) if one)

    @property
    def rung(self) -> str:
        """What the place is called in its own papers: 市, 自治区, 县."""
        return rung_of(self.name)

    def above(self, name: str) -> Place:
        """The place without what stands under the rung called `name`."""
        if name == self.province:
            return Place(self.province)
        return Place(self.province, self.prefecture) if name == self.prefecture else self


def rung_of(name: str) -> str:
    """市 of 云州市; an autonomous county is 县, an autonomous prefecture 州, an autonomous region 自治区."""
    found = next((rung for rung in _RUNGS if name.endswith(rung)), "")
    return found if found == "自治区" else found.removeprefix("自治")


_NAME = r"[\p{Han}--[局委办厅部司署各、]]"
_NO_COUNTY = r"(?<![社园校小库景灾辖市护牧地发新]区)"  # 社区, 园区, 保护区, 开发区 are no divisions
_NOT_FIRST = "(?![团驻全我本该各市县区州旗]|中共|中国|共青团|政协|国家)"  # 团区委, 县区, 各县, 中共云州市
_PROVINCE = rf"{_NOT_FIRST}(?:{_NAME}{{2,3}}省|{_NAME}{{2,6}}自治区)"
_PREFECTURE = rf"{_NOT_FIRST}(?:{_NAME}{{2,5}}?市|{_NAME}{{2,12}}?自治州|{_NAME}{{2,6}}?(?:地区|(?<!联)盟))"
_COUNTY = rf"{_NOT_FIRST}(?:{_NAME}{{1,12}}?自治[县旗]|{_NAME}{{1,6}}?(?:县|区|旗|(?<=..)市){_NO_COUNTY})"
_CHAIN = regex.compile(
    rf"(?P<province>{_PROVINCE})?(?P<prefecture>{_PREFECTURE})?(?P<county>{_COUNTY})?", regex.VERSION1
)
_HEAD = regex.compile(rf"(?P<province>{_PROVINCE})?(?P<prefecture>{_PREFECTURE})?", regex.VERSION1)
_COUNTY_HEAD = regex.compile(_COUNTY, regex.VERSION1)
_LONGEST = 30


class Places:
    """Reads places. `levels` and `parents` are the regions an office lists, `provinces` {full name: short name}."""

    def __init__(self, levels: Mapping[str, str], parents: Mapping[str, str], provinces: Mapping[str, str]) -> None:
        self._levels = {**dict.fromkeys(provinces, "province"), **levels}
        self._parents = parents
        self._short = {short: full for full, short in provinces.items()}
        self._longest_first = sorted(self._levels, key=lambda name: (-len(name), name))

    def named(self, name: str) -> Place:
        """The place of a listed region, with what it lies in."""
        found = {self._levels.get(name, ""): name}
        while (name := self._parents.get(name, "")) and self._levels.get(name, "") not in found:
            found[self._levels.get(name, "")] = name
        return Place(**{level: found[level] for level in _LEVELS if level in found})

    def under(self, name: str, level: str = "") -> list[str]:
        """The regions that lie right within a listed one, in the order they are listed."""
        return [one for one, parent in self._parents.items()
                if parent == name and (not level or self._levels.get(one) == level)]  # fmt: skip

    def read(self, text: str) -> Place | None:
        """A text that is a place and nothing else; None when it is not."""
        if text in self._levels:
            return self.named(text)
        match = _CHAIN.fullmatch(text) if 2 <= len(text) <= _LONGEST else None
        return self._filled(match.groupdict()) if match else None

    def of_name(self, name: str) -> Place:
        """The place in front of a full name of a unit; empty when the name tells none."""
        for cut in range(2, min(len(name), _LONGEST)):
            if is_bare(name[cut:]) and (place := self.read(name[:cut])):
                return place
        head = _HEAD.match(name)
        start = head.end() if head else 0
        found = dict(head.groupdict()) if head else {}
        for region in self._longest_first:
            if name.startswith(region, start) or (not start and name.startswith(region)):
                return self._joined(found, self.named(region))
        if not start and (county := _COUNTY_HEAD.match(name)):
            found["county"] = county.group()
        return self._filled(found)

    def relative(self, word: str, issuer: Place) -> Place | None:
        """What 市, 我市, 自治区, 区 or a place without its rung (云州) means in a paper of `issuer`."""
        for own in _OWN:
            if word.startswith(own) and (rung := word.removeprefix(own)) in _RUNGS:
                return self._rung(rung, issuer)
        if word in self._short:
            return Place(province=self._short[word])
        for name in issuer.chain:
            if len(word) >= 2 and name == word + rung_of(name):
                return issuer.above(name)
        return None

    def _rung(self, rung: str, issuer: Place) -> Place | None:
        """区 is the issuer's own district, else the autonomous region above it; 市 of a county-level city is itself."""
        if rung == "区" and issuer.county.endswith("区"):
            return issuer
        wanted = "自治区" if rung == "区" else rung.removeprefix("自治") if rung != "自治区" else rung
        return next((issuer.above(name) for name in reversed(issuer.chain) if rung_of(name) == wanted), None)

    def _filled(self, found: Mapping[str, str | None]) -> Place:
        """With the level an office lists for a city that stands alone, and with what the lowest rung lies in."""
        place = Place(*(found.get(level) or "" for level in _LEVELS))
        if place.prefecture and not place.county and self._levels.get(place.prefecture) in {"county", "province"}:
            at = {self._levels[place.prefecture]: place.prefecture}
            place = Place(at.get("province", place.province), "", at.get("county", ""))
        return self._joined(found, self.named(place.name)) if place.name in self._levels else place

    def _joined(self, found: Mapping[str, str | None], listed: Place) -> Place:
        return Place(
            listed.province or (found.get("province") or ""),
            listed.prefecture or ((found.get("prefecture") or "") if listed.county else ""),
            listed.county,
        )
