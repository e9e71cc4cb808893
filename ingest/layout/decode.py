"""Bytes to text: byte order mark, UTF-8 strict, GB18030 strict, else refused (dependencies.md §4: 29 of 30 right)."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from gongwen.errors import SourceError

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WIDE_MARKS = ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"))
_LOST = 0.01
"""More U+FFFD than this and somebody decoded it wrongly before us."""


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
    if b"\0" in data:
        raise SourceError("binary", f"{name}: NUL at byte {data.index(0)}")
    for encoding in ("utf-8", "gb18030"):
        text = _strict(data, encoding)
        if text is not None:
            return _checked(text, encoding, name)
    raise SourceError("encoding", f"{name}: neither UTF-8 nor GB18030")


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _checked(text: str, encoding: str, name: str) -> Decoded:
    lost = text.count("\ufffd")
    if not lost:
        return Decoded(text, encoding)
    if lost > _LOST * len(text):
        raise SourceError("encoding", f"{name}: {lost} replacement characters in {len(text)}")
    return Decoded(text, encoding, ("encoding",))
