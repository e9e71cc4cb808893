"""Extraction alone: characters a second by length (linear?), share of time by stage."""

from __future__ import annotations

import cProfile
import pstats
import time
from pathlib import Path

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.rulebook import load_rulebook
from ingest.readers.plain import READER
from ingest.source import Source

SAMPLE = Path(__file__).resolve().parent.parent.parent / "corpus" / "sample"
LENGTHS = (1_000, 10_000, 100_000, 1_000_000)
ROOM = str(Path(__file__).resolve().parent.parent.parent / "extract")


def _text() -> str:
    """All text files of the sample, one after the other: real variety of lines."""
    parts = []
    for path in sorted(SAMPLE.glob("*.txt")):
        data = path.read_bytes()
        try:
            parts.append(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            parts.append(data.decode("gb18030"))
    return "\n".join(parts)


def _document(text: str) -> Document:
    return READER.read(Source.of("bench.txt", text.encode("utf-8"), "text/plain"))


def main() -> None:
    book = load_rulebook()
    text = _text()
    extract(_document(text[:2_000]), book)
    print(f"{'characters':>12}{'seconds':>10}{'characters/s':>14}")
    for length in LENGTHS:
        document = _document((text * (length // len(text) + 1))[:length])
        started = time.perf_counter()
        extract(document, book)
        took = time.perf_counter() - started
        print(f"{length:>12,}{took:>10.3f}{length / took:>14,.0f}", flush=True)
    _stages(text)


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
