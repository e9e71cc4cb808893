"""Automatic numbers of paragraphs, counted as Word counts them (numbering.xml).

Lists that share an abstract definition share its counters; a start override of a list restarts them once, where the
list is first used. A level that comes up again restarts the deeper ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import regex

from ingest.readers.docx_numbers import printed
from ingest.readers.docx_package import W, is_on, number, value

if TYPE_CHECKING:
    from lxml import etree

LEVELS = 9
_PLACE = regex.compile(r"%([1-9])")
_BARE = regex.compile(r"[\p{L}\p{Nd}]\Z")


@dataclass(slots=True)
class Level:
    start: int = 1
    style: str = "decimal"
    shape: str = ""
    legal: bool = False
    restart: int | None = None
    suffix: str = "tab"


@dataclass(slots=True)
class _List:
    abstract: str
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """`label(list id, level)` counts one paragraph on and gives what stands before its text."""

    def __init__(self, root: etree._Element | None, style_lists: dict[str, str]) -> None:
        """`style_lists`: list id by style id, for definitions that point to a numbering style."""
        self._abstract: dict[str, dict[int, Level]] = {}
        self._lists: dict[str, _List] = {}
        self._by_style: dict[tuple[str, str], int] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()
        if root is not None:
            self._load(root, style_lists)

    def _load(self, root: etree._Element, style_lists: dict[str, str]) -> None:
        links: dict[str, str] = {}
        for one in root.findall(f"{W}abstractNum"):
            name = value(one, "abstractNumId") or ""
            self._abstract[name] = {}
            for element in one.findall(f"{W}lvl"):
                at = number(element, "ilvl") or 0
                self._abstract[name][at] = _level(element)
                linked = value(element.find(f"{W}pStyle"))
                if linked:
                    self._by_style[name, linked] = at
            link = value(one.find(f"{W}numStyleLink"))
            if link:
                links[name] = link
        for one in root.findall(f"{W}num"):
            entry = _List(value(one.find(f"{W}abstractNumId")) or "")
            for override in one.findall(f"{W}lvlOverride"):
                at = number(override, "ilvl") or 0
                own = override.find(f"{W}lvl")
                if own is not None:
                    entry.levels[at] = _level(own)
                start = number(override.find(f"{W}startOverride"))
                if start is not None:
                    entry.starts[at] = start
            self._lists[value(one, "numId") or ""] = entry
        self._follow(links, style_lists)

    def _follow(self, links: dict[str, str], style_lists: dict[str, str]) -> None:
        for name, style in links.items():
            target = self._lists.get(style_lists.get(style, ""))
            if target is not None and target.abstract in self._abstract:
                self._abstract[name] = self._abstract[target.abstract]

    def level_of_style(self, list_id: str, style: str) -> int | None:
        """The level of the list that a paragraph style is tied to."""
        entry = self._lists.get(list_id)
        return None if entry is None else self._by_style.get((entry.abstract, style))

    def label(self, list_id: str, at: int) -> str:
        entry = self._lists.get(list_id)
        if entry is None or not 0 <= at < LEVELS:
            return ""
        self._count(list_id, entry, at)
        level = self._level(entry, at)
        if level.style == "bullet":
            return ""

        def place(match: regex.Match[str]) -> str:
            wanted = int(match[1]) - 1
            of = self._level(entry, wanted)
            count = self._counts[entry.abstract][wanted]
            style = "decimal" if level.legal else of.style
            return printed(of.start if count is None else count, style)

        text: str = _PLACE.sub(place, level.shape)
        # A sign of punctuation parts number and text by itself; 1 or 第一条 needs the gap that Word prints.
        gap = " " if level.suffix != "nothing" and _BARE.search(text) else ""
        return text + gap

    def _level(self, entry: _List, at: int) -> Level:
        return entry.levels.get(at) or self._abstract.get(entry.abstract, {}).get(at) or Level()

    def _count(self, list_id: str, entry: _List, at: int) -> None:
        counts = self._counts.setdefault(entry.abstract, [None] * LEVELS)
        before = counts[at]
        if at in entry.starts and (list_id, at) not in self._started:
            counts[at] = entry.starts[at]
        else:
            counts[at] = self._level(entry, at).start if before is None else before + 1
        self._started.add((list_id, at))
        for deeper in range(at + 1, LEVELS):
            restart = self._level(entry, deeper).restart
            # 0: never restarts; n: only after level n (from 1) or one above it.
            if restart is None or at < restart:
                counts[deeper] = None


def _level(element: etree._Element) -> Level:
    styles = [value(one) or "" for one in element.iter(f"{W}numFmt")]
    known = [style for style in styles if style and style != "custom"]
    start = number(element.find(f"{W}start"))
    return Level(
        start=1 if start is None else start,
        style=known[0] if known else "decimal",
        shape=value(element.find(f"{W}lvlText")) or "",
        legal=bool(is_on(element.find(f"{W}isLgl"))),
        restart=number(element.find(f"{W}lvlRestart")),
        suffix=value(element.find(f"{W}suff")) or "tab",
    )
