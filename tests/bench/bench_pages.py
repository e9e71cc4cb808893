"""How long the pages of a large corpus take, and how heavy they are: `python -m tests.bench pages [--documents 10000]`.

Papers are generated and taken in as an office takes them in (most of the work), then served by the command, and each
page is asked for ROUNDS times, one after the other, as a browser asks. With `--corpus FOLDER` a corpus is used that was
taken in before. Prints for each page the processor time of the server, the time by the clock (the median), the bytes of
the page and of what is sent of it.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import create_engine, text

from gongwen.settings import ROOT

ROUNDS = 5
DOCUMENTS = 10_000
BROWSER = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "none", "Accept": "text/html"}
ADDRESSES = (
    "/", "/search", "/search?q=科普", "/search?q=工作&type=通知", "/search?q=会议 通知&page=40",
    "/search?q=关于&sort=oldest", "/search?q=科谱大蓬车", "/search?q=日期:2020..2021", "/suggest?q=关于", "/overview",
    "/overview?on=2024-09-01", "/units",
    "/units?q=科", "/units?page=100", "/people", "/people?q=王", "/series", "/series?q=会议", "/calendar?year=2024",
    "/calendar?year=2024&month=9", "/calendar.ics?year=2024", "/review", "/review/acts", "/rules", "/state", "/help",
)  # fmt: skip
LARGEST = """SELECT n.kind, n.name FROM tallies t JOIN names n ON n.pk = t.who
GROUP BY n.pk ORDER BY n.kind, sum(t.count) DESC"""


def main() -> None:
    command([])


def command(given: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench pages")
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--corpus", type=Path)
    asked = parser.parse_args(given)
    if asked.corpus is not None:
        show(asked.corpus)
        return
    with tempfile.TemporaryDirectory() as folder:
        made, corpus = Path(folder) / "made", Path(folder) / "corpus"
        run(corpus, "sample", str(made), "--count", str(asked.documents))
        run(corpus, "ingest", str(made))
        show(corpus)


def show(corpus: Path) -> None:
    with served(corpus) as (process, site):
        print(f"{'cpu s':>7} {'s':>7} {'kB':>7} {'sent kB':>8}")
        for address in (*ADDRESSES, *largest(corpus)):
            cpu, clock, size, sent = measure(process.pid, site + quote(address, safe="/?=&:"))
            print(f"{cpu:7.3f} {clock:7.3f} {size / 1000:7.1f} {sent / 1000:8.1f} {address}", flush=True)


def measure(pid: int, url: str) -> tuple[float, float, int, int]:
    fetch(url)
    before, times = processor(pid), []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        size, sent = fetch(url)
        times.append(time.perf_counter() - start)
    return (processor(pid) - before) / ROUNDS, statistics.median(times), size, sent


def fetch(url: str) -> tuple[int, int]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=BROWSER)) as answer:
        body = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
    return len(gzip.decompress(body) if packed else body), len(body)


def processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def largest(corpus: Path) -> list[str]:
    """The units, the person and the papers that most is known of."""
    engine = create_engine(f"sqlite:///{corpus / 'catalog.db'}")
    with engine.connect() as connection:
        names: dict[int, list[str]] = {}
        for kind, name in connection.execute(text(LARGEST)):
            names.setdefault(kind, []).append(name)
    engine.dispose()
    units, people = names.get(0, []), names.get(1, [])
    records = sorted((corpus / "records").rglob("*.yml"), key=lambda path: -path.stat().st_size)[:3]
    return [
        *(f"/units/{name}" for name in units[:2]), *(f"/calendar?year=2024&unit={name}" for name in units[:1]),
        *(f"/people/{name}" for name in people[:1]), *(f"/d/{path.stem[:16]}-1" for path in records),
    ]  # fmt: skip


def run(corpus: Path, *words: str) -> None:
    done = subprocess.run([sys.executable, "-m", "gongwen", *words], cwd=ROOT, env=environment(corpus), check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"gongwen {words[0]} ended with {done.returncode}")


def environment(corpus: Path) -> dict[str, str]:
    return os.environ | {"GONGWEN_CORPUS": str(corpus), "GONGWEN_LIMITS": "off"}


@contextmanager
def served(corpus: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "gongwen", "serve", "--no-ingest", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(corpus), stdout=subprocess.PIPE, text=True,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    assert process.stdout is not None
    try:
        found = next(found for line in process.stdout if (found := re.search(r"http://[\d.]+:\d+", line)))
        yield process, found[0]
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
