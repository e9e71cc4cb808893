"""What a checker asks the corpus: papers by number and by title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, select

from gongwen.values.document_number import DocumentNumber
from index.catalogue.catalogue import Catalogue
from index.catalogue.tables import papers, titles
from index.catalogue.titles import read_title

_MOST = 6


@dataclass(frozen=True, slots=True)
class Known:
    """A paper of the corpus: what a citation may mean."""

    title: str
    number: str
    id: str = ""


class Library(Protocol):
    """The corpus as the checker asks it. A number may have words of the sentence glued in front."""

    def by_number(self, number: str) -> Sequence[Known]: ...

    def by_title(self, title: str) -> Sequence[Known]: ...


class CatalogueLibrary:
    """Over the catalogue of facts."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def by_number(self, number: str) -> Sequence[Known]:
        parsed = DocumentNumber.parse(number)
        if parsed is None:
            return ()
        found = self._ask(papers.c.tail == f"{parsed.year}|{parsed.serial}")
        return [one for one in found if _agency(one.number) and parsed.agency.endswith(_agency(one.number))]

    def by_title(self, title: str) -> Sequence[Known]:
        key = read_title(title).key
        return self._ask(papers.c.pk.in_(select(titles.c.paper).where(titles.c.key == key))) if key else ()

    def _ask(self, where: ColumnElement[bool]) -> list[Known]:
        def look(connection: Connection) -> list[Known]:
            columns = select(papers.c.title, papers.c.number, papers.c.id)
            wanted = columns.where(where).order_by(papers.c.date.desc()).limit(_MOST)
            return [Known(row.title, row.number, row.id) for row in connection.execute(wanted)]

        return self._catalogue.ask(look)


def _agency(number: str) -> str:
    parsed = DocumentNumber.parse(number)
    return parsed.agency if parsed else ""
