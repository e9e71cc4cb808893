"""What is Whoosh's own: its version and its format."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import whoosh
from whoosh.index import open_dir
from whoosh.query import Term

from gongwen.errors import SettingsError
from index import whoosh_engine
from index.columnfile import read_columns
from index.columns import Columns, Values
from index.engine import Entry, Query
from index.segments import check_whoosh
from index.snapshot import extended
from index.whoosh_engine import WhooshEngine

_WORDS = ("科普", "活动", "方案", "通知", "责任", "单位", "科技", "协会", "云州", "安平")


_ODD: dict[str, Any] = {
    "number": "云科协字〔2021〕14号", "number_keys": ("云科协字|2021|14",), "cited_keys": ("海科发|2020|3", "a\nb|1|2"),
    "date": "2021-05-30", "fields": {"lead": ("云州 市科协",), "person": ("何\n立", "周\x00明远")},
    "facets": {"type": ("通知",), "unit": ("甲/乙", "丙局")},
}  # fmt: skip
QUERIES = [
    Query(text, where, limit=200, sort=sort)
    for text in ("科普", "牵头:云州市科协", "人:何立", "[2021]14", "海科发2020 3", "标题:题3", "日期:2021")
    for where in ({}, {"unit": ("甲/乙",)}, {"type": ("",)})
    for sort in ("relevance", "newest")
]


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


def test_columns_put_aside_are_those_of_the_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(whoosh_engine, "_MANY", 50)
    WhooshEngine.create(tmp_path / "index")
    engine = WhooshEngine(tmp_path / "index")
    odd = [replace(one, id=f"x{at}", **_ODD) for at, one in enumerate(_entries(70))]
    engine.update(odd)
    engine.update(odd[:10])
    engine.update(_entries(45))
    engine.delete(["x20", "e7"])
    aside = engine._store.aside("columns")
    assert aside is not None
    assert len(list(engine.folder.glob("columns-*"))) == 1
    kept = read_columns(engine.folder / aside[0].name)
    assert (len(kept), aside[1]) == (80 + 45, 80 + 45)
    again = WhooshEngine(engine.folder)
    for query in QUERIES:
        mine, other = engine.search(query), again.search(query)
        assert (mine.total, mine.ids, mine.facets) == (other.total, other.ids, other.facets)
    fresh = extended(engine._store, Columns(), engine._store.serials())
    live = np.isin(kept.serials, fresh.serials)
    for name in ("days", "lengths", "starts", "sizes"):
        assert getattr(kept, name)[live].tolist() == getattr(fresh, name).tolist()
    assert [one for one, is_live in zip(kept.folded_titles, live, strict=True) if is_live] == fresh.folded_titles
    for kind in ("facets", "fields"):
        for name, values in getattr(fresh, kind).items():
            right = _pairs(fresh, values)
            assert {pair for pair in _pairs(kept, getattr(kept, kind)[name]) if pair[0] in set(fresh.ids)} == right
    engine.close()
    again.close()


def _pairs(columns: Columns, values: Values) -> set[tuple[str, str]]:
    pairs = zip(values.row_of.tolist(), values.code_of.tolist(), strict=True)
    return {(columns.ids[row], values.names[code]) for row, code in pairs}


def test_another_whoosh_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(whoosh, "versionstring", lambda: "2.7.5")
    with pytest.raises(SettingsError, match=r"2\.7\.4"):
        check_whoosh()
