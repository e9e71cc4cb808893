"""Ledger: from the files a person handed in to the report they get, whoever did the work in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gongwen.record import Reading
from ingest.accept import Accepted
from ingest.journal import REFUSED, Journal, Row
from ingest.progress import Progress
from ingest.report import Outcome, Report, Status
from ingest.walk import Found


class Ledger:
    """One run's books. Failures are told as they are known, the rest by the report."""

    def __init__(self, journal: Journal, progress: Progress, *, indexes: bool = True) -> None:
        """Without `indexes` a file is done when it is extracted."""
        self._unfinished = {"stored", "extracting", "extracted"} if indexes else {"stored", "extracting"}
        self._journal = journal
        self._progress = progress
        self._outcomes: dict[int, Outcome] = {}
        self._open: dict[str, list[tuple[int, str, bool]]] = {}
        self._partial: dict[str, tuple[str, ...]] = {}
        self._under: dict[int, int] = {}
        self._ready = 0
        self._resumed = 0
        self._count = 0

    def expect(self, found: Found, accepted: Accepted) -> None:
        """An accepted file, whose fate is to come; known already when its bytes had come before."""
        self._open.setdefault(accepted.sha256, []).append((self._count, found.name, accepted.is_new))
        self._count += 1
        if accepted.is_new:
            return
        row = self._journal.row(accepted.sha256)
        if row is not None and row.is_done:
            self._close(row)

    def expect_members(self, parent: str) -> None:
        """What lies in a container of this run: each has its line below it."""
        above = next((at for at, _, _ in self._open.get(parent, ())), None)
        if above is None:
            return
        for one in self._journal.kin.members(parent):
            at, self._count = self._count, self._count + 1
            self._under[at] = above
            if one.sha256 is None:
                self._outcome(at, Outcome(one.name, "failed", reason=one.reason))
                continue
            row = self._journal.row(one.sha256)
            is_new = row is not None and row.state == "stored" and one.sha256 not in self._open
            self._open.setdefault(one.sha256, []).append((at, one.name, is_new))
            if row is not None and row.is_done:
                self._close(row)

    def refuse(self, found: Found, code: str) -> None:
        self._outcome(self._count, Outcome(found.name, "failed", reason=code))
        self._count += 1

    def extracted(self, reading: Reading) -> None:
        self._ready += len(self._open.get(reading.sha256, ()))
        if not reading.complete:
            self._partial[reading.sha256] = tuple(reading.reasons)
        if reading.sha256 not in self._open:
            self._resumed += 1

    def settle(self, sha256: str) -> None:
        """A file has come to an end that is not the index."""
        row = self._journal.row(sha256)
        if sha256 not in self._open:
            self._resumed += 1
        if row is not None:
            self._close(row)

    def expects(self, shas: Iterable[str]) -> bool:
        """Whether one of these is a file of this run whose fate is not known yet."""
        return any(sha256 in self._open for sha256 in shas)

    def tell(self, busy: int) -> None:
        self._progress.step(min(self._count, len(self._outcomes) + self._ready), self._count, f"正在处理 {busy} 个")

    def close(self, *, interrupted: bool, no_space: bool) -> Report:
        for sha256 in list(self._open):
            row = self._journal.row(sha256)
            if row is not None:
                self._close(row)
        return Report(list(self._in_order()), self._resumed, interrupted, no_space)

    def _in_order(self) -> Iterator[Outcome]:
        """As handed in, each container followed by what lies in it."""
        inner: dict[int, list[int]] = {}
        for at in sorted(self._outcomes):
            inner.setdefault(self._under.get(at, -1), []).append(at)
        waiting = [(at, 0) for at in reversed(inner.get(-1, []))]
        while waiting:
            at, depth = waiting.pop()
            yield replace(self._outcomes[at], depth=depth)
            waiting += [(one, depth + 1) for one in reversed(inner.get(at, []))]

    def _close(self, row: Row) -> None:
        for at, name, is_new in self._open.pop(row.sha256, ()):
            reasons = self._partial.get(row.sha256, ())
            status: Status = "accepted" if is_new else "duplicate"
            if row.state in REFUSED:
                status = "failed"
            elif row.state in self._unfinished:
                status = "waiting"
            why = row.reason if status == "failed" else None
            self._outcome(at, Outcome(name, status, row.sha256, why, row.sha256 not in self._partial, reasons))

    def _outcome(self, at: int, outcome: Outcome) -> None:
        self._outcomes[at] = outcome
        if at in self._under:
            return  # told below its container, by the report
        if outcome.status == "failed" or not outcome.complete:
            self._progress.say(outcome.line)
