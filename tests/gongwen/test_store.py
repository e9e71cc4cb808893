import fcntl
import json
import os
import sqlite3
import tempfile
import threading
from pathlib import Path

import pytest

from gongwen import disk
from gongwen.errors import SettingsError, StoreError
from gongwen.record import Reading, record_id
from gongwen.review import Review
from gongwen.settings import load_settings
from gongwen.store import Store, open_store, pack
from tests.ingest_kit import document_of, join, record_of, sha256_of, spawn

TEXT = "关于印发科普活动方案的通知\n各县区科协："


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "corpus")
    made.create()
    return made


@pytest.fixture
def open_place():
    """A folder that other users can enter: pytest's own is for its user alone."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def reading_of(text=TEXT, fingerprint="fake/1 rules-1"):
    document = document_of(text)
    return Reading("通知.txt", document.sha256, "text/plain", True, [], [record_of(document)], fingerprint)


def test_a_reading_comes_back_as_it_was_put(store):
    reading = reading_of()
    store.put_reading(reading)
    assert store.reading(reading.sha256).to_json() == reading.to_json()
    assert [one.sha256 for one in store.readings()] == [reading.sha256] == store.shas()


def test_a_record_edited_by_hand_is_read_anew(store):
    reading = reading_of()
    store.put_reading(reading)
    store.reading(reading.sha256)  # the twin is warm
    path = store.record_path(reading.sha256)
    path.write_text(path.read_text(encoding="utf-8").replace("印发", "报送"), encoding="utf-8")
    assert store.reading(reading.sha256).documents[0]["title"] == "关于报送科普活动方案的通知"


def test_the_twin_is_used_and_may_be_lost_or_broken(store):
    reading = reading_of()
    store.put_reading(reading)
    twin = store.root / "cache" / f"{reading.sha256}.json"
    found = json.loads(twin.read_text(encoding="utf-8"))
    found["reading"]["source"] = "来自副本"
    twin.write_text(json.dumps(found), encoding="utf-8")
    assert store.reading(reading.sha256).source == "来自副本"
    twin.write_bytes(b'{"stamp": [1')
    assert store.reading(reading.sha256).source == "通知.txt"
    assert json.loads(twin.read_text(encoding="utf-8"))["reading"]["source"] == "通知.txt"


@pytest.mark.parametrize("damage", ["documents: [", "- 1", "sha256: x\n", "documents: \x01"])
def test_a_damaged_record_says_which_file(store, damage):
    reading = reading_of()
    store.put_reading(reading)
    store.record_path(reading.sha256).write_text(damage, encoding="utf-8")
    with pytest.raises(StoreError, match=f"记录文件已损坏.*{reading.sha256}"):
        store.reading(reading.sha256)


def test_a_text_comes_back_and_a_cut_one_is_an_error(store):
    document = document_of(TEXT)
    store.put_text(document)
    assert store.text(document.sha256) == document
    path = store.text_path(document.sha256)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(StoreError, match="正文文件已损坏"):
        store.text(document.sha256)


def test_find_by_record_id(store):
    first, second = reading_of(), reading_of("关于召开会议的函")
    for reading in (first, second):
        store.put_reading(reading)
    reading, record = store.find(record_id(second.sha256, 1))
    assert (reading.sha256, record["title"]) == (second.sha256, "关于召开会议的函")
    assert store.find(record_id(second.sha256, 2)) is None


@pytest.mark.parametrize("address", ["", "../../etc/passwd", "0123456789abcdef-0", "0123456789abcdef", "\ud800"])
def test_what_is_no_address_finds_nothing(store, address):
    assert store.find(address) is None
    assert store.reading(address) is None
    assert store.text(address) is None
    assert store.reviews(address) == []
    assert not store.has_object(address)
    with pytest.raises(ValueError, match="not a sha256"):
        store.object_path(address)


def test_an_object_is_read_only_and_stays(store):
    content = TEXT.encode()
    sha256 = sha256_of(content)
    for _ in range(2):
        temp = store.tmp / "new"
        temp.write_bytes(content)
        store.put_object(temp, sha256)
        assert not temp.exists()
    path = store.object_path(sha256)
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o440
    assert list(store.objects()) == [sha256]


def review_of(say, by="何立"):
    title = "关于印发科普活动方案的通知"
    return Review(title, "title", title, say, by, "2024-05-06T08:00:00+08:00")


def test_reviews_are_appended_and_win(store):
    reading = reading_of()
    store.put_reading(reading)
    store.add_review(reading.sha256, review_of("关于印发活动方案的通知"))
    before = store.review_path(reading.sha256).read_bytes()
    store.add_review(reading.sha256, review_of("0772", by="no"))
    assert store.review_path(reading.sha256).read_bytes().startswith(before)
    assert [one.say for one in store.reviews(reading.sha256)] == ["关于印发活动方案的通知", "0772"]
    record, states = store.effective(reading.sha256)[0]
    assert (record["title"], states) == ("0772", {"title": "corrected"})


def test_people_who_review_at_once_all_stay(store):
    sha256 = sha256_of("x")

    def review(name):
        for number in range(10):
            store.add_review(sha256, review_of(f"{name}{number}"))

    threads = [threading.Thread(target=review, args=(name,)) for name in "甲乙丙"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.say for one in store.reviews(sha256)) == sorted(f"{n}{i}" for n in "甲乙丙" for i in range(10))


def test_a_damaged_review_file_is_told(store):
    path = store.review_path(sha256_of("x"))
    path.write_text("- document: [", encoding="utf-8")
    with pytest.raises(StoreError, match="复核文件已损坏"):
        store.reviews(sha256_of("x"))


def test_forget_removes_what_was_derived_only(store):
    reading = reading_of()
    store.put_reading(reading)
    store.put_text(document_of(TEXT))
    store.add_review(reading.sha256, review_of("x"))
    store.forget(reading.sha256)
    store.forget(reading.sha256)
    assert (store.reading(reading.sha256), store.text(reading.sha256)) == (None, None)
    assert len(store.reviews(reading.sha256)) == 1


def test_reading_an_absent_corpus_makes_nothing(tmp_path):
    store = Store(tmp_path / "none")
    assert (store.shas(), list(store.objects()), store.find(record_id(sha256_of("x"), 1))) == ([], [], None)
    assert not store.exists
    assert not (tmp_path / "none").exists()


def test_folders_are_not_for_others(store):
    assert store.root.stat().st_mode & 0o007 == 0
    assert all((store.root / name).stat().st_mode & 0o007 == 0 for name in ("objects", "records", "tmp", "inbox"))


def test_a_file_in_the_way_of_a_folder(tmp_path):
    (tmp_path / "corpus").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="不是文件夹"):
        Store(tmp_path / "corpus").create()
    with pytest.raises(StoreError, match="不是文件夹"):
        Store(tmp_path / "corpus" / "below").create()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give up its rights")
def test_missing_rights_are_told_in_chinese(open_place):
    store = Store(open_place / "corpus")
    store.create()
    store.put_reading(reading_of())

    def work():
        os.setegid(65534)
        os.seteuid(65534)
        for act in (store.create, lambda: store.put_reading(reading_of()), Store(open_place / "other").create):
            with pytest.raises(StoreError, match="权限"):
                act()

    assert join(spawn(work)) == 0


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give up its rights")
def test_a_viewer_without_write_access_can_read(open_place):
    store = Store(open_place / "corpus")
    store.create()
    reading = reading_of()
    store.put_reading(reading)
    (store.root / "cache" / f"{reading.sha256}.json").unlink()
    for path in (store.root, *store.root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)

    def work():
        os.setegid(65534)
        os.seteuid(65534)
        assert store.reading(reading.sha256).sha256 == reading.sha256

    assert join(spawn(work)) == 0


@pytest.mark.parametrize(("line", "remote"), [
    ("host:/x {} nfs4 rw 0 0", True), ("//host/x {} cifs rw 0 0", True), ("x {} fuse.sshfs rw 0 0", True),
    ("/dev/sda {} ext4 rw 0 0", False), ("/dev/sda {} xfs rw 0 0", False), ("tmpfs {} tmpfs rw 0 0", False),
])  # fmt: skip
def test_network_disks_are_refused(tmp_path, line, remote):
    place = tmp_path / "公 文"
    mounts = tmp_path / "mounts"
    escaped = str(place).replace(" ", "\\040")
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\n{line.format(escaped)}\n", encoding="utf-8")
    corpus = place / "corpus"
    if remote:
        with pytest.raises(StoreError, match="网络盘"):
            disk.require_local(corpus, mounts)
    else:
        disk.require_local(corpus, mounts)


def test_the_nearest_mount_counts(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"x / nfs4 rw 0 0\ny {tmp_path} ext4 rw 0 0\n", encoding="utf-8")
    assert disk.file_system(tmp_path / "corpus", mounts) == "ext4"
    assert disk.file_system(tmp_path.parent, mounts) == "nfs4"


@pytest.mark.parametrize(("value", "meant"), [("是", True), ("true", True), ("no", False), ("否", False)])
def test_the_setting_for_network_disks(tmp_path, value, meant):
    settings = load_settings({"GONGWEN_NETWORK_DISK": value, "GONGWEN_CORPUS": str(tmp_path)}, tmp_path)
    assert settings.network_disk is meant
    assert open_store(settings).root == tmp_path


def test_an_unclear_setting_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="network_disk"):
        load_settings({"GONGWEN_NETWORK_DISK": "maybe"}, tmp_path)


def test_a_failed_write_leaves_the_old_file_and_no_rest(store):
    path = store.root / "records" / "x.yml"
    disk.replace_file(path, b"old", tmp=store.tmp)
    with pytest.raises(IsADirectoryError):
        disk.replace_file(store.root / "records", b"new", tmp=store.tmp)
    assert path.read_bytes() == b"old"
    assert list(store.tmp.iterdir()) == []


def test_sweeping_spares_what_is_young_or_locked(store):
    old = store.tmp / "write-old"
    old.write_bytes(b"x")
    os.utime(old, (0, 0))
    (store.tmp / "write-young").write_bytes(b"x")
    held = store.tmp / "write-held"
    held.write_bytes(b"x")
    os.utime(held, (0, 0))
    with held.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert disk.sweep_temp(store.tmp) == 1
    assert sorted(path.name for path in store.tmp.iterdir()) == ["write-held", "write-young"]


def test_files_written_together_stand_as_if_written_one_by_one(store, tmp_path):
    texts = [f"{TEXT}{number}" for number in range(3)]
    store.put_texts([pack(document_of(text), reading_of(text)) for text in texts])
    store.put_records([pack(document_of(text), reading_of(text)) for text in texts])
    single = Store(tmp_path / "single")
    single.create()
    for text in texts:
        single.put_text(document_of(text))
        single.put_reading(reading_of(text))
    for sha256 in map(sha256_of, texts):
        for path_of in (Store.text_path, Store.record_path):
            assert path_of(store, sha256).read_bytes() == path_of(single, sha256).read_bytes()
        twin = json.loads((store.root / "cache" / f"{sha256}.json").read_bytes())
        state = store.record_path(sha256).stat()
        assert twin["stamp"] == [state.st_ino, state.st_size, state.st_mtime_ns]
        assert store.reading(sha256).to_json() == single.reading(sha256).to_json() == twin["reading"]
    assert list(store.tmp.iterdir()) == []


def test_a_group_that_cannot_be_written_leaves_no_temporary_file(store):
    (store.root / "texts" / f"{sha256_of(TEXT)}.json").mkdir()  # a file cannot take its place
    with pytest.raises(OSError, match="directory"):
        store.put_texts([pack(document_of(text), reading_of(text)) for text in ("甲", TEXT)])
    assert list(store.tmp.iterdir()) == []


def test_the_same_bytes_twice_in_one_group_are_one_object(store):
    temps = [store.tmp / "one", store.tmp / "two"]
    for temp in temps:
        temp.write_text("x", encoding="utf-8")
    store.put_objects([(temp, sha256_of("x")) for temp in temps])
    assert list(store.objects()) == [sha256_of("x")]
    assert list(store.tmp.iterdir()) == []


def test_a_corpus_below_a_file_is_empty(tmp_path):
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    store = Store(tmp_path / "文件" / "资料")
    assert (store.shas(), store.exists) == ([], False)


def test_a_transaction_is_all_or_nothing(tmp_path):
    database = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    with disk.transaction(database):
        database.execute("CREATE TABLE paper (name TEXT UNIQUE)")
    with pytest.raises(sqlite3.IntegrityError), disk.transaction(database):
        database.execute("INSERT INTO paper VALUES ('通知')")
        database.execute("INSERT INTO paper VALUES ('通知')")
    assert not database.in_transaction
    assert database.execute("SELECT count(*) FROM paper").fetchone() == (0,)
    database.close()
