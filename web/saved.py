"""What a saved search finds and what of it is new: for the list, the feed and the digest alike."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from gongwen.saved import SavedSearch
from index.engine import EntryMeta, Query
from web.filters import NAMES, Asked, read_asked
from web.masking import mask
from web.ports import Finder

ALL = 1_000_000
_NAMESPACE = uuid.UUID("6b8f1d3e-2c54-5a77-9d0e-8a3f4c1b7e90")
"""Of the ids of feeds and their entries: made once for this program, so that a paper keeps its id in every feed."""

_KEPT = ("q", *NAMES, "from", "to", "sort", "role")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A paper with the time it came ('' when nobody knows)."""

    id: str
    at: str
    title: str
    number: str
    date: str
    issuers: str
    lead: str

    @property
    def uid(self) -> str:
        return urn(f"paper/{self.id}")


def canonical(query: str) -> str:
    """The parameters of a search in one order, without pages and whatever is no part of a search."""
    pairs = [(name, value) for name, value in parse_qsl(query[:8000], keep_blank_values=True) if name in _KEPT]
    return urlencode(replace(read_asked(MultiDict(pairs)), page=1).pairs())


def asked_of(saved: SavedSearch) -> Asked:
    return read_asked(MultiDict(parse_qsl(saved.query, keep_blank_values=True)))


def ids_of(saved: SavedSearch, finder: Finder, today: str) -> tuple[str, ...]:
    """All papers that it finds now, the newest first."""
    asked = asked_of(saved)
    query = Query(asked.text, asked.where, asked.date_from, asked.date_to, "newest", 0, ALL, today, bare=True)
    return finder.search(query).ids


def latest(ids: Sequence[str], arrivals: Mapping[str, str], finder: Finder, most: int) -> list[Arrived]:
    """Those that came last, first; where the time is not known in the order they are given in."""
    timed = sorted(ids, key=lambda one: arrivals.get(one.partition("-")[0], ""), reverse=True)
    found = ((one, finder.entry_meta(one)) for one in timed[:most])
    return [_arrived(one, arrivals.get(one.partition("-")[0], ""), meta) for one, meta in found if meta is not None]


def _arrived(paper_id: str, at: str, meta: EntryMeta) -> Arrived:
    issuers, lead = (mask(meta.meta.get(name, "")) for name in ("issuers", "lead"))
    return Arrived(paper_id, at, mask(meta.title) or "（无标题）", mask(meta.number), meta.date, issuers, lead)


def urn(name: str) -> str:
    return uuid.uuid5(_NAMESPACE, name).urn
