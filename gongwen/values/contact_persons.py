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


TITLED = regex.compile(rf"(?:\p{{Han}}{{1,2}}(?:{'|'.join(words('contact_persons', 'titles'))})|小\p{{Han}})")
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
    if not first and (cut := max(loose.rfind("；"), loose.rfind("。")) + 1) and loose[cut:].strip():
        at, loose = at + cut, loose[cut:]  # what stands before the stop tells of the one before
    stretch = loose if len(loose) <= 80 else loose[:80] if first else ""
    found: list[ContactPerson] = []
    spots = _pieces(stretch)
    for begin, end in spots:
        piece = stretch[begin:end]
        person = _person(piece, at + begin, labelled=first and not _is_remark(stretch, begin, end))
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


def _is_remark(stretch: str, begin: int, end: int) -> bool:
    """（论文）behind a name says what to ask for."""
    return begin > 1 and stretch[begin - 1 : begin] == "（" and stretch[end : end + 1] == "）"


def _pieces(stretch: str) -> list[tuple[int, int]]:
    """Stretches between marks; letters with gaps between them are a name (何 立, 林 若 溪), four of them two names."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in (*_PERSON_END.finditer(stretch), None):
        end = match.start() if match else len(stretch)
        if end > start:
            found.append((start, end))
        start = match.end() if match else end
    out: list[tuple[int, int]] = []
    at = 0
    while at < len(found):
        letters = _letters(stretch, found, at)
        size = 2 if letters == 4 else letters if letters in {2, 3} else 1
        out.append((found[at][0], found[at + size - 1][1]))
        at += size
    return out


def _letters(stretch: str, found: list[tuple[int, int]], at: int) -> int:
    """How many pieces from `at` on are single letters with nothing but gaps between them."""
    end = at
    while end < len(found) and found[end][1] - found[end][0] == 1:
        if end > at and not stretch[found[end - 1][1] : found[end][0]].isspace():
            break
        end += 1
    return end - at


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
    if looks_like_name(name) or TITLED.fullmatch(name) or FOREIGN_NAME.fullmatch(name):
        return ContactPerson(name, None, whole, None)
    if looks_like_unit(name):
        return ContactPerson(None, name, None, whole)
    for size in (3, 2, 4):
        unit, rest = name[:-size], name[-size:]
        if len(unit) >= 2 and looks_like_unit(unit) and (looks_like_name(rest) or TITLED.fullmatch(rest)):
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
