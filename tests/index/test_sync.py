from __future__ import annotations

import errno
import json
import multiprocessing
import sqlite3
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from index_kit import corpus, document, put, reading, record, sha

from gongwen.errors import IndexBusy, SettingsError, StoreError
from gongwen.review import Review
from gongwen.settings import Settings
from gongwen.store import Store
from index.engine import Query
from index.engines import NAMES
from index.folder import writing
from index.sync import Index, open_index
from tests.engine_kit import need


@pytest.fixture(params=NAMES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each of the engines there are; skips where one is not installed, but not in CI."""
    need(request.param)
    return str(request.param)


@pytest.fixture
def made(tmp_path: Path, engine: str) -> Iterator[tuple[Settings, Store, Index]]:
    settings, store = corpus(tmp_path / "corpus", engine=engine)
    index = open_index(settings)
    yield settings, store, index
    index.close()


def _found(index: Index, text: str) -> set[str]:
    return set(index.search(Query(text, limit=100)).ids)


def test_a_missing_index_is_built_from_the_records(made):
    _, _, index = made
    assert len(index.ids()) == 5
    assert len(_found(index, "全国科普日")) == 5
    assert index.search(Query("云科协字2024 3")).ids[0] == f"{sha('file2')[:16]}-1"
    assert index.missing() == ([], [])


def test_a_new_document_is_found_and_a_deleted_one_is_not(made):
    _, store, index = made
    found, body = put(store, "new", serial=77, text="关于科技活动周的函")
    index.update([found], {found.sha256: body})
    assert _found(index, "科技活动周的函") == {f"{sha('new')[:16]}-1"}
    index.delete(found.sha256)
    assert _found(index, "“科技活动周的函”") == set()


def test_parts_that_a_file_no_longer_holds_are_taken_out(made):
    _, _, index = made
    name = sha("two")
    index.update([reading(name, record(name, 1), record(name, 2))], {name: document(name)})
    assert {f"{name[:16]}-1", f"{name[:16]}-2"} <= index.ids()
    index.update([reading(name, record(name, 1))], {name: document(name)})
    assert f"{name[:16]}-2" not in index.ids()


def test_a_hit_can_be_shown_without_its_record(made):
    _, _, index = made
    meta = index.entry_meta(f"{sha('file0')[:16]}-1")
    assert meta is not None
    assert (meta.number, meta.date, meta.meta["source"]) == ("云科协字〔2024〕1号", "2024-05-30", "file0.txt")
    assert index.entry_meta("0" * 16 + "-1") is None


def test_another_process_sees_updates_and_rebuilds(made):
    settings, store, index = made
    other = open_index(settings)
    found, body = put(store, "late", serial=99, text="关于流动科技馆的通知")
    other.update([found], {found.sha256: body})
    assert _found(index, "流动科技馆") == {f"{sha('late')[:16]}-1"}
    before = sorted(path.name for path in (settings.corpus / "index").glob("gen-*"))
    other.rebuild(store)
    other.close()
    assert _found(index, "流动科技馆") == {f"{sha('late')[:16]}-1"}
    after = sorted(path.name for path in (settings.corpus / "index").glob("gen-*"))
    assert len(after) == 1
    assert after != before


def test_a_damaged_text_is_rebuilt_when_it_is_met(made):
    settings, _, index = made
    right = _found(index, "全国科普日")
    database = next((settings.corpus / "index").glob("gen-*/entries.db"))
    with sqlite3.connect(database) as db:
        db.execute("UPDATE body SET text = '别的文字'")
    assert _found(index, "全国科普日") == right
    assert next((settings.corpus / "index").glob("gen-*/entries.db")) != database


def test_another_engine_is_rebuilt_and_the_old_one_serves_until_then(tmp_path: Path):
    need("tantivy")
    settings, store = corpus(tmp_path / "corpus")
    index = open_index(settings)
    right = _found(index, "全国科普日")
    index.close()
    switched = replace(settings, engine="tantivy")
    kept = open_index(switched, outdated="keep")
    assert kept.is_outdated
    assert _serving(settings) == "whoosh"
    assert _found(kept, "全国科普日") == right
    beside = open_index(switched, outdated="background")
    while _serving(settings) == "whoosh":
        assert _found(beside, "全国科普日") == right
    for one in (beside, kept):
        assert _found(one, "全国科普日") == right
        assert not one.is_outdated
        one.close()
    back = open_index(settings)
    assert _serving(settings) == "whoosh"
    assert _found(back, "全国科普日") == right
    assert store.shas()
    back.close()


def test_what_comes_in_while_an_old_engine_serves_is_found(tmp_path: Path):
    need("tantivy")
    settings, store = corpus(tmp_path / "corpus")
    open_index(settings).close()
    index = open_index(replace(settings, engine="tantivy"), outdated="keep")
    found, body = put(store, "late", serial=99, text="关于流动科技馆的通知")
    index.update([found], {found.sha256: body})
    assert _found(index, "流动科技馆") == {f"{sha('late')[:16]}-1"}
    assert len(index.ids()) == 6
    assert _serving(settings) == "tantivy"
    index.close()


def test_closing_ends_a_build_beside_the_searches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    need("tantivy")
    settings, _ = corpus(tmp_path / "corpus")
    open_index(settings).close()
    started, closed = threading.Event(), threading.Event()
    whole = Index._entries

    def slowly(self: Index, *found: object) -> object:
        started.set()
        closed.wait(30)
        return whole(self, *found)  # type: ignore[arg-type]

    monkeypatch.setattr(Index, "_entries", slowly)
    index = open_index(replace(settings, engine="tantivy"), outdated="background")
    assert started.wait(30)
    index._closing.set()
    closed.set()
    index.close()
    assert _serving(settings) == "whoosh"
    assert len(list((settings.corpus / "index").glob("gen-*"))) == 1


@pytest.mark.parametrize("stamp", [{"fold": "0"}, {"engine": "lucene"}, {"version": "0.1"}])
def test_what_cannot_be_searched_does_not_serve(tmp_path: Path, stamp: dict[str, str]):
    settings, _ = corpus(tmp_path / "corpus")
    open_index(settings).close()
    current = settings.corpus / "index" / "CURRENT"
    found = json.loads(current.read_text(encoding="utf-8"))
    current.write_text(json.dumps(found | {"stamp": found["stamp"] | stamp}), encoding="utf-8")
    index = open_index(settings, outdated="keep")
    assert not index.is_outdated
    assert len(index.ids()) == 5
    index.close()


def _serving(settings: Settings) -> str:
    found = json.loads((settings.corpus / "index" / "CURRENT").read_text(encoding="utf-8"))
    return str(found["stamp"]["engine"])


def test_an_engine_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings, _ = corpus(tmp_path / "corpus", 1)
    with pytest.raises(SettingsError, match=r"没有名为“lucene”的检索引擎（可用：whoosh、tantivy）"):
        open_index(replace(settings, engine="lucene"))
    monkeypatch.setattr("index.engines.find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=r"pip install -r requirements-fast.txt"):
        open_index(replace(settings, engine="tantivy"))


def test_another_stamp_is_rebuilt(made):
    settings, _, index = made
    index.close()
    current = settings.corpus / "index" / "CURRENT"
    found = json.loads(current.read_text(encoding="utf-8"))
    assert set(found["stamp"]) == {"engine", "version", "schema", "fold", "entries", "words"}
    found["stamp"]["words"] = "other/1"
    current.write_text(json.dumps(found), encoding="utf-8")
    again = open_index(settings)
    assert len(again.ids()) == 5
    assert json.loads(current.read_text(encoding="utf-8"))["generation"] != found["generation"]
    again.close()


@pytest.mark.parametrize("damage", ["zeroed", "halved", "deleted", "emptied"])
def test_any_damaged_file_is_rebuilt_with_equal_hits(tmp_path: Path, engine: str, damage: str):
    settings, store = corpus(tmp_path / "corpus", engine=engine)
    index = open_index(settings)
    right = {text: _found(index, text) for text in ("全国科普日", "周明远", "云科协字2024 3", "5550123", "牵头:市科协")}
    index.close()
    generation = next((settings.corpus / "index").glob("gen-*"))
    names = sorted(path.name for path in generation.iterdir() if path.suffix in _COUNTING)
    assert len(names) == {"whoosh": 5, "tantivy": 8}[engine]
    for name in [*names, "CURRENT"]:
        path = next(settings.corpus.glob(f"index/gen-*/*{Path(name).suffix}"), None) if name != "CURRENT" else None
        _damage(path or settings.corpus / "index" / "CURRENT", damage)
        again = open_index(settings)
        assert {text: _found(again, text) for text in right} == right, name
        again.close()
    assert store.shas()


_COUNTING = {
    ".db", ".bin", ".trm", ".pst", ".col",  # Whoosh
    ".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term", ".json",  # tantivy
}  # fmt: skip


def _damage(path: Path, how: str) -> None:
    size = path.stat().st_size
    if how == "deleted":
        path.unlink()
    elif how == "zeroed":
        path.write_bytes(bytes(size))
    elif how == "emptied":
        path.write_bytes(b"")
    else:
        path.write_bytes(path.read_bytes()[: size // 2])


def test_flipped_bits_never_give_a_wrong_answer(tmp_path: Path, engine: str):
    settings, _ = corpus(tmp_path / "corpus", engine=engine)
    index = open_index(settings)
    right = {text: _found(index, text) for text in ("全国科普日", "周明远", "云科协字2024 3")}
    index.close()
    for at in range(16):
        names = sorted(path for path in settings.corpus.glob("index/gen-*/*") if path.is_file())
        path = names[at % len(names)]
        body = bytearray(path.read_bytes())
        if not body:
            continue
        body[(at * 7919) % len(body)] ^= 1 << (at % 8)
        path.write_bytes(bytes(body))
        again = open_index(settings)
        assert {text: _found(again, text) for text in right} == right, path.name
        again.close()


def test_the_index_is_private(made):
    settings, _, _ = made
    for path in (settings.corpus / "index", *(settings.corpus / "index").glob("gen-*")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_people_win_over_extraction(made):
    _, store, index = made
    name = sha("file0")
    review = Review(
        "云科协字〔2024〕1号",
        "title",
        "关于举办2024年全国科普日活动的通知",
        "关于举办科普月活动的通知",
        "何立",
        "2024-06-01T08:00:00+08:00",
    )
    store.add_review(name, review)
    found = store.reading(name)
    index.update([found], {name: store.text(name)})
    assert _found(index, "标题:科普月") == {f"{name[:16]}-1"}


def _hold(root: Path, ready, done) -> None:
    with writing(root, patience=0):
        ready.set()
        done.wait(30)


def test_a_second_writer_is_told_to_wait(made, monkeypatch: pytest.MonkeyPatch):
    settings, store, index = made
    monkeypatch.setattr("index.sync._PATIENCE", 0.0)
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(settings.corpus / "index", ready, done))
    process.start()
    try:
        assert ready.wait(30)
        with pytest.raises(IndexBusy):
            index.delete(sha("file0"))
        with pytest.raises(IndexBusy):
            index.rebuild(store)
        assert len(_found(index, "全国科普日")) == 5
    finally:
        done.set()
        process.join(30)
    index.delete(sha("file0"))
    assert len(index.ids()) == 4


@pytest.mark.parametrize("place", ["index", "index/CURRENT"])
def test_an_index_folder_that_cannot_be_used_is_told(tmp_path: Path, place: str):
    settings, _ = corpus(tmp_path / "corpus", 1)
    wrong = settings.corpus / place
    wrong.parent.mkdir(exist_ok=True)
    if place == "index":
        wrong.write_text("不是文件夹", encoding="utf-8")
    else:
        wrong.mkdir()
        (wrong / "x").touch()
    with pytest.raises(StoreError, match=r"索引文件夹不可读写.*rebuild") as told:
        open_index(settings)
    assert str(settings.corpus / "index") in str(told.value)


def test_a_full_disk_stays_what_it_is(tmp_path: Path):
    settings, _ = corpus(tmp_path / "corpus", 1)
    index = open_index(settings)

    def full(_engine: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space") as told:
        index._write(full)
    assert told.value.errno == errno.ENOSPC
    index.close()
