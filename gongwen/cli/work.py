"""Work for the site in processes of their own, followed line by line: JSON lines out, a time limit, the whole group
of processes ended when it is stopped."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from gongwen.settings import ROOT

log = logging.getLogger(__name__)


class Work:
    """One process. `tell` gets each line as it comes, `end` the exit status (negative: a signal), both in a thread."""

    def __init__(
        self, module: str, asked: Mapping[str, Any], *, env: Mapping[str, str], seconds: float,
        tell: Callable[[dict[str, Any]], None], end: Callable[[int], None],
    ) -> None:  # fmt: skip
        self._tell, self._end = tell, end
        self._child = subprocess.Popen(
            [sys.executable, "-m", module], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=dict(env), start_new_session=True, text=True, encoding="utf-8",
        )  # fmt: skip
        self._clock = threading.Timer(seconds, self.stop)
        self._clock.daemon = True
        self._clock.start()
        self._thread = threading.Thread(target=self._follow, args=(json.dumps(asked, ensure_ascii=False),), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._child.poll() is None:
            try:
                os.killpg(self._child.pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def wait(self, timeout: float | None = None) -> None:
        self._thread.join(timeout)

    def _follow(self, asked: str) -> None:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            self._child.stdin.write(asked + "\n")
            self._child.stdin.close()
        except BrokenPipeError:
            log.warning("%s ended before it was asked", self._child.args)
        for line in self._child.stdout:
            try:
                self._tell(json.loads(line))
            except ValueError:
                log.warning("not a line of JSON: %s", line[:200].encode("unicode_escape").decode("ascii"))
        self._child.stdout.close()
        code = self._child.wait()
        self._clock.cancel()
        self._end(code)
