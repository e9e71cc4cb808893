"""What the site does for files that were not read: it queues, opens, hands out, and works the queue off itself."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from gongwen.cli.desk import Desk, QueueWorker
from gongwen.errors import SourceError, StoreError
from gongwen.settings import Settings
from gongwen.store import Store
from ingest.journal import Journal
from tests.ingest_kit import FakePipeline, make_ingest, run_ingest, sha256_of

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "ingest"))

from lock_kit import docx, open_docx


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "corpus", network_disk=True)
    made.create()
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in (("坏", "!parse_error\n"), ("密", "!secret_mark\n"), ("锁", "!password\n"), ("好", "通知\n")):
        (folder / f"{name}.txt").write_text(text, "utf-8")
    run_ingest(made, folder)
    return made


def desk_of(store: Store, wake=None) -> Desk:
    return Desk(Settings(corpus=store.root, network_disk=True), store, wake)


def state_of(store: Store, text: str) -> str:
    with closing(Journal(store.journal)) as journal:
        return journal.row(sha256_of(text)).state


def test_only_what_waits_and_is_no_secret_is_handed_out(store):
    desk = desk_of(store)
    found = desk.original(sha256_of("!parse_error\n"))
    assert (found.name, found.path.read_bytes()) == ("坏.txt", b"!parse_error\n")
    for text in ("!secret_mark\n", "通知\n", "不在这里"):
        assert desk.original(sha256_of(text)) is None


def test_a_retry_queues_and_wakes(store):
    woken: list[bool] = []
    desk = desk_of(store, lambda: woken.append(True))
    shas = [sha256_of(text) for text in ("!parse_error\n", "!secret_mark\n", "通知\n", "不在这里")]
    assert desk.works and desk.retry(shas) == 1 and desk.retry(shas[1:]) == 0
    assert (state_of(store, "!parse_error\n"), state_of(store, "!secret_mark\n")) == ("stored", "quarantined")
    assert woken == [True]
    assert not desk_of(store).works


def test_a_kind_is_queued_whole_and_secrets_stay(store):
    desk = desk_of(store)
    assert (desk.retry_kind("parse_error"), desk.retry_kind("secret_mark"), desk.retry_kind("cpu")) == (1, 0, 0)


def test_a_password_opens_and_wakes(tmp_path):
    store = Store(tmp_path / "corpus", network_disk=True)
    store.create()
    path = tmp_path / "通知.docx"
    path.write_bytes(docx())

    class Locked(FakePipeline):
        def read(self, path, *, name):
            raise SourceError("password")

    run_ingest(store, path, pipeline=Locked())
    woken: list[bool] = []
    desk = desk_of(store, lambda: woken.append(True))
    with pytest.raises(SourceError, match="wrong_password"):
        desk.unlock(sha256_of(docx_bytes(store)), "falsch")
    assert woken == []
    desk.unlock(sha256_of(docx_bytes(store)), "secret")
    assert woken == [True] and store.has_object(sha256_of(open_docx()))
    assert desk.original(sha256_of(docx_bytes(store))) is not None  # the file with the password stays to be had


def docx_bytes(store: Store) -> bytes:
    """Encryption draws its salt: what was taken in is what counts."""
    (sha256,) = [one for one in store.objects() if one != sha256_of(open_docx())]
    return store.object_path(sha256).read_bytes()


# --- the worker --------------------------------------------------------------------------------------------


def until(told, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_the_worker_takes_up_what_is_queued_and_rests(store):
    worker = QueueWorker(lambda: make_ingest(store))
    try:
        for _ in range(3):
            desk_of(store, worker.wake).retry([sha256_of("!parse_error\n")])
            until(lambda: state_of(store, "!parse_error\n") == "quarantined")
            until(lambda: not any(one.name == "queue" for one in threading.enumerate()))
    finally:
        worker.close()
    with closing(Journal(store.journal)) as journal:
        events = [event for _, event, _ in journal.trail(sha256_of("!parse_error\n"))]
    assert events.count("requeued") == 3 and events.count("quarantined") == 4


def test_a_wake_during_the_work_is_not_lost(store):
    begun, go_on = threading.Event(), threading.Event()

    class Slow(FakePipeline):
        def read(self, path, *, name):
            begun.set()
            go_on.wait(20)
            return super().read(path, name=name)

    worker = QueueWorker(lambda: make_ingest(store, Slow()))
    desk = desk_of(store, worker.wake)
    try:
        desk.retry([sha256_of("!parse_error\n")])
        assert begun.wait(20)
        desk.retry([sha256_of("!password\n")])
        go_on.set()
        until(lambda: (state_of(store, "!parse_error\n"), state_of(store, "!password\n")) == (
            "quarantined", "needs_password"
        ))  # fmt: skip
    finally:
        worker.close()


def test_closing_gives_the_file_back(store):
    begun = threading.Event()

    class Endless(FakePipeline):
        def read(self, path, *, name):
            begun.set()
            time.sleep(0.5)
            return super().read(path, name=name)

    worker = QueueWorker(lambda: make_ingest(store, Endless()))
    desk_of(store, worker.wake).retry([sha256_of("!parse_error\n"), sha256_of("!password\n")])
    assert begun.wait(20)
    worker.close()
    assert {state_of(store, "!parse_error\n"), state_of(store, "!password\n")} <= {
        "stored", "quarantined", "needs_password"
    }  # fmt: skip
    worker.wake()  # a closed one does nothing
    assert not any(one.name == "queue" for one in threading.enumerate())


def test_a_worker_that_cannot_begin_says_so_and_can_be_woken_again(store, caplog):
    tries: list[int] = []

    def make():
        tries.append(1)
        if len(tries) == 1:
            raise StoreError("没有读写资料库文件夹的权限")
        return make_ingest(store)

    worker = QueueWorker(make)
    try:
        worker.wake()
        until(lambda: "没有读写" in caplog.text)
        desk_of(store, worker.wake).retry([sha256_of("!parse_error\n")])
        until(lambda: state_of(store, "!parse_error\n") == "quarantined")
    finally:
        worker.close()
