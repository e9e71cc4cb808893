"""Extraction alone: characters a second of processor time by length (linear?), share of time by stage. Up to 100,000
characters the middle of five runs counts, in a process that has read a paper before, as the children of ingest have."""

from __future__ import annotations

import cProfile
import pstats
import time
from pathlib import Path

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.rulebook import Rulebook, load_rulebook
from ingest.readers.plain import READER
from ingest.source import Source

SAMPLE = Path(__file__).resolve().parent.parent.parent / "corpus" / "sample"
LENGTHS = (1_000, 10_000, 100_000, 1_000_000)
ROOM = str(Path(__file__).resolve().parent.parent.parent / "extract")


def _read(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _text() -> str:
    """All text files of the sample, one after the other: real variety of lines."""
    return "\n".join(_read(path) for path in sorted(SAMPLE.glob("*.txt")))


def _plan(length: int) -> str:
    """One plan of so many characters: the longest of the sample, its body told again and again."""
    text = max(map(_read, SAMPLE.glob("*方案.txt")), key=len)
    third = len(text) // 3
    head, body, tail = text[:third], text[third : 2 * third], text[2 * third :]
    return head + (body * (length // len(body) + 1))[: length - len(head) - len(tail)] + tail


def _document(text: str) -> Document:
    return READER.read(Source.of("bench.txt", text.encode("utf-8"), "text/plain"))


def main() -> None:
    book = load_rulebook()
    text = _text()
    extract(_document(text[:2_000]), book)
    print(f"{'characters':>12}{'seconds':>10}{'characters/s':>14}")
    for length in LENGTHS:
        document = _document((text * (length // len(text) + 1))[:length])
        took = _middle(document, book, 5 if length <= 100_000 else 1)
        print(f"{length:>12,}{took:>10.3f}{length / took:>14,.0f}", flush=True)
    took = _middle(_document(_plan(10_000)), book, 5)
    print(f"one plan of 10,000 characters: {1000 * took:.0f} ms (to reach: 50)")
    _stages(text)


def _middle(document: Document, book: Rulebook, runs: int) -> float:
    found = []
    for _ in range(runs):
        started = time.process_time()
        extract(document, book)
        found.append(time.process_time() - started)
    return sorted(found)[runs // 2]


def _stages(text: str) -> None:
    document, book = _document(text[:100_000]), load_rulebook()
    profile = cProfile.Profile()
    profile.runcall(extract, document, book)
    stats = pstats.Stats(profile)
    whole = stats.total_tt
    rows = [
        (cumulative, f"{Path(file).stem}.{name}")
        for (file, _, name), (_, _, _, cumulative, _) in stats.stats.items()  # type: ignore[attr-defined]
        if file.startswith(ROOM) and name.startswith("read")
    ]
    print("share of time by stage (100,000 characters):")
    for cumulative, name in sorted(rows, reverse=True)[:12]:
        print(f"  {cumulative / whole:>6.1%}  {name}")


if __name__ == "__main__":
    main()
