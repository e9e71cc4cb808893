"""`python -m tests.bench soak --minutes N`: eight users search and open papers while one ingest takes files in, all
over loopback against the real server. Reports errors, times and the server's memory; ends with 1 when
there was an error, or when memory grew by more than it may."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import click

from gongwen.sampling.delivery import write_mass
from gongwen.settings import ROOT

USERS = 8
PAUSE = 0.2
"""Seconds between two requests of a user: people read."""
_WORDS = ("科普", "科技活动周", "通知", "市科协", "工作方案", "领导小组", "“科学素质”", "年:2023",
          "牵头:市教育局", "会议 时间")  # fmt: skip
_GROWTH_MB = 150
"""What the server may grow by after its first quarter: caches fill, SQLite keeps pages."""


@dataclass
class Figures:
    took: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, ms: float, error: str = "") -> None:
        with self.lock:
            self.took.setdefault(kind, []).append(ms)
            if error:
                self.errors.append(f"{kind}: {error}")


@click.command("soak")
@click.option("--minutes", default=30.0, type=click.FloatRange(0.2, 600))
@click.option("--documents", default=300, type=click.IntRange(20, 50_000), help="in the corpus at the start")
@click.option("--rate", default=20.0, type=click.FloatRange(0, 600), help="files that come in a minute")
def command(minutes: float, documents: int, rate: float) -> None:
    with tempfile.TemporaryDirectory(prefix="gongwen-soak-") as name:
        sys.exit(soak(Path(name), minutes, documents, rate))


def main() -> None:
    command(sys.argv[1:])


def soak(place: Path, minutes: float, documents: int, rate: float) -> int:
    coming = int(minutes * rate) + 1
    papers = sorted(write_mass(place / "papers", documents + coming, seed=8, forms=("txt", "docx", "html"), gold=False))
    (place / "first").mkdir()
    for one in papers[:documents]:
        one.rename(place / "first" / one.name)
    env = os.environ | {"GONGWEN_CORPUS": str(place / "corpus"), "GONGWEN_FREE_SPACE_MB": "1", "GONGWEN_LIMITS": "off"}
    env.pop("GONGWEN_RULES", None)
    gongwen = [sys.executable, "-m", "gongwen"]
    first = [*gongwen, "ingest", str(place / "first")]
    subprocess.run(first, cwd=ROOT, env=env, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    port = _free_port()
    with (place / "log").open("wb") as log:
        server = subprocess.Popen([*gongwen, "serve", "--port", str(port)], cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            _wait(port, server)
            figures = _load(place, port, server.pid, papers[documents : documents + coming], 60 * minutes, rate)
        finally:
            server.terminate()
            server.wait(60)
    lines = (place / "log").read_text("utf-8", errors="replace").splitlines()
    figures.errors += [f"log: {line}" for line in lines if " ERROR " in line or line.startswith("Traceback")]
    return _report(figures, minutes)


def _load(place: Path, port: int, pid: int, papers: list[Path], seconds: float, rate: float) -> Figures:
    figures, until = Figures(), time.monotonic() + seconds
    users = [threading.Thread(target=_user, args=(port, seed, until, figures)) for seed in range(USERS)]
    feeder = threading.Thread(target=_feed, args=(place / "corpus" / "inbox", papers, until, rate))
    start = time.monotonic()
    for thread in (*users, feeder):
        thread.start()
    while any(thread.is_alive() for thread in users):
        figures.memory.append((time.monotonic() - start, _memory_mb(pid)))
        users[0].join(min(5.0, max(0.1, seconds / 40)))
    feeder.join()
    return figures


def _user(port: int, seed: int, until: float, figures: Figures) -> None:
    """Searches, sometimes turns the page or filters, opens one of the hits, looks at the overview."""
    dice = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    ids: list[str] = []
    while time.monotonic() < until:
        kind = dice.choices(["search", "document", "suggest", "overview"], [6, 3 if ids else 0, 2, 1])[0]
        word = quote(dice.choice(_WORDS))
        path = {
            "search": f"/api/v1/search?q={word}&page={dice.choice([1, 1, 1, 2])}",
            "document": f"/d/{dice.choice(ids) if ids else ''}",
            "suggest": f"/suggest?q={word}",
            "overview": "/overview",
        }[kind]
        start = time.monotonic()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            error = "" if answer.status == 200 else f"{answer.status} at {path}"
            if kind == "search" and not error:
                ids = [one["id"] for one in json.loads(body)["hits"]] or ids
        except (OSError, http.client.HTTPException, ValueError) as problem:
            error = f"{type(problem).__name__} at {path}"
            connection.close()
        figures.note(kind, 1000 * (time.monotonic() - start), error)
        time.sleep(PAUSE * dice.uniform(0.5, 1.5))
    connection.close()


def _feed(inbox: Path, papers: list[Path], until: float, rate: float) -> None:
    for one in papers:
        if time.monotonic() >= until:
            return
        shutil.copy(one, inbox / f".{one.name}")
        (inbox / f".{one.name}").rename(inbox / one.name)
        time.sleep(min(60 / rate, max(0.0, until - time.monotonic())) if rate else 0)


def _report(figures: Figures, minutes: float) -> int:
    every = sorted(ms for found in figures.took.values() for ms in found)
    print(f"soak: {minutes:g} minutes, {USERS} users, {len(every)} requests, {len(figures.errors)} errors")
    for kind, found in sorted(figures.took.items()):
        times = sorted(found)
        print(f"  {kind}: {len(times)}, p50 {_at(times, 0.5):.0f} ms, p95 {_at(times, 0.95):.0f} ms, "
              f"p99 {_at(times, 0.99):.0f} ms, worst {times[-1]:.0f} ms")  # fmt: skip
    print(f"  all: p50 {_at(every, 0.5):.0f} ms, p95 {_at(every, 0.95):.0f} ms")
    warm = [mb for at, mb in figures.memory if at > 15 * minutes] or [mb for _, mb in figures.memory]
    growth = sum(warm[-3:]) / len(warm[-3:]) - sum(warm[:3]) / len(warm[:3])
    print(f"  memory of the site: {figures.memory[0][1]:.0f} MB at the start, {warm[0]:.0f} MB after a "
          f"quarter, {warm[-1]:.0f} MB at the end, at most {max(mb for _, mb in figures.memory):.0f} MB; "
          f"growth {growth:+.0f} MB")  # fmt: skip
    for error in figures.errors[:20]:
        print(f"  {error}")
    return 1 if figures.errors or growth > _GROWTH_MB else 0


def _at(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


def _memory_mb(pid: int) -> float:
    """Of the server alone: its ingest is a process of its own, whose readers come and go."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    except FileNotFoundError:
        pass
    return 0.0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError("the server ended at its start")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise RuntimeError("the server does not answer")
