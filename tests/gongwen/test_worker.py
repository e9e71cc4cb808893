"""The ingest beside the site: it takes up what is uploaded, comes back when it dies and ends with the site."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from gongwen.cli.compose import receive
from gongwen.cli.worker import COMMAND, Worker
from gongwen.settings import Settings
from gongwen.store import open_store
from ingest.standing import standings

PATIENCE = 60.0
"""What a test waits for at most; it goes on as soon as the thing has happened."""


def until(happened: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.05)
    return False


def starts(folder: Path) -> int:
    return len(list(folder.iterdir()))


def noting(folder: Path, then: str) -> list[str]:
    """A worker that leaves a file at each start."""
    code = f"import os, time, pathlib; pathlib.Path({str(folder)!r}, str(time.time_ns())).touch(); {then}"
    return [sys.executable, "-c", code]


def test_a_worker_that_dies_is_started_again(tmp_path: Path) -> None:
    with Worker(noting(tmp_path, "os._exit(7)"), first_wait=0.05):
        assert until(lambda: starts(tmp_path) >= 3)


def test_it_ends_with_the_site(tmp_path: Path) -> None:
    with Worker(noting(tmp_path, "time.sleep(600)")) as worker:
        assert until(lambda: starts(tmp_path) == 1)
        assert worker.is_alive
    assert not worker.is_alive
    assert starts(tmp_path) == 1


def test_a_site_that_is_killed_takes_its_worker_along(tmp_path: Path) -> None:
    code = (
        "import sys, time; from gongwen.cli.worker import Worker\n"
        "with Worker() as worker:\n"
        "    while not worker.is_alive: time.sleep(0.05)\n"
        "    print(worker._process.pid, flush=True); time.sleep(600)"
    )
    environ = {**os.environ, "GONGWEN_CORPUS": str(tmp_path / "corpus")}
    site = subprocess.Popen([sys.executable, "-c", code], env=environ, stdout=subprocess.PIPE, text=True)
    assert site.stdout is not None
    worker = int(site.stdout.readline())
    assert until(lambda: (tmp_path / "corpus" / "inbox").exists())
    time.sleep(1)
    site.send_signal(signal.SIGKILL)
    site.wait()
    site.stdout.close()
    assert until(lambda: not _is_alive(worker))


def _is_alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_what_is_uploaded_becomes_searchable(tmp_path: Path, monkeypatch) -> None:
    settings = Settings(corpus=tmp_path / "corpus", free_space_mb=0)
    monkeypatch.setenv("GONGWEN_CORPUS", str(settings.corpus))
    paper = tmp_path / "通知.txt"
    paper.write_text("关于召开科普年会的通知\n各县科协：\n请参加。\n云州市科协\n2024年5月8日\n", encoding="utf-8")
    with Worker(COMMAND), paper.open("rb") as stream:
        sha256 = receive(settings, stream, paper.name, "").sha256
        assert until(lambda: standings(open_store(settings).journal, [sha256])[0].state == "indexed")
