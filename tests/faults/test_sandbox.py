import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from gongwen.document import Document
from gongwen.errors import SourceError
from gongwen.settings import ROOT
from ingest import client, sandbox
from ingest.sandbox import Limits, read_bytes, read_file, read_many, sandbox_report

MOCK = ("tests.faults.misbehaving",)
SMALL = Limits(memory_bytes=500 << 20, cpu=10, wall=2, stall=1.5)
BUSY = Limits(memory_bytes=500 << 20, cpu=1, wall=60)
LARGE = Limits(wall=60)


def behave(words: str, limits: Limits = SMALL) -> str:
    return read_bytes(words.encode(), "a.txt", limits=limits, readers=MOCK).text


def reason(words: str, limits: Limits = SMALL) -> str:
    with pytest.raises(SourceError) as caught:
        behave(words, limits)
    return caught.value.code


@pytest.mark.parametrize(
    ("words", "code", "limits"),
    [
        ("hang", "timeout", SMALL), ("stall", "timeout", SMALL), ("spin", "cpu", BUSY), ("bloat", "memory", LARGE),
        ("wrapped", "memory", LARGE), ("abort", "crash", LARGE), ("segv", "crash", LARGE), ("exit", "crash", LARGE),
        ("leave", "crash", LARGE), ("bug", "crash", LARGE), ("deep", "parse_error", LARGE),
        ("flood", "output_too_large", LARGE),
    ],
)  # fmt: skip
def test_a_misbehaving_reader_costs_its_file_only(words, code, limits):
    assert reason(words, limits) == code
    assert behave("fine 下一个文件") == "下一个文件"


def test_what_one_reader_calls_damaged_a_second_one_tries():
    first = ("tests.faults.failing", *MOCK)
    assert read_bytes("parse_error 甲".encode(), "a.txt", readers=first).text == "second after parse_error"
    with pytest.raises(SourceError) as caught:
        read_bytes("password 甲".encode(), "a.txt", readers=first)
    assert caught.value.code == "password"


def test_a_reader_that_dies_gets_a_second_of_its_kind_in_a_new_child():
    first = ("tests.faults.failing", *MOCK)
    assert read_bytes("die 甲".encode(), "a.txt", readers=first).text == "second after die"
    with pytest.raises(SourceError) as caught:
        read_bytes(b"die twice", "a.txt", readers=first)
    assert caught.value.code == "crash"


def test_a_reader_that_dies_without_a_second_is_told_once():
    with pytest.raises(SourceError) as caught:
        read_bytes("die 甲".encode(), "a.txt", readers=("tests.faults.failing",))
    assert caught.value.code == "crash"
    assert caught.value.__cause__ is not caught.value


def test_endless_page_reports_do_not_stretch_the_clock():
    assert reason("chatter", Limits(cpu=30, cpu_per_page=0, wall=1, wall_per_page=0, stall=1)) in ("timeout", "cpu")


def test_a_file_of_many_pages_gets_more_time():
    assert behave("pages", Limits(wall=1, wall_per_page=1, stall=1.2)) == "done"


def test_what_a_reader_prints_goes_nowhere(capfd):
    assert behave("print") == "done"
    assert capfd.readouterr().out == ""


def test_a_reader_writes_no_file(tmp_path):
    target = tmp_path / "x"
    assert reason(f"write {target}") == "crash"
    assert not target.exists() or target.stat().st_size == 0


def test_a_reader_reaches_no_server():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        assert reason(f"call {server.getsockname()[1]}") == "crash"
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_child_sees_no_environment(monkeypatch):
    monkeypatch.setenv("GONGWEN_SECRET", "x")
    assert "GONGWEN" not in behave("environ")


def test_dirt_in_a_readers_text_is_made_visible_at_the_border():
    assert behave("dirty") == "甲\ufffd乙\ufffd丙\ufffd丁"


def test_nothing_outlives_its_child():
    before = _sleepers()
    assert reason("outlive") == "timeout"
    until = time.monotonic() + 5
    while _sleepers() > before and time.monotonic() < until:
        time.sleep(0.05)
    assert _sleepers() <= before


def _sleepers() -> int:
    """Processes below this one."""
    found: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            found[int(entry.name)] = int(fields[1])
    mine = {os.getpid()}
    while True:
        more = {pid for pid, parent in found.items() if parent in mine} - mine
        if not more:
            return len(mine)
        mine |= more


def test_what_holds_on_this_host():
    report = sandbox_report()
    assert {name for name, holds in report.items() if holds is False} <= {"no_network"}
    assert report["no_network"] is (report["name_spaces"] != "none")


def test_the_parent_loads_no_parser():
    code = (
        "import sys\nfrom ingest.sandbox import read_bytes\nread_bytes('关于举办科普日的通知'.encode(), 'a.txt')\n"
        "sys.exit(any(m.split('.')[0] in ('lxml', 'olefile', 'pypdfium2', 'pdfplumber', 'docx') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_it_works_from_threads_and_from_a_forked_server():
    found: list[str] = []
    threads = [threading.Thread(target=lambda at=at: found.append(behave(f"fine {at}"))) for at in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [str(at) for at in range(6)]
    code = (
        "import os\nfrom ingest.sandbox import read_bytes\nread_bytes(b'x', 'a.txt')\npid = os.fork()\n"
        "text = read_bytes(b'y', 'a.txt').text\nassert text.strip() == 'y'\n"
        "if pid: raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_dead_nursery_is_replaced():
    behave("fine a")
    dead = client._current["plain"].process
    dead.kill()
    assert behave("fine b") == "b"
    assert client._current["plain"].process.pid != dead.pid


def test_a_nursery_that_dies_under_its_files_takes_none_of_them_along():
    behave("fine a")
    told = []
    thread = threading.Thread(target=lambda: told.append(behave("pages", Limits(wall=1, wall_per_page=1, stall=1.2))))
    thread.start()
    time.sleep(0.3)
    client._current["plain"].process.kill()
    thread.join()
    assert told == ["done"]


def test_many_files_come_back_in_order(tmp_path):
    paths = [tmp_path / f"{at}.txt" for at in range(12)]
    for at, path in enumerate(paths):
        path.write_text(f"第{at}号" if at != 5 else "", encoding="utf-8")
    told = list(read_many(iter(paths), workers=3))
    assert [path for path, _ in told] == paths
    assert isinstance(told[5][1], SourceError)
    texts = [one.text.strip() for _, one in told if isinstance(one, Document)]
    assert texts == [f"第{at}号" for at in range(12) if at != 5]


def test_first_files_of_a_format_may_come_at_once():
    """Each of their children asks for the reader's libraries; the later ones to ask are born again as well."""
    papers = sorted((ROOT / "corpus" / "sample").glob("*.docx"))[:6]
    code = (
        "import sys\nfrom pathlib import Path\nfrom ingest.sandbox import read_many\n"
        "print(*[type(found).__name__ for _, found in read_many(map(Path, sys.argv[1:]), workers=6)])"
    )
    run = subprocess.run([sys.executable, "-c", code, *papers], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["Document"] * 6


def test_only_regular_files_are_opened(tmp_path):
    fifo, link, folder = tmp_path / "f.pdf", tmp_path / "l.pdf", tmp_path / "d.pdf"
    os.mkfifo(fifo)
    link.symlink_to("/etc/hostname")
    folder.mkdir()
    listening = tmp_path / "s.pdf"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(listening))
        for path in (fifo, link, folder, listening, Path("/dev/zero")):
            with pytest.raises(SourceError) as caught:
                read_file(path)
            assert caught.value.code == "not_regular", path
    for path in (tmp_path / "none.pdf", tmp_path / ("长" * 200), Path("a\0b")):
        with pytest.raises(SourceError) as caught:
            read_file(path)
        assert caught.value.code == "missing"


def test_size_limits_and_empty_files(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 101)
    with pytest.raises(SourceError) as caught:
        read_file(path, limits=Limits(file_bytes=100))
    assert caught.value.code == "too_large"
    path.write_bytes(b"")
    with pytest.raises(SourceError) as caught:
        read_file(path)
    assert caught.value.code == "empty"


@pytest.mark.parametrize(
    "answer",
    [
        b"[]", b"{", b'{"text": 1}', b"[" * 100_000, b"\xff",
        json.dumps({"sha256": "0", "media_type": "a", "reader": "b", "complete": True, "reasons": [], "warnings": [],
                    "links": [], "text": "ab", "blocks": [{"kind": "paragraph", "span": [0, 3]}], "runs": [],
                    "pages": [], "origin": []}).encode(),
        json.dumps({"sha256": "0", "media_type": "a", "reader": "b", "complete": True, "reasons": ["made up"],
                    "warnings": [], "links": [], "text": "", "blocks": [], "runs": [], "pages": [],
                    "origin": []}).encode(),
    ],
)  # fmt: skip
def test_a_childs_answer_is_checked(answer):
    with pytest.raises(SourceError) as caught:
        sandbox._checked(answer, "0")
    assert caught.value.code == "crash"
