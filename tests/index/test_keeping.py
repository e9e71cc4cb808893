"""The lexicon follows the index: papers that come, change and go, crashes between both, damage, rebuilds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_kit import corpus, put, record, sha

from gongwen.settings import Settings
from gongwen.store import Store
from index.engine import Entry, Query
from index.lexicon import NAME, Lexicon, LexiconBroken
from index.sync import Index, open_index


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Settings, Store, Index]]:
    settings, store = corpus(tmp_path / "corpus")
    index = open_index(settings)
    yield settings, store, index
    index.close()


def file_of(settings: Settings) -> Path:
    (found,) = (settings.corpus / "index").glob(f"gen-*/{NAME}")
    return found


def numbers(index: Index) -> set[str]:
    return {one.label for one in index.suggest("云科协字2024") if one.kind == "number"}


def test_a_new_index_knows_its_names(made: tuple[Settings, Store, Index]):
    settings, _, index = made
    assert numbers(index) == {f"云科协字〔2024〕{at}号" for at in range(1, 6)}
    assert [(one.label, one.papers) for one in index.suggest("zmy")] == [("周明远", 5)]
    assert file_of(settings).stat().st_mode & 0o077 == 0


def test_papers_that_come_change_and_go(made: tuple[Settings, Store, Index]):
    _, store, index = made
    assert "云科协字〔2024〕77号" not in numbers(index)
    reading, document = put(store, "more", serial=77)
    index.update([reading], {reading.sha256: document})
    assert "云科协字〔2024〕77号" in numbers(index)
    changed = record(sha("more"), document_number="云科协字〔2024〕88号", contacts=[])
    reading.documents[:] = [changed]
    index.update([reading], {reading.sha256: document})
    assert numbers(index) >= {"云科协字〔2024〕88号"}
    assert "云科协字〔2024〕77号" not in numbers(index)
    assert [(one.label, one.papers) for one in index.suggest("周明")] == [("周明远", 5)]
    reading.documents[:] = []
    index.update([reading], {reading.sha256: document})
    assert "云科协字〔2024〕88号" not in numbers(index)
    for at in range(5):
        index.delete(sha(f"file{at}"))
    assert index.suggest("周明") == index.suggest("云科协字2024") == ()
    assert index.corrections(Query("周民远")) == ()


def test_what_a_crash_left_out_is_put_in(made: tuple[Settings, Store, Index], monkeypatch: pytest.MonkeyPatch):
    settings, store, index = made
    reading, document = put(store, "late", serial=99)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Lexicon, "update", dies)
    with pytest.raises(KeyboardInterrupt):
        index.update([reading], {reading.sha256: document})
    monkeypatch.undo()
    index.close()
    other = open_index(settings)
    assert "云科协字〔2024〕99号" in numbers(other)
    other.close()


@pytest.mark.parametrize("harm", ["gone", "zeros", "half", "other", "empty"])
def test_a_damaged_file_is_made_anew(made: tuple[Settings, Store, Index], harm: str):
    settings, _, index = made
    before = numbers(index)
    path = file_of(settings)
    if harm == "gone":
        path.unlink()
    elif harm == "other":
        with sqlite3.connect(path) as db:
            db.execute("UPDATE state SET value = 99")
        db.close()
    else:
        whole = path.read_bytes()
        path.write_bytes({"zeros": b"\0" * len(whole), "half": whole[: len(whole) // 2], "empty": b""}[harm])
    index.close()
    other = open_index(settings)
    assert numbers(other) == before
    assert other.search(Query("科普日")).total == 5
    other.close()


def test_damage_while_it_is_open_is_seen_and_mended(made: tuple[Settings, Store, Index]):
    settings, _, index = made
    before = numbers(index)
    path = file_of(settings)
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 60000)
    assert numbers(index) in (before, set())
    index.corrections(Query("周民远"))
    assert numbers(index) == before
    assert file_of(settings) == path, "the index itself was not rebuilt for it"


def test_writing_to_a_damaged_file_mends_it(made: tuple[Settings, Store, Index]):
    settings, store, index = made
    file_of(settings).write_bytes(b"no database")
    reading, document = put(store, "more", serial=77)
    index.update([reading], {reading.sha256: document})
    assert len(numbers(index)) == 6


def test_a_rebuild_brings_its_own(made: tuple[Settings, Store, Index]):
    settings, store, index = made
    before, old = numbers(index), file_of(settings)
    index.rebuild(store)
    assert numbers(index) == before
    assert file_of(settings) != old


def test_another_process_sees_what_came(made: tuple[Settings, Store, Index]):
    settings, store, index = made
    numbers(index)
    other = open_index(settings)
    reading, document = put(store, "more", serial=77)
    other.update([reading], {reading.sha256: document})
    other.close()
    assert "云科协字〔2024〕77号" in numbers(index)


def test_many_changes_do_not_grow_memory(tmp_path: Path):
    lexicon = Lexicon.create(tmp_path)
    for _ in range(30):
        lexicon.update([Entry(f"{at:016x}-1", f"科普第{at}期", "") for at in range(80)])
        assert len(lexicon.rolls().titles.keys) <= 2 * 80 + 900 + 80
    assert len(lexicon.titled(lexicon.rolls().titles.keys[-80:])) == 80
    lexicon.close()


def test_an_odd_entry_is_kept_as_it_can_be(tmp_path: Path):
    lexicon = Lexicon.create(tmp_path)
    lexicon.update([Entry("x-1", "标\0题\ud800", "", "号\ud800", fields={"unit": ("甲\ud800乙", "", "长" * 300)})])
    assert lexicon.ids() == {"x-1"}
    with pytest.raises(LexiconBroken):
        Lexicon(tmp_path / "absent")
    lexicon.close()
