"""Papers that tell of the same: found by the rare words of a paper, ordered by BM25 over them.

All engines of ours answer by themselves (Resembling); one that cannot is asked for the words of the title.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from math import log
from typing import Protocol, runtime_checkable

import regex

from index.analysis import fold, segmenter
from index.engine import EntryMeta, Page, Query

KEY_WORDS = 24
_SHOWN = 4
_MOST_COMMON = 0.4  # of all papers: a word in more of them tells nothing
_FAINT = 0.15  # of the best score: what is below shares a word or two by chance
_FEW = 40  # papers: in so few even a common word tells something
_WORD = regex.compile(r"\p{Han}{2,12}|[a-z][a-z0-9]{2,20}")


@dataclass(frozen=True, slots=True)
class Similar:
    """`words` are rare words of the paper that also stand in this one, the most telling first."""

    id: str
    score: float
    words: tuple[str, ...] = ()


@runtime_checkable
class Resembling(Protocol):
    def similar(self, entry_id: str, *, limit: int, leave_out: Collection[str] = ()) -> tuple[Similar, ...]:
        """Never the paper itself, other papers of its file or those of `leave_out`."""
        ...


class Searching(Protocol):
    def search(self, query: Query) -> Page: ...

    def entry_meta(self, entry_id: str) -> EntryMeta | None: ...


def similar_in(
    engine: Searching, entry_id: str, *, limit: int, leave_out: Collection[str] = ()
) -> tuple[Similar, ...]:
    """By whatever way the engine has. A paper under the same number and title is the same paper in another file."""
    meta = engine.entry_meta(entry_id)
    if meta is None:
        return ()
    if isinstance(engine, Resembling):
        found = engine.similar(entry_id, limit=2 * limit, leave_out=leave_out)
    else:
        found = _by_title(engine, meta, 2 * limit, leave_out)
    kept: dict[tuple[str, str], Similar] = {(meta.number, meta.title): Similar(entry_id, 0)}
    least = max((one.score for one in found), default=0.0) * _FAINT
    for one in found:
        if one.score < least:
            continue
        other = engine.entry_meta(one.id)
        if other is not None:
            kept.setdefault((other.number, other.title or other.id), one)
    return tuple(kept.values())[1 : limit + 1]


def key_words(counts: Mapping[str, int], frequency: Callable[[str], int], papers: int) -> list[tuple[str, float]]:
    """The words that tell most of a paper, with their weights: often here, rare elsewhere. `counts` are those of its
    own text, `frequency` in how many papers a word stands."""
    weighed: list[tuple[float, str]] = []
    for word, count in counts.items():
        among = frequency(word) if _WORD.fullmatch(word) else 0
        if among > 1 and (among <= _FEW or among <= papers * _MOST_COMMON):
            weighed.append((rarity(among, papers) * count / (count + 1.2), word))
    weighed.sort(key=lambda pair: (-pair[0], pair[1]))
    return [(word, weight) for weight, word in weighed[:KEY_WORDS]]


def rarity(among: int, papers: int) -> float:
    return log(1 + (papers - among + 0.5) / (among + 0.5))


def shown(words: Iterable[str]) -> tuple[str, ...]:
    """Without words that are a part of another (科普日 beside 全国科普日)."""
    kept: list[str] = []
    for word in words:
        if not any(word in other for other in kept):
            kept = [other for other in kept if other not in word] + [word]
    return tuple(kept[:_SHOWN])


def is_of_file(entry_id: str, other: str) -> bool:
    return entry_id.partition("-")[0] == other.partition("-")[0]


def _by_title(engine: Searching, meta: EntryMeta, limit: int, leave_out: Collection[str]) -> tuple[Similar, ...]:
    words = Counter(word for word in segmenter().plain(fold(meta.title)) if _WORD.fullmatch(word))
    text = ""
    for word in sorted(words, key=len, reverse=True):
        if len(text) + len(word) < 180:
            text += f"{' 或 ' if text else ''}“{word}”"
    if not text:
        return ()
    page = engine.search(Query(text, limit=limit + 20))
    return tuple(
        Similar(hit.id, hit.score) for hit in page.hits if not is_of_file(meta.id, hit.id) and hit.id not in leave_out
    )[:limit]
