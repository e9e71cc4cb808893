"""200 mutants of twelve formats through the product's own door, in one ingest: each has a reason, or is told to be
incomplete, or is honest text; nothing else is touched, and the service goes on.

OCR is off but for the pictures, and four files only go through LibreOffice: both cost seconds a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest import sandbox
from ingest.report import Report
from tests.faults.door import Door, Fate, check_fate, tree, written_by_force
from tests.faults.mutants import MEMBERS, mutants
from tests.faults.ordinary import LINES, original
from tests.faults.peaks import forget_peak, peak
from tests.ingest_kit import age

COUNTS = {
    "pdf": 36, "docx": 36, "ofd": 30, "xlsx": 24, "pptx": 18, "html": 18, "eml": 14, "zip": 10, "xls": 4, "rtf": 4,
    "png": 3, "tiff": 3,
}  # fmt: skip
PICTURES = ("png", "tiff")
CHECKED = frozenset({"docx", "ofd", "xlsx", "pptx", "zip"})
"""Formats with a checksum over everything that is read."""
BUGS = frozenset({"crash", "extract_error", "timeout", "worker_died_3x", "output_too_large"})
"""What a reader that keeps its word never ends with."""


@dataclass(frozen=True, slots=True)
class Mutant:
    form: str
    change: str
    name: str
    fate: Fate
    whole: Fate
    """What became of the file that it was made of."""

    @property
    def is_silent(self) -> bool:
        """Other words than the original's, and nobody is told."""
        document, before = self.fate.document, self.whole.document
        if document is None or before is None or document.text == before.text or not document.complete:
            return False
        return not set(document.warnings) - set(before.warnings)


@dataclass(frozen=True, slots=True)
class Run:
    door: Door
    report: Report
    mutants: list[Mutant]
    grown: int
    appeared: set[str]
    forced: list[Path]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("mutants")
    door = Door(folder)
    made = [(form, change, f"{form} {at:02} {change}.{form}", data)
            for form, count in COUNTS.items() for at, (change, data) in enumerate(mutants(form, count))]  # fmt: skip
    wholes, pictures = folder / "wholes", folder / "pictures"
    wholes.mkdir()
    pictures.mkdir()
    for form in COUNTS:
        _write(wholes, f"{form}.{form}", original(form))
    for form, _, name, data in made:
        _write(pictures if form in PICTURES else door.papers, name, data)
    before = tree(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "is_installed", lambda: False)
        fates = door.fates(door.ingest(wholes))  # and what every ingest loads is loaded
        held = forget_peak()
        report = door.ingest()
        grown = peak() - held
    fates |= door.fates(report) | door.fates(door.ingest(pictures))
    appeared = {path for path in tree(folder) - before if not path.startswith(str(door.store.root))}
    found = [Mutant(form, change, name, fates[name], fates[f"{form}.{form}"]) for form, change, name, _ in made]
    yield Run(door, report, found, grown, appeared, written_by_force())


def _write(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    age(folder / name)


def test_there_are_200_and_what_they_were_made_of_is_read(run: Run):
    assert len(run.mutants) == 200 and len(COUNTS) >= 10
    for form in COUNTS:
        whole = next(one.whole for one in run.mutants if one.form == form)
        if form not in (*PICTURES, "rtf"):  # no Chinese in the pictures; LibreOffice may be missing
            assert whole.document is not None and whole.document.complete, (form, whole.code)


def test_each_has_its_one_end(run: Run):
    for one in run.mutants:
        check_fate(one.name, one.fate)
    assert all(row.is_done and row.owner is None for row in run.door.rows())
    assert run.door.problems() == []
    assert not run.report.interrupted


def test_none_meets_a_bug_of_ours(run: Run):
    met = {one.name: one.fate.code for one in run.mutants if one.fate.code in BUGS}
    assert met == {}


def test_where_there_are_checksums_other_words_are_told(run: Run):
    silent = [one.name for one in run.mutants if one.form in CHECKED and one.change not in MEMBERS and one.is_silent]
    assert silent == []


def test_a_pdf_seldom_says_other_words_in_silence(run: Run):
    """Its dictionaries have no checksum. Before ingest.readers.pdf_damage one in four of them did."""
    harmed = [one for one in run.mutants if one.form == "pdf"]
    assert [one.name for one in harmed if one.is_silent][2:] == []
    assert sum(one.fate.document is not None and not one.fate.document.complete for one in harmed) >= 8


def test_every_way_to_end_is_met(run: Run):
    """The mutants are no use when all of them are turned away at the door."""
    for form, count in COUNTS.items():
        ends = [one for one in run.mutants if one.form == form]
        read = sum(one.fate.document is not None for one in ends)
        assert form in ("rtf", *PICTURES) or count // 8 <= read < count, (form, read)


def test_nothing_is_written_elsewhere_and_the_service_stays_small(run: Run):
    assert run.appeared == set()
    assert run.forced == []
    assert run.grown < 50 << 20


def test_the_service_goes_on(run: Run):
    path = run.door.folder / "最后.txt"
    path.write_text("关于报送瀚宁湖科普船方案的通知\n" + "\n".join(LINES), encoding="utf-8")
    assert [one.status for one in run.door.ingest(path).outcomes] == ["accepted"]
    assert run.door.found("瀚宁湖科普船方案") == 1
    assert run.door.state_page()[0] == 200
