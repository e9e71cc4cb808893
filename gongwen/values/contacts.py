"""Whom to ask: contact blocks read into persons, numbers and addresses (domain.md §7, §12 F)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

import regex

from gongwen.text import Span, close_gaps, fold_width
from gongwen.values.contact_persons import FOREIGN_NAME, TITLED, ContactPerson, find_persons
from gongwen.values.people import looks_like_name
from gongwen.values.phones import PhoneMatch, TextMatch, find_emails, find_phones, find_urls
from gongwen.values.units import looks_like_unit
from gongwen.values.vocab import words

__all__ = [
    "Contact",
    "PhoneMatch",
    "TextMatch",
    "find_contacts",
    "find_emails",
    "find_phones",
    "find_urls",
    "parse_contact_block",
]

LabelKind = Literal["name", "both", "phone", "phone_fax", "fax", "email", "address", "other"]
_KINDS: tuple[LabelKind, ...] = ("both", "phone_fax", "name", "phone", "fax", "email", "address", "other")


@dataclass(frozen=True, slots=True)
class Contact:
    """One person or unit to ask. `spans` are offsets into the given text by path (name, unit, phones/0, fax, email,
    address); a number that several persons share is given to each with the same span."""

    name: str | None = None
    unit: str | None = None
    phones: tuple[str, ...] = ()
    fax: str | None = None
    email: str | None = None
    address: str | None = None
    spans: tuple[tuple[str, Span], ...] = ()


@dataclass(slots=True)
class _Group:
    """Persons who share what is printed behind them."""

    persons: list[ContactPerson] = field(default_factory=list)
    phones: list[PhoneMatch] = field(default_factory=list)
    fax: list[tuple[str, Span]] = field(default_factory=list)
    email: list[TextMatch] = field(default_factory=list)
    address: list[tuple[str, Span]] = field(default_factory=list)
    end: int = 0
    source: int = -1
    """Where the name label stands that its persons came from."""

    def has_values(self) -> bool:
        return bool(self.phones or self.fax or self.email or self.address)


@dataclass(frozen=True, slots=True)
class _Field:
    kind: LabelKind
    start: int
    value: Span


def parse_contact_block(lines: Sequence[str]) -> list[Contact]:
    """The contacts in a few lines that tell them; spans are offsets into the lines joined by line breaks."""
    return find_contacts("\n".join(lines))


def find_contacts(text: str) -> list[Contact]:
    """All contacts that labels announce (联系人：…, 联系电话：…). Two lists of equal length are paired in order; else
    every person gets every number. The same person told twice is one contact."""
    folded = fold_width(text)
    groups: list[_Group] = []
    for one in _fields(folded):
        if groups and one.start - groups[-1].end > _APART:
            groups.append(_Group())
        _read_field(text, folded, one, groups)
    _share_last_line(folded, groups)
    found = _merged(contact for group in groups for contact in _contacts(group))
    told = {span for contact in found for _, span in contact.spans}
    mails = [mail for mail in find_emails(text) if mail.span not in told]
    loose = [mail for mail in mails if _SENT_TO.search(folded, max(0, mail.span.start - 40), mail.span.start)]
    return found + [Contact(email=mail.text, spans=(("email", mail.span),)) for mail in loose]


_SENT_TO = regex.compile(rf"(?:{'|'.join(words('contact_persons', 'sent'))})[^。；，\n]{{0,20}}\Z")
"""What stands in front of an address without a label where papers are to be sent."""
_BEHIND = regex.compile(r"（[^（）]{2,40}）")
_APART = 160  # characters between two labels beyond which they no longer tell of one contact
_LONGEST_VALUE = 200


@cache
def _labels() -> regex.Pattern[str]:
    def choice(kind: str) -> str:
        names = words("contact_labels", kind)
        return "|".join(r"[ \t]{0,4}".join(regex.escape(char) for char in fold_width(name)) for name in names)

    marked = "|".join(rf"(?P<{kind}>{choice(kind)})" for kind in _KINDS)
    open_kinds = "|".join(rf"(?P<{kind}_>{choice(kind)})" for kind in ("phone", "fax", "email"))
    return regex.compile(
        rf"(?<![A-Za-z])(?:(?:{marked})[ \t]{{0,4}}(?:（[^（）：]{{1,12}}）)?[ \t]{{0,2}}："
        rf"|(?:{open_kinds})[ \t]{{0,4}}(?=[+（]?[0-9A-Za-z]))"
    )


def _fields(folded: str) -> list[_Field]:
    """Labels with what stands behind them, up to the next label; a name that stands before its number without a
    label (会务组：林若溪，电话：…; 何　立　5550123) counts as labelled."""
    starts: list[tuple[int, int, LabelKind]] = []
    for match in _labels().finditer(folded):
        kind = next(kind for kind in _KINDS if kind == (match.lastgroup or "").rstrip("_"))
        starts.append((match.start(), match.end(), kind))
    named = [value for start, value, kind in starts if kind in {"name", "both"}]
    starts += [(match.start("unit"), match.start("unit"), "name") for match in _OFFICE_LINE.finditer(folded)]
    for match in _unlabelled().finditer(folded):
        at = match.start("name")
        behind = folded[:at].rstrip(" \t")[-1:]
        told = behind != "：" and any(value <= at and "\n" not in folded[value:at].strip() for value in named)
        if not told and any(_is_person(name) for name in match["names"].split("、")):
            starts.append((at, at, "name"))
    starts.sort()
    fields: list[_Field] = []
    for at, (start, value, kind) in enumerate(starts):
        stop = starts[at + 1][0] if at + 1 < len(starts) else len(folded)
        fields.append(_Field(kind, start, Span(value, max(value, min(stop, value + _LONGEST_VALUE)))))
    return fields


_SPREAD = r"\p{Han}[ \t]{1,4}\p{Han}(?:[ \t]{1,4}\p{Han}(?!\p{Han}))?"
_PLAIN_NAME = rf"{FOREIGN_NAME.pattern}|{_SPREAD}|\p{{Han}}{{2,3}}"
_OFFICES = "|".join(words("contact_persons", "offices"))
_OFFICE_LINE = regex.compile(
    rf"(?:(?<=[\n；。，]|\d[ \t]{{1,8}}|\n[ \t]{{1,8}})|\A)(?P<unit>\p{{Han}}{{2,12}}(?:{_OFFICES}))"
    r"[ \t]{0,4}(?:：[ \t]{0,4}|[ \t]{1,8})(?=(?:（?0\d{2,3}）?[- —]{0,2})?[2-8]\d{6,7}(?!\d))"
)
"""市直管理部：5550101、5550102: an office and its numbers."""


@cache
def _unlabelled() -> regex.Pattern[str]:
    phones = "|".join(regex.escape(fold_width(name)) for name in words("contact_labels", "phone"))
    return regex.compile(
        r"(?:(?<=[：；。\n（，]|(?:[：；。\n，]|\A)[ \t]{0,8}(?:\p{Han}{3,20}[ \t]{1,20}){1,2})|\A)[ \t]{0,8}"
        rf"(?P<names>(?P<name>{_PLAIN_NAME})(?:[ \t]{{0,4}}、[ \t]{{0,4}}(?:{_PLAIN_NAME})){{0,4}})"
        r"[ \t]{0,12}(?:（[^（）\d\n]{1,12}）[ \t]{0,4}\n?[ \t]{0,8}|[，（：][ \t]{0,2})?"
        rf"(?=(?:{phones})[ \t]{{0,2}}[：0-9]|(?:0\d{{2,3}}[- —]{{0,2}})?[2-8]\d{{6,7}}(?!\d)|1[3-9]\d{{9}}(?!\d))"
    )


def _is_person(name: str) -> bool:
    return looks_like_name(name) or TITLED.fullmatch("".join(name.split())) is not None


def _read_field(text: str, folded: str, one: _Field, groups: list[_Group]) -> None:
    if one.kind == "other":
        return
    if not groups:
        groups.append(_Group())
    if one.kind == "address":
        _read_address(text, folded, one, groups)
        return
    if one.kind in {"name", "both"}:
        if groups[-1].persons and groups[-1].has_values():
            groups.append(_Group())
        _unit_before(folded, one, groups[-1])
        groups[-1].source = one.start
    marks = _marks(text, folded, one)
    at = one.value.start
    for span, mark in (*marks, (Span(one.value.end, one.value.end), None)):
        loose = folded[at : span.start]
        if groups[-1].phones and not groups[-1].persons and (told := _BEHIND.match(loose)):
            groups[-1].persons = find_persons(folded, at, told.group(), first=False)
            at, loose = at + told.end(), loose[told.end() :]
        persons = find_persons(folded, at, loose, first=at == one.value.start and one.kind in {"name", "both"})
        if persons and _BEHIND.match(loose) and groups[-1].phones and not groups[-1].persons:
            groups[-1].persons = persons  # 5550101（林老师）
            persons = []
        if persons and groups[-1].persons and groups[-1].has_values():
            groups.append(_Group(source=groups[-1].source))
        _add(groups[-1], persons)
        if mark is not None:
            _unit_before(folded, one, groups[-1])
            _keep(groups[-1], one.kind, mark)
        groups[-1].end = max(groups[-1].end, span.end if mark else at)
        at = span.end
        if regex.search(r"\n\s*\n", loose) and not persons and mark is None:
            break


def _add(group: _Group, persons: list[ContactPerson]) -> None:
    """A unit told alone is that of the person told next (市教育局联系人：林若溪)."""
    if group.persons and persons and group.persons[-1].name is None and persons[0].unit is None:
        unit = group.persons.pop()
        persons = [ContactPerson(persons[0].name, unit.unit, persons[0].name_span, unit.unit_span), *persons[1:]]
    group.persons += persons


def _marks(text: str, folded: str, one: _Field) -> list[tuple[Span, PhoneMatch | TextMatch | None]]:
    """Numbers and mail addresses in the value, in order. A number far behind the label's line is not its own."""
    value = one.value.of(text)
    stop = regex.search(r"\n\s*\n\s*\n|。\s*\n", fold_width(value))
    if stop is not None and one.kind not in {"both", "name"}:
        value = value[: stop.start() + 1]
    mails = find_emails(value)
    phones = [
        phone
        for phone in find_phones(value, labelled=one.kind in {"both", "phone", "phone_fax", "fax", "name"})
        if not any(mail.span.overlaps(phone.span) for mail in mails)
    ]
    found: list[tuple[Span, PhoneMatch | TextMatch | None]] = []
    marks: list[PhoneMatch | TextMatch] = [*mails, *phones]
    for mark in sorted(marks, key=lambda mark: mark.span):
        span = mark.span.shifted(one.value.start)
        found.append((span, replace(mark, span=span)))
    return found


def _keep(group: _Group, kind: LabelKind, mark: PhoneMatch | TextMatch) -> None:
    if isinstance(mark, TextMatch):
        group.email.append(mark)
    elif kind == "fax":
        group.fax.append((mark.text, mark.span))
    else:
        group.phones.append(mark)
        if mark.fax or kind == "phone_fax":
            group.fax.append((mark.text, mark.span))


def _read_address(text: str, folded: str, one: _Field, groups: list[_Group]) -> None:
    match = _ADDRESS.match(folded, one.value.start, one.value.end)
    span = Span(*match.span("address")) if match else one.value
    if match is None or len(span) < 4 or not regex.search(r"\p{Han}", span.of(folded)):
        return
    if groups[-1].address and groups[-1].has_values():
        groups.append(_Group())
    _unit_before(folded, one, groups[-1])
    groups[-1].address.append((close_gaps(span.of(text)), span))
    groups[-1].end = span.end


_ADDRESS = regex.compile(r"\s{0,4}(?P<address>[^。；\n，（）]{2,100}(?:（[^（）]{1,20}）[^。；\n，（）]{1,60})?)")
_CARRIED = regex.compile(rf".*(?:{'|'.join(words('contact_persons', 'carried'))})(?=\p{{Han}}{{3}})")
_HEAD = regex.compile(
    r"(?P<unit>\p{Han}{4,40})\s{0,2}（[^（）]{0,160}\Z"
    r"|(?:^|[\n；。])\s{0,40}(?P<line>\p{Han}{3,40})(?P<gap>\s{0,4}[，：]?\s{0,4})\Z"
)


def _unit_before(folded: str, one: _Field, group: _Group) -> None:
    """The unit in front of the bracket or at the head of the line, when no person is told before."""
    if group.persons or group.has_values():
        return
    base = max(0, one.start - _LONGEST_VALUE)
    match = _HEAD.search(folded[base : one.start])
    if match is None or (one.kind in {"name", "both"} and (match["unit"] or match["gap"])):
        return
    kind = "unit" if match["unit"] else "line"
    start, end = match.span(kind)
    cut = _CARRIED.match(match[kind])
    start += cut.end() if cut else 0
    span = Span(base + start, base + end)
    if looks_like_unit(span.of(folded)):
        group.persons.append(ContactPerson(None, span.of(folded), None, span))


def _share_last_line(folded: str, groups: list[_Group]) -> None:
    """A mail address on a line of its own behind several persons with their own numbers is for all of them."""
    for last, before in zip(reversed(groups), reversed(groups[:-1]), strict=False):
        if last.source != before.source or last.source < 0 or before.email or len(last.email) != 1 or not last.phones:
            continue
        mail = last.email[0]
        if last.phones[-1].span.end <= mail.span.start and "\n" in folded[last.phones[-1].span.end : mail.span.start]:
            before.email = [mail]


def _contacts(group: _Group) -> list[Contact]:
    if not (group.phones or group.fax or group.email or any(person.name for person in group.persons)):
        return []
    persons = group.persons or [ContactPerson(None, None, None, None)]
    paired = len(persons) > 1 and len(persons) == len(group.phones)
    mails = len(persons) > 1 and len(persons) == len(group.email)
    out: list[Contact] = []
    for at, person in enumerate(persons):
        phones = [group.phones[at]] if paired else group.phones
        email = group.email[at : at + 1] if mails else group.email[:1]
        out.append(_contact(person, phones, group.fax[:1], email, group.address[:1]))
    return out


def _contact(
    person: ContactPerson,
    phones: Sequence[PhoneMatch],
    fax: Sequence[tuple[str, Span]],
    email: Sequence[TextMatch],
    address: Sequence[tuple[str, Span]],
) -> Contact:
    spans: list[tuple[str, Span]] = []
    if person.name_span:
        spans.append(("name", person.name_span))
    if person.unit_span:
        spans.append(("unit", person.unit_span))
    spans += [(f"phones/{at}", phone.span) for at, phone in enumerate(phones)]
    spans += [("fax", span) for _, span in fax] + [("email", mail.span) for mail in email]
    spans += [("address", span) for _, span in address]
    return Contact(
        person.name,
        person.unit,
        tuple(phone.text for phone in phones),
        fax[0][0] if fax else None,
        email[0].text if email else None,
        address[0][0] if address else None,
        tuple(spans),
    )


def _merged(contacts: Iterable[Contact]) -> list[Contact]:
    """The same person told twice becomes one contact with all that is told of them."""
    out: list[Contact] = []
    for one in contacts:
        at = next((at for at, other in enumerate(out) if one.name and one.name == other.name), None)
        if at is None:
            out.append(one)
        else:
            out[at] = _union(out[at], one)
    return out


def _union(first: Contact, second: Contact) -> Contact:
    phones, spans = list(first.phones), list(first.spans)
    told = dict(second.spans)
    for at, phone in enumerate(second.phones):
        if phone not in phones:
            spans.append((f"phones/{len(phones)}", told[f"phones/{at}"]))
            phones.append(phone)
    for key in ("unit", "fax", "email", "address"):
        if getattr(first, key) is None and getattr(second, key) is not None:
            spans.append((key, told[key]))
    return Contact(
        first.name,
        first.unit or second.unit,
        tuple(phones),
        first.fax or second.fax,
        first.email or second.email,
        first.address or second.address,
        tuple(spans),
    )
