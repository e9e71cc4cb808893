"""Mobile numbers and private mail addresses are personal data: shown as 139****0001 and k***@qq.com unless the paper is
public or the reader asks.

Masks keep the length, so every span stays where it was. No patterns here: scans over the signs, linear in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongwen.text import Span
from web.mail_masking import doubtful_addresses, private_addresses

PUBLIC = frozenset({"主动公开", "此件公开", "此件公开发布", "此件主动公开", "此件主动公开发布"})
"""How a paper says that anyone may read it, in the imprint or below its date."""

COVERED = "手机号码只显示前三位和后四位，私人邮箱只显示第一个字符和域名。"
"""What tables say of it."""

_LENGTH = 11
_HIDDEN = range(3, 7)


def is_public(disclosure: str | None) -> bool:
    """Whether a paper may be shown unmasked. One that says nothing counts as internal."""
    return disclosure in PUBLIC


def mask(text: str) -> str:
    """The text with the middle digits of every mobile number starred, printed gaps (139 0000 0001) seen through, and
    what stands before the @ of an address that is not an office's."""
    starred = [places[which] for places in _numbers(text) for which in _HIDDEN]
    starred += [place for one in private_addresses(text) for place in one.hidden]
    if not starred:
        return text
    chars = list(text)
    for place in starred:
        chars[place] = "*"
    return "".join(chars)


def masked_spans(text: str) -> list[Span]:
    """Where the numbers stand that `mask` stars, each from its first digit to its last, and the names of addresses."""
    numbers = [Span(places[0], places[-1] + 1) for places in _numbers(text)]
    return numbers + [one.name for one in private_addresses(text)]


def doubtful_spans(text: str, *, scanned: bool) -> list[Span]:
    """Where a number may be printed that the text does not give as one: signs that nobody could read and, on scans,
    what is nearly a mobile number (1390000O123, a digit lost or added) or a mail address. Text hides nothing there,
    but the print of the page would show what it is."""
    found: list[Span] = list(doubtful_addresses(text)) if scanned else []
    start: int | None = None
    for at, char in enumerate(f"{text}\n"):
        if char in _LIKE_DIGITS or char == _UNREAD or (start is not None and char in _BETWEEN):
            start = at if start is None else start
            continue
        if start is not None and _may_be_number(text[start:at], scanned=scanned):
            found.append(Span(start, at))
        start = None
    return found


_LIKE_DIGITS = frozenset("0123456789０１２３４５６７８９OoDQIl|!iZzSsBGgq")
_LIKE_ONE = frozenset("1１Il|!i")
_BETWEEN = frozenset(" -\u3000－–")
_UNREAD = "\ufffd"
_NEARLY = range(_LENGTH - 1, _LENGTH + 2)
_SURE_DIGITS = 7


def _may_be_number(text: str, *, scanned: bool) -> bool:
    signs = [char for char in text if char not in _BETWEEN]
    if sum(char == _UNREAD for char in signs) >= _SURE_DIGITS:
        return True
    digits = sum(_is_digit(char) for char in signs)
    return scanned and len(signs) in _NEARLY and signs[0] in _LIKE_ONE and digits >= _SURE_DIGITS


def _numbers(text: str) -> Iterator[list[int]]:
    """The places of the digits of each mobile number."""
    if "1" not in text and "１" not in text:
        return
    after = 0
    for at, char in enumerate(text):
        if char not in "1１" or at < after or not _may_begin(text, at):
            continue
        places = _mobile(text, at)
        if places is not None:
            yield places
            after = places[-1] + 1


def _may_begin(text: str, at: int) -> bool:
    return not at or not _is_digit(text[at - 1]) or _after_country_code(text, at)


_ADDRESSES = frozenset({"id", "within"})
"""Keys whose hexadecimal values may happen to look like a number."""


def mask_all(found: Any) -> Any:
    """Plain data (dict, list, str, …) with every string masked."""
    if isinstance(found, str):
        return mask(found)
    if isinstance(found, dict):
        return {key: value if key in _ADDRESSES else mask_all(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [mask_all(one) for one in found]
    return found


def _is_digit(char: str) -> bool:
    return "0" <= char <= "9" or "０" <= char <= "９"


def _value(char: str) -> str:
    return char if char <= "9" else chr(ord(char) - 0xFEE0)


def _after_country_code(text: str, at: int) -> bool:
    """Whether just 86 (or 0086) stands before `at`."""
    if text[at - 1] not in "6６":
        return False
    before = ""
    while at and _is_digit(text[at - 1]) and len(before) < 5:
        at -= 1
        before = _value(text[at]) + before
    return before in {"86", "0086"}


def _mobile(text: str, start: int) -> list[int] | None:
    """The places of eleven digits that begin here and are a mobile number; a gap may stand after the third and the
    seventh digit, a line break anywhere."""
    places: list[int] = []
    at = start
    while len(places) < _LENGTH and at < len(text):
        char = text[at]
        if _is_digit(char):
            places.append(at)
        elif not _is_gap(text, at, len(places)):
            return None
        at += 1
    if len(places) < _LENGTH or (at < len(text) and _is_digit(text[at])):
        return None
    first, second = _value(text[places[0]]), _value(text[places[1]])
    return places if first == "1" and "3" <= second <= "9" else None


def _is_gap(text: str, at: int, seen: int) -> bool:
    if not seen or not _is_digit(text[at - 1]):
        return False
    return text[at] == "\n" or (seen in {3, 7} and text[at] in " -\u3000\u00a0－–")
