"""Our ingest beside the plain path (pdfplumber text or decoded text → jieba analyzer → Whoosh) on the same files, both
with their start; then what a running process needs for one more document, and the rebuild of the index. Then the PDF
reader beside plain pdfium and pdfplumber text, on plain pages and on pages with ruled tables.

Seconds are the wall's and, since other work on the machine disturbs those, the processors' (children included)."""

from __future__ import annotations

import io
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from gongwen.cli.compose import make_ingest, make_options
from gongwen.document import Document
from gongwen.sampling.delivery import write_mass
from gongwen.sampling.standard import entries, paper, render
from gongwen.settings import ROOT, Settings
from gongwen.store import open_store
from index.engine import Query
from index.sync import open_index
from ingest.progress import Silent
from ingest.walk import walk

COUNTS = {"txt": 300, "pdf": 60}
MORE = 5
TABLES = ("year_plan", "science_week", "series")


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="gongwen-bench-"))
    try:
        for form, count in COUNTS.items():
            source = folder / form
            for _ in write_mass(source, count, seed=5, forms=(form,), gold=False):
                pass
            files = len(list(source.rglob(f"*.{form}")))
            plain = _timed(["-m", "tests.bench.bench_ingest", str(source), form, str(folder / f"plain-{form}")])
            settings = replace(Settings(), corpus=folder / f"corpus-{form}")
            ours = _timed(["-m", "gongwen", "ingest", str(source)], settings)
            print(
                f"{form}: {files} files; plain path {files / plain[0]:.1f}/s ({1000 * plain[1] / files:.0f} ms of "
                f"processor a file), ours {files / ours[0]:.1f}/s ({1000 * ours[1] / files:.0f} ms; with sandbox, "
                f"fsync, extraction with evidence), ratio {plain[0] / ours[0]:.2f}",
                flush=True,
            )
            _one_more(settings, folder)
            _rebuild(settings)
        _pdf_readers(sorted((folder / "pdf").rglob("*.pdf")))
    finally:
        shutil.rmtree(folder)


def _pdf_readers(files: list[Path]) -> None:
    """Seconds of the processor a page, in this process, each library loaded before; as ratios to pdfium."""
    tables = [render(paper(entry), "pdf") for entry in entries() if entry.family in TABLES and entry.form == "pdf"]
    for name, chosen in (("plain pages", [path.read_bytes() for path in files]), ("pages with tables", tables)):
        pages = sum(map(_pages_of, chosen))
        costs = {reader.__name__.strip("_"): _cost(reader, chosen) for reader in (_pdfium, _ours, _pdfplumber)}
        least = costs["pdfium"]
        told = ", ".join(f"{reader} {cost / least:.2f}" for reader, cost in costs.items())
        print(f"pdf text, {name} ({pages}): {told} (pdfium {1000 * least / pages:.1f} ms a page)", flush=True)


def _cost(read: Callable[[bytes], object], chosen: list[bytes]) -> float:
    read(chosen[0])
    started = time.process_time()
    for content in chosen:
        read(content)
    return time.process_time() - started


def _pages_of(content: bytes) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        return len(document)


def _pdfium(content: bytes) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def _pdfplumber(content: bytes) -> str:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(content)) as document:
        return "\n".join(page.extract_text() or "" for page in document.pages)


def _ours(content: bytes) -> Document:
    """Paragraphs, tables and the box of every line, not only text."""
    from ingest.readers.pdf import READER
    from ingest.source import Source

    return READER.read(Source.of("a.pdf", content, "application/pdf"))


def _timed(command: list[str], settings: Settings | None = None) -> tuple[float, float]:
    """Wall seconds and processor seconds of a Python process and all its children."""
    environ = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    if settings is not None:
        environ["GONGWEN_CORPUS"] = str(settings.corpus)
    before, started = _spent(), time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environ, check=True, capture_output=True)
    return time.perf_counter() - started, _spent() - before


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _one_more(settings: Settings, folder: Path) -> None:
    """From handing in to being found, in a process that has ingested and searched before."""
    index = open_index(settings)
    seconds: list[float] = []
    with make_ingest(settings, make_options(settings, via="cli"), Silent()) as ingest:
        for number in range(MORE + 1):
            word = f"多加的第{number}件"
            path = folder / f"{word}.txt"
            path.write_text(f"云州市科学技术协会关于{word}的通知\n各县区科协：\n现通知如下。\n", encoding="utf-8")
            found = list(walk([path], settle=False))
            started = time.perf_counter()
            ingest.run(found)
            assert index.search(Query(text=f"“{word}”")).total == 1
            seconds.append(time.perf_counter() - started)
    index.close()
    print(f"  one more document searchable in {sorted(seconds[1:])[MORE // 2]:.3f} s (first: {seconds[0]:.2f} s)")


def _rebuild(settings: Settings) -> None:
    index = open_index(settings)
    spent, started = time.process_time(), time.perf_counter()
    index.rebuild(open_store(settings))
    took, spent = time.perf_counter() - started, time.process_time() - spent
    count = len(index.ids())
    cost = 1000 * spent / count
    print(f"  index rebuilt at {count / took:.0f} documents/s ({cost:.1f} ms of processor each)", flush=True)
    index.close()


def plain_path(source: Path, form: str, folder: Path) -> None:
    import pdfplumber
    from jieba.analyse import ChineseAnalyzer
    from whoosh.fields import ID, TEXT, Schema
    from whoosh.index import create_in

    folder.mkdir()
    schema = Schema(id=ID(stored=True, unique=True), body=TEXT(stored=True, analyzer=ChineseAnalyzer()))
    writer = create_in(folder, schema).writer()
    for path in sorted(source.rglob(f"*.{form}")):
        if form == "pdf":
            with pdfplumber.open(path) as pdf:
                text = "\n".join(page.extract_text() or "" for page in pdf.pages)
        else:
            text = path.read_bytes().decode("utf-8", "replace")
        writer.add_document(id=str(path), body=text)
    writer.commit()


if __name__ == "__main__":
    plain_path(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
