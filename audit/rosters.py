"""Rosters of groups: which there are, which of them are of one group, and which one was the last on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import regex
from sqlalchemy import Connection, select

from gongwen.text import fold_width
from index.catalogue.refs import REF, PaperRef, ref
from index.catalogue.tables import COPY, ROLES, names, papers, roles

_YEARS = regex.compile(r"(?:19|20)\d\d年?度?|第?[一二三四五六七八九十\d]+届")
_NOT_WORD = regex.compile(r"[^\p{Han}A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Member:
    """`unit`: the body the post is held in, by its one name, '' when the post tells none."""

    name: str
    rank: str
    post: str
    unit: str
    path: str


@dataclass(frozen=True, slots=True)
class Roster:
    """The members of one group in one paper, in order of print. `key` is the group's name as groups are compared."""

    group: str
    key: str
    paper: PaperRef
    members: tuple[Member, ...]

    @property
    def persons(self) -> list[Member]:
        """Each person once: who is also named as head of the office stands in the roster before."""
        seen: dict[str, Member] = {}
        for one in self.members:
            seen.setdefault(one.name, one)
        return list(seen.values())


class GroupNames:
    """Built from the vocabulary `audit`."""

    def __init__(self, vocab: Mapping[str, Any]) -> None:
        self._openers = _any(vocab.get("group_openers", ()))
        self._closers = tuple(sorted((str(one) for one in vocab.get("group_closers", ())), key=len, reverse=True))

    def key(self, name: str) -> str:
        """Without years, what a sentence puts in front and what says nothing behind."""
        bare = _NOT_WORD.sub("", _YEARS.sub("", fold_width(name)))
        opened = regex.match(f"(?:{self._openers})+", bare) if self._openers else None
        bare = bare[opened.end() :] if opened and len(bare) > opened.end() + 2 else bare
        closer = next((one for one in self._closers if bare.endswith(one) and len(bare) > len(one) + 2), "")
        return bare.removesuffix(closer)

    def bare(self, name: str) -> str:
        """As printed, without what a sentence puts in front."""
        opened = regex.match(f"(?:{self._openers})+", name) if self._openers else None
        return name[opened.end() :] if opened and len(name) > opened.end() + 2 else name

    @staticmethod
    def same(one: str, other: str) -> bool:
        """全民科学素质工作领导小组 and 云州市全民科学素质工作领导小组."""
        return bool(one and other) and (one == other or one.endswith(other) or other.endswith(one))


def find_rosters(connection: Connection, groups: GroupNames, *, ids: Sequence[str] = ()) -> list[Roster]:
    """All rosters, by day; papers without a day first."""
    wanted = (
        select(
            roles.c.matter, roles.c.rank, roles.c.post, roles.c.unit, roles.c.path, names.c.name.label("person"), *REF
        )
        .join(names, names.c.pk == roles.c.who)
        .join(papers, papers.c.pk == roles.c.paper)
        .where(roles.c.role == ROLES.index("member"))
        .order_by(papers.c.date, papers.c.id, roles.c.pk)
    )
    wanted = wanted.where(papers.c.id.in_(list(ids))) if ids else wanted.where(roles.c.shown != COPY)
    held: dict[tuple[str, str], list[Any]] = {}
    for row in connection.execute(wanted):
        held.setdefault((row.paper_id, row.matter), []).append(row)
    return [_roster(groups, many) for many in held.values()]


def of_group(found: Iterable[Roster], groups: GroupNames, text: str) -> list[Roster]:
    """Rosters of groups whose name, or whose paper's title, holds the words."""
    words = [groups.key(word) or word for word in text.split()]
    return [one for one in found if all(word in one.key or word in one.paper.title for word in words)]


def by_group(found: Iterable[Roster]) -> list[list[Roster]]:
    """The rosters of one group together, by day, in the order in which the groups came up."""
    out: list[list[Roster]] = []
    for one in found:
        own = next((many for many in out if GroupNames.same(many[-1].key, one.key)), None)
        if own is None:
            out.append([one])
        else:
            own.append(one)
    return out


def in_force(found: Sequence[Roster], day: str) -> tuple[Roster | None, Roster | None]:
    """Of one group: the last roster up to a day, and the first one after it. One without a day counts for neither."""
    dated = [one for one in found if one.paper.date]
    before = [one for one in dated if one.paper.date[:10] <= day]
    after = [one for one in dated if one.paper.date[:10] > day]
    return (before[-1] if before else None), (after[0] if after else None)


def _roster(groups: GroupNames, many: Sequence[Any]) -> Roster:
    members = tuple(Member(row.person, row.rank, row.post, row.unit, row.path.removesuffix("/name")) for row in many)
    name = many[0].matter
    return Roster(groups.bare(name), groups.key(name), ref(many[0]), members)


def _any(words: Iterable[Any]) -> str:
    found = sorted({str(one) for one in words}, key=lambda word: (-len(word), word))
    return "|".join(regex.escape(word) for word in found)
