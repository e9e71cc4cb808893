"""The parts that editions are made of: bodies, differences, sketches, the catalogue's sections."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import pytest
from editions_kit import text
from hypothesis import given
from hypothesis import strategies as st

from gongwen.errors import IndexBusy, StoreError
from gongwen.text import Span
from index.editions import database as editions_file
from index.editions.body import Body, Clause, body_of
from index.editions.database import EditionsFile, Section
from index.editions.differences import compare
from index.editions.face import title_key
from index.editions.sketch import bands, resemblance, sketch


def body(*clauses: str) -> Body:
    whole = "".join(f"{one}，" for one in clauses)
    spans, at = [], 0
    for one in clauses:
        spans.append(Clause(one, Span(at, at + len(one) + 1)))
        at += len(one) + 1
    return Body(whole, tuple(spans))


CLAUSES = st.lists(st.text("科普日活动一二三", min_size=1, max_size=4), max_size=12)


# --- bodies ------------------------------------------------------------------------------------------------


def test_header_and_imprint_are_no_part_of_the_body():
    made = text(
        "云州市科学技术协会文件", "云科协字〔2024〕12号", "关于举办科普讲座的通知", "各县（区）科协：",
        "现将有关事项通知如下。", "云州市科学技术协会", "2024年4月2日", "（此件公开发布）",
        "抄送：市委办公室，市政府办公室。", "云州市科学技术协会办公室　　2024年4月3日印发",
    )  # fmt: skip
    found = body_of(made.reading.documents[0], made.document)
    assert found.keys == ("各县区科协", "现将有关事项通知如下", "云州市科学技术协会", "2024年4月2日")


def test_clauses_know_where_they_are_printed():
    made = text("关于举办科普讲座的通知", "各县（区）科协：", "现将 有关事项，通知如下。")
    found = body_of(made.reading.documents[0], made.document)
    assert found.printed(1, 3) == "现将 有关事项，"
    assert found.printed(2, 2) == ""


@pytest.mark.parametrize(("title", "key"), [
    ("云州市科学技术协会关于举办“科普日”活动的通知", "关于举办科普日活动的通知"),
    ("关于印发《2024年科普方案》的通知", "关于印发2024年科普方案的通知"),
    ("２０２４年 工作要点", "2024年工作要点"), ("", ""),
])  # fmt: skip
def test_titles_are_compared_without_issuer_and_marks(title, key):
    assert title_key(title) == key


# --- differences -------------------------------------------------------------------------------------------


def test_a_changed_word_is_one_place():
    one, other = (body("各县区科协", f"请于{month}月前报送", "联系人何立") for month in "十九")
    found = compare(one, other)
    assert [(one.old, one.new) for one in found.edits] == [("十", "九")]
    assert (found.size, found.common, len(found.regions)) == (17, 16, 1)


def test_other_clauses_with_the_same_words_are_no_difference():
    assert compare(body("各县区", "科协", "一二三"), body("各县区科协", "一二三")).edits == ()


def test_what_stands_only_at_an_end_is_an_edge():
    found = compare(body("附件下载", "一二", "三四"), body("一二", "三四"))
    assert [(one.old, one.new, one.is_edge) for one in found.edits] == [("附件下载", "", True)]
    found = compare(body("一二", "五六", "三四"), body("一二", "三四"))
    assert [one.is_edge for one in found.edits] == [False]


@given(CLAUSES, CLAUSES)
def test_differences_account_for_every_character(one, other):
    first, second = body(*one), body(*other)
    found = compare(first, second)
    assert found.common + sum(len(edit.old) for edit in found.edits) == len(first.key)
    assert found.common + sum(len(edit.new) for edit in found.edits) == len(second.key)
    assert (found.edits == ()) == (first.key == second.key)


def test_a_long_roster_is_compared_in_time_that_grows_with_it():
    """Forty thousand cells, most of which say the same."""
    rows = [cell for at in range(10_000) for cell in (f"第{at}名", "市科协", "科员", "出席")]
    found = compare(body(*rows), body(*rows[:20_000], "第0名甲", *rows[20_000:]))
    assert [(one.old, one.new) for one in found.edits] == [("", "第0名甲")]


# --- sketches ----------------------------------------------------------------------------------------------


def test_like_texts_share_a_band_and_others_do_not():
    one = "".join(chr(0x4E00 + at * 7919 % 4000) for at in range(2000))
    other = "".join(chr(0x4E00 + at * 104729 % 4000) for at in range(2000))
    like = one[:500] + "误" + one[501:]
    assert resemblance(sketch(one), sketch(like)) > 0.95
    assert set(bands(sketch(one))) & set(bands(sketch(like)))
    assert not set(bands(sketch(one))) & set(bands(sketch(other)))


def test_bands_fit_into_sqlite():
    assert all(-(2**63) <= band < 2**63 for band in bands(sketch("科普日活动通知")))
    assert len(set(bands(sketch("")))) == 16


# --- the catalogue -----------------------------------------------------------------------------------------

ONE = Section("one", 1, "CREATE TABLE one_thing (name TEXT) STRICT; CREATE INDEX one_names ON one_thing (name)")
TWO = Section("two", 1, "CREATE TABLE two_thing (name TEXT) STRICT")


def fill(catalog: EditionsFile, section: Section, *names: str) -> None:
    with catalog.renewing(section) as db:
        db.executemany(f"INSERT INTO {section.name}_thing VALUES (?)", [(name,) for name in names])


def names(catalog: EditionsFile, section: Section) -> list[str]:
    with catalog.reading() as db:
        return [name for (name,) in db.execute(f"SELECT name FROM {section.name}_thing ORDER BY name")]


def test_sections_are_renewed_each_by_itself(tmp_path):
    catalog = EditionsFile(tmp_path / "editions.db")
    assert not catalog.is_current(ONE)
    fill(catalog, ONE, "a")
    fill(catalog, TWO, "b")
    newer = Section("one", 2, ONE.script)
    assert catalog.is_current(ONE) and not catalog.is_current(newer)
    fill(catalog, newer, "c", "d")
    assert (names(catalog, ONE), names(catalog, TWO)) == (["c", "d"], ["b"])
    assert catalog.is_current(newer) and catalog.is_current(TWO) and not catalog.is_current(ONE)


def test_a_renewal_that_fails_leaves_the_old_section(tmp_path):
    catalog = EditionsFile(tmp_path / "editions.db")
    fill(catalog, ONE, "a")
    with pytest.raises(KeyError), catalog.renewing(Section("one", 2, ONE.script)) as db:
        db.execute("INSERT INTO one_thing VALUES ('b')")
        raise KeyError
    assert names(catalog, ONE) == ["a"] and catalog.is_current(ONE)


def test_a_section_of_another_revision_is_not_written(tmp_path):
    catalog = EditionsFile(tmp_path / "editions.db")
    fill(catalog, ONE, "a")
    with pytest.raises(StoreError, match="rebuild"), catalog.writing(Section("one", 2, ONE.script)):
        pass


def test_readers_see_the_old_section_while_it_is_renewed(tmp_path):
    catalog = EditionsFile(tmp_path / "editions.db")
    fill(catalog, ONE, "a")
    with catalog.renewing(ONE) as db:
        db.execute("INSERT INTO one_thing VALUES ('b')")
        assert names(catalog, ONE) == ["a"]
    assert names(catalog, ONE) == ["b"]


def test_a_second_writer_is_told_to_come_later(tmp_path, monkeypatch):
    monkeypatch.setattr(editions_file, "_BUSY_SECONDS", 0.05)
    catalog = EditionsFile(tmp_path / "editions.db")
    fill(catalog, ONE, "a")
    told: list[BaseException] = []

    def second() -> None:
        try:
            with catalog.writing(ONE):
                pass
        except IndexBusy as error:
            told.append(error)

    with catalog.writing(ONE):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert len(told) == 1


@pytest.mark.parametrize("damage", [b"", b"not a database" * 400])
def test_a_damaged_file_is_thrown_away(tmp_path, damage):
    path = tmp_path / "editions.db"
    catalog = EditionsFile(path)
    fill(catalog, ONE, "a")
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.write_bytes(damage)
    assert not catalog.is_current(ONE)
    fill(catalog, ONE, "b")
    assert names(catalog, ONE) == ["b"]
    assert path.stat().st_mode & 0o777 == 0o640
