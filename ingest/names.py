"""File names as data: what a person sees of a name, always one line, always storable."""

from __future__ import annotations

import os
import unicodedata


def shown(name: str) -> str:
    """A name from the file system or an upload for show and for the journal. Bytes that are not UTF-8 are read as
    GB18030 when they are that (old Windows archives); control and direction characters become visible escapes."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = os.fsencode(name) if _is_escaped(name) else name.encode("utf-8", "replace")
        try:
            name = raw.decode("gb18030")
        except UnicodeDecodeError:
            name = raw.decode("utf-8", "backslashreplace")
    return "".join(_visible(char) for char in name)


def _is_escaped(name: str) -> bool:
    """Whether all its surrogates stand for bytes, as os.fsdecode makes them."""
    return all(not "\ud800" <= char <= "\udfff" or "\udc80" <= char <= "\udcff" for char in name)


def _visible(char: str) -> str:
    if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp", "Cs"}:
        return char.encode("unicode_escape").decode("ascii")
    return char
