"""Row 12 of reliability.md: 10,000 strings of what breaks things, through the child's border, YAML, database, index and
page: each comes out as it went in."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import jinja2
from lxml import html

from gongwen import yamlfast, yamlio
from index.engine import Entry, Query
from index.engines import engine_class
from ingest.safety import clean_text, is_clean

COUNT = 10_000
_PIECES = [
    "\0", "\x07", "\x1b[2J", "\x85", "\u2028", "\u2029", "\u200b", "\u202e", "\u2066", "\ufeff", "\ud800", "\udfff",
    "\ue7e3", "\ue806", "\U000f0000", "\r\n", "\r", "\n", "\t", " ", "\u3000", "\xa0", "\xad", "<b>", "&amp;", "\"",
    "'", "{{", "%}", "#", "- ", ": ", "~", "no", "0772", "12:30", "!!x", "*a", "&a", "|", ">", "科", "协", "〔2024〕",
    "𠮷", "é", "e\u0301", "👩‍👩‍👧", "\uffff", "\ufffd", "Ａ", "１",
]  # fmt: skip


def strings() -> list[str]:
    dice = random.Random(12)
    return ["".join(dice.choices(_PIECES, k=dice.randint(1, 12))) for _ in range(COUNT)]


def test_the_border_lets_only_clean_text_through():
    found = [clean_text(one) for one in strings()]
    assert all(map(is_clean, found))
    assert [clean_text(one) for one in found] == found
    for one in found:
        one.encode("utf-8")
    for kept in ("\ue7e3", "\ue806", "\U000f0000", "科", "𠮷"):
        assert any(kept in one for one in found)


def test_yaml_gives_back_what_it_was_given():
    found = [clean_text(one) for one in strings()]
    assert yamlio.load_data(yamlfast.dump({"values": found}))["values"] == found
    assert yamlio.load_data(yamlio.dump(found)) == found


def test_the_database_gives_back_what_it_was_given(tmp_path: Path):
    found = [clean_text(one) for one in strings()]
    with closing(sqlite3.connect(tmp_path / "x.db")) as db:
        db.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, v TEXT NOT NULL) STRICT")
        db.executemany("INSERT INTO t VALUES (?, ?)", enumerate(found))
        assert [one for (one,) in db.execute("SELECT v FROM t ORDER BY n")] == found
        assert [one for (one,) in db.execute("SELECT length(v) FROM t ORDER BY n")] == [len(one) for one in found]


def test_a_page_shows_what_it_was_given():
    page = jinja2.Environment(autoescape=True).from_string("{% for one in found %}<p>{{ one }}</p>{% endfor %}")
    found = [clean_text(one).replace("\n", " ").strip() or "空" for one in strings()]
    shown = html.document_fromstring(page.render(found=found))
    assert {one.tag for one in shown.iter()} == {"html", "body", "p"}
    assert [one.text for one in shown.iter("p")] == found


def test_the_index_finds_them_and_shows_what_it_was_given(tmp_path: Path):
    found = [clean_text(one) for one in strings()]
    engine_class("whoosh").create(tmp_path / "index")
    engine = engine_class("whoosh")(tmp_path / "index", budget=600.0)  # a loaded machine is no fault
    try:
        engine.update(
            Entry(id=f"{at:016x}-1", title=f"第{at}件", text=f"科普标记{at % 97}\n{one}", meta={"source": one})
            for at, one in enumerate(found)
        )
        assert engine.search(Query("科普标记7", limit=1)).total >= COUNT // 97
        assert len(engine.ids()) == COUNT
        dice = random.Random(13)
        for at in dice.sample(range(COUNT), 200):
            assert engine.entry_meta(f"{at:016x}-1").meta["source"] == found[at]
            engine.search(Query(found[at], limit=1))  # whatever it asks, it has an answer
    finally:
        engine.close()
