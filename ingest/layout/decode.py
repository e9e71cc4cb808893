"""Bytes to text: byte order mark, UTF-8 strict, GB18030 strict, else refused (dependencies.md §4: 29 of 30 right)."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import regex

from gongwen.errors import SourceError

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WIDE_MARKS = ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"))
_LOST = 0.01
"""More U+FFFD than this and somebody decoded it wrongly before us."""

_STRAY = 8
_ZEROS = 0.01
"""A few NUL in a text are dirt, which cleaning drops; more and it is something else (the sniffer's figures)."""


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, name: str) -> Decoded:
    """The text without its byte order mark; SourceError `encoding` or `binary`."""
    for mark, encoding in (*_WIDE_MARKS, *_MARKS):
        if data.startswith(mark):
            text = _strict(data[len(mark) :], encoding)
            if text is None:
                raise SourceError("encoding", f"{name}: not {encoding} after its byte order mark")
            return _checked(text, encoding, name)
    zeros = data.count(0)
    if zeros > max(_STRAY, _ZEROS * len(data)):
        raise SourceError("binary", f"{name}: {zeros} NUL in {len(data)} bytes")
    text = _strict(data, "utf-8")
    if text is not None:
        return _checked(text, "utf-8", name)
    text = _with_surrogates(data)
    if text is not None:
        return Decoded(text, "utf-8", ("encoding",))
    text = _strict(data, "gb18030")
    if text is not None:
        return _checked(text, "gb18030", name)
    raise SourceError("encoding", f"{name}: neither UTF-8 nor GB18030")


def looks_gb(data: bytes) -> bool:
    """Whether bytes beyond ASCII are the everyday characters of GB 2312: its first level (rows B0 to D7) and its
    punctuation are most of any Chinese text, and of nothing else that is read as GB18030."""
    text = _strict(data, "gb18030")
    if text is None:
        return False
    beyond = regex.sub(r"[\x00-\x7f]+", "", text)[:_SAMPLE]
    usual = sum(_is_usual(char.encode("gb18030")) or char in _MARKS_OF_GB for char in beyond)
    return bool(beyond) and usual >= _USUAL * len(beyond)


_SAMPLE = 10_000


def _is_usual(char: bytes) -> bool:
    """Of the first level of GB 2312."""
    return len(char) == 2 and 0xB0 <= char[0] <= 0xD7 and char[1] >= 0xA1


_MARKS_OF_GB = frozenset("　、。·—…‘’“”〔〕〈〉《》「」『』【】×℃°！（），：；？％０１２３４５６７８９")
_USUAL = 0.8


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


_SURROGATE = regex.compile(r"[\ud800-\udfff]")


def _with_surrogates(data: bytes) -> str | None:
    """UTF-8 as some programs write it: signs beyond the first plane as two surrogates, each on its own. A few lone
    ones stay for cleaning."""
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text if len(_SURROGATE.findall(text)) <= max(_STRAY, _LOST * len(text)) else None


def _checked(text: str, encoding: str, name: str) -> Decoded:
    lost = text.count("\ufffd")
    if not lost:
        return Decoded(text, encoding)
    if lost > _LOST * len(text):
        raise SourceError("encoding", f"{name}: {lost} replacement characters in {len(text)}")
    return Decoded(text, encoding, ("encoding",))
