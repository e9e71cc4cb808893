"""Lines of text in memory, found by what stands in them: the lexicon's names and titles, so that a person who types
does not wait (50,000 titles: a millisecond; SQLite takes fifty)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Roll:
    """Keys with a line each, in order of arrival. Lines of what is gone stay: a reader looks every key up."""

    keys: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    _text: str = "\n"
    _starts: np.ndarray[Any, np.dtype[np.int64]] = field(default_factory=lambda: np.zeros(0, np.int64))

    def extended(self, rows: Iterable[tuple[int, str]]) -> Roll:
        """Another one with these lines behind; this one stays as it is for those who read it."""
        fresh = list(rows)
        if not fresh:
            return self
        keys = [*self.keys, *(key for key, _ in fresh)]
        lines = [*self.lines, *(line for _, line in fresh)]
        lengths = np.fromiter(map(len, lines), np.int64, len(lines))
        return Roll(keys, lines, "\n" + "\n".join(lines) + "\n", np.cumsum(lengths + 1) - lengths)

    def holding(self, needle: str, most: int) -> list[int]:
        """Places of the lines that hold the needle, the last ones first; at most so many. A needle that begins with a
        line break finds lines that begin so."""
        found: list[int] = []
        end = len(self._text)
        while needle and len(found) < most:
            at = self._text.rfind(needle, 0, end)
            if at < 0:
                break
            place = int(np.searchsorted(self._starts, at + needle.startswith("\n"), side="right")) - 1
            found.append(place)
            end = int(self._starts[place])
        return found
