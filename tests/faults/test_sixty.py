"""Nos. 1 to 53 of reliability.md §5 through the product's own door, all in one ingest, and what must hold after it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gongwen.errors import REASONS
from ingest.report import Report
from tests.faults.door import Canary, Door, Fate, check_fate, tree, written_by_force
from tests.faults.ordinary import LINES, original
from tests.faults.peaks import forget_peak, peak
from tests.faults.sixty import INPUTS, Input, Read
from tests.ingest_kit import age

NAMES = {
    "51a not UTF-8": os.fsdecode("51_云州.txt".encode("gbk")),
    "51b on two lines": "51\n\x1b[2J伪造日志.txt",
    "51c 84 characters": "5" + "云" * 83 + ".txt",
}
OBJECTS = ("50f.pdf", "50l.pdf", "50d.pdf")


@dataclass(frozen=True, slots=True)
class Run:
    """The ingest of all of them, then of an ordinary paper."""

    door: Door
    report: Report
    later: Report
    fates: dict[str, Fate]
    asked: tuple[str, ...]
    grown: int
    appeared: set[str]
    forced: list[Path]
    shadow: int


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("door")
    door, canary = Door(folder), Canary()
    assert written_by_force() == []
    try:
        (folder / "ordinary").mkdir()
        (folder / "ordinary" / "先到.docx").write_bytes(original("docx"))
        assert door.ingest(folder / "ordinary").exit_code == 0  # what every ingest loads is loaded
        _write_all(door.papers, canary.url)
        before, shadow = tree(folder), Path("/etc/shadow").stat().st_atime_ns
        held = forget_peak()
        with _growing(door.papers / "52.txt"):
            report = door.ingest()
        grown = peak() - held
        later = door.ingest(door.papers / "52.txt", _last(folder))
        appeared = {path for path in tree(folder) - before if not path.startswith(str(door.store.root))}
        yield Run(door, report, later, door.fates(report), tuple(canary.asked), grown, appeared, written_by_force(),
                  Path("/etc/shadow").stat().st_atime_ns - shadow)  # fmt: skip
    finally:
        canary.close()


def _write_all(folder: Path, url: str) -> None:
    for one in INPUTS:
        (folder / one.name).write_bytes(one.data(url))
    os.mkfifo(folder / "50f.pdf")
    (folder / "50l.pdf").symlink_to("/etc/shadow")
    (folder / "50d.pdf").mkdir()
    for number, name in enumerate(NAMES.values()):
        Path(f"{folder}/{name}").write_text(f"关于第{number + 1}次科普活动的通知", encoding="utf-8")
    for number in range(5):
        (folder / f"53_{number}.txt").write_text("同一内容的通知", encoding="utf-8")
        (folder / f"53_夹{number}").mkdir()
        (folder / f"53_夹{number}" / "通知.txt").write_text(f"第{number + 1}份内容的通知", encoding="utf-8")
    for path in folder.rglob("*.*"):
        if path.is_file() and not path.is_symlink():
            age(path)


class _growing:  # noqa: N801  (used as a word of the test)
    """A file that somebody writes as long as the block lasts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stop = threading.Event()
        self._writer = threading.Thread(target=self._write)

    def __enter__(self) -> None:
        self._path.write_text("关于举办科普日的通知\n", encoding="utf-8")
        self._writer.start()

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._writer.join()
        age(self._path)

    def _write(self) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            while not self._stop.wait(0.02):
                file.write("各县科协：\n")
                file.flush()


def _last(folder: Path) -> Path:
    path = folder / "最后.txt"
    path.write_text("关于报送瀚宁湖科普船方案的通知\n" + "\n".join(LINES), encoding="utf-8")
    age(path)
    return path


@pytest.mark.parametrize("one", INPUTS, ids=lambda one: f"{one.name} {one.what}")
def test_what_becomes_of_it(run: Run, one: Input):
    fate = run.fates[one.name]
    if not isinstance(one.want, Read):
        assert fate.code in one.want.codes, (fate.code, fate.document and fate.document.text[:200])
        return
    assert fate.document is not None, fate.code
    document = fate.document
    assert not one.want.text or document.text.strip() == one.want.text
    assert (document.warnings, document.reasons) == (one.want.warnings, one.want.reasons)
    assert {kind for kind, _ in document.links} >= set(one.want.links)
    assert "root:" not in document.text


def test_the_table_is_whole():
    assert [one.number for one in INPUTS] == sorted(one.number for one in INPUTS)
    assert {one.number for one in INPUTS} == set(range(1, 50))
    # Another outcome than reliability.md states has its reason.
    for one in INPUTS:
        stated = one.says.split(",")[0].split(" ")[0]
        same = stated in ("ok", "text", "type_mismatch", "html", "right", "cleaned") or (
            not isinstance(one.want, Read) and stated.rstrip(";") in one.want.codes
        )
        assert same or one.why, one.name


@pytest.mark.parametrize("name", OBJECTS)
def test_50_what_is_no_file_is_left_where_it_is(run: Run, name: str):
    assert run.fates[name].code == "not_regular"
    assert os.path.lexists(run.door.papers / name)


@pytest.mark.parametrize("case", NAMES)
def test_51_any_name_is_stored_and_told_on_one_line(run: Run, case: str):
    number = list(NAMES).index(case) + 1
    (fate,) = (one for one in run.fates.values() if one.document and f"关于第{number}次" in one.document.text)
    assert len(fate.outcome.line.splitlines()) == 1
    assert fate.outcome.line.isprintable()
    with run.door.journal() as journal:
        assert journal.name_of(fate.outcome.sha256 or "").isprintable()


def test_52_a_file_that_still_grows_is_taken_later(run: Run):
    assert run.fates["52.txt"].code == "changed"
    taken = run.door.fates(run.later)["52.txt"]
    assert taken.document is not None and taken.document.text.startswith("关于举办科普日的通知\n")


def test_53_one_object_for_equal_bytes_and_five_for_one_name(run: Run):
    same = [run.fates[f"53_{number}.txt"].outcome for number in range(5)]
    assert len({one.sha256 for one in same}) == 1
    assert sorted(one.status for one in same) == ["accepted", *["duplicate"] * 4]
    with run.door.journal() as journal:
        assert len(journal.arrivals(same[0].sha256 or "")) == 5
    named = [run.fates[f"53_夹{number}/通知.txt"].outcome for number in range(5)]
    assert len({one.sha256 for one in named}) == 5 and {one.status for one in named} == {"accepted"}


def test_each_has_one_end_and_one_reason(run: Run):
    assert len(run.fates) == len(INPUTS) + len(OBJECTS) + len(NAMES) + 1 + 10
    for name, fate in run.fates.items():
        check_fate(name, fate)
    assert {row.state for row in run.door.rows()} <= {"indexed", "quarantined", "needs_password", "needs_ocr"}
    assert run.door.problems() == []
    assert not run.report.interrupted and not run.report.no_space


def test_nothing_is_asked_of_any_server(run: Run):
    assert run.asked == ()


def test_nothing_is_written_elsewhere(run: Run):
    assert run.appeared == {str(run.door.papers / "52.txt"), str(run.door.folder / "最后.txt")}  # ours
    assert run.forced == []
    assert run.shadow == 0


def test_the_service_stays_small(run: Run):
    assert run.grown < 50 << 20


def test_the_service_goes_on(run: Run):
    assert run.door.fates(run.later)["最后.txt"].outcome.status == "accepted"
    assert run.door.found("瀚宁湖科普船方案") == 1
    assert run.door.found("科普日活动") >= 1


def test_the_site_tells_of_each_of_them(run: Run):
    status, page = run.door.state_page()
    assert status == 200
    refused = [row for row in run.door.rows() if row.state != "indexed"]
    assert len(refused) >= 30
    for row in refused:
        what, action = REASONS[row.reason or ""]
        assert what in page and action in page
