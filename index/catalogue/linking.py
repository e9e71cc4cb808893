"""What one paper says of others: which papers a citation means, and which papers are the years of one activity.

Both depend on all papers. A change looks again only at what it can have changed: citations of the same year and serial
or the same title, series of the same issuer; so the outcome is that of a rebuild."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, KeysView, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Connection, Row, bindparam, delete, insert, or_, select, update

from index.catalogue.clusters import clusters
from index.catalogue.stems import Stem, Stemmer, likeness
from index.catalogue.tables import alike, citations, links, papers, stems, titles
from index.catalogue.titles import may_be
from index.catalogue.writing import chunks

_LOOKED_AT = 200
"""Papers of one title that are looked at for a citation (关于召开工作会议的通知)."""


@dataclass(slots=True)
class Touched:
    """What papers have that others may refer to."""

    papers: list[int] = field(default_factory=list)
    identities: set[str] = field(default_factory=set)
    tails: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    issuers: set[str] = field(default_factory=set)


def touched(connection: Connection, column: Column[Any], values: Iterable[Any]) -> Touched:
    """Of the papers whose column has one of the values."""
    out = Touched()
    for some in chunks(sorted(set(values))):
        wanted = select(papers.c.pk, papers.c.identity, papers.c.tail, papers.c.issuer).where(column.in_(some))
        for row in connection.execute(wanted):
            out.papers.append(row.pk)
            out.identities.add(row.identity)
            out.tails.add(row.tail)
            out.issuers.add(row.issuer)
    for held in chunks(out.papers):
        out.keys |= set(connection.execute(select(titles.c.key).where(titles.c.paper.in_(held))).scalars())
    return out


# --- citations ---


def resolve_citations(connection: Connection, tails: Iterable[str], keys: Iterable[str], own: Iterable[int]) -> None:
    """Look again for what is cited by numbers of these years and serials, by these titles, and in these papers."""
    wanted: dict[int, Row[Any]] = {}
    for column, values in ((citations.c.tail, tails), (citations.c.key, keys), (citations.c.paper, own)):
        for some in chunks(sorted({one for one in values if one})):
            for row in connection.execute(select(citations).where(column.in_(some))):
                wanted[row.pk] = row
    _resolve(connection, wanted.values())


def resolve_all(connection: Connection) -> None:
    _resolve(connection, connection.execute(select(citations)).all())


def _resolve(connection: Connection, rows: Iterable[Row[Any]]) -> None:
    for some in chunks(rows):
        meant = _Meant(connection, some)
        found = {row.pk: meant.papers(row) for row in some}
        held: dict[int, list[int]] = defaultdict(list)
        for link in connection.execute(select(links).where(links.c.citation.in_(list(found))).order_by(links.c.paper)):
            held[link.citation].append(link.paper)
        changed = [pk for pk, many in found.items() if held.get(pk, []) != many]
        connection.execute(delete(links).where(links.c.citation.in_(changed)))
        if fresh := [{"citation": pk, "paper": paper} for pk in changed for paper in found[pk]]:
            connection.execute(insert(links), fresh)
        states = [{"b_pk": row.pk, "state": state} for row in some if (state := _state(found[row.pk])) != row.state]
        if states:
            connection.execute(update(citations).where(citations.c.pk == bindparam("b_pk")), states)


def _state(found: list[int]) -> str:
    return "missing" if not found else "found" if len(found) == 1 else "several"


class _Meant:
    """The papers that some citations may mean, fetched at once."""

    def __init__(self, connection: Connection, rows: Iterable[Row[Any]]) -> None:
        held = list(rows)
        self._by_tail: dict[str, list[Any]] = defaultdict(list)
        self._by_key: dict[str, list[Any]] = defaultdict(list)
        tails, keys = ({value for row in held if (value := getattr(row, name))} for name in ("tail", "key"))
        wanted = select(papers.c.pk, papers.c.agency, papers.c.tail).where(papers.c.is_main == 1)
        for paper in connection.execute(wanted.where(papers.c.tail.in_(tails)).order_by(papers.c.pk)):
            self._by_tail[paper.tail].append(paper)
        titled = (
            select(titles.c.key, titles.c.is_own, papers.c.pk, papers.c.issuers, papers.c.issuer, papers.c.tail)
            .join(papers, papers.c.pk == titles.c.paper)
            .where(papers.c.is_main == 1, titles.c.key.in_(keys))
        )
        for title in connection.execute(titled.order_by(papers.c.pk)):
            self._by_key[title.key].append(title)

    def papers(self, citation: Row[Any]) -> list[int]:
        return self._by_number(citation) or self._by_title(citation)

    def _by_number(self, citation: Row[Any]) -> list[int]:
        """Papers of this number: the same code, else a code that the cited one ends with, for words of the sentence may
        be glued in front. Of several the title decides."""
        held = [row for row in self._by_tail.get(citation.tail, ()) if row.pk != citation.paper]
        exact = [row.pk for row in held if row.agency == citation.agency]
        fits = exact or [row.pk for row in held if row.agency and citation.agency.endswith(row.agency)]
        if len(fits) < 2 or not citation.key:
            return fits
        titled = {row.pk for row in self._by_key.get(citation.key, ())}
        return [pk for pk in fits if pk in titled] or fits

    def _by_title(self, citation: Row[Any]) -> list[int]:
        """Papers of this title, else those that issued something of this title. One that is cited with a number has
        that number or is another paper. Organs printed in front must be the issuers."""
        fits = [
            row for row in self._by_key.get(citation.key, ())[:_LOOKED_AT]
            if row.pk != citation.paper and not (citation.tail and row.tail and row.tail != citation.tail)
            and may_be(citation.organs, "、".join([row.issuer, *row.issuers]))
        ]  # fmt: skip
        own = sorted({row.pk for row in fits if row.is_own})
        return own or sorted({row.pk for row in fits})


# --- series ---


def refresh_series(connection: Connection, stemmer: Stemmer, issuers: Iterable[str]) -> None:
    """Make the series of these issuers from their papers."""
    for some in chunks(sorted(set(issuers))):
        _refresh_some(connection, stemmer, some)


def _refresh_some(connection: Connection, stemmer: Stemmer, issuers: list[str]) -> None:
    years: dict[str, dict[str, frozenset[int]]] = defaultdict(dict)
    where = (papers.c.issuer.in_(issuers), papers.c.is_main == 1, papers.c.stem != "")
    for issuer, stem, year in connection.execute(
        select(papers.c.issuer, papers.c.stem, papers.c.year).where(*where).distinct()
    ):
        years[issuer][stem] = years[issuer].get(stem, frozenset()) | ({year} if year else frozenset())
    known: dict[str, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(select(stems).where(stems.c.issuer.in_(issuers))):
        known[row.issuer][row.stem] = row.chief
    _keep_alike(connection, stemmer, {one: (known[one].keys(), years[one].keys()) for one in issuers})
    pairs: dict[str, list[tuple[float, str, str]]] = defaultdict(list)
    for row in connection.execute(select(alike).where(alike.c.issuer.in_(issuers))):
        pairs[row.issuer].append((row.likeness, row.one, row.other))
    gone: list[dict[str, str]] = []
    fresh: list[dict[str, str]] = []
    for issuer in issuers:
        chiefs = clusters(years[issuer], pairs[issuer])
        changed = [stem for stem, chief in known[issuer].items() if chiefs.get(stem) != chief]
        gone += [{"b_issuer": issuer, "b_stem": stem} for stem in changed]
        fresh += [
            {"issuer": issuer, "stem": stem, "chief": chief, "key": series_key(issuer, stem)}
            for stem, chief in sorted(chiefs.items())
            if known[issuer].get(stem) != chief
        ]
    if gone:
        where_one = (stems.c.issuer == bindparam("b_issuer"), stems.c.stem == bindparam("b_stem"))
        connection.execute(delete(stems).where(*where_one), gone)
    if fresh:
        connection.execute(insert(stems), fresh)


def _keep_alike(
    connection: Connection, stemmer: Stemmer, found: Mapping[str, tuple[KeysView[str], KeysView[str]]]
) -> None:
    """Likenesses of stems that came; those of stems that went go. `found`: {issuer: (stems before, stems now)}."""
    rows: list[dict[str, Any]] = []
    for issuer, (before, now) in found.items():
        for some in chunks(sorted(before - now)):
            gone = or_(alike.c.one.in_(some), alike.c.other.in_(some))
            connection.execute(delete(alike).where(alike.c.issuer == issuer, gone))
        if now - before:
            rows += [
                {"issuer": issuer, "one": one, "other": other, "likeness": score}
                for one, other, score in _pairs(stemmer, set(now - before), set(now))
            ]
    for some_rows in chunks(rows):
        connection.execute(insert(alike), some_rows)


def _pairs(stemmer: Stemmer, fresh: set[str], every: set[str]) -> Iterator[tuple[str, str, float]]:
    """Pairs of stems that may be one series, of which one at least is fresh. Only where the same is done."""
    held: dict[tuple[str, frozenset[str]], list[Stem]] = defaultdict(list)
    for text in sorted(every):
        stem = stemmer.read(text)
        held[stem.kind, stem.stages].append(stem)
    for group in held.values():
        for at, one in enumerate(group):
            for other in group[at + 1 :]:
                if (one.text in fresh or other.text in fresh) and (score := likeness(one, other)):
                    yield one.text, other.text, score


def series_key(issuer: str, stem: str) -> str:
    """The address of a series by any of its stems: it stays when earlier years come in."""
    return sha256(f"{issuer}\n{stem}".encode()).hexdigest()[:16]
