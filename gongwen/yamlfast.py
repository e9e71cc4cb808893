"""The dumper of yamlio, eight times faster, for records: a file's record is written once for each ingest and rule
change, and PyYAML's emitter took as long (20 ms) as extraction itself. Any YAML reader reads it; `yamlio.load_data`
gives back what was dumped. What it does not know (odd floats, very long keys) it leaves to `yamlio.dump`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import regex

from gongwen import yamlio

_HAN_FIRST = regex.compile(r"[\p{Han}〔《（“](?:[\p{Han}A-Za-z0-9，。、；：！？（）〔〕《》“”·—…\-+./%~]| (?! |\Z))*")
"""Begins with a Chinese character, so no YAML 1.1 type but text; holds nothing that YAML gives a meaning."""
_ASCII_FIRST = regex.compile(r"[A-Za-z][A-Za-z0-9_./\-]*")
_WORDS = frozenset({"y", "n", "yes", "no", "true", "false", "on", "off", "null"})
_UNPRINTABLE = regex.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_MAX_KEY = 100
"""Of the 128 characters after which YAML wants a key marked as one."""


class _Unknown(Exception):  # noqa: N818  (control flow, never seen outside)
    """Something this dumper does not write."""


def dump(data: Any) -> str:
    """Plain data (dict with text keys, list, str, int, float, bool, None) as block YAML."""
    try:
        if not isinstance(data, dict | list) or not data:
            return yamlio.dump(data)
        return "".join(_lines(data, ""))
    except _Unknown:
        return yamlio.dump(data)


def _lines(data: Any, indent: str) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _entry(f"{indent}{_key(key)}:", value, indent)
        return
    for value in data:
        if isinstance(value, dict) and value:
            lines = _lines(value, indent + "  ")
            yield f"{indent}- {next(lines)[len(indent) + 2 :]}"
            yield from lines
        else:
            yield from _entry(f"{indent}-", value, indent)


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict | list | tuple) and value:
        yield f"{head}\n"
        yield from _lines(value, indent + "  ")
    else:
        yield f"{head} {_scalar(value)}\n"


def _key(key: Any) -> str:
    if not isinstance(key, str) or len(key) > _MAX_KEY:
        raise _Unknown
    return _text(key)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        written = repr(value)
        if not written.lstrip("-").replace(".", "", 1).isdecimal():
            raise _Unknown
        return written
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    raise _Unknown


def _text(text: str) -> str:
    if _HAN_FIRST.fullmatch(text) or (_ASCII_FIRST.fullmatch(text) and text.lower() not in _WORDS):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)
