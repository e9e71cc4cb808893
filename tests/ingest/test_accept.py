import io
import os
import threading
import time

import pytest

from gongwen.errors import SourceError
from gongwen.store import Store
from ingest.accept import Acceptor
from ingest.journal import Journal
from ingest.names import shown
from ingest.owner import Owner
from ingest.walk import Found, walk
from tests.ingest_kit import age, document_of, join, sha256_of, spawn


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "corpus")
    made.create()
    return made


@pytest.fixture
def acceptor(store):
    journal = Journal(store.journal)
    with Owner(store) as owner:
        yield Acceptor(store, journal, owner, max_bytes=1000)
    journal.close()


def found_at(path):
    return next(iter(walk([path], settle=False)))


def take(acceptor, path, **more):
    return acceptor.take(found_at(path), via="cli", who="何立", **more)


def test_a_file_becomes_an_object_and_stays(acceptor, store, tmp_path):
    path = tmp_path / "通知.txt"
    path.write_text("关于开展活动的通知", encoding="utf-8")
    accepted = take(acceptor, path)
    assert (accepted.sha256, accepted.is_new) == (sha256_of("关于开展活动的通知"), True)
    assert store.object_path(accepted.sha256).read_bytes() == path.read_bytes()
    assert take(acceptor, path).is_new is False


def test_a_file_of_the_inbox_goes_once_it_is_safe(acceptor, store):
    path = store.inbox / "通知.txt"
    path.write_text("x", encoding="utf-8")
    assert store.has_object(take(acceptor, path, remove=True).sha256)
    assert not path.exists()


def test_a_file_that_was_replaced_meanwhile_stays_in_the_inbox(store):
    path = store.inbox / "通知.txt"
    path.write_text("old", encoding="utf-8")

    def replace(point):
        if point == "accept:stored":
            path.unlink()
            path.write_text("new", encoding="utf-8")

    journal = Journal(store.journal)
    with Owner(store) as owner:
        Acceptor(store, journal, owner, max_bytes=99, at=replace).take(found_at(path), via="inbox", who="", remove=True)
    journal.close()
    assert path.read_text(encoding="utf-8") == "new"


def refused(acceptor, path):
    with pytest.raises(SourceError) as caught:
        take(acceptor, path)
    return caught.value.code


def test_what_is_no_regular_file_is_refused_without_waiting(acceptor, tmp_path):
    os.mkfifo(tmp_path / "管道.pdf")
    (tmp_path / "链接.pdf").symlink_to("/etc/hostname")
    (tmp_path / "断链.pdf").symlink_to("/nowhere")
    (tmp_path / "目录.pdf").mkdir()
    (tmp_path / "设备.pdf").symlink_to("/dev/zero")
    codes = {name: refused(acceptor, tmp_path / f"{name}.pdf") for name in ("管道", "链接", "断链", "目录", "设备")}
    assert set(codes.values()) == {"not_regular"}, codes


def test_empty_large_and_missing(acceptor, store, tmp_path):
    (tmp_path / "空.txt").write_bytes(b"")
    (tmp_path / "大.txt").write_bytes(b"x" * 1001)
    assert refused(acceptor, tmp_path / "空.txt") == "empty"
    assert refused(acceptor, tmp_path / "大.txt") == "too_large"
    assert refused(acceptor, tmp_path / "无.txt") == "missing"
    assert list(store.objects()) == []
    assert [one for folder in store.tmp.iterdir() for one in folder.iterdir()] == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give up its rights")
def test_an_unreadable_file(acceptor, tmp_path):
    path = tmp_path / "密.txt"
    path.write_text("x", encoding="utf-8")
    path.chmod(0)
    found = found_at(path)

    def work():
        os.seteuid(65534)
        with pytest.raises(SourceError, match="unreadable"):
            acceptor.take(Found(path, found.name, found.seen), via="cli", who="")

    tmp_path.parent.chmod(0o755)
    assert join(spawn(work)) == 0


def test_a_file_that_changes_while_it_is_copied(store, tmp_path):
    path = tmp_path / "通知.txt"
    path.write_text("x", encoding="utf-8")

    def grow(point):
        if point == "accept:copied":
            with path.open("a", encoding="utf-8") as file:
                file.write("y")

    journal = Journal(store.journal)
    with Owner(store) as owner, pytest.raises(SourceError, match="changed"):
        Acceptor(store, journal, owner, max_bytes=99, at=grow).take(found_at(path), via="cli", who="")
    assert (journal.rows(), list(store.objects())) == ([], [])
    journal.close()


def test_a_file_that_still_grows_is_seen_by_the_time_it_is_taken(acceptor, tmp_path):
    path = tmp_path / "下载中.pdf"
    path.write_bytes(b"x")
    stop = threading.Event()

    def grow():
        with path.open("ab") as file:
            while not stop.wait(0.02):
                file.write(b"x")
                file.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        found = next(iter(walk([path])))
        with pytest.raises(SourceError, match="changed"):
            acceptor.take(found, via="cli", who="")
    finally:
        stop.set()
        writer.join()


def test_an_upload(acceptor, store):
    accepted = acceptor.take_stream(io.BytesIO(b"x" * 1000), "../../柳.pdf\r\nX: y", who="周明远")
    assert store.has_object(accepted.sha256)
    with pytest.raises(SourceError, match="too_large"):
        acceptor.take_stream(io.BytesIO(b"x" * 1001), "大.pdf", who="周明远")


def test_folders_are_walked_in_order(tmp_path):
    skipped = (".hidden.txt", "~$b.docx", "b.gold.yaml", ".git/x.txt")
    for name in ("b.txt", "a/二.txt", "a/一.txt", "c.pdf/x.txt", *skipped):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
        age(path)
    (tmp_path / "d").symlink_to(tmp_path / "a")
    found = list(walk([tmp_path]))
    assert [(one.name, one.is_regular) for one in found] == [
        ("a/一.txt", True), ("a/二.txt", True), ("b.txt", True), ("c.pdf", False), ("d", False),
    ]  # fmt: skip


def test_a_corpus_is_not_walked_into_itself(store, tmp_path):
    (store.inbox / "x.txt").write_text("x", encoding="utf-8")
    age(store.inbox / "x.txt")
    assert list(walk([tmp_path], store)) == []
    assert [one.name for one in walk([store.inbox], store)] == ["x.txt"]


def test_files_changed_a_moment_ago_come_last(tmp_path):
    for name in ("一.txt", "二.txt", "三.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
        age(tmp_path / name)
    future = time.time() + 9999
    os.utime(tmp_path / "一.txt", (future, future))
    assert [one.name for one in walk([tmp_path])] == ["三.txt", "二.txt", "一.txt"]


@pytest.mark.parametrize(("name", "meant"), [
    ("关于印发《方案》的通知.pdf", "关于印发《方案》的通知.pdf"),
    ("一\n\x1b[2J伪造日志.txt", "一\\n\\x1b[2J伪造日志.txt"),
    ("a\u202egpj.exe\u2028", "a\\u202egpj.exe\\u2028"),
    (os.fsdecode("51_云州.txt".encode("gbk")), "51_云州.txt"),
    (os.fsdecode(b"\xff\xfe.txt"), "\\xff\\xfe.txt"),
    ("\ud800.txt", "?.txt"),
])  # fmt: skip
def test_names_are_shown_on_one_line(name, meant):
    assert shown(name) == meant
    assert "\n" not in shown(name)
    shown(name).encode("utf-8")


def test_what_is_synced_before_what(store, tmp_path, monkeypatch):
    """kill -9 cannot show a missing fsync; the order of the calls does."""
    path = tmp_path / "通知.txt"
    path.write_text("x", encoding="utf-8")
    seen = []
    real = os.fsync

    def fsync(handle):
        target = os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115  (as it stands, unresolved)
        seen.append("folder" if os.path.isdir(target) else "file")  # noqa: PTH112
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    journal = Journal(store.journal)
    with Owner(store) as owner:
        Acceptor(store, journal, owner, max_bytes=99, at=seen.append).take(found_at(path), via="cli", who="")
    journal.close()
    assert seen == [
        "accept:opened", "accept:copied", "file", "accept:synced", "folder", "folder", "accept:stored",
        "accept:committed",
    ]  # fmt: skip


def test_records_are_synced_and_their_folder_too(store, monkeypatch):
    seen = []
    real = os.fsync

    def fsync(handle):
        seen.append(os.readlink(f"/proc/self/fd/{handle}").rsplit("/", 1)[-1].split("-")[0])  # noqa: PTH115
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    store.put_text(document_of("通知"))
    assert seen == ["write", "texts"]


def test_a_group_takes_what_is_good_and_tells_of_the_rest(acceptor, store):
    texts = {"一.txt": "甲", "空.txt": "", "长.txt": "长" * 1000, "二.txt": "乙", "三.txt": "甲"}
    for name, text in texts.items():
        (store.inbox / name).write_text(text, encoding="utf-8")
    found = [found_at(store.inbox / name) for name in texts]
    taken = acceptor.take_all([*found, Found(store.inbox / "没有", "没有")], via="inbox", who="何立", remove=True)
    assert [one.code if isinstance(one, SourceError) else one.is_new for one in taken] == [
        True, "empty", "too_large", True, False, "missing",
    ]  # fmt: skip
    assert sorted(store.objects()) == sorted([sha256_of("甲"), sha256_of("乙")])
    assert sorted(path.name for path in store.inbox.iterdir()) == ["空.txt", "长.txt"]
    assert [path for folder in store.tmp.iterdir() for path in folder.iterdir()] == []
