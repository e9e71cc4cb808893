"""Watching the inbox by looking again and again: a file is taken when two looks in a row saw it the same.

No kernel notices are used, so the inbox may be on a network disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from ingest.report import Report
from ingest.service import Ingest
from ingest.walk import Found, walk

Seen = tuple[int, int] | None


class Watch:
    """Remembers what stood in the folder at the last look, and what was refused, which is told once."""

    def __init__(self, folder: Path, ingest: Ingest) -> None:
        self._folder = folder
        self._ingest = ingest
        self._last: dict[Path, Seen] = {}
        self._refused: dict[Path, Seen] = {}

    def look(self) -> Report | None:
        """Take what has settled since the last look; None when there was nothing to do."""
        found = list(walk([self._folder], settle=False))
        ready = [one for one in found if self._is_settled(one) and not self._was_refused(one)]
        self._last = {one.path: one.seen for one in found}
        self._refused = {path: seen for path, seen in self._refused.items() if path in self._last}
        if not ready and not self._ingest.has_work():
            return None
        report = self._ingest.run(ready)
        for one in ready:  # what still stands there was refused
            if one.path.is_symlink() or one.path.exists():
                self._refused[one.path] = one.seen
        return report

    def run(
        self, *, poll: float, tell: Callable[[Report], None], once: bool = False,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        """Until interrupted; with `once`, two looks."""
        looks = 0
        while not once or looks < 2:
            if looks:
                sleep(poll)
            looks += 1
            report = self.look()
            if report is not None:
                tell(report)
                if report.interrupted:
                    return

    def _is_settled(self, found: Found) -> bool:
        return found.path in self._last and self._last[found.path] == found.seen

    def _was_refused(self, found: Found) -> bool:
        return found.path in self._refused and self._refused[found.path] == found.seen
