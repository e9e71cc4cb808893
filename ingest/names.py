"""File names as data: what a person sees of a name, always one line, always storable."""

from __future__ import annotations

import os
import unicodedata

_SYSTEM_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "autorun.inf", "icon\r"})
"""What Windows and macOS leave in folders beside the hidden files; nobody means them."""
_SYSTEM_FOLDERS = frozenset({"__macosx"})
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
_MOST = 400
"""Characters of a member's name that are kept, counted from its end."""


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


def is_left_over(name: str) -> bool:
    """Hidden files, Office lock files and what systems leave in folders: passed over without a word."""
    return name.startswith((".", "~$")) or name.lower() in _SYSTEM_FILES


def is_left_over_member(label: str) -> bool:
    """As `is_left_over` for a path inside an archive, which may pack a whole folder of them."""
    *folders, name = label.split("/")
    return is_left_over(name) or any(one.lower() in _SYSTEM_FOLDERS for one in folders)


def member_label(name: str) -> str:
    """What a member of an archive or a mail is called: for show and for its extension, never a path to write to.
    Drives, `..`, leading slashes and control characters do not survive."""
    seen = "".join(char for char in name.replace("\\", "/") if unicodedata.category(char) not in _UNSEEN)
    parts = [shown(part).replace("\\", "_").strip() for part in seen.split("/")]
    if parts and len(parts[0]) == 2 and parts[0].endswith(":"):
        parts = parts[1:]
    kept = [part for part in parts if part not in ("", ".", "..")]
    return "/".join(kept)[-_MOST:].lstrip("/") or "未命名"


def _is_escaped(name: str) -> bool:
    """Whether all its surrogates stand for bytes, as os.fsdecode makes them."""
    return all(not "\ud800" <= char <= "\udfff" or "\udc80" <= char <= "\udcff" for char in name)


def _visible(char: str) -> str:
    if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp", "Cs"}:
        return char.encode("unicode_escape").decode("ascii")
    return char
