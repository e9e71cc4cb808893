"""What is Whoosh's own: its version and its format."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import whoosh
from whoosh.index import open_dir
from whoosh.query import Term

from gongwen.errors import SettingsError
from index.engine import Entry, Query
from index.segments import check_whoosh
from index.whoosh_engine import WhooshEngine

_WORDS = ("科普", "活动", "方案", "通知", "责任", "单位", "科技", "协会", "云州", "安平")


def _entries(count: int) -> list[Entry]:
    rnd = random.Random(count)
    return [
        Entry(f"e{at}", f"题{at}", "，".join(rnd.choices(_WORDS, k=30)) + f"第{at}件") for at in range(count)
    ]  # fmt: skip


def test_stock_whoosh_reads_the_same(tmp_path: Path):
    WhooshEngine.create(tmp_path / "index")
    engine = WhooshEngine(tmp_path / "index")
    engine.update(_entries(300))
    engine.update(_entries(30))
    engine.delete([f"e{at}" for at in range(40, 60)])
    stock = open_dir(engine.folder)
    with stock.searcher() as searcher:
        assert searcher.doc_count() == 280
        for word in (*_WORDS, "普，", "科", "题7", "第9", "没有"):
            ours = engine.search(Query(f"“{word}”", limit=1000))
            theirs = {hit["id"] for hit in searcher.search(Term("grams", word), limit=None)}
            assert set(ours.ids) == theirs
        assert len(searcher.search(Term("words", "科普"), limit=None)) == engine.search(Query("科普")).total
    stock.close()
    engine.close()


def test_another_whoosh_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(whoosh, "versionstring", lambda: "2.7.5")
    with pytest.raises(SettingsError, match=r"2\.7\.4"):
        check_whoosh()
