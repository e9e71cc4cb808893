"""Two years of one paper side by side: which sentences are stable, which of three families it is (drafting.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import regex

from draft.model import Family

RUN = 8
"""Characters that count as taken over when they stand together in both years."""
_ROUTINE = 0.43
_SAME = 0.6
_SENTENCE = regex.compile(r"[^。！？；]*[。！？；][”’）]?|[^。！？；]+$")
_DECISION = frozenset({"决定", "通报", "公告"})


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of the sentences of a paragraph; semicolons part them too, so that a list is asked item by item."""
    return [match.span() for match in _SENTENCE.finditer(text) if match.group().strip()]


def shared(newer: str, older: str) -> float:
    """Share of the newer text's Han characters and figures that lie in runs of RUN and more of the older."""
    new, old = _tight(newer), _tight(older)
    if len(new) < RUN:
        return 0.0
    runs = {old[at : at + RUN] for at in range(len(old) - RUN + 1)}
    covered = [False] * len(new)
    for at in range(len(new) - RUN + 1):
        if new[at : at + RUN] in runs:
            covered[at : at + RUN] = [True] * RUN
    return sum(covered) / len(new)


def family(share: float | None, doc_type: str) -> Family:
    """By the share that two prior years have in common; with one year only decisions are known by their kind."""
    if doc_type in _DECISION:
        return "decision"
    if share is None:
        return "unknown"
    return "routine" if share >= _ROUTINE else "campaign"


class Stable:
    """Whether a sentence of the newest paper stood in the one before it already."""

    def __init__(self, older: Iterable[str]) -> None:
        self._known = [_pairs(one) for one in older]
        self._exact = {frozenset(one) for one in self._known}

    def __contains__(self, sentence: str) -> bool:
        pairs = _pairs(sentence)
        if not pairs or frozenset(pairs) in self._exact:
            return True
        return any(2 * len(pairs & one) >= _SAME * (len(pairs) + len(one)) for one in self._known)


def _pairs(text: str) -> set[str]:
    """Pairs of neighbouring characters, figures left out: they move with the year."""
    tight = regex.sub(r"[\d\s]", "", _tight(text))
    return {tight[at : at + 2] for at in range(len(tight) - 1)}


def _tight(text: str) -> str:
    return "".join(regex.findall(r"[\p{Han}\p{L}\d]", text))


def all_sentences(texts: Sequence[str]) -> list[str]:
    return [text[start:end] for text in texts for start, end in sentences(text)]
