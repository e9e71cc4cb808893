"""The shipped vocabularies (rules/vocab, rules/facts), read once and shared. Value types take a vocabulary as an
argument; these are the defaults."""

from __future__ import annotations

from functools import cache
from typing import Any

from gongwen import yamlio
from gongwen.errors import RuleError
from gongwen.settings import SHIPPED


@cache
def vocab(name: str, folder: str = "vocab") -> dict[str, Any]:
    """The mapping in rules/<folder>/<name>.yml; every scalar is a string."""
    path = SHIPPED / folder / f"{name}.yml"
    found = yamlio.load_file(path)
    if not isinstance(found, dict):
        raise RuleError(f"{path}: 应当写成“名称: 值”")
    return found


@cache
def words(name: str, key: str, folder: str = "vocab") -> tuple[str, ...]:
    """A list of words of a vocabulary, longest first, so that an alternation of them prefers the longest."""
    found = vocab(name, folder).get(key)
    if not isinstance(found, list) or not all(isinstance(word, str) and word for word in found):
        raise RuleError(f"rules/{folder}/{name}.yml: {key} must be a list of words")
    return tuple(sorted(set(found), key=lambda word: (-len(word), word)))
