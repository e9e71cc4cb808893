"""Checking a file as the command and the site do it: read in the sandbox, checked here, nothing kept."""

from __future__ import annotations

import threading
from datetime import date
from functools import cached_property
from pathlib import Path

import regex

from draft.check.file import CheckedFile
from draft.check.library import CatalogueLibrary, Library
from draft.check.model import Finding, Prior
from draft.check.run import check
from draft.compare import all_sentences
from draft.gb9704.layout import Item
from draft.papers import Shelf, load_paper
from gongwen.cli.compose import RulePipeline, make_pipeline
from gongwen.document import Document
from gongwen.errors import StoreError
from gongwen.record import Record
from gongwen.settings import Settings
from index.catalogue.catalogue import Catalogue
from ingest.client import LoadError


class Checking:
    """One file at a time: a check may cost as much as an ingest."""

    def __init__(self, settings: Settings, catalogue: Catalogue | None, shelf: Shelf | None = None) -> None:
        """`shelf`: where last year's paper is taken from, to be held against."""
        self._settings = settings
        self._shelf = shelf
        self._library: Library | None = CatalogueLibrary(catalogue) if catalogue is not None else None
        self._lock = threading.Lock()

    @cached_property
    def _pipeline(self) -> RulePipeline:
        return make_pipeline(self._settings)

    def check(self, path: Path, name: str) -> CheckedFile:
        """Raises SourceError; StoreError on a machine that has no room for it now."""
        with self._lock:
            try:
                found = self._pipeline.extract(path, name=name)
            except LoadError as error:
                raise StoreError("读取程序没有启动起来，请稍后再试") from error
            papers = tuple((record, self._findings(found.document, record)) for record in found.records)
            return CheckedFile(found.document, papers, tuple(_layout(path)), self._library is not None)

    def _findings(self, document: Document, record: Record) -> tuple[Finding, ...]:
        prior = self._prior(record)
        return tuple(check(document, record, today=date.today(), library=self._library, prior=prior))

    def _prior(self, record: Record) -> Prior | None:
        """Last year's paper of the same title."""
        title = str(record["title"] or "")
        years = regex.findall(r"(?<!\d)20\d{2}(?=\s?年)", title)
        if self._library is None or self._shelf is None or not years:
            return None
        year = int(years[0]) - 1
        for known in self._library.by_title(title.replace(years[0], str(year))):
            if known.id and known.id != record.id:
                paper = load_paper(self._shelf, known.id)
                return Prior(paper.name, year, tuple(all_sentences(paper.text.splitlines())))
        return None


def _layout(path: Path) -> list[Item]:
    """After the sandbox has read the file without complaint."""
    if path.suffix.lower() != ".docx":
        return []
    from draft.gb9704.layout import check_layout

    return check_layout(path)
