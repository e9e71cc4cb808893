"""The door that users' files go through, with hostile ones before it: a throw-away corpus with its journal, children,
index and site, a server that nothing may call, and a look at what was written where."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import regex

from gongwen.cli.compose import RulePipeline, make_options, sink_opener
from gongwen.document import Document
from gongwen.errors import REASONS
from gongwen.settings import ROOT, Settings
from gongwen.store import Store, open_store
from index.engine import Query
from index.sync import open_index
from ingest.budget import Limits
from ingest.journal import REFUSED, Journal, Row
from ingest.report import Outcome, Report
from ingest.service import Ingest
from ingest.verify import verify
from ingest.walk import walk
from web.app import create_app
from web.intake import journal_intake

LIMITS = Limits(memory_bytes=512 << 20, cpu=6, cpu_per_page=0.2, wall=120, stall=90)
"""Tighter than the product's, so that a bomb needs not be large; nothing ordinary comes near them."""
EVIL = "gongwen-evil"
"""What files are called that an archive wants to write where it should not."""
_HAN = regex.compile(r"\p{Han}")


class Canary:
    """An HTTP server on this machine that files name as theirs. `asked`: what came."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                canary.asked.append(self.rfile.readline(200).decode("latin-1"))

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a file: in the report of its ingest, in the journal and on the disk."""

    outcome: Outcome
    row: Row | None
    document: Document | None
    records: int = 0

    @property
    def code(self) -> str:
        return self.outcome.reason or ""


class Door:
    def __init__(self, folder: Path, limits: Limits = LIMITS, rules: Path | None = None) -> None:
        self.folder = folder
        self.papers = folder / "papers"
        self.papers.mkdir()
        self.settings = Settings(corpus=folder / "corpus", free_space_mb=0, rules=rules)
        self.store: Store = open_store(self.settings)
        self._limits = limits
        self.report = Report()
        """Of the last ingest."""

    def ingest(self, *paths: Path) -> Report:
        """As the command does it."""
        options = replace(make_options(self.settings, via="cli", workers=2), patience=60.0)
        pipeline = RulePipeline(self.settings, self._limits)
        with Ingest(self.store, pipeline, sink_opener(self.settings), options) as ingest:
            self.report = ingest.run(walk(paths or [self.papers], self.store))
        return self.report

    def fates(self, report: Report) -> dict[str, Fate]:
        with self.journal() as journal:
            return {one.name: self._fate(journal, one) for one in report.outcomes if not one.depth}

    def rows(self) -> list[Row]:
        with self.journal() as journal:
            return journal.rows()

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        journal = Journal(self.store.journal)
        try:
            yield journal
        finally:
            journal.close()

    def problems(self) -> list[object]:
        index = open_index(self.settings)
        try:
            with self.journal() as journal:
                from ingest.progress import Silent

                return list(verify(self.store, journal, set(index.ids()), Silent()))
        finally:
            index.close()

    def found(self, words: str) -> int:
        index = open_index(self.settings)
        try:
            return index.search(Query(text=words)).total
        finally:
            index.close()

    def state_page(self) -> tuple[int, str]:
        """(status, text) of the site's page on the intake."""
        index = open_index(self.settings)
        try:
            app = create_app(
                self.settings, papers=self.store, finder=index, intake=journal_intake(self.store.journal)
            )
            answer = app.test_client().get("/state")
            return answer.status_code, answer.get_data(as_text=True)
        finally:
            index.close()

    def _fate(self, journal: Journal, outcome: Outcome) -> Fate:
        if outcome.sha256 is None:
            return Fate(outcome, None, None)
        reading = self.store.reading(outcome.sha256)
        records = len(reading.documents) if reading is not None else 0
        return Fate(outcome, journal.row(outcome.sha256), self.store.text(outcome.sha256), records)


def check_reason(code: str) -> None:
    """One of the closed list, and a sentence for a person: what happened and what to do."""
    assert code in REASONS, code
    assert all(_HAN.search(part) for part in REASONS[code]), code


def check_fate(name: str, fate: Fate) -> None:
    """What holds for every file, whatever it is: it has come to its one end, and the end says the same everywhere."""
    outcome, row = fate.outcome, fate.row
    if row is None:
        assert outcome.status == "failed", name
        check_reason(fate.code)
        return
    assert row.is_done, (name, row.state)
    assert row.owner is None, name
    if row.state in REFUSED:
        assert (outcome.status, outcome.reason) == ("failed", row.reason), name
        check_reason(str(row.reason))
        assert fate.document is None, name
        return
    assert row.state == "indexed" and outcome.status in {"accepted", "duplicate"} and not outcome.reason, name
    document = fate.document
    assert document is not None and document.text.strip() and fate.records, name
    assert document.complete is not bool(document.reasons), name
    for code in (*document.reasons, *document.warnings):
        check_reason(code)


def written_by_force() -> list[Path]:
    """Files of the name that archives try to write, in the places they aim at."""
    places = [Path("/"), Path("/tmp"), Path("/etc"), Path("/var/tmp"), Path.home(), Path.cwd(), Path.cwd().parent, ROOT]
    return [found for place in places for found in place.glob(f"*{EVIL}*")]


def tree(folder: Path) -> set[str]:
    """Everything below a folder, links not followed."""
    return {f"{at}/{name}" for at, folders, files in os.walk(folder) for name in (*folders, *files)}
