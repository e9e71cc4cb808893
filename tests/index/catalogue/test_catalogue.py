"""The catalogue in step with the records: what is put in and taken out bit by bit is what a rebuild makes."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from catalogue_kit import dump, new_store, open_over, read_text, sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, update

from gongwen.errors import IndexBusy, StoreError
from gongwen.review import Review
from index.catalogue import database as files
from index.catalogue.catalogue import FILE
from index.catalogue.database import Database, Part
from index.catalogue.tables import META, papers, roles, tallies
from index.catalogue.units import find_units, unit_facts
from index.folder import writing

FEW = [4, 5, 9, 12, 20, 23]
"""Files of the sample that cite, copy and follow one another."""


def all_empty(found: dict[str, list]) -> bool:
    return not any(found.values())


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    store = new_store(tmp_path_factory.mktemp("whole") / "corpus")
    catalogue = open_over(store)
    yield store, catalogue
    catalogue.close()


def test_a_missing_catalogue_is_made_from_the_records(whole):
    store, catalogue = whole
    assert catalogue.ids() == {record.id for reading in store.readings() for record in reading.documents}
    assert (store.root / FILE).stat().st_mode & 0o777 == 0o640


def test_one_by_one_is_what_a_rebuild_makes(whole, tmp_path):
    _, catalogue = whole
    store = new_store(tmp_path / "corpus", [])
    other = open_over(store)
    for _, reading in reversed(sample()):
        other.update([reading])
    assert dump(other) == dump(catalogue)
    other.close()


def test_what_is_taken_out_leaves_no_row(whole, tmp_path):
    store = new_store(tmp_path / "corpus", [])
    catalogue = open_over(store)
    readings = [one for _, one in sample()]
    catalogue.update(readings)
    for reading in readings:
        catalogue.delete(reading.sha256)
    assert all_empty(dump(catalogue))
    catalogue.close()


steps = st.lists(
    st.tuples(st.sampled_from(["put", "take", "review"]), st.integers(0, len(FEW) - 1)), min_size=3, max_size=14
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_any_order_of_changes_ends_as_a_rebuild(tmp_path_factory, steps):
    """Files come, come again, go, and are reviewed; the tables are those of a catalogue made at the end."""
    store = new_store(tmp_path_factory.mktemp("any") / "corpus", [])
    catalogue = open_over(store)
    readings = [sample()[at][1] for at in FEW]
    for step, at in steps:
        reading = readings[at]
        if step == "put":
            store.put_reading(reading)
        elif step == "take":
            store.forget(reading.sha256)
        else:
            _review(store, reading)
        catalogue.refresh([reading.sha256])
    bit_by_bit = dump(catalogue)
    catalogue.rebuild()
    assert bit_by_bit == dump(catalogue)
    catalogue.close()


def _review(store, reading):
    record = reading.documents[0]
    issuer = record["issuers"][0] if record["issuers"] else None
    store.add_review(reading.sha256, Review(
        str(record["title"]), "issuers", issuer, "云州市教育局", "何立", "2024-06-01T08:00:00+08:00"
    ))  # fmt: skip


def test_peoples_words_count(tmp_path):
    store = new_store(tmp_path / "corpus", [sample()[4][1]])
    catalogue = open_over(store)
    record = sample()[4][1].documents[0]
    lead = record["issuers"][0]
    before = catalogue.ask(lambda connection: unit_facts(connection, catalogue.register, lead))
    assert before.cells[("issuer", 2020)] == (1, 0)
    store.add_review(sample()[4][1].sha256, Review(
        record["title"], "issuers", lead, "云州市气象局", "何立", "2024-06-01T08:00:00+08:00"
    ))  # fmt: skip
    catalogue.refresh([sample()[4][1].sha256])
    after = catalogue.ask(lambda connection: unit_facts(connection, catalogue.register, "云州市气象局"))
    assert after.cells[("issuer", 2020)] == (1, 0)
    row = catalogue.ask(lambda connection: connection.execute(
        select(roles.c.quote, roles.c.path).where(roles.c.printed == "云州市气象局", roles.c.role == 0)
    ).one())  # fmt: skip
    assert row == ("", "issuers/0")  # what stood in the paper is another name
    catalogue.close()


@pytest.mark.parametrize("say", [None, [], "某局", [None], [{"lead": "市科协", "time": 7}], {"lead": 3}])
def test_a_review_of_any_shape_costs_no_paper(tmp_path, say):
    reading = read_text(TASKS)
    store = new_store(tmp_path / "corpus", [reading])
    record = reading.documents[0]
    assert record["tasks"]
    for field in ("tasks", "hosts", "issuers", "deadlines", "leading_group", "activity_time", "citations"):
        store.add_review(reading.sha256, Review(
            record["title"], field, record[field], say, "何立", "2024-06-01T08:00:00+08:00"
        ))  # fmt: skip
    catalogue = open_over(store)
    assert catalogue.ids() == {record.id}
    catalogue.close()


@pytest.mark.parametrize("damage", ["deleted", "emptied", "zeroed", "no database", "table lost", "another stamp"])
def test_any_damage_is_answered_by_one_rebuild(whole, tmp_path, damage):
    _, catalogue = whole
    store = new_store(tmp_path / "corpus")
    other = open_over(store)
    other.prepare()
    path = store.root / FILE
    if damage in {"table lost", "another stamp"}:
        other.close()
        with sqlite3.connect(path) as connection:
            connection.execute("DROP TABLE links" if damage == "table lost" else "UPDATE parts SET stamp = 'old'")
        connection.close()
    elif damage == "deleted":
        path.unlink()
    else:
        other.close()
        body = {"emptied": b"", "zeroed": bytes(path.stat().st_size), "no database": b"nothing of that kind" * 400}
        path.write_bytes(body[damage])
    assert dump(other) == dump(catalogue)
    again = open_over(store)
    assert dump(again) == dump(catalogue)
    again.close()
    other.close()


def test_pages_overwritten_in_the_middle_are_found_and_made_anew(whole, tmp_path):
    _, catalogue = whole
    store = new_store(tmp_path / "corpus")
    other = open_over(store)
    other.prepare()
    other.close()
    path = store.root / FILE
    body = bytearray(path.read_bytes())
    for at in range(8192, len(body), 4096):
        body[at : at + 100] = b"\xff" * 100
    path.write_bytes(body)
    assert dump(other) == dump(catalogue)
    other.close()


def test_tables_of_another_module_in_the_file_stay(tmp_path):
    store = new_store(tmp_path / "corpus", [sample()[4][1]])
    catalogue = open_over(store)
    catalogue.prepare()
    metadata = MetaData()
    table = Table("pairs", metadata, Column("one", Integer))
    part = Database(store.root / FILE, Part("versions", metadata, "1"))
    part.remake(lambda connection: connection.execute(insert(table), [{"one": 7}]))
    catalogue.rebuild()
    catalogue.update([sample()[5][1]])
    with part.reading() as connection:
        assert connection.execute(select(table.c.one)).scalars().all() == [7]
    Database(store.root / FILE, Part("versions", MetaData(), "2")).remake(lambda connection: None)
    with pytest.raises(files.FactsBroken), part.reading():
        pass
    assert catalogue.ids()
    part.close()
    catalogue.close()


def test_readers_see_the_old_tables_until_the_new_ones_are_done(whole):
    _, catalogue = whole
    seen: list[int] = []

    def fill(connection):
        catalogue._fill(connection, catalogue._store, lambda done, total: seen.append(len(catalogue.ids())))

    before = len(catalogue.ids())
    catalogue._database.remake(fill)
    assert set(seen) == {before}
    assert len(seen) > 10


def test_a_failed_write_leaves_the_old_rows(whole, monkeypatch):
    _, catalogue = whole
    before = dump(catalogue)

    def fail(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("index.catalogue.linking.refresh_series", fail)
    with pytest.raises(sqlite3.OperationalError):
        catalogue.delete(sample()[4][1].sha256)
    assert dump(catalogue) == before


def _hold(folder: Path, ready, done) -> None:
    with writing(folder, patience=0):
        ready.set()
        done.wait(30)


def test_a_second_writer_is_told_to_wait_and_readers_go_on(whole, monkeypatch):
    store, catalogue = whole
    catalogue.prepare()
    monkeypatch.setattr(files, "PATIENCE", 0.0)
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(store.root / "index" / "facts", ready, done))
    process.start()
    try:
        assert ready.wait(30)
        with pytest.raises(IndexBusy):
            catalogue.delete(sample()[4][1].sha256)
        assert catalogue.ids()
    finally:
        done.set()
        process.join(30)


def test_a_file_that_cannot_be_used_is_told(tmp_path):
    store = new_store(tmp_path / "corpus", [])
    (store.root / FILE).mkdir()
    with pytest.raises(StoreError, match=r"事项目录不可读写.*rebuild"):
        open_over(store).prepare()


def test_tallies_are_the_counts_of_the_roles(whole):
    _, catalogue = whole
    by = (roles.c.who, roles.c.role, roles.c.year, roles.c.shown)

    def both(connection):
        counted = {tuple(row) for row in connection.execute(select(*by))}
        told = {tuple(row) for row in connection.execute(select(*(tallies.c[column.name] for column in by)))}
        return counted, told

    counted, told = catalogue.ask(both)
    assert counted == told
    assert len(told) > 500


def test_a_copy_in_another_file_is_not_counted_again(tmp_path):
    """The roster stands in a file of its own and behind the letter that asks for reports."""
    named = {reading.source: reading for _, reading in sample()}
    own = named["2020-云政办31号-调整领导小组.html"]
    bundle = named["2020-云全科组办发7号-报送总结和计划.txt"]
    store = new_store(tmp_path / "corpus", [bundle])
    catalogue = open_over(store)
    office = "云州市人民政府办公室"

    def issued():
        facts = catalogue.ask(lambda connection: unit_facts(connection, catalogue.register, office))
        return facts.cells[("issuer", 2020)]

    assert issued() == (1, 0)
    catalogue.update([own])
    assert issued() == (1, 0)
    main = catalogue.ask(lambda connection: connection.execute(
        select(papers.c.sha256).where(papers.c.issuer == office, papers.c.is_main == 1)
    ).scalars().all())  # fmt: skip
    assert main == [own.sha256]  # the file that holds this paper alone
    catalogue.delete(own.sha256)
    assert issued() == (1, 0)
    catalogue.close()


def test_every_column_has_a_value(whole):
    """A row of any table can be read back whole: nothing is NULL but what may be."""
    _, catalogue = whole
    for table in META.sorted_tables:
        found = catalogue.ask(lambda connection, table=table: connection.execute(select(table).limit(5)).all())
        assert isinstance(found, list)
    with pytest.raises(Exception, match="NOT NULL"), catalogue._database.writing() as connection:
        connection.execute(update(papers).values(title=None))


def test_units_are_found_by_any_spelling(whole):
    _, catalogue = whole
    found = catalogue.ask(lambda connection: find_units(connection, "市科协"))
    assert found.rows[0].name == "云州市科学技术协会"
    assert catalogue.ask(lambda connection: find_units(connection, "没有这个单位%_")).total == 0


TASKS = """云州市科学技术协会文件

云科协字〔2024〕77号

关于印发《2024年云州市科普工作分工》的通知

各县（区）科协：
现将《2024年云州市科普工作分工》印发给你们，请认真执行。
云州市科学技术协会
2024年3月5日

2024年云州市科普工作分工

一、重点任务
（一）科普进校园。组织专家走进校园。（牵头单位：市教育局，责任单位：市科协、各县（区）科协）
（二）科普进乡村。组织专家走进乡村。（牵头单位：市农业农村局，责任单位：市科协）

请各县（区）科协于2024年11月15日前将活动总结报送至市科协科普部。
"""
