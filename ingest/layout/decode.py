"""Bytes to text: byte order mark, UTF-8, GB18030 or Big5 by what everyday Chinese looks like, else refused."""

from __future__ import annotations

import codecs
from collections.abc import Callable
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
    """The text without its byte order mark; SourceError `encoding` or `binary`. A few bad bytes cost their characters
    (`lost_characters`), not the paper."""
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
        return _decode_gb(data, name) if _is_gb_by_chance(text, data) else _checked(text, "utf-8", name)
    text = _with_surrogates(data) or _mostly_utf8(data)
    return Decoded(text, "utf-8", ("lost_characters",)) if text else _decode_gb(data, name)


def says_something(data: bytes) -> bool:
    """Whether its head has words of another script than Latin, markup aside. 404 Not Found, a stub of a version
    control and what is left of a PDF without its head are Latin throughout."""
    try:
        decoded = decode(data[:_HEAD], "head")
    except SourceError:
        return False
    text = _TAG.sub("", decoded.text)
    return "encoding" not in decoded.warnings and len(_WORDS.findall(text)) >= _LEAST_WORDS


_HEAD = 64 * 1024
_TAG = regex.compile(r"<[^<>]{0,2000}>")
_WORDS = regex.compile(r"[\p{L}--\p{Latin}]", regex.V1)
_LEAST_WORDS = 2


def _decode_gb(data: bytes, name: str) -> Decoded:
    """GB18030, or Big5 where that is the more usual Chinese: most bytes of the one are characters of the other."""
    text = _strict(data, "gb18030")
    if text is not None and looks_gb(data):
        return _checked(text, "gb18030", name)
    other = _strict(data, "big5")
    if other is not None and _usual_share(other, "big5", _is_usual_big5) >= _USUAL:
        return Decoded(other, "big5")
    if text is not None:
        is_doubtful = _usual_share(text, "gb18030", _is_usual) < _DOUBTFUL
        return Decoded(text, "gb18030", ("encoding",)) if is_doubtful else _checked(text, "gb18030", name)
    text = data.decode("gb18030", "replace")
    lost = text.count("\ufffd")
    if lost <= max(_STRAY, _LOST * len(text)) < len(text) and _usual_share(text, "gb18030", _is_usual) >= _USUAL:
        return Decoded(text, "gb18030", ("lost_characters",))
    raise SourceError("encoding", f"{name}: neither UTF-8 nor GB18030")


def _is_gb_by_chance(text: str, data: bytes) -> bool:
    """Whether valid UTF-8 is a short text in GB18030 all the same: 通知 is. All Chinese in UTF-8 has signs of three
    bytes; signs of two bytes that are usual in GB and belong to several scripts, or are marks upon nothing, say
    nothing in UTF-8."""
    if text.isascii() or len(text) > _BY_CHANCE or any(char >= "\u0800" for char in text):
        return False
    scripts = sum(script.search(text) is not None for script in _TWO_BYTE_SCRIPTS)
    return (scripts > 1 or _BARE_MARK.search(text) is not None) and looks_gb(data)


_BY_CHANCE = 200
"""Characters beyond which no Chinese text in GB18030 is valid UTF-8 throughout."""
_TWO_BYTE_SCRIPTS = tuple(
    regex.compile(rf"[\p{{{name}}}--\p{{ASCII}}]", regex.V1)
    for name in ("Latin", "Greek", "Cyrillic", "Armenian", "Hebrew", "Arabic", "Syriac", "Thaana", "Nko")
)
_BARE_MARK = regex.compile(r"(?:\A|[^\p{L}\p{M}])\p{M}|\p{Cn}")


def _mostly_utf8(data: bytes) -> str | None:
    """UTF-8 with a few bad bytes: a title cut within a character, a flipped bit."""
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    if lost > max(_STRAY, _LOST * len(text)):
        return None
    sound = sum(char >= "\u0800" for char in text) - lost
    return text if sound >= 4 * lost else None


def looks_gb(data: bytes) -> bool:
    """Whether bytes beyond ASCII are the everyday characters of GB 2312: its first level (rows B0 to D7) and its
    punctuation are most of any Chinese text, and of nothing else that is read as GB18030."""
    text = _strict(data, "gb18030")
    return text is not None and _usual_share(text, "gb18030", _is_usual) >= _USUAL


def _usual_share(text: str, encoding: str, is_usual: Callable[[bytes], bool]) -> float:
    """How much of what is not ASCII is everyday Chinese; 0 where all is ASCII."""
    beyond = regex.sub(r"[\x00-\x7f\ufffd]+", "", text)[:_SAMPLE]
    usual = sum(char in _MARKS_OF_GB or is_usual(char.encode(encoding, "replace")) for char in beyond)
    return usual / len(beyond) if beyond else 0.0


_SAMPLE = 10_000


def _is_usual(char: bytes) -> bool:
    """Of the first level of GB 2312."""
    return len(char) == 2 and 0xB0 <= char[0] <= 0xD7 and char[1] >= 0xA1


def _is_usual_big5(char: bytes) -> bool:
    """Of the characters in daily use, which come first in Big5."""
    return len(char) == 2 and 0xA4 <= char[0] <= 0xC6


_MARKS_OF_GB = frozenset("　、。·—…‘’“”〔〕〈〉《》「」『』【】×℃°！（），：；？％０１２３４５６７８９")
_USUAL = 0.8
_DOUBTFUL = 0.5
"""Less everyday Chinese than this and it is likely no Chinese at all."""


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
    return Decoded(text, encoding, ("lost_characters",))
