"""Which unit a printed name of one paper is, whom a group stands for, and the units of a person's posts.

The names that units are counted by are those of the search (index.unit_names), so a count and a list agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gongwen.record import Record
from gongwen.values.people import split_posts
from gongwen.values.unit_entries import closed_name
from gongwen.values.unit_places import Place
from gongwen.values.unit_register import Register
from gongwen.values.units import complete_names, is_group, looks_like_unit
from gongwen.values.vocab import words
from index.entries import paper_date
from index.unit_names import LongForms, UnitNames

_KEPT = 50_000


class Namer:
    """Built once from the rules. Not for several threads at once: answers are kept."""

    def __init__(self, register: Register, longer: LongForms) -> None:
        self.register = register
        self.longer = longer
        self._kept: dict[tuple[str, Place, str, str], str] = {}

    def of(self, record: Record) -> PaperNames:
        return PaperNames(self, record)

    def resolve(self, printed: str, place: Place, issuer: str, when: str) -> str:
        key = (printed, place, issuer, when)
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            full = complete_names([printed], place.rung, issuer)[0]
            self._kept[key] = self.register.at(full, place, when or None).canonical
        return self._kept[key]


class PaperNames:
    """The names of one paper."""

    def __init__(self, namer: Namer, record: Record) -> None:
        self._namer = namer
        self._told: dict[str, str] = dict(record["units"] or {})
        self._groups: dict[str, list[str]] = dict(record["groups"] or {})
        self._names = UnitNames(record, namer.longer)
        issuers = [*record["issuers"], *record["letterhead"]]
        self._issuer = next(iter(issuers), "")
        places = (namer.register.place_of(name) for name in issuers)
        self.place = next((place for place in places if place.name), Place())
        self._when = paper_date(record)
        self._ones: dict[str, str] = {}
        self._is_group: dict[str, bool] = {}

    def one(self, printed: str) -> str:
        """The name a unit is counted by, in one width: as it is asked for."""
        if printed not in self._ones:
            told = printed in self._told or self.is_group(printed)
            known = printed if told else self._namer.resolve(printed, self.place, self._issuer, self._when)
            self._ones[printed] = closed_name(self._names.one(known))
        return self._ones[printed]

    def is_group(self, printed: str) -> bool:
        if printed not in self._is_group:
            self._is_group[printed] = is_group(printed)
        return self._is_group[printed]

    def members(self, printed: str) -> list[str]:
        """Whom a group stood for at the time of the paper; none when it is no known group."""
        if printed not in self._groups:
            known = self.is_group(printed) or "、" in printed
            found = self._namer.register.expand(printed, self._issuer, self._when or None) if known else None
            self._groups[printed] = found or []
        return list(dict.fromkeys(closed_name(self._names.one(name)) for name in self._groups[printed]))

    def of_post(self, post: str) -> list[str]:
        """The units a person's posts are held in, in order of print: 市科协党组书记、主席 → 云州市科学技术协会."""
        return list(dict.fromkeys(self._of_posts(post)))

    def _of_posts(self, post: str) -> Iterator[str]:
        for one in split_posts(post):
            unit = _without_party_group(one.unit)
            if not unit or is_group(unit):
                continue
            found = self.one(unit)
            if found != unit or looks_like_unit(unit):
                yield found

    def issuer_names(self, issuers: Iterable[str]) -> set[str]:
        """All names by which a title may call its issuers."""
        out: set[str] = set()
        for name in issuers:
            one = self.one(name)
            out |= {name, one}
            listed = self._namer.register.unit(one)
            if listed is not None:
                out |= {alias.name for alias in (*listed.aliases, *listed.former)}
            out |= {one.removesuffix(long) + short for short, long in self._namer.longer.items() if one.endswith(long)}
        return out


def _without_party_group(unit: str) -> str:
    body = next((one for one in words("roles", "inner_bodies") if unit.endswith(one) and len(unit) > len(one) + 2), "")
    return unit.removesuffix(body)
