"""Checking a file as the command and the site do it: read in the sandbox, checked here, nothing kept."""

from __future__ import annotations

import threading
from datetime import date
from functools import cached_property
from pathlib import Path

from draft.check.file import CheckedFile
from draft.check.library import CatalogueLibrary, Library
from draft.check.run import check
from draft.gb9704.layout import Item
from gongwen.cli.compose import RulePipeline, make_pipeline
from gongwen.errors import StoreError
from gongwen.settings import Settings
from index.catalogue.catalogue import Catalogue
from ingest.client import LoadError


class Checking:
    """One file at a time: a check may cost as much as an ingest."""

    def __init__(self, settings: Settings, catalogue: Catalogue | None) -> None:
        self._settings = settings
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
            papers = tuple(
                (record, tuple(check(found.document, record, today=date.today(), library=self._library)))
                for record in found.records
            )
            return CheckedFile(found.document, papers, tuple(_layout(path)), self._library is not None)


def _layout(path: Path) -> list[Item]:
    """After the sandbox has read the file without complaint."""
    if path.suffix.lower() != ".docx":
        return []
    from draft.gb9704.layout import check_layout

    return check_layout(path)
