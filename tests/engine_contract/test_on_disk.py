"""What every engine on disk promises beyond its answers: locks, crashes, budgets, merges."""

from __future__ import annotations

import gc
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from contract_kit import STORED

from gongwen.errors import IndexBusy
from gongwen.settings import ROOT
from index.engine import Entry, IndexBroken, Query
from index.engines import Engine, engine_class
from index.folder import writing
from tests.engine_kit import need

_WORDS = ("科普", "活动", "方案", "通知", "责任", "单位", "科技", "协会", "云州", "安平")


def _entries(count: int, *, start: int = 0) -> list[Entry]:
    rnd = random.Random(start)
    return [
        Entry(f"e{at}", f"题{at}", "，".join(rnd.choices(_WORDS, k=30)) + f"第{at}件")
        for at in range(start, start + count)
    ]


@pytest.fixture(params=STORED, scope="session")
def kind(request: pytest.FixtureRequest) -> type[Engine]:
    need(request.param)
    return engine_class(request.param)


@pytest.fixture
def engine(kind: type[Engine], tmp_path: Path) -> Iterator[Engine]:
    kind.create(tmp_path / "index")
    made = kind(tmp_path / "index", patience=0.0)
    yield made
    made.close()


def test_a_second_writer_is_refused(engine: Engine):
    with writing(engine.folder, patience=0.0), pytest.raises(IndexBusy):
        engine.update(_entries(1))
    engine.update(_entries(1))
    assert engine.ids() == {"e0"}


def test_a_failed_update_leaves_the_index_as_it_was(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    engine.update(_entries(5))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("index.entrystore.EntryStore.commit", full)
        with pytest.raises(OSError, match="No space"):
            engine.update(_entries(5, start=5))
    assert engine.search(Query(limit=100)).total == 5
    engine.update(_entries(5, start=5))
    assert engine.search(Query(limit=100)).total == 10
    assert engine.search(Query("“第7件”")).ids == ("e7",)
    assert len(_segments(engine)) == 2


def _segments(engine: Engine) -> set[str]:
    """Names of the segments whose files lie in the folder."""
    files = [path.name for path in engine.folder.iterdir() if path.name.startswith(("MAIN_", "t-"))]
    return {name.partition(".")[0].partition("-")[2] or name.partition(".")[0] for name in files if "meta" not in name}


def test_a_folder_that_others_can_read_is_not_opened(engine: Engine):
    engine.folder.chmod(0o755)
    with pytest.raises(IndexBroken):
        type(engine)(engine.folder)


def test_when_time_runs_out_the_answer_says_so(kind: type[Engine], tmp_path: Path):
    kind.create(tmp_path / "index")
    engine = kind(tmp_path / "index", budget=0.0)
    engine.update([Entry(f"e{at}", "", "全国科普日活动") for at in range(300)])
    page = engine.search(Query("全国科普日"))
    assert page.approximate
    assert page.total < 300
    assert any("限时" in one for one in page.warnings)
    assert not engine.search(Query("科普")).approximate
    assert engine.search(Query("科普 -全国科普日")).total == 0
    engine.close()


def test_small_segments_are_merged(engine: Engine):
    for entry in _entries(60):
        engine.update([entry])
    assert len(_segments(engine)) <= 16
    assert engine.search(Query("“第31件”")).ids == ("e31",)
    assert engine.search(Query()).total == 60


_CHILD = """
import os, signal, sys
from pathlib import Path
from index import entrystore, folder
from index.engine import Entry
from index.engines import engine_class

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

kind, point = engine_class(sys.argv[2]), sys.argv[3]
engine = kind(Path(sys.argv[1]))
for batch in range(1, 1000):
    if batch == 3 and point == "segment":
        folder.IndexFile.of = die
    if batch == 3 and point == "contents":
        entrystore.EntryStore.commit = die
    if batch == 3 and point == "inside":
        entrystore.EntryStore._put = die
    if batch == 3 and point == "committed":
        kind._sweep = die
    engine.update([Entry(f"b{batch}-{at}", "", f"第{batch}批公共文字，第{at}件") for at in range(3)]
                  + [Entry("same", "", f"反复更新，第{batch}批")])
    print(batch, flush=True)
"""


def _killed(folder: Path, kind: type[Engine], point: str, after: int) -> int:
    """The last batch that was acknowledged before the writer died."""
    command = [sys.executable, "-W", "ignore", "-c", _CHILD, str(folder), kind.name, point]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    acknowledged = 0
    for line in child.stdout:
        acknowledged = int(line)
        if point == "any" and acknowledged >= after:
            child.send_signal(signal.SIGKILL)
    child.stdout.close()
    assert child.wait(60) == -signal.SIGKILL
    return acknowledged


@pytest.mark.parametrize(
    ("point", "after"), [("segment", 0), ("contents", 0), ("inside", 0), ("committed", 0), ("any", 4), ("any", 11)]
)
def test_killed_at_any_moment_nothing_acknowledged_is_lost(
    kind: type[Engine], tmp_path: Path, point: str, after: int
):
    folder = tmp_path / "index"
    kind.create(folder)
    acknowledged = _killed(folder, kind, point, after)
    assert acknowledged >= 2
    engine = kind(folder)
    for _ in range(2):
        batches: dict[int, int] = {}
        for one in engine.search(Query("公共文字", limit=1000)).ids:
            number = int(one[1:].partition("-")[0])
            batches[number] = batches.get(number, 0) + 1
        assert set(batches.values()) == {3}
        assert set(range(1, acknowledged + 1)) <= set(batches)
        assert max(batches) <= acknowledged + (1 if point in {"any", "committed"} else 0)
        assert engine.search(Query(f"“反复更新，第{max(batches)}批”")).ids == ("same",)
        assert engine.search(Query("反复更新")).total == 1
        engine.update([Entry("after", "", "重启之后")])
        assert engine.search(Query("重启之后")).ids == ("after",)
    engine.close()


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="Linux tells which files a process holds")
def test_who_only_searches_holds_no_files_that_are_gone(engine: Engine, kind: type[Engine]):
    writer = kind(engine.folder)
    try:
        for at in range(40):
            writer.update(_entries(1, start=at))
            engine.search(Query("科普" if at % 2 else "活动"))
    finally:
        writer.close()
    gc.collect()
    held = Path("/proc/self/maps").read_text().splitlines()
    held += [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert [one for one in held if str(engine.folder) in one and one.endswith("(deleted)")] == []


def test_a_word_stands_before_characters_that_only_meet(engine: Engine):
    """Match is exactness, rank is segmentation: 城市长效 holds 市长 but does not speak of one."""
    engine.update([Entry(f"meet{at}", "", "加强城市长效管理，建设城市长廊") for at in range(5)])
    engine.update([Entry("word", "", "会议由市长主持，副市长参加")])
    page = engine.search(Query("市长"))
    assert page.ids[0] == "word"
    assert page.total == 6
