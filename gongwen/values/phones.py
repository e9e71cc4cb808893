"""Telephone numbers, mail addresses and web addresses in text (domain.md §7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import regex

from gongwen.text import Span, fold_width
from gongwen.values.days import make_day

PhoneKind = Literal["local", "mobile", "service"]


@dataclass(frozen=True, slots=True)
class PhoneMatch:
    """`text` is the number as printed with gaps closed, with its extension; `fax`: it also takes fax (（兼传真）).
    The span holds the number alone."""

    span: Span
    text: str
    kind: PhoneKind
    fax: bool = False


@dataclass(frozen=True, slots=True)
class TextMatch:
    span: Span
    text: str


_G = r"[ \t]?"
_MOBILE = rf"(?:\+?86{_G}-?{_G})?1[3-9]\d(?:(?P<gap>[ -])\d{{4}}(?P=gap)\d{{4}}|\d{{8}})"
_SERVICE = r"[48]00[ -]?\d{3,4}[ -]?\d{3,4}"
_AREA = rf"(?:（{_G}0\d{{2,3}}{_G}）|0\d{{2,3}}){_G}(?:-{{1,2}}|—{{1,2}})?{_G}"
_LINE = r"[2-9]\d{6,7}"
_EXTENSION = r"(?P<ext>[ \t]?(?:转|分机|-|—|\*)[ \t]?\d{1,5}(?!\d))?"
_JOINED = r"(?=1[3-9]\d{9}(?!\d))"
"""A mobile number that follows at once: a scan or a copy has lost the gap, and only one cut gives two whole numbers."""
_PHONE = regex.compile(
    rf"(?:(?<![\dA-Za-z.@_+]|\d[-—]|[\dA-Za-z]{{9}}/)|(?<={_AREA}{_LINE}){_JOINED})"
    rf"(?:(?P<local>(?P<area>{_AREA}){_LINE}){_JOINED}"
    rf"|(?:(?P<mobile>{_MOBILE})|(?P<service>{_SERVICE})|(?P<local>(?P<area>{_AREA})?{_LINE}){_EXTENSION})"
    rf"(?![\dA-Za-z@_%‰]|[-.—]\d|/\d{{1,6}}(?!\d)))"
)
_HOTLINE = regex.compile(r"(?<![\dA-Za-z/.@_-])(?:1[12]\d{3}|9[5-9]\d{3,4})(?![\dA-Za-z@_%./-]|\s?[元万亿人次个])")
_AMOUNT = regex.compile(r"[ \t]?(?:元|万|亿|人(?!员)|次|个|项|份|册|号|年|公里|平方|千|吨|条|辆|台|户|家|场|篇)")
_OTHER = regex.compile(
    r"(?i)(?:QQ群?号?|群号|微信号?|账号|帐号|账户|卡号|邮编|邮政编码|编号|代码|备案?号?|索引号|证号?|信用代码|ISBN|第)[^\n\d]{0,4}\Z"
)
_LABEL = regex.compile(
    r"(?:电\s{0,4}话|热\s{0,4}线|手\s{0,4}机|传\s{0,4}真|联系方式|联系人|号码|拨打|致电|Tel)[^。；\n]{0,40}\Z"
)
_FAX_NOTE = regex.compile(r"[ \t]?（[ \t]?(?:兼|带|含|及|同|电话/)?传真(?:同号)?[ \t]?）")
_NEAR = 48
_JOINT = regex.compile(r"[\s、，；/（和或]{1,6}\Z")


def find_phones(text: str, *, labelled: bool = False) -> list[PhoneMatch]:
    """Telephone numbers. A bare local number (7 or 8 digits) counts only behind a word for telephone or beside
    another number, unless the whole text is known to tell numbers (`labelled`)."""
    folded = fold_width(text)
    spots = [match for match in _PHONE.finditer(folded) if _is_phone(folded, match)]
    sure = [labelled or _is_sure(folded, match) for match in spots]
    beside = [_JOINT.fullmatch(folded[a.end() : b.start()]) is not None for a, b in pairwise(spots)]
    for at, joined in enumerate(beside):
        sure[at + 1] = sure[at + 1] or (joined and sure[at])
    for at in reversed(range(len(beside))):
        sure[at] = sure[at] or (beside[at] and sure[at + 1])
    found = [_phone(text, folded, match) for match, good in zip(spots, sure, strict=True) if good]
    if labelled:
        taken = {at for one in found for at in range(one.span.start, one.span.end)}
        found += [_hotline(match) for match in _HOTLINE.finditer(folded) if match.start() not in taken]
        found.sort(key=lambda one: one.span)
    return found


def _is_phone(folded: str, match: regex.Match[str]) -> bool:
    before = folded[max(0, match.start() - _NEAR) : match.start()]
    return _is_plausible(match) and not _OTHER.search(before) and not _AMOUNT.match(folded, match.end())


def _is_sure(folded: str, match: regex.Match[str]) -> bool:
    if match["local"] is None or match["area"] is not None:
        return True
    return _LABEL.search(folded[max(0, match.start() - _NEAR) : match.start()]) is not None


def _is_plausible(match: regex.Match[str]) -> bool:
    if match["local"] is None:
        return match["service"] is None or sum(char.isdigit() for char in match["service"]) == 10
    digits = match["local"]
    if match["area"] is None:
        return len(digits) != 8 or make_day(int(digits[:4]), int(digits[4:6]), int(digits[6:])) is None
    area = "".join(char for char in match["area"] if char.isdigit())
    return area[1] != "0" and (len(area) == 4 or area[:2] in {"01", "02"})


def _phone(text: str, folded: str, match: regex.Match[str]) -> PhoneMatch:
    kind: PhoneKind = "mobile" if match["mobile"] else ("service" if match["service"] else "local")
    span = Span(*match.span())
    fax = _FAX_NOTE.match(folded, span.end) is not None
    plain = "".join(new if new.isascii() and not old.isspace() else old for old, new in _pairs(text, folded, span))
    return PhoneMatch(span, "".join(plain.split()) if kind == "local" else plain, kind, fax)


def _pairs(text: str, folded: str, span: Span) -> Iterator[tuple[str, str]]:
    """The number's characters as printed and folded."""
    return zip(span.of(text), span.of(folded), strict=True)


def _hotline(match: regex.Match[str]) -> PhoneMatch:
    return PhoneMatch(Span(*match.span()), match.group(), "service")


_EMAIL = regex.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}+\s?@\s?"
    r"(?:[A-Za-z0-9][A-Za-z0-9-]{0,40}+\.){1,5}[A-Za-z]{2,12}(?![A-Za-z0-9])"
)
_URL = regex.compile(r"(?i)(?:https?://|(?<![A-Za-z0-9./@-])www\.)[A-Za-z0-9._~:/?#@!$&'*+,;=%-]{2,500}+")


def find_emails(text: str) -> list[TextMatch]:
    """Mail addresses, gaps around @ closed."""
    folded = fold_width(text)
    return [TextMatch(Span(*m.span()), "".join(m.group().split())) for m in _EMAIL.finditer(folded)]


def find_urls(text: str) -> list[TextMatch]:
    """Web addresses, without the punctuation of the sentence after them."""
    found: list[TextMatch] = []
    for match in _URL.finditer(text):
        address = match.group().rstrip(".,;:!?'*")
        found.append(TextMatch(Span(match.start(), match.start() + len(address)), address))
    return found
