"""Which later papers may report that a duty was done: suggestions only, a person confirms them.

A paper counts when its title tells of a report (rules/vocab/audit.yml) and it comes after the paper that sets the duty.
It is suggested when it cites that paper, or when it comes from one who had to report and is about the same."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import regex
from sqlalchemy import Connection, or_, select

from audit.wording import Scale, Wording, likeness
from index.catalogue.refs import REF, PaperRef, ref
from index.catalogue.tables import COPY, DERIVED, ROLES, links, names, papers, roles
from index.catalogue.tables import citations as cited

MOST = 6
"""Suggestions for one duty."""

YEAR = 400
"""A report comes within so many days after the duty is due."""

_YEAR = regex.compile(r"(?:19|20)\d\d(?=年)")
LEAST = 3.0
_CITES, _OWN, _ABOUT = 3.0, 2.0, 3.0
"""What it counts that a paper cites the duty's paper, comes from one who must report, and is about the same. A paper
of one who must report needs a third of the wording."""


@dataclass(frozen=True, slots=True)
class Report:
    """`issuer` by its one name; `why` in words."""

    paper: PaperRef
    issuer: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What must be done: `paper` sets it, `what` and `name` (of the paper) tell of what, `obliged` are the units by
    their one names, `day` is when it is due."""

    paper: PaperRef
    row: int
    what: str
    name: str
    obliged: frozenset[str]
    issuer: str
    day: str


class Reports:
    """The reports of a corpus, read once for many duties."""

    def __init__(
        self, connection: Connection, words: Sequence[str], handed_in: Sequence[str], wording: Wording
    ) -> None:
        self._wording = wording
        self._handed_in = handed_in
        self._papers = _reporting(connection, words)
        self._days = [paper.date for paper, _ in self._papers]
        self._scale = Scale(wording.read(paper.title) for paper, _ in self._papers)
        self._citing = _citing(connection)
        self.last_day = _last_day(connection)

    def suggest(self, duty: Duty) -> list[Report]:
        """The likeliest first."""
        out = []
        for paper, issuer in self._papers[bisect_left(self._days, duty.paper.date or "0") :]:
            if paper.id == duty.paper.id or paper.date > _later(duty.day or duty.paper.date):
                continue
            if (found := self._judge(duty, paper, issuer)) is not None:
                out.append(found)
        return sorted(out, key=lambda one: (-one.score, one.paper.date, one.paper.id))[:MOST]

    def _judge(self, duty: Duty, paper: PaperRef, issuer: str) -> Report | None:
        cites = paper.id in self._citing.get(duty.paper.id, ())
        own = issuer in duty.obliged
        if not (cites or own):
            return None
        read = self._wording.read
        title = read(paper.title)
        about = max(likeness(title, read(duty.what), self._scale), likeness(title, read(duty.name), self._scale))
        if not own and issuer != duty.issuer and duty.obliged:
            return None  # others cite the paper too
        asked_for, told = self._things(duty.what), self._things(paper.title)
        if asked_for and told and not asked_for & told:
            return None
        years, of_years = _years(f"{duty.what}{duty.name}"), _years(paper.title)
        if years and of_years and not years & of_years:
            return None  # the report of another year
        score = _CITES * cites + _OWN * own + _ABOUT * about
        if score < LEAST:
            return None
        why = [word for word, holds in (
            ("引用了这件公文", cites), ("由责任单位发出", own), ("由原发文机关发出", issuer == duty.issuer and not own),
            ("内容相近", about >= 0.3),
        ) if holds]  # fmt: skip
        return Report(paper, issuer, round(score, 2), "、".join(why))

    def _things(self, text: str) -> set[str]:
        return {word for word in self._handed_in if word in text}


def obliged(connection: Connection, keys: Sequence[str]) -> Mapping[tuple[str, int], frozenset[str]]:
    """{(record id, row): units} that must do it: who is named, members for groups; {(record id, -1): …} whom the
    paper is sent to."""
    printed: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    derived: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    wanted = (
        select(papers.c.id, roles.c.of, roles.c.shown, roles.c.printed, roles.c.via, names.c.name)
        .join(papers, papers.c.pk == roles.c.paper)
        .join(names, names.c.pk == roles.c.who)
        .where(
            papers.c.id.in_(list(keys)), roles.c.shown != COPY,
            roles.c.role.in_([ROLES.index("due"), ROLES.index("addressee")]),
        )
    )  # fmt: skip
    for row in connection.execute(wanted):
        at = (row.id, int(row.of.rpartition("/")[2]) if row.of else -1)
        if row.shown == DERIVED:
            derived[at][row.name] = row.via
        else:
            printed[at][row.printed] = row.name
    out: dict[tuple[str, int], frozenset[str]] = {}
    for at in printed.keys() | derived.keys():
        groups = set(derived[at].values())
        out[at] = frozenset(derived[at]) | {name for told, name in printed[at].items() if told not in groups}
    return out


def _reporting(connection: Connection, words: Sequence[str]) -> list[tuple[PaperRef, str]]:
    if not words:
        return []
    told = [papers.c.title.contains(word, autoescape=True) for word in words]
    wanted = select(papers.c.issuer, *REF).where(papers.c.is_main == 1, papers.c.date != "", or_(*told))
    return [(ref(row), row.issuer) for row in connection.execute(wanted.order_by(papers.c.date, papers.c.id))]


def _citing(connection: Connection) -> dict[str, set[str]]:
    """{paper: papers that cite it}."""
    out: dict[str, set[str]] = defaultdict(set)
    target = papers.alias("target")
    wanted = (
        select(target.c.id.label("cited"), papers.c.id)
        .select_from(links)
        .join(cited, cited.c.pk == links.c.citation)
        .join(papers, papers.c.pk == cited.c.paper)
        .join(target, target.c.pk == links.c.paper)
    )
    for row in connection.execute(wanted):
        out[row.cited].add(row.id)
    return out


def _last_day(connection: Connection) -> str:
    wanted = select(papers.c.date).where(papers.c.is_main == 1).order_by(papers.c.date.desc()).limit(1)
    return str(connection.execute(wanted).scalar() or "")


def _years(text: str) -> set[str]:
    return set(_YEAR.findall(text))


def _later(day: str) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=YEAR)).isoformat()
    except ValueError:
        return "9999"
