"""OCR: character error rate by kind of scan (150 and 200 dpi, tilted, noisy, sealed, turned), what doubt says of wrong
lines, header F1 of sample papers as scans of these kinds.

`--headers N`: so many sample papers for the header figures (0: all; 4 to 6 s a page and kind).
"""

from __future__ import annotations

import argparse
import difflib
import sys
import time
from dataclasses import dataclass, field

from gongwen.document import Document
from gongwen.rulebook import load_rulebook
from gongwen.sampling.standard import render
from gongwen.text import fold_width
from ingest.sandbox import read_bytes
from tests import scan_kit as kit
from tests.eval.forms import HEADER, Score, add_score, header_f1, papers, scanned
from tests.forms_kit import made

PAPERS = ("2022-云科协字36号-科普日方案", "2024-云科发21号-科技活动周")
PAGES = 3
HEADER_KINDS = ("200 dpi", "150 dpi", "tilted 2°", "noise, JPEG 60", "seal")
_DASHES = str.maketrans("—–―－", "----")
SURE = (0.8, 0.9, 0.93, 0.95, 0.97)


@dataclass(slots=True)
class Tally:
    chars: int = 0
    wrong: int = 0
    seconds: float = 0.0
    pages: int = 0
    lines: list[tuple[float, bool, bool]] = field(default_factory=list)
    """Score of each line, whether it has a weak character, whether it is printed so."""


def bare(text: str) -> str:
    """Without what a reader does not miss: blanks, width and length of dashes."""
    return "".join(fold_width(text).split()).translate(_DASHES)


def errors(wanted: str, found: str) -> int:
    """Characters of the longer side of each place where the two differ."""
    matcher = difflib.SequenceMatcher(None, wanted, found, autojunk=False)
    return sum(max(b - a, d - c) for code, a, b, c, d in matcher.get_opcodes() if code != "equal")


def measure(tally: Tally, wanted: Document, found: Document, seconds: float) -> None:
    text = bare(wanted.text)
    tally.chars += len(text)
    tally.wrong += errors(text, bare(found.text))
    tally.seconds += seconds
    tally.pages += len(found.pages)
    for run in found.runs:
        if run.score is not None:
            tally.lines.append((run.score, bool(run.weak), bare(run.span.of(found.text)) in text))


def by_kind() -> None:
    tallies: dict[str, Tally] = {}
    for stem in PAPERS:
        whole = (kit.SAMPLE / f"{stem}.pdf").read_bytes()
        for kind, (dpi, change) in kit.KINDS.items():
            for number, picture in enumerate(kit.render(whole, dpi)[:PAGES]):
                wanted = read_bytes(_page(whole, number), "page.pdf")
                started = time.perf_counter()
                found = read_bytes(kit.as_png(change(picture), dpi), "scan.png")
                measure(tallies.setdefault(kind, Tally()), wanted, found, time.perf_counter() - started)
    print(f"{'kind':<42}{'characters':>12}{'wrong':>8}{'rate':>9}{'s/page':>8}")
    for kind, tally in tallies.items():
        rate = tally.wrong / tally.chars
        print(f"{kind:<42}{tally.chars:>12,}{tally.wrong:>8}{rate:>9.2%}{tally.seconds / tally.pages:>8.1f}")
    lines = [line for tally in tallies.values() for line in tally.lines]
    wrong = sum(not right for *_, right in lines)
    weak = [right for _, is_weak, right in lines if is_weak]
    print(f"with a weak character {len(weak)}, of them not as printed {sum(not right for right in weak)}")
    print(f"{len(lines)} lines, {wrong} not as printed; below a score: lines, of them not as printed")
    for sure in SURE:
        below = [right for score, _, right in lines if score < sure]
        print(f"  {sure:.2f}  {len(below):>5}  {sum(not right for right in below):>5}")


def _page(whole: bytes, number: int) -> bytes:
    """One page of a PDF with its text layer."""
    from io import BytesIO

    import pypdfium2

    source, out = pypdfium2.PdfDocument(whole), pypdfium2.PdfDocument.new()
    out.import_pages(source, [number])
    target = BytesIO()
    out.save(target)
    return target.getvalue()


def headers(most: int) -> None:
    """The sample papers printed, scanned, read and extracted, by kind of scan; beside what their text layers give."""
    chosen = [one for one in papers() if one.form in ("pdf", "docx", "txt", "md")]
    if most:
        chosen = chosen[:: max(1, len(chosen) // most)][:most]
    book, printed = load_rulebook(), Score()
    for entry in chosen:
        data = render(made(entry), "pdf")
        add_score(printed, entry.name, made(entry).gold, read_bytes(data, "scan.pdf"), book)
    _tell(f"with text layer ({len(chosen)} papers)", printed)
    known = set(printed.errors)
    for kind in HEADER_KINDS:
        score, started, pages = Score(), time.perf_counter(), 0
        for _, (document,) in scanned(kind, chosen, score, book):
            pages += len(document.pages)
        _tell(f"scan, {kind} ({pages} pages, {(time.perf_counter() - started) / pages:.1f} s a page)", score)
        for error in score.errors:
            if error not in known:
                print("    only as scan:", *error)


def _tell(what: str, score: Score) -> None:
    told = ", ".join(f"{key} {score.counts[key].f1:.3f}" for key in HEADER if key in score.counts)
    print(f"{what}: header F1 {header_f1(score):.4f}, all {score.total().f1:.4f}; {told}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench_ocr")
    parser.add_argument("--headers", type=int, default=4)
    parser.add_argument("--only", choices=("kinds", "headers"))
    options = parser.parse_args(sys.argv[1:])
    if not kit.HAS_FONT:
        print("no font with Han characters (Debian: fonts-noto-cjk)")
        return
    if options.only != "headers":
        by_kind()
    if options.only != "kinds":
        headers(options.headers)


if __name__ == "__main__":
    main()
