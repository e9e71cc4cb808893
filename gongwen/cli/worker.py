"""The ingest beside the site: a process of its own that takes up what is uploaded, asked for again or put into the
inbox.

It ends with the site, however that ends, and comes back when it dies itself; waits double, for one that cannot start
would else be started again and again."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType

from gongwen.settings import ROOT

_log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "gongwen", "ingest", "--watch", "--poll", "0.5")
LONGEST_WAIT = 60.0
SOUND_SECONDS = 30.0
"""A worker that has lived so long was sound: the next wait is short again."""
_GRACE = 20.0


class Worker:
    """Use as a context manager. The command is told our process with `--parent` and ends itself when that is gone."""

    def __init__(
        self, command: Sequence[str] = COMMAND, *, clock: Callable[[], float] = time.monotonic, first_wait: float = 1.0
    ) -> None:
        self._command = list(command)
        self._clock = clock
        self._first_wait = first_wait
        self._closing = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="ingest-worker", daemon=True)

    def __enter__(self) -> Worker:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lets the file in hand end, then ends it."""
        self._closing.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(_GRACE)

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _keep(self) -> None:
        wait = self._first_wait
        while not self._closing.is_set():
            started = self._clock()
            code = self._run()
            if self._closing.is_set():
                return
            wait = self._first_wait if self._clock() - started > SOUND_SECONDS else wait
            _log.error("the ingest worker ended with %s, starting it again in %.0f s", code, wait)
            self._closing.wait(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    def _run(self) -> int | None:
        try:
            path = os.pathsep.join(one for one in (str(ROOT), os.environ.get("PYTHONPATH", "")) if one)
            self._process = subprocess.Popen(
                [*self._command, "--parent", str(os.getpid())], stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
            )  # fmt: skip
        except OSError as error:
            _log.error("the ingest worker cannot be started: %s", error)
            return None
        if self._closing.is_set():
            self._process.terminate()
        return self._process.wait()
