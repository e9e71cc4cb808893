"""Lines of a roster: a role label, then people as `name gap post`, `name，post；name，post`, `post gap name`,
`name（post）` or bare names; a label may stand alone above its people (domain.md §6).

In a roster the place says what is a name: surnames are not asked for, so rare and minority names are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

from gongwen.text import Span
from gongwen.values.people import is_post, looks_like_name
from gongwen.values.units import looks_like_unit
from gongwen.values.vocab import words

NAME = r"(?:\p{Han}{1,8}(?:·\p{Han}{1,8}){1,4}|\p{Han}[ \t]{1,6}\p{Han}(?:[ \t]{1,6}\p{Han})?(?!\p{Han})|\p{Han}{2,4})"
_CLOSE = regex.compile(
    r"(?P<name>\p{Han}{3}|\p{Han}{2}(?=[ \t])|\p{Han}[ \t]{1,6}\p{Han})[ \t]?"
    r"(?P<post>(?:[省市县区州团]|自治|国家|国务院|中央|全国)[^。；：\t]{3,60})"
)
"""A PDF prints a tab that moves to the next stop as hardly a gap: 何若溪市科协主席."""
_GAPPED = r"\p{Han}[ \t]{1,6}\p{Han}{2}"
_NOTE = r"(?:（(?:女|男|兼|兼职|\p{Han}{1,3}族)）)?"
NOTES = r"(?:(?:女|男|\p{Han}{1,3}族)[，、])*"
_POST = r"[^。；：\t]{2,80}?"
_FORMS = tuple(
    regex.compile(form)
    for form in (
        rf"(?P<name>{NAME}){_NOTE}(?:\t[ \t]*|[ ]{{2}}[ \t]*|[ ](?=\p{{Han}}{{3}}|\p{{Han}}{{2}}\Z))(?P<post>{_POST})",
        rf"(?P<name>\p{{Han}}{{5,8}}){_NOTE}(?:\t[ \t]*|[ ]{{2}}[ \t]*)(?P<post>{_POST})",
        rf"(?P<name>{NAME}){_NOTE}[ \t]*，[ \t]*(?P<post>{_POST})",
        rf"(?P<name>{NAME}|\p{{Han}}{{5,8}})[ \t]*（{NOTES}(?P<post>[^（）]{{2,60}})）",
        rf"(?P<post>[^。；：，\t]{{4,60}}?)(?:\t[ \t]*|[ ][ \t]*)(?P<name>{NAME}|{_GAPPED}){_NOTE}",
    )
)
_BARE = regex.compile(rf"{NAME}{_NOTE}(?:(?:[、，][ \t]*|[ \t]{{2,9}}){NAME}{_NOTE})*")
_PAIR = regex.compile(rf"[ \t]*(?P<name>{NAME}){_NOTE}[ \t]+(?P<post>[^\s。；：，]{{3,40}})(?:[ \t]+|$)")
_MAX = 1500
_MANY = 3
"""Names beside one another from which most of them, known by their surnames, speak for the rest."""


@dataclass(frozen=True, slots=True)
class Person:
    """Spans into the line."""

    name: Span
    post: Span | None


@dataclass(frozen=True, slots=True)
class RosterLine:
    """`role` None: the people lean on the role above. No people: the label stands alone."""

    role: Span | None
    people: tuple[Person, ...]


def read_roster_line(folded: str, *, inside: bool) -> RosterLine | None:
    """None when the line is none of a roster. `inside`: a role label stands above, so no label is needed."""
    if len(folded) > _MAX:
        return None
    label = _label().match(folded)
    if label is None and not inside:
        return None
    begin = label.end() if label else 0
    rest = folded[begin:].rstrip(" \t\n。；")
    role = Span(*label.span("role")) if label else None
    if not rest.strip():
        return RosterLine(role, ()) if label and label["colon"] else None
    people = tuple(_people(folded, begin, begin + len(rest), bare=label is not None and bool(label["colon"])))
    return RosterLine(role, people) if people else None


def _people(folded: str, begin: int, end: int, *, bare: bool) -> Iterator[Person]:
    """Every piece between semicolons must be a person, else the line is none of a roster."""
    found: list[Person] = _pairs(folded, begin, end)
    if found:
        yield from found
        return
    at = begin
    for piece in regex.split(r"[；;]|(?<=）)、(?=[^（）]{2,12}（)", folded[begin:end]):
        start = at + len(piece) - len(piece.lstrip(" \t\n，"))
        stop = at + len(piece.rstrip(" \t\n，"))
        at += len(piece) + 1
        if start >= stop:
            continue
        person = _person(folded, start, stop)
        if person is not None:
            found.append(person)
            continue
        names = list(_bare_names(folded, start, stop)) if bare or _is_row_of_names(folded[start:stop]) else []
        if not names:
            return
        found += names
    yield from found


def _pairs(folded: str, begin: int, end: int) -> list[Person]:
    """高　雨　国务院副秘书长　张纪南　某部部长: name and post by turns, two people or more; else none."""
    found: list[Person] = []
    at = begin
    while at < end:
        match = _PAIR.match(folded, at, end)
        if match is None or not is_post(match["post"]) or not _may_be_name(match["name"]):
            return []
        found.append(Person(Span(*match.span("name")), Span(*match.span("post"))))
        at = match.end()
    return found if len(found) > 1 else []


def _person(folded: str, start: int, stop: int) -> Person | None:
    for form in (*_FORMS, _CLOSE):
        match = form.fullmatch(folded, start, stop)
        if form is _CLOSE and (match is None or not looks_like_name("".join(match["name"].split()))):
            continue
        if match is None or not is_post(match["post"]) or not _may_be_name(match["name"]):
            continue
        post = match["post"]
        lead = match.start("post") + len(post) - len(post.lstrip())
        return Person(Span(*match.span("name")), Span(lead, match.end("post")))
    return None


def _bare_names(folded: str, start: int, stop: int) -> Iterator[Person]:
    """成员：林若溪、何立、陈小满: without posts only what looks like names by surname counts."""
    if _BARE.fullmatch(folded, start, stop) is None:
        return
    names = list(regex.finditer(NAME, folded[start:stop]))
    known = sum(1 for name in names if looks_like_name("".join(name.group().split())))
    rare = len(names) >= _MANY and 2 * known > len(names) and all(_may_be_name(name.group()) for name in names)
    if rare or known == len(names):
        for name in names:
            yield Person(Span(start + name.start(), start + name.end()), None)


def _is_row_of_names(piece: str) -> bool:
    """A further row of members below 委员：甲  乙  丙: names with wide gaps and nothing else."""
    return regex.fullmatch(r"\p{Han}{2,4}(?:[ \t]{2,9}\p{Han}{2,4}){2,}", piece) is not None


def _may_be_name(text: str) -> bool:
    name = "".join(text.split())
    if len(name) > 4 and "·" not in name and looks_like_unit(name):
        return False
    return name not in words("roles", "not_names") and name not in words("roles", "roles") and not is_post(name)


@cache
def _label() -> regex.Pattern[str]:
    roles = sorted(words("roles", "roles"), key=len, reverse=True)
    spread = "|".join(r"[ \t]{0,4}".join(regex.escape(char) for char in word) for word in roles)
    number = r"(?:[（]?[一二三四五六七八九十\d]{1,3}[）、.]{1,2}[ \t]{0,4})?"
    group = r"(?:\p{Han}{0,12}?(?:小组|委员会|组委会|指挥部|专班|会议|办公室)[ \t]{0,4})?"
    ranks = "|".join(words("roles", "role_ranks"))
    return regex.compile(
        rf"[ \t]{{0,80}}{number}(?P<role>{group}(?:(?:{ranks})[ \t]{{0,4}})?(?:{spread}))(?:（\p{{Han}}{{1,10}}）)?"
        r"[ \t]{0,8}(?:(?P<colon>：)(?:（\p{Han}{4,14}）)?|(?=\t|[ ]{2}))[ \t]{0,80}"
    )
