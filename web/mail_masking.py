"""Mail addresses of persons, found by scanning outwards from each @: what is not an office's is a person's own.

Which hosts are an office's is data (rules/vocab/mail_hosts.yml and the office's own file of that name)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app, has_app_context

from gongwen import yamlio
from gongwen.errors import RuleError
from gongwen.settings import Settings
from gongwen.text import Span
from gongwen.values.vocab import words

_FILE = "mail_hosts"
_EXTENSION = "gongwen.mail_hosts"
_AT = "@＠﹫"
_INSTEAD = "#＃"
"""Printed for @ against programs that gather addresses (请将#换成@): only before a known private host."""
_MISREAD = frozenset("QO0©®aｅ◎")
"""What a scan may have made of an @."""
_IN_NAME = frozenset("._%+-．＿－")
_GAPS = frozenset(" \t\n\u3000\u00a0")
_MOST_GAPS = 2
_SHOWN_FROM = 3
"""Characters of a name from which its first one is shown."""
_LONGEST_NAME = 64
_LONGEST_HOST = 120
_SHORTEST_TOP = 2


@dataclass(frozen=True, slots=True)
class Address:
    """`name` is what stands before the @, `hidden` the places of it that a mask stars."""

    name: Span
    hidden: tuple[int, ...]


def install(app: Flask, settings: Settings) -> None:
    """The office's own hosts beside ours. Raises RuleError."""
    app.extensions[_EXTENSION] = words(_FILE, "office") + _own(settings)


def private_addresses(text: str) -> Iterator[Address]:
    """In the order of the text. An address counts as private unless its host is known as an office's."""
    for at in _signs(text, _AT + _INSTEAD):
        host = _host_behind(text, at)
        name = _name_before(text, at)
        if not name or _ends_with(host, _offices()) or not (host or _is_cut(text, at)):
            continue
        if text[at] in _AT or _ends_with(host, words(_FILE, "private")):
            hidden = name[1:] if len(name) >= _SHOWN_FROM else name
            yield Address(Span(name[0], name[-1] + 1), tuple(hidden))


def doubtful_addresses(text: str) -> Iterator[Span]:
    """On scans: words with an @ that are no whole address, and names run together with a private host (kepuQqq.com)."""
    found = {one.name for one in private_addresses(text)}
    for at in _signs(text, _AT):
        name = _name_before(text, at)
        if name and Span(name[0], name[-1] + 1) not in found and not _ends_with(_host_behind(text, at), _offices()):
            yield Span(name[0], name[-1] + 1)
    for host in words(_FILE, "private"):
        at = text.find(host)
        while at > 0:
            start = at
            while start and at - start < _LONGEST_NAME and (_is_plain(text[start - 1]) or text[start - 1] in _MISREAD):
                start -= 1
            if start < at and not _begins_site(text, start):
                yield Span(start, at)
            at = text.find(host, at + 1)


def _is_cut(text: str, at: int) -> bool:
    """Whether the text ends in the midst of a host: a snippet of more."""
    return 0 < len(text) - at - 1 < _LONGEST_HOST and all(_is_plain(char) for char in text[at + 1 :])


def _own(settings: Settings) -> tuple[str, ...]:
    path = (settings.rules or Path()) / "vocab" / f"{_FILE}.yml"
    if settings.rules is None or not path.is_file():
        return ()
    found = yamlio.load_file(path)
    told = found.get("office", []) if isinstance(found, dict) else None
    if not isinstance(told, list) or not all(isinstance(one, str) and one for one in told):
        raise RuleError(f"{path}: 应当写成“office: [单位的邮箱域名, …]”")
    return tuple(one.strip(".@").lower() for one in told)


def _offices() -> tuple[str, ...]:
    held = current_app.extensions.get(_EXTENSION) if has_app_context() else None
    return words(_FILE, "office") if held is None else tuple(held)


def _ends_with(host: str, known: tuple[str, ...]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in known)


def _signs(text: str, wanted: str) -> list[int]:
    return sorted(at for sign in wanted if sign in text for at in _places(text, sign))


def _places(text: str, sign: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)


def _name_before(text: str, at: int) -> list[int]:
    """The places of its characters. A gap may stand before the @; a name with letters may be broken over two lines."""
    end = at
    while end and at - end < _MOST_GAPS and text[end - 1] in _GAPS:
        end -= 1
    places: list[int] = []
    broken = False
    place = end - 1
    while place >= 0 and len(places) < _LONGEST_NAME:
        if _is_plain(text[place]):
            places.append(place)
        elif broken or not places or text[place] != "\n" or not _word_ends(text, place):
            break
        else:
            broken = True
        place -= 1
    places.reverse()
    while places and not _is_letter_or_digit(text[places[0]]):
        del places[0]
    return places


def _word_ends(text: str, at: int) -> bool:
    """Whether a word of letters ends here that may be the head of a name: no number, no address of a site."""
    start = at
    while start and at - start < _LONGEST_NAME and _is_plain(text[start - 1]):
        start -= 1
    word = text[start:at]
    return any(char.isalpha() for char in word) and "." not in word and "．" not in word


def _host_behind(text: str, at: int) -> str:
    """In lower case and half width, '' when none stands there. A break may stand where it is not yet whole."""
    start = at + 1
    while start < len(text) and start - at <= _MOST_GAPS and text[start] in _GAPS:
        start += 1
    signs: list[str] = []
    for char in text[start : start + _LONGEST_HOST]:
        if _is_plain(char) or "\u4e00" <= char <= "\u9fff":
            signs.append(_folded(char))
        elif char not in _GAPS or ("." in signs and signs[-1:] != ["."]):
            break
    return _cut_host("".join(signs))


def _cut_host(run: str) -> str:
    """The host at the beginning of a run: labels with dots between; Chinese that follows is the sentence's."""
    kept: list[str] = []
    labels = run.lower().split(".")
    for at, label in enumerate(labels):
        plain = "".join(_leading(label))
        is_chinese = not plain and label.isalnum() and at + 1 < len(labels)
        kept.append(_chinese_top(label) or (label if is_chinese else plain))
        if kept[-1] != label:
            break
    kept = [one for one in kept if one]
    top = kept[-1] if len(kept) > 1 else ""
    return ".".join(kept) if len(top) >= _SHORTEST_TOP and not any(char.isdigit() for char in top) else ""


def _leading(label: str) -> Iterator[str]:
    for char in label:
        if not (char.isascii() and (char.isalnum() or char == "-")):
            return
        yield char


def _chinese_top(label: str) -> str:
    """A top level in Chinese (政务, 公益, 中国)."""
    tops = [one.rpartition(".")[2] for one in words(_FILE, "office")] + ["中国"]
    return next((one for one in tops if not one.isascii() and label.startswith(one)), "")


def _begins_site(text: str, start: int) -> bool:
    """Whether what begins here is the address of a site (www.qq.com, mail.163.com), not a name."""
    return text[start : start + 4].lower() == "www." or text[max(0, start - 1) : start] in {"/", "."}


def _is_plain(char: str) -> bool:
    return _is_letter_or_digit(char) or char in _IN_NAME


def _is_letter_or_digit(char: str) -> bool:
    folded = _folded(char)
    return folded.isascii() and folded.isalnum()


def _folded(char: str) -> str:
    return chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char
