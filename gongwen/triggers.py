"""Trigger words: which rules and readers a line can concern at all, told in one pass over it (Aho-Corasick), so that
hundreds of patterns cost little where their words do not stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import ahocorasick


class Triggers:
    """Sets of words by name. Words and texts are width-folded and without white space (索 引 号 is 索引号)."""

    def __init__(self, sets: Mapping[str, Iterable[str]]) -> None:
        names: dict[str, set[str]] = {}
        for name, words in sets.items():
            for word in words:
                names.setdefault(word, set()).add(name)
        self._automaton = ahocorasick.Automaton()
        for word, held in names.items():
            self._automaton.add_word(word, frozenset(held))
        self._empty = not names
        if names:
            self._automaton.make_automaton()

    def held(self, tight: str) -> frozenset[str]:
        """The names of the sets of which a word stands in the text."""
        if self._empty:
            return frozenset()
        found: set[str] = set()
        for _, names in self._automaton.iter(tight):
            found |= names
        return frozenset(found)
