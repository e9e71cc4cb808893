"""The time a search may take."""

from __future__ import annotations

import time


class Clock:
    """When a search must end; once it has rung, everything unchecked is left out."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self.rung = False

    def check(self) -> bool:
        self.rung = self.rung or time.monotonic() > self._end
        return self.rung
