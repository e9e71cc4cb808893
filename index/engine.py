"""The engine protocol: what every search engine must do, and the words it is asked in.

An engine stores Entries (one official document each) and answers Queries. Whoosh is the embedded default;
the in-memory oracle says what is right; all pass tests/engine_contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gongwen.errors import GongwenError


class IndexBroken(GongwenError):  # noqa: N818  (a state, as IndexBusy)
    """The index on disk is damaged, foreign or of another version: it must be rebuilt in a new folder."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One official document as the index sees it. `text` is the document's own part of the file's text.

    `fields` are values that can be searched by name (title, issuer, host, lead, responsible, person, …), `facets`
    exact values to filter and count by (year, type, issuer, unit, lead, disclosure, …), `number_keys` are
    `agency|year|serial` of the document's own number, `cited_keys` of the numbers it cites, with the agency folded.
    `date` is the best ISO date there is (issued, printed, published) or ''. `meta` is kept as it is, to show a hit
    without its record.
    """

    id: str
    title: str
    text: str
    number: str = ""
    number_keys: tuple[str, ...] = ()
    cited_keys: tuple[str, ...] = ()
    date: str = ""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Query:
    """`text` as a person typed it; `where` filters: any value of a name, all names; '' stands for 'none given'
    (also under the name `date`); a name with no values at all lets nothing pass. Dates are ISO, inclusive.
    `sort` is relevance, newest or oldest. `today` (ISO) is what 去年 in the text is told from; '' leaves it a word.
    `bare` asks for ids only, any number of them: hits have no marks and no snippets."""

    text: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date_from: str = ""
    date_to: str = ""
    sort: str = "relevance"
    offset: int = 0
    limit: int = 20
    today: str = ""
    bare: bool = False


FACET_VALUES = 1000
"""A person looks at some dozens; themes and people have as many values as there are papers."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document. `snippets` are runs of (text, is_match) pairs, plain text to be escaped by the caller."""

    id: str
    score: float
    title: tuple[tuple[str, bool], ...]
    snippets: tuple[tuple[tuple[str, bool], ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """`total` counts all hits; `facets` counts over all hits, the FACET_VALUES most frequent values of a name; `exact`
    is False when nothing matched exactly and the all-words answer is offered; `searched` lists what the query was
    expanded to, in Chinese.
    `approximate`: the time ran out, `total` is what was found until then."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    exact: bool = True
    searched: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    approximate: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(hit.id for hit in self.hits)


@dataclass(frozen=True, slots=True)
class EntryMeta:
    """What a list of hits shows of an entry without its record."""

    id: str
    title: str
    number: str
    date: str
    facets: Mapping[str, tuple[str, ...]]
    meta: Mapping[str, str]


class SearchEngine(Protocol):
    """Ids are unique: an update replaces, and of two entries with one id in one call the later stays.
    Searches never see half an update."""

    def update(self, entries: Iterable[Entry]) -> None: ...

    def delete(self, ids: Iterable[str]) -> None: ...

    def search(self, query: Query) -> Page: ...

    def ids(self) -> frozenset[str]: ...

    def close(self) -> None: ...
