"""What the catalogue knows of one paper, for its page: what it cites, who cites it, its other years."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from index.catalogue.citing import Cited, cited_by_paper, citing_paper
from index.catalogue.refs import Found
from index.catalogue.series import Series, series_of_paper
from index.catalogue.units import copies_of
from web.browsing import ask, paper_url, plain
from web.masking import mask_all
from web.ports import services

SHOWN = 50


@dataclass(frozen=True, slots=True)
class PaperLinks:
    """`own`: the paper and its copies, which are no other years of it."""

    cites: tuple[Cited, ...] = ()
    cited_by: Found[Cited] = field(default_factory=lambda: Found((), 0))
    series: Series | None = None
    own: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        cited = [
            mask_all({key: value for key, value in one.to_json().items() if key != "paper"})
            | {"urls": [paper_url(target) for target in one.targets]}
            for one in self.cites
        ]
        years = [] if self.series is None else [
            {"year": one.paper.year or None, "id": one.paper.id, "document_number": one.paper.number or None,
             "title": mask_all(one.paper.title), "url": paper_url(one.paper)}
            for one in self.series.papers
        ]  # fmt: skip
        return {"cites": cited, "cited_by": plain(self.cited_by.rows), "other_years": years}


def paper_links(record_id: str) -> PaperLinks:
    """Nothing where the site was made without a catalogue."""
    if services().catalogue is None:
        return PaperLinks()
    return PaperLinks(
        tuple(ask(cited_by_paper, record_id)), ask(citing_paper, record_id, limit=SHOWN),
        ask(series_of_paper, record_id), ask(copies_of, record_id),
    )  # fmt: skip
