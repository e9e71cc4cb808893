"""Composition: how the rooms are put together for a corpus. The commands and the site take their parts from here."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from gongwen.disk import free_mb
from gongwen.document import Document
from gongwen.errors import SourceError
from gongwen.record import Record
from gongwen.rulebook import load_rulebook
from gongwen.settings import Settings
from gongwen.store import open_store
from ingest.accept import Accepted, Acceptor
from ingest.budget import Limits
from ingest.derive import Derive
from ingest.indexing import Sink
from ingest.journal import Journal
from ingest.owner import Owner
from ingest.progress import Progress
from ingest.readers import readers
from ingest.sandbox import Derivation, Extracted, extract_file, prepare
from ingest.service import Ingest, Options
from ingest.spool import Spool
from ingest.standing import Standing, standings

if TYPE_CHECKING:
    from gongwen.cli.sinks import Sinks


class RulePipeline:
    """Readers and extraction by the rules, in the sandbox. The extractor and its rules are loaded there; here only
    when they are asked for (0.4 s). A wrong rule is told by the first file: it then stays in the queue."""

    def __init__(self, settings: Settings, limits: Limits | None = None) -> None:
        self._settings = settings
        self._derivation = Derivation("gongwen.cli.derivation:prepare", str(settings.rules) if settings.rules else None)
        self._limits = limits or Limits(file_bytes=settings.max_file_mb << 20)
        prepare(self._derivation)

    @cached_property
    def _derive(self) -> Derive:
        from gongwen.cli.derivation import Deriver

        return Deriver(load_rulebook(self._settings))

    @property
    def fingerprint(self) -> str:
        return self._derive.fingerprint

    def extract(self, path: Path, *, name: str, spool: Spool | None = None) -> Extracted:
        return extract_file(path, self._derivation, name=name, limits=self._limits, spool=spool)

    def derive(self, document: Document) -> list[Record]:
        return self._derive(document)


def make_pipeline(settings: Settings) -> RulePipeline:
    return RulePipeline(settings)


def sink_opener(settings: Settings) -> Callable[[], Sink]:
    """Loads the libraries of index and catalogue in the thread that opens them."""
    return partial(open_sinks, settings)


def open_sinks(settings: Settings) -> Sinks:
    """Index, doubts, catalogue and editions as one."""
    from gongwen.cli.sinks import Sinks
    from index.derived import open_derived
    from index.editions.ledger import open_editions

    return Sinks(open_derived(settings), open_editions(settings), open_store(settings))


def make_options(settings: Settings, *, via: str, who: str = "", workers: int | None = None) -> Options:
    """`via` inbox means that files go once they are safe."""
    return Options(
        workers=workers or settings.workers, max_bytes=settings.max_file_mb << 20, floor_mb=settings.free_space_mb,
        via=via, who=who, remove=via == "inbox",
    )  # fmt: skip


def make_ingest(settings: Settings, options: Options, progress: Progress, *, indexes: bool = True) -> Ingest:
    opener = sink_opener(settings) if indexes else None
    return Ingest(open_store(settings), make_pipeline(settings), opener, options, progress=progress)


def receive(settings: Settings, stream: IO[bytes], name: str, who: str) -> Accepted:
    """Take an upload: when this returns its bytes are safe and wait for an ingest run. Raises SourceError."""
    if free_mb(settings.corpus) < settings.free_space_mb:
        raise SourceError("no_space")
    store = open_store(settings)
    store.create()
    journal = Journal(store.journal)
    try:
        with Owner(store) as owner:
            acceptor = Acceptor(store, journal, owner, max_bytes=settings.max_file_mb << 20)
            return acceptor.take_stream(stream, name, who=who)
    finally:
        journal.close()


class CorpusInlet:
    """The site's way of handing in files (web.ports.Inlet)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def receive(self, stream: IO[bytes], name: str) -> Accepted:
        return receive(self._settings, stream, name, who="")

    def standings(self, shas: list[str]) -> list[Standing]:
        return standings(open_store(self._settings).journal, shas)


def is_current_reader(reader: str) -> bool:
    """Whether a Document's reader (`pdf/3`, perhaps with what helped it) is installed in this revision."""
    current = {f"{one.name}/{one.revision}" for one in readers()}
    return any(reader == name or reader.startswith((f"{name}+", f"{name} ")) for name in current)
