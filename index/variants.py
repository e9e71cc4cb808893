"""Characters that are one in search: traditional and simplified, and printed variants of both.

A group is closed over all ways: 覆 may be 复 or 覆 in simplified print, so 復, 複, 覆 and 复 are one. That widens what
a query finds (后 also finds 後 and the reverse) and never narrows it. Every character stands for one character, so
offsets stay and every mark is where the printed form stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from gongwen import yamlio
from gongwen.errors import RuleError
from gongwen.settings import ROOT

_FILE = ROOT / "rules" / "vocab" / "characters.yml"
_TABLES = ("TSCharacters.txt", "STCharacters.txt", "TWVariants.txt", "HKVariants.txt")
_COMMON = range(0xB0A1, 0xD7FA)  # the first level of GB 2312: 3,755 characters of everyday print


@cache
def variants() -> dict[str, str]:
    """Each character of a group but its head → the head."""
    return read_variants(_FILE)


def read_variants(path: Path) -> dict[str, str]:
    """OpenCC's groups with ours. RuleError names a file that does not hold groups."""
    groups, heads = _ours(path)
    joined = _Joined()
    for group in (*_opencc(), *groups):
        joined.join(group)
    found: dict[str, str] = {}
    for group in joined.groups():
        head = min(group, key=lambda char: (char not in heads, *_rank(char)))
        found |= {char: head for char in group if char != head}
    return found


@cache
def stamp() -> str:
    """Another table folds another way: indexes are built anew."""
    pairs = "".join(f"{char}{head}" for char, head in sorted(variants().items()))
    return hashlib.sha256(pairs.encode()).hexdigest()[:12]


def _opencc() -> Iterator[list[str]]:
    """Pairs of the tables in the installed package (plain text, Apache-2): a character and what it may become."""
    folder = files("opencc") / "dictionary"
    for name in _TABLES:
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            char, _, others = line.partition("\t")
            group = [one for one in (char, *others.split()) if len(one) == 1]
            if len(char) == 1 and len(group) > 1:
                yield group


def _ours(path: Path) -> tuple[list[str], str]:
    found = yamlio.load_file(path)
    groups = found.get("groups") if isinstance(found, dict) else None
    heads = found.get("heads") if isinstance(found, dict) else None
    if not isinstance(groups, list) or not all(isinstance(one, str) for one in groups) or not isinstance(heads, str):
        raise RuleError(f"{path}: must have a list groups of characters and a line heads")
    return groups, heads


def _rank(char: str) -> tuple[bool, bool, str]:
    """Everyday simplified characters first: a segmenter knows words made of them."""
    try:
        code = int.from_bytes(char.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return True, True, char
    return code not in _COMMON, False, char


class _Joined:
    """Groups that share a character become one."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def join(self, group: Iterable[str]) -> None:
        first, *others = group
        for char in others:
            self._above[self._top(char)] = self._top(first)

    def groups(self) -> Iterator[list[str]]:
        found: dict[str, list[str]] = {}
        for char in self._above:
            found.setdefault(self._top(char), []).append(char)
        yield from (one for one in found.values() if len(one) > 1)

    def _top(self, char: str) -> str:
        while (above := self._above.setdefault(char, char)) != char:
            char = above
        return char
