"""The persons a contact block names: 林若溪（科普部）, 科普部 林若溪, 会务组何　立, 阿依努尔·艾山 (domain.md §7)."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from gongwen.text import Span, fold_width
from gongwen.values.people import close_name, looks_like_name
from gongwen.values.units import looks_like_unit
from gongwen.values.vocab import words


@dataclass(slots=True)
class ContactPerson:
    """A unit told alone has no name, a person told alone no unit."""

    name: str | None
    unit: str | None
    name_span: Span | None
    unit_span: Span | None


_TITLED = regex.compile(rf"(?:\p{{Han}}{{1,2}}(?:{'|'.join(words('contact_persons', 'titles'))})|小\p{{Han}})")
FOREIGN_NAME = regex.compile(r"\p{Han}{1,8}(?:·\p{Han}{1,8}){1,4}")
_PERSON_END = regex.compile(r"[\s，、；：（）。/]+")
_OFFICES = words("contact_persons", "offices")
_STRANGERS = words("contact_persons", "strangers")


def find_persons(folded: str, at: int, loose: str, *, first: bool) -> list[ContactPerson]:
    """The persons named in a stretch without numbers: right behind a name label, or all that stands between one
    contact's numbers and the next one's."""
    line = loose.lstrip(" \t")
    if first and "\n" in line.strip():
        head = len(loose) - len(loose.lstrip())
        cut = loose.find("\n", head)
        loose = loose[:cut] if cut > 0 else loose
    stretch = loose if len(loose) <= 80 else loose[:80] if first else ""
    found: list[ContactPerson] = []
    spots = _pieces(stretch)
    for begin, end in spots:
        piece = stretch[begin:end]
        person = _person(piece, at + begin, labelled=first)
        if person is None:
            if first:
                continue
            return []
        if person.name is None and found and found[-1].unit is None and found[-1].name:
            found[-1].unit, found[-1].unit_span = person.unit, person.unit_span  # 林若溪（科普部）
        elif person.name and found and found[-1].name is None:
            found[-1].name, found[-1].name_span = person.name, person.name_span  # 科普部 林若溪
        else:
            found.append(person)
    return found


def _pieces(stretch: str) -> list[tuple[int, int]]:
    """Stretches between marks; one letter, a gap and one letter are a name (何 立)."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in (*_PERSON_END.finditer(stretch), None):
        end = match.start() if match else len(stretch)
        if end > start:
            letter = bool(found) and end - start == 1 and found[-1][1] - found[-1][0] == 1
            if letter and stretch[found[-1][1] : start].isspace():
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        start = match.end() if match else end
    return found


def _person(piece: str, at: int, *, labelled: bool) -> ContactPerson | None:
    name = close_name(piece)
    if not name or name.startswith(_STRANGERS) or len(name) > 40:
        return None
    whole = Span(at, at + len(piece))
    if name.endswith("同志") and len(name) > 3:
        name, whole = name.removesuffix("同志"), Span(at, at + len(piece) - 2)
    if looks_like_unit(name) and name.endswith(_OFFICES):
        return ContactPerson(None, name, None, whole)
    dotted = _after_unit(piece)
    if dotted:
        cut = at + dotted
        return ContactPerson(
            close_name(piece[dotted:]), close_name(piece[:dotted]), Span(cut, whole.end), Span(at, cut)
        )
    if looks_like_name(name) or _TITLED.fullmatch(name) or FOREIGN_NAME.fullmatch(name):
        return ContactPerson(name, None, whole, None)
    if looks_like_unit(name):
        return ContactPerson(None, name, None, whole)
    for size in (3, 2, 4):
        unit, rest = name[:-size], name[-size:]
        if len(unit) >= 2 and looks_like_unit(unit) and (looks_like_name(rest) or _TITLED.fullmatch(rest)):
            cut = at + len(piece) - size
            return ContactPerson(rest, unit, Span(cut, whole.end), Span(at, cut))
    if labelled and regex.fullmatch(r"\p{Han}{2,4}", name):
        return ContactPerson(name, None, whole, None)
    return None


def _after_unit(piece: str) -> int:
    """Where a name with dots begins behind a unit's (合作司阿依努尔·艾山); 0: nowhere."""
    if "·" not in fold_width(piece):
        return 0
    cuts = range(min(len(piece) - 2, 40), 1, -1)
    return next(
        (at for at in cuts if FOREIGN_NAME.fullmatch(fold_width(piece[at:])) and looks_like_unit(piece[:at])), 0
    )
