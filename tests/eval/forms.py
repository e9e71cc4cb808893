"""`python -m tests.eval.forms [FORM…] [--scans KIND…]`: every paper of the sample in every form, and what each form
says otherwise than the text; scans with the F1 of the header (4 to 6 s a page).

Forms: those of tests/forms_kit.py (default: all); kinds of scans: those of tests/scan_kit.py.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scoring import HEADER, Score

from extract.pipeline import extract
from gongwen.document import Document
from gongwen.rulebook import Rulebook, load_rulebook
from gongwen.sampling.standard import Entry, entries
from ingest.sandbox import read_bytes
from tests import forms_kit as kit
from tests import scan_kit
from tests.eval.score import choose

NO_PAPERS = ("mail", "note", "package")
"""Families of covering letters and the like: what they say is their own affair."""


def papers() -> list[Entry]:
    """One entry a manuscript and year, those in mails and archives too."""
    found: dict[tuple[str, int], Entry] = {}
    for entry in entries():
        for one in (entry, *entry.members):
            found.setdefault((one.family, one.year), one)
    return [one for one in found.values() if one.family not in NO_PAPERS]


def in_form(form: str, chosen: list[Entry]) -> Iterator[tuple[Entry, list[Document]]]:
    if form not in kit.OFFICE:
        for entry in chosen:
            yield entry, list(kit.documents(*kit.write(entry, form)))
        return
    with tempfile.TemporaryDirectory() as folder:
        made = kit.office(chosen, Path(folder), (form,))
    for entry in chosen:
        content, as_docx = made[entry.name, form]
        yield entry, list(kit.documents(f"样例.{form}", content, as_docx))


def compare(form: str, found: Iterable[tuple[Entry, list[Document]]], book: Rulebook) -> int:
    """Prints each difference and a line of the sum; how many papers differ."""
    count = differing = 0
    started = time.perf_counter()
    for entry, documents in found:
        plain = kit.records(kit.documents(*kit.write(entry, "txt")), book)
        told = kit.differences(plain, kit.records(documents, book), blurred=form.startswith("scan"))
        count += 1
        differing += bool(told)
        for one in told:
            print(f"  {form}: {entry.name}: {one}", flush=True)
    print(f"{form}: {count} papers, {differing} differ, {time.perf_counter() - started:.0f} s", flush=True)
    return differing


def scanned(kind: str, chosen: list[Entry], score: Score, book: Rulebook) -> Iterator[tuple[Entry, list[Document]]]:
    for entry in chosen:
        document = read_bytes(kit.scan(entry, kind), "扫描.pdf")
        add_score(score, entry.name, kit.made(entry).gold, document, book)
        yield entry, [document]


def add_score(score: Score, case: str, gold: dict[str, Any], document: Document, book: Rulebook) -> None:
    """What the gold of a paper says beside what the document does; a scan has no page around it."""
    records = [record.values for record in extract(document, book)]
    taken: set[int] = set()
    for number, one in enumerate([gold, *gold.get("parts", [])]):
        score.compare(f"{case}#{number}", {**one, "publish_date": None}, choose(one, records, taken))


def header_f1(score: Score) -> float:
    counts = [score.counts[name] for name in HEADER if name in score.counts]
    hits = sum(one.hits for one in counts)
    return 2 * hits / max(1, 2 * hits + sum(one.missed + one.surplus for one in counts))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("forms", nargs="*", metavar="FORM")
    parser.add_argument("--scans", nargs="*", metavar="KIND", choices=tuple(scan_kit.KINDS))
    options = parser.parse_args()
    book, chosen, differing = load_rulebook(), papers(), 0
    forms = options.forms or ([] if options.scans is not None else [*kit.OWN, *kit.OFFICE])
    for form in forms:
        differing += compare(form, in_form(form, chosen), book)
    for kind in options.scans or ([] if options.scans is None else ["200 dpi"]):
        score = Score()
        compare(f"scan, {kind}", scanned(kind, chosen, score, book), book)
        for error in score.errors:
            print("    ", *error)
        print(f"scan, {kind}: header F1 {header_f1(score):.4f}, all {score.total().f1:.4f}, "
              f"whole headers {score.whole_headers}/{score.documents}", flush=True)  # fmt: skip
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
