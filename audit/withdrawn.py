"""Papers that a later paper has put out of force: what they say was planned, and no longer held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from index.catalogue.refs import REF, PaperRef, ref
from index.catalogue.tables import citations, links, papers

_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """`by` says so at `path`."""

    by: PaperRef
    path: str

    @property
    def told(self) -> str:
        name = self.by.number or self.by.title
        return f"所据公文已由{name}废止"


def withdrawals(connection: Connection, ids: Iterable[str]) -> dict[str, Withdrawal]:
    """Of these papers, or what they are copies of, those that are out of force, each with the paper that says so."""
    out: dict[str, Withdrawal] = {}
    wanted = sorted(set(ids))
    target = papers.alias("target")
    same = papers.alias("same")
    for at in range(0, len(wanted), _CHUNK):
        found = (
            select(same.c.id.label("gone"), citations.c.row, *REF)
            .select_from(citations)
            .join(papers, papers.c.pk == citations.c.paper)
            .join(links, links.c.citation == citations.c.pk)
            .join(target, target.c.pk == links.c.paper)
            .join(same, same.c.identity == target.c.identity)
            .where(
                citations.c.relation == "supersedes", citations.c.state == "found", papers.c.is_main == 1,
                same.c.id.in_(wanted[at : at + _CHUNK]), papers.c.identity != target.c.identity,
            )
            .order_by(papers.c.date.desc(), papers.c.id)
        )  # fmt: skip
        for row in connection.execute(found):
            out[row.gone] = Withdrawal(ref(row), f"citations/{row.row}")
    return out
