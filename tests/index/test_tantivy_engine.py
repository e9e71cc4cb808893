"""What is tantivy's own: its version, searches in pieces, its folders."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from gongwen.errors import SettingsError
from index.engine import Entry, Query
from tests.engine_kit import need

need("tantivy")

from index import tantivy_answer, tantivy_engine  # noqa: E402
from index.tantivy_engine import TantivyEngine  # noqa: E402


def _entries(count: int) -> list[Entry]:
    return [
        Entry(
            f"e{at:03}", f"第{at}件" if at % 3 else "全国科普日", "举办全国科普日活动" if at % 2 else "科技活动周",
            date=f"2024-{1 + at % 12:02}-{1 + at % 28:02}" if at % 5 else "",
            facets={"type": (("通知", "函")[at % 2],), "serial": (str(at),)},
        )
        for at in range(count)
    ]  # fmt: skip


def _engine(folder: Path) -> TantivyEngine:
    TantivyEngine.create(folder)
    engine = TantivyEngine(folder)
    engine.update(_entries(150))
    engine.update(_entries(40))
    return engine


QUERIES = [
    Query("全国科普日"),
    Query("全国科普日", limit=7),
    Query("全国科普日", offset=30, limit=20),
    Query("全国科普日", sort="newest", offset=5, limit=50),
    Query("全国科普日", sort="oldest", limit=100),
    Query("科技活动周 -全国科普日", where={"type": ("通知",)}, limit=100),
    Query("全国科普日", offset=10_000),
    Query("全国科普月", limit=3),
]


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_pieces_give_what_the_whole_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: Query):
    engine = _engine(tmp_path / "index")
    whole = engine.search(query)
    monkeypatch.setattr(tantivy_answer, "_LONG", 0.0)
    monkeypatch.setattr(tantivy_answer, "_PIECE", 1e-6)
    pieces = engine.search(query)
    assert (pieces.total, pieces.facets, len(pieces.hits)) == (whole.total, whole.facets, len(whole.hits))
    assert sorted(hit.score for hit in pieces.hits) == sorted(hit.score for hit in whole.hits)
    if query.sort != "relevance":
        assert pieces.ids == whole.ids
    engine.close()


def test_another_tantivy_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    _engine(tmp_path / "index").close()
    monkeypatch.setattr(tantivy_engine, "version", lambda _: "0.28.0")
    with pytest.raises(SettingsError, match=r"0\.27\.0"):
        TantivyEngine(tmp_path / "index")


def test_views_and_workspaces_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    engine = _engine(tmp_path / "index")
    assert engine.search(Query("全国科普日", limit=1)).total == 100
    assert list(scratch.iterdir()) == []
    assert not (tmp_path / "index" / "work").exists()
    stray = tmp_path / "index" / "t-0123.term"
    stray.write_bytes(b"of a writer that died")
    engine.delete(["e001"])
    assert not stray.exists()
    engine.close()


def test_a_panic_becomes_an_error_that_a_thread_survives():
    class PanicException(BaseException):
        pass

    def panics() -> None:
        raise PanicException("index out of bounds")

    with pytest.raises(RuntimeError, match="index out of bounds"):
        tantivy_answer.spared(panics)
    with pytest.raises(KeyboardInterrupt):
        tantivy_answer.spared(_interrupted)


def _interrupted() -> None:
    raise KeyboardInterrupt
